"""Token refresh: tokens are refreshed before they expire, and stored before they are used.

A refresh token may be good for one use. So nobody uses one that another has used (a second program
of this user, or the script before a reload): what is stored is looked at first, under a lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final

from velora_core.errors import NotSignedIn, SignInEnded, SignInRefused, SignInStale, VeloraError
from velora_core.secret import Secret

from .grant import Grant, Tokens

if TYPE_CHECKING:
    from .oauth import OAuth

__all__ = ["Grant", "RefreshingTokens"]

_REFRESH_MARGIN: Final = 10.0
"""Seconds before its end at which an access token is refreshed: those that a request may be on its
way. No sooner, because each refresh is a moment at which a killed program loses its sign-in, and
for a token that lives shortly in the second half of its life only."""


class RefreshingTokens:
    """The tokens of one sign-in, for `VeloraClient`.

    Any thread may ask; one at a time refreshes.

    It reads the clock of the computer only to refresh early. When that clock is wrong, Velora's 401
    leads to the same refresh.
    """

    def __init__(
        self,
        sign_in: Grant,
        oauth: OAuth,
        *,
        save: Callable[[Grant], object],
        load: Callable[[], Grant | None] = lambda: None,
        on_loaded: Callable[[Grant], None] = lambda _: None,
        on_revoked: Callable[[], None] = lambda: None,
        lock: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        """Create the refreshing tokens.

        Args:
            sign_in: where to begin.
            oauth: refreshes tokens.
            save: stores a sign-in, and returns False if that did not work; called before its access
                token is used for the first time.
            load: returns what is stored now, for another program of the user may have refreshed
                it; None when nobody knows. Raises `NotSignedIn` when another program has signed
                out.
            on_loaded: told of a sign-in that another program has stored, and that is used from now
                on.
            on_revoked: told when Velora no longer takes the refresh token.
            lock: holds off everybody else who may refresh the same sign-in.
        """
        self._sign_in: Grant | None = sign_in
        self._oauth = oauth
        self._save = save
        self._load = load
        self._on_loaded = on_loaded
        self._on_revoked = on_revoked
        self._hold = lock
        self._seen = sign_in.tokens.access  # what was stored when last looked at
        self._margin = _margin(sign_in.tokens, sign_in.since)
        self._lock = threading.RLock()

    @property
    def sign_in(self) -> Grant | None:
        """The sign-in as it stands; None once it has ended."""
        return self._sign_in

    def token(self) -> Secret:
        """Return an access token, refreshed if it is about to expire.

        Raises:
            NotSignedIn: the sign-in has ended.
            SignInEnded: it ends now.
            ClientRefused, TransportError, ApiError: it has to be refreshed and can't be now.
        """
        with self._lock:
            tokens = self._current().tokens
            if self._lasts(tokens):
                return tokens.access
            try:
                return self._refresh_alone()
            except VeloraError as error:
                if error.transient and tokens.expires_at > time.time():
                    return tokens.access  # good for a moment more
                raise

    def refresh(self, rejected: Secret) -> Secret:
        """Return another access token after Velora rejected this one.

        Raises:
            SignInEnded: Velora no longer takes the refresh token.
            SignInStale: there is none.
            ClientRefused, TransportError, ApiError: it can't be refreshed now.
        """
        with self._lock:
            tokens = self._current().tokens
            if tokens.access != rejected:  # another thread was quicker
                return tokens.access
            return self._refresh_alone(rejected)

    def _lasts(self, tokens: Tokens) -> bool:
        """Return whether the tokens need no refresh yet."""
        return tokens.refresh is None or tokens.expires_at - time.time() > self._margin

    def _current(self) -> Grant:
        if self._sign_in is None:
            raise NotSignedIn
        return self._sign_in

    def _refresh_alone(self, rejected: Secret | None = None) -> Secret:
        with self._hold():
            stored = self._look()
            if stored is not None and self._is_newer(stored):
                self._take(stored)
            tokens = self._current().tokens
            if tokens.access != rejected and self._lasts(tokens):
                return tokens.access
            if tokens.refresh is None:
                # No verdict on a sign-in: whatever answers in Velora's place can send a 401.
                raise SignInStale
            return self._refresh(self._current(), tokens.refresh).access

    def _look(self) -> Grant | None:
        try:
            return self._load()
        except NotSignedIn:
            self._sign_in = None
            raise

    def _is_newer(self, stored: Grant) -> bool:
        """Return whether another program has stored a newer sign-in."""
        here = self._current()
        known = (here.tokens.access, self._seen)
        return stored.tokens.access not in known and stored.since >= here.since

    def _take(self, stored: Grant) -> None:
        self._sign_in, self._seen = stored, stored.tokens.access
        self._on_loaded(stored)

    def _refresh(self, before: Grant, refresh_token: Secret) -> Tokens:
        with self._oauth.until_stored():
            asked = time.time()
            try:
                tokens = self._oauth.refresh(before.client, refresh_token)
            except SignInRefused:
                return self._refused(refresh_token)
            if tokens.scopes is None:
                tokens = tokens._replace(scopes=before.tokens.scopes)
            # In memory first: the old refresh token may be dead by now, whatever the disk says.
            self._sign_in = after = before._replace(tokens=tokens)
            self._margin = _margin(tokens, asked)
            if self._save(after) is not False:
                self._seen = tokens.access
            return tokens

    def _refused(self, refresh_token: Secret) -> Tokens:
        """Handle a rejected refresh token: another program may have stored a newer one."""
        stored = self._look()
        if stored is None or stored.tokens.refresh == refresh_token:
            self._sign_in = None
            self._on_revoked()
            raise SignInEnded from None
        self._take(stored)
        return stored.tokens


def _margin(tokens: Tokens, given: float) -> float:
    """Return how many seconds before their end tokens are refreshed that were given then."""
    return min(_REFRESH_MARGIN, max(tokens.expires_at - given, 0.0) / 2)
