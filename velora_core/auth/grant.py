"""Tokens and sign-ins as values: read and kept without OAuth and HTTP."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from velora_core.secret import Secret

__all__ = ["ClientCredentials", "Grant", "Tokens"]

_MAX_TIMESTAMP: Final = 1e12  # a Unix time that no clock will show


class ClientCredentials(NamedTuple):
    """The application that the user, or whoever distributes this, registered with Velora.

    Attributes:
        client_id: as the developer dashboard shows it.
        client_secret: None for a public client.
    """

    client_id: str
    client_secret: Secret | None = None


class Tokens(NamedTuple):
    """What the token endpoint gave.

    Attributes:
        access: for API calls.
        refresh: for the next tokens; None when there will be none.
        expires_at: Unix time at which `access` ends.
        scopes: what was granted; None when Velora didn't say.
    """

    access: Secret
    refresh: Secret | None
    expires_at: float
    scopes: frozenset[str] | None


class Grant(NamedTuple):
    """A sign-in as it is kept.

    Attributes:
        client: the application it was made with; a refresh needs it.
        tokens: the newest ones.
        name: how the user wants to be called; empty when Velora didn't say.
        since: Unix time of the signing in.
        user: who that is to Velora, which no other user is; empty when Velora didn't say.
    """

    client: ClientCredentials
    tokens: Tokens
    name: str
    since: float
    user: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return JSON with the secrets in it, for a place that keeps secrets only."""
        secret, tokens = self.client.client_secret, self.tokens
        return {
            "client_id": self.client.client_id,
            "client_secret": secret.reveal() if secret else None,
            "access_token": tokens.access.reveal(),
            "refresh_token": tokens.refresh.reveal() if tokens.refresh else None,
            "expires_at": tokens.expires_at,
            "scopes": None if tokens.scopes is None else sorted(tokens.scopes),
            "name": self.name,
            "since": self.since,
            "user": self.user,
        }

    @classmethod
    def from_json(cls, data: object) -> Grant | None:
        """Return the grant that `to_json` wrote; None for anything else."""
        if not isinstance(data, dict):
            return None

        def text(name: str) -> str:
            value = data.get(name)
            return value if isinstance(value, str) else ""

        def number(name: str) -> float:
            value = data.get(name)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return 0.0
            return float(value) if abs(value) < _MAX_TIMESTAMP else 0.0

        def secret(name: str) -> Secret | None:
            return Secret(text(name)) if text(name) else None

        access = secret("access_token")
        if not text("client_id") or access is None:
            return None
        scopes = data.get("scopes")
        known = isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes)
        return cls(
            client=ClientCredentials(text("client_id"), secret("client_secret")),
            tokens=Tokens(
                access=access,
                refresh=secret("refresh_token"),
                expires_at=number("expires_at"),
                scopes=frozenset(scopes) if known and scopes is not None else None,
            ),
            name=text("name"),
            since=number("since"),
            user=text("user"),
        )
