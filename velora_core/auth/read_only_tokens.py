"""A read-only sign-in, whose tokens another program of this user refreshes.

A refresh token is good for one refresh. Were it used here, and the result not handed over before
that program wants to refresh, its sign-in would be lost.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from velora_core.errors import SignInStale, TokenRunOut

from .token_refresh import RefreshingTokens

if TYPE_CHECKING:
    from velora_core.secret import Secret

__all__ = ["ReadOnlyTokens"]


class ReadOnlyTokens(RefreshingTokens):
    """The access token of a sign-in, as long as it is good; it is never refreshed."""

    def token(self) -> Secret:
        """Return the access token; raise `TokenRunOut` when it has expired."""
        tokens = self._current().tokens
        if tokens.refresh is not None and tokens.expires_at <= time.time():
            raise TokenRunOut
        return tokens.access

    def refresh(self, rejected: Secret) -> Secret:  # noqa: ARG002
        """Raise `TokenRunOut`, or `SignInStale` if nobody can refresh it."""
        if self._current().tokens.refresh is None:
            raise SignInStale
        raise TokenRunOut
