"""Staying signed in: tokens that are renewed before they end, and kept before they are used."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from .errors import NotSignedIn, SignInEnded, SignInRefused, VeloraError
from .oauth import ClientCredentials, OAuth, Tokens
from .secret import Secret

__all__ = ["SignIn", "SignedIn"]

_EARLY: Final = 60.0
"""Seconds before its end at which an access token is renewed."""


_LATEST: Final = 1e12  # a Unix time that no clock will show


class SignIn(NamedTuple):
    """A sign-in as it is kept.

    Attributes:
        client: the application it was made with; a refresh needs it.
        tokens: the newest ones.
        name: how the user wants to be called; empty when Velora didn't say.
        since: Unix time of the signing in.
    """

    client: ClientCredentials
    tokens: Tokens
    name: str
    since: float

    def to_json(self) -> dict[str, Any]:
        """For a place that keeps secrets, and only for one."""
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
        }

    @classmethod
    def from_json(cls, data: object) -> SignIn | None:
        """What `to_json` made; None for anything else."""
        if not isinstance(data, dict):
            return None

        def text(name: str) -> str:
            value = data.get(name)
            return value if isinstance(value, str) else ""

        def number(name: str) -> float:
            value = data.get(name)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return 0.0
            return float(value) if abs(value) < _LATEST else 0.0

        def secret(name: str) -> Secret | None:
            return Secret(text(name)) if text(name) else None

        access = secret("access_token")
        if not text("client_id") or access is None:
            return None
        scopes = data.get("scopes")
        known = isinstance(scopes, list) and all(isinstance(one, str) for one in scopes)
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
        )


class SignedIn:
    """The tokens of one sign-in, for `VeloraClient`. Any thread may ask; one at a time refreshes.

    It reads the clock of the computer only to renew early. When that clock is wrong, Velora's 401
    leads to the same renewal.
    """

    def __init__(
        self,
        sign_in: SignIn,
        oauth: OAuth,
        *,
        keep: Callable[[SignIn], None],
        kept: Callable[[], SignIn | None] = lambda: None,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        """
        Args:
            sign_in: where to begin.
            oauth: renews tokens.
            keep: stores a sign-in; called before its access token is used for the first time.
            kept: what is stored now; another program of the user may have renewed it.
            ended: told when Velora no longer takes the refresh token.
        """
        self._sign_in: SignIn | None = sign_in
        self._oauth = oauth
        self._keep = keep
        self._kept = kept
        self._ended = ended
        self._lock = threading.RLock()

    @property
    def sign_in(self) -> SignIn | None:
        """The sign-in as it stands; None once it has ended."""
        return self._sign_in

    def token(self) -> Secret:
        """An access token, renewed if it is about to end.

        Raises:
            NotSignedIn: the sign-in has ended.
            SignInEnded: it ends now.
            ConnectionFailed, ServerError, RateLimited: it has to be renewed and can't be now.
        """
        with self._lock:
            tokens = self._current().tokens
            left = tokens.expires_at - time.time()
            if left > _EARLY or tokens.refresh is None:
                return tokens.access
            try:
                return self._renew().tokens.access
            except VeloraError as error:
                if error.transient and left > 0:
                    return tokens.access  # good for a moment more
                raise

    def renew(self, refused: Secret) -> Secret | None:
        """Another access token after Velora refused this one; None when there can't be one.

        Raises:
            SignInEnded: Velora no longer takes the refresh token.
            ConnectionFailed, ServerError, RateLimited: try again later.
        """
        with self._lock:
            tokens = self._current().tokens
            if tokens.access != refused:  # another thread was quicker
                return tokens.access
            if tokens.refresh is None:
                self._end()
                raise SignInEnded
            return self._renew().tokens.access

    def _current(self) -> SignIn:
        if self._sign_in is None:
            raise NotSignedIn
        return self._sign_in

    def _renew(self) -> SignIn:
        before = self._current()
        refresh_token = before.tokens.refresh
        assert refresh_token is not None
        try:
            tokens = self._oauth.refresh(before.client, refresh_token)
        except SignInRefused:
            stored = self._kept()
            if stored is None or stored.tokens.refresh in (None, refresh_token):
                self._end()
                raise SignInEnded from None
            # Another program of this user has renewed it meanwhile.
            self._sign_in = stored
            return stored
        if tokens.scopes is None:
            tokens = tokens._replace(scopes=before.tokens.scopes)
        after = before._replace(tokens=tokens)
        # In memory first: the old refresh token may be dead by now, whatever the disk says.
        self._sign_in = after
        self._keep(after)
        return after

    def _end(self) -> None:
        self._sign_in = None
        self._ended()
