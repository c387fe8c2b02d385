"""Sign-in through the browser, from *Sign in with Velora* to a stored sign-in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from velora_core.auth.scopes import SCOPES
from velora_core.errors import BrowserMissing, SignInTimedOut, StateMismatch, VeloraError
from velora_core.messages import message

from .client_registration import DEFAULT_PORT, redirect_uri

if TYPE_CHECKING:
    from velora_core.secret import Secret

    from .grant import ClientCredentials, Grant
    from .oauth import AuthorizationRequest, OAuth
    from .redirect_server import Page, RedirectServer

__all__ = ["TIMEOUT", "BrowserFlow", "open_browser", "sign_in_with_browser"]

TIMEOUT: Final = 300.0
"""Seconds that an attempt waits for the user."""

_OPENING: Final = 10.0
"""Seconds after which a browser's end is not taken for its not having opened."""

_PORT_PAUSE: Final = 2.0  # seconds for an earlier attempt's port to become free


class _Open(NamedTuple):
    """The attempt under way."""

    attempt: AuthorizationRequest
    client: ClientCredentials
    listener: RedirectServer
    ends: float


def open_browser(url: str) -> None:
    """Open the system's browser. Some browsers don't return before they are closed.

    Raises:
        BrowserMissing: there is none. Not when one was there for a while, however it has ended.
    """
    import webbrowser

    began = time.monotonic()
    try:
        opened = webbrowser.open(url)
    except (OSError, webbrowser.Error):
        opened = False
    if not opened and time.monotonic() - began < _OPENING:
        raise BrowserMissing


class BrowserFlow:
    """One attempt at a time. Usable by any program: nothing here knows OBS.

    `begin` has the browser opened and returns. The redirect arrives on a thread of the listener,
    which calls `finish` and shows the browser how it went.
    """

    def __init__(
        self,
        oauth: OAuth,
        *,
        finish: Callable[[ClientCredentials, AuthorizationRequest, Secret], Grant],
        failed: Callable[[VeloraError], None],
        unopened: Callable[[VeloraError], None] = lambda _: None,
        browse: Callable[[str], None] = open_browser,
    ) -> None:
        """Create the browser flow.

        Args:
            oauth: Velora's authorization server.
            finish: trades the code for a sign-in and keeps it, on whichever thread it likes; what
                it raises is shown in the browser.
            failed: told of an attempt that ended without a code.
            unopened: told that no browser opened; the attempt goes on, for its address may be
                opened by hand.
            browse: opens an address in the browser, on a thread of its own, which it may keep.
        """
        self._oauth = oauth
        self._finish = finish
        self._failed = failed
        self._unopened = unopened
        self._browse = browse
        self._lock = threading.Lock()
        self._open: _Open | None = None
        self._listener: RedirectServer | None = None  # the latest, perhaps closed already

    @property
    def pending(self) -> bool:
        """Whether an attempt waits for the user."""
        return self._open is not None

    @property
    def address(self) -> str:
        """The page that the browser is to show while an attempt waits; else empty."""
        current = self._open
        return current.attempt.url if current else ""

    def begin(
        self,
        client: ClientCredentials,
        *,
        redirect_uri: str,
        port: int,
        scopes: tuple[str, ...] = SCOPES,
    ) -> None:
        """Open Velora's page in the browser. An earlier attempt ends.

        Args:
            client: the registered application.
            redirect_uri: as registered, to the letter.
            port: the one in it.
            scopes: what to ask for.

        Raises:
            PortBusy: another program has the port.
        """
        from .redirect_server import RedirectServer

        self._claim()
        if self._listener:  # of an attempt that may have ended this very moment
            self._listener.wait_closed(_PORT_PAUSE)
        attempt = self._oauth.attempt(client, redirect_uri, scopes)
        path = "/" + redirect_uri.partition("://")[2].partition("/")[2]
        listener = self._listener = RedirectServer(port, path, self._redirected)
        with self._lock:
            self._open = _Open(attempt, client, listener, time.monotonic() + TIMEOUT)
        threading.Thread(
            target=self._show_page, args=(attempt,), name="velora-browser", daemon=True
        ).start()

    def _show_page(self, attempt: AuthorizationRequest) -> None:
        began = time.monotonic()
        try:
            self._browse(attempt.url)
        except VeloraError as error:
            unopened = error
        except Exception:  # whatever a browser's starter raises
            unopened = BrowserMissing()
        else:
            return
        current = self._open
        waits = current is not None and current.attempt is attempt
        if waits and time.monotonic() - began < _OPENING:
            self._unopened(unopened)

    def expire(self) -> None:
        """End an attempt whose time is over; call it when `TIMEOUT` has passed."""
        with self._lock:
            late = self._open is not None and time.monotonic() >= self._open.ends
        if late and self._claim():
            self._failed(SignInTimedOut(minutes=round(TIMEOUT / 60)))

    def stop(self) -> None:
        """End the pending attempt, if there is one; its port is free a moment later."""
        self._claim()

    def wait_answered(self, seconds: float) -> None:
        """Wait until the browser has its page; a program that ends before takes it away.

        Args:
            seconds: the bound.
        """
        if self._listener:
            self._listener.wait_closed(seconds)

    def _claim(self, attempt: AuthorizationRequest | None = None) -> _Open | None:
        """Take the pending attempt, so that nobody else can; return it once."""
        with self._lock:
            current = self._open
            if current is None or (attempt is not None and current.attempt is not attempt):
                return None
            self._open = None
        current.listener.close()
        return current

    def _redirected(self, query: str) -> Page:
        """Handle the browser's redirect, on the listener's thread; return the page to show."""
        from .redirect_server import Page

        with self._lock:
            current = self._open
        try:
            if current is None:
                raise StateMismatch
            code = current.attempt.code(query)
            if self._claim(current.attempt) is None:
                raise StateMismatch
            sign_in = self._finish(current.client, current.attempt, code)
        except StateMismatch as error:  # not ours: whoever sent it must not end the attempt
            return Page(False, message("page.failed"), str(error))
        except VeloraError as error:
            if current is not None and self._claim(current.attempt):
                self._failed(error)
            return Page(False, message("page.failed"), str(error))
        name = sign_in.name or message("page.someone")
        return Page(True, message("page.signed_in", name=name), message("page.close"))


def sign_in_with_browser(
    client: ClientCredentials,
    oauth: OAuth,
    *,
    redirect_port: int = DEFAULT_PORT,
    scopes: tuple[str, ...] = SCOPES,
    browse: Callable[[str], None] = open_browser,
    timeout: float = TIMEOUT,
) -> Grant:
    """Sign in through the browser; return when the user has allowed access.

    Keep what is returned (`Grant.to_json`), and give it to a `RefreshingTokens`, which is what a
    `VeloraClient` takes as its token.

    Args:
        client: the registered application.
        oauth: Velora's authorization server.
        redirect_port: of the registered redirect address ``http://localhost:<port>/``.
        scopes: what to ask for; Velora has to approve an app for ``stream:key`` and
            ``stream:write``.
        browse: opens an address in the browser, on a thread of its own.
        timeout: seconds to wait for the user.

    Raises:
        SignInError: denied, expired, refused, the port is taken, or there is no browser.
        TransportError, ApiError: the token endpoint could not be asked.

    Scopes: as asked for; ``/oauth/authorize`` and ``POST /api/developer/oauth/token``.
    """
    from .grant import Grant

    outcome: list[Grant | VeloraError] = []
    ended = threading.Event()

    def failed(error: VeloraError) -> None:
        outcome.append(error)
        ended.set()

    def finish(client: ClientCredentials, attempt: AuthorizationRequest, code: Secret) -> Grant:
        try:
            tokens = oauth.exchange(client, attempt, code)
        except VeloraError as error:
            failed(error)
            raise
        sign_in = Grant(client, tokens, name="", since=time.time())
        outcome.append(sign_in)
        ended.set()
        return sign_in

    signing_in = BrowserFlow(oauth, finish=finish, failed=failed, unopened=failed, browse=browse)
    signing_in.begin(
        client, redirect_uri=redirect_uri(redirect_port), port=redirect_port, scopes=scopes
    )
    try:
        if not ended.wait(timeout):
            raise SignInTimedOut(minutes=max(1, round(timeout / 60)))
    finally:
        signing_in.stop()
        signing_in.wait_answered(_PORT_PAUSE)
    if isinstance(outcome[0], VeloraError):
        raise outcome[0]
    return outcome[0]
