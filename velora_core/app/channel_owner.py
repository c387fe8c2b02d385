"""Whose channel Velora is told of: what is kept of one is never sent to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from velora_core.errors import VeloraError

from .account import Account, TokenOrigin

if TYPE_CHECKING:
    from velora_core.secret import Secret
    from velora_core.storage.history import ChannelOwner

__all__ = ["channel_owner"]


def channel_owner(account: Account, token: Callable[[], Secret]) -> ChannelOwner:
    """Return what is known of whose channel it is, without asking Velora.

    Args:
        account: the present one.
        token: the access token in use; raises `VeloraError` when there is none.
    """
    from velora_core.storage.history import ChannelOwner  # not while OBS's UI thread waits

    if account.origin is TokenOrigin.SIGNED_IN:
        named = f"name:{account.name}" if account.name else ""
        # The same for as long as the sign-in is, however often it is refreshed.
        owner = f"user:{account.user}" if account.user else named or f"since:{account.since}"
        return ChannelOwner(owner, owner, named if account.user else "")
    if account.origin not in (TokenOrigin.ENTERED, TokenOrigin.ENVIRONMENT):
        return ChannelOwner()
    try:
        typed = token().reveal()
    except VeloraError:
        return ChannelOwner()
    import hashlib  # for a pasted token only: not worth its time while OBS starts

    # The next one may be for the same channel: to be chosen again, but not by itself.
    return ChannelOwner("token", hashlib.blake2b(typed.encode(), digest_size=16).hexdigest())
