"""The signed-in account as the panel shows it."""

from __future__ import annotations

import time
from enum import Enum
from typing import Final, NamedTuple

from velora_core.auth.scopes import FREE_SCOPES, SCOPES
from velora_core.errors import (
    KeyringLocked,
    NotSignedIn,
    SettingsDamaged,
    SettingsNewer,
    SettingsUnreadable,
)
from velora_core.messages import message

__all__ = ["Account", "TokenOrigin", "losses"]

_LOST: Final = {
    "stream:key": "lost.stream_key",
    "stream:write": "lost.stream_write",
    "stream:read": "lost.stream_read",
}


class TokenOrigin(Enum):
    """Where the access token in use comes from."""

    READING = "reading"  # nobody knows yet
    NONE = "none"
    ENVIRONMENT = "environment"
    ENTERED = "entered"
    SIGNED_IN = "signed_in"


class Account(NamedTuple):
    """Who the streamer is to Velora.

    Attributes:
        origin: where the access token comes from.
        name: how the user wants to be called; empty when that isn't known.
        since: Unix time of the signing in; None without one.
        scopes: what Velora lets the token do; None when that isn't known.
        client_known: there is an app to sign in with.
        client_preset: and a distributor has preset it.
        preset_port: the port of its redirect address, where that is preset, too.
        keyring: why the system's keyring does not say whether a sign-in is in it; empty if it does.
        unread: the file that can't be read now and may have a sign-in in it, and why.
        damaged: the file that may have had a sign-in in it and makes no sense; empty: it does.
        newer: that file, if a newer version has written it; empty: this version understands it.
        user: who that is to Velora, which no other user is; empty when that isn't known.
    """

    origin: TokenOrigin = TokenOrigin.NONE
    name: str = ""
    since: float | None = None
    scopes: frozenset[str] | None = None
    client_known: bool = False
    client_preset: bool = False
    preset_port: int | None = None
    keyring: str = ""
    unread: tuple[str, str] | None = None
    damaged: str = ""
    newer: str = ""
    user: str = ""

    @property
    def missing(self) -> NotSignedIn:
        """Why there is no token, when there is none."""
        if self.unread:
            file, reason = self.unread
            return SettingsUnreadable(file=file, reason=reason)
        if self.keyring:
            return KeyringLocked(reason=self.keyring)
        if self.newer:
            return SettingsNewer(file=self.newer)
        return SettingsDamaged(file=self.damaged) if self.damaged else NotSignedIn()

    @property
    def uncertain(self) -> bool:
        """Whether there may be a sign-in that could not be read."""
        return bool(self.keyring or self.unread)

    @property
    def hidden(self) -> bool:
        """Whether there may be a sign-in that this program can't read or doesn't understand."""
        return self.uncertain or bool(self.damaged or self.newer)

    def may(self, scope: str) -> bool:
        """Return whether the token may have this scope (unknown counts as yes)."""
        return self.scopes is None or scope in self.scopes

    @property
    def can_paste(self) -> bool:
        """Whether the field for an access token is of use now."""
        return self.origin not in (TokenOrigin.READING, TokenOrigin.SIGNED_IN)

    @property
    def can_sign_in(self) -> bool:
        """Whether signing in is of use now: again, too, where a permission is missing."""
        if self.origin is TokenOrigin.SIGNED_IN:
            return not all(map(self.may, SCOPES))
        return self.origin is TokenOrigin.NONE or (
            self.origin is TokenOrigin.ENTERED and self.client_known
        )

    @property
    def sentence(self) -> str:
        """One sentence for the panel."""
        if self.origin is TokenOrigin.NONE and self.uncertain:
            return message("account.uncertain")
        if self.origin is TokenOrigin.NONE and self.damaged:
            return message("account.damaged")
        if self.origin is TokenOrigin.NONE and self.newer:
            return message("account.newer")
        if self.origin is not TokenOrigin.SIGNED_IN:
            return message(f"account.{self.origin.value}")
        since = time.strftime("%Y-%m-%d", time.localtime(self.since))
        return message(
            "account.signed_in", name=self.name or message("account.someone"), since=since
        )

    def obstacle(self, scope: str) -> str | None:
        """Return why an action that needs this scope can't be done; None when it can."""
        if self.may(scope):
            return None
        free = scope in FREE_SCOPES
        name = "account.scope_missing" if free else "account.scope_unapproved"
        return message(name, scope=scope)

    @property
    def withheld(self) -> tuple[str, ...]:
        """The scopes that Velora did not give."""
        return tuple(scope for scope in SCOPES if not self.may(scope))


def losses(scopes: tuple[str, ...], *, host: str, stream_settings: str) -> str:
    """Return what can't be done without these scopes, in sentences.

    Args:
        scopes: those that are missing.
        host: what the broadcasting software is called.
        stream_settings: where a person finds its stream settings.
    """
    values = {"host": host, "stream_settings": stream_settings}
    return " ".join(message(_LOST[scope], **values) for scope in scopes if scope in _LOST)
