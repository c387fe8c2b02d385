"""Who may come in: browsers that were given the secret, and programs with a token of their own.

Anything on this computer, and any page in the streamer's browser, can send something here. So a
request is served only when it names this very address (a name that an attacker's DNS points here
is another one), comes from no other website, and proves that it was let in from the panel.
"""

from __future__ import annotations

import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from velora_core.secret import Secret

from .limits import Pace
from .refusal import Refusal

if TYPE_CHECKING:
    from email.message import Message

    from velora_core.storage.page_access import PageAccess

__all__ = ["Caller", "Gate"]

_TICKET_LIFE: Final = 120.0  # seconds: a browser may have to be started first
_MAX_TICKETS: Final = 8
_PROOFS: Final = 3  # of each kind, that are looked at in one head
_CHANGES: Final = ("POST", "PATCH", "DELETE")
_SAME: Final = ("same-origin", "none")  # of Sec-Fetch-Site


class Caller(Enum):
    """Who sends a request."""

    PAGE = "page"
    PROGRAM = "program"


class Gate:
    """Decides about each request; its methods may be called on any thread but the UI's."""

    def __init__(
        self, access: PageAccess, port: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Create the gate.

        Args:
            access: what is kept: the secret, and the programs' tokens.
            port: of this server; what opens it opens none at another port.
            clock: seconds.
        """
        self._access = access
        self._port = port
        self._clock = clock
        self.host = f"127.0.0.1:{port}"
        self.origin = f"http://{self.host}"
        self.cookie_name = f"velora_page_{port}"
        self._tickets: dict[str, float] = {}
        self._lock = threading.Lock()
        self._paces = {Caller.PAGE: Pace(200, 60, clock), Caller.PROGRAM: Pace(100, 30, clock)}
        self._changes = Pace(40, 15, clock)
        self._strangers = Pace(60, 20, clock)

    # -- what opens the page ---------------------------------------------------------------

    def address(self, path: str = "") -> Secret:
        """Return a page's address with the secret in it, which opens it again and again.

        Args:
            path: what the page is below.
        """
        return Secret(f"{self.origin}{path}/?secret={self._opener.reveal()}")

    def entry(self, path: str = "") -> Secret:
        """Return an address that opens a page once, and soon."""
        ticket, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            alive = {issued: end for issued, end in self._tickets.items() if end > now}
            self._tickets = dict(list(alive.items())[1 - _MAX_TICKETS :])
            self._tickets[ticket] = now + _TICKET_LIFE
        return Secret(f"{self.origin}{path}/?ticket={ticket}")

    @property
    def _opener(self) -> Secret:
        return self._access.value_for(f"address:{self._port}")

    @property
    def _cookie(self) -> Secret:
        return self._access.value_for(f"cookie:{self._port}")

    @property
    def set_cookie(self) -> str:
        """The value of `Set-Cookie` for a browser that was let in."""
        cookie = f"{self.cookie_name}={self._cookie.reveal()}"
        return f"{cookie}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"

    def opens(self, query: str) -> bool:
        """Return whether the query of the page's address lets a browser in."""
        self._access.look()
        fields = dict(parse_qsl(query))
        secret, ticket = fields.get("secret", ""), fields.get("ticket", "")
        if secret:
            return _same(secret, self._opener.reveal())
        with self._lock:
            found = [issued for issued in self._tickets if _same(ticket, issued)]
            alive = [issued for issued in found if self._tickets[issued] > self._clock()]
            for issued in found:
                del self._tickets[issued]
        return bool(alive) or (not found and self._access.use_entry(ticket, self._port))

    def knows_browser(self, headers: Message) -> bool:
        """Return whether a request comes from a browser that was let in before."""
        return self._caller(headers) is Caller.PAGE

    def recognizes(self, sent: bytes) -> bool:
        """Return whether there is a proof in what a connection has sent; it is not admitted yet."""
        text, cookie = sent.decode("latin-1"), self._cookie.reveal()
        cookies = re.findall(rf"{self.cookie_name}=([\w-]+)", text)[:_PROOFS]
        tokens = re.findall(r"(?i)\bbearer +(\S+)", text)[:_PROOFS]
        return any(_same(value, cookie) for value in cookies) or any(
            self._access.token_id(token) for token in tokens
        )

    # -- each request ----------------------------------------------------------------------

    def check_origin(self, method: str, headers: Message) -> None:
        """Refuse what another website, or another name of this computer, has sent.

        Raises:
            Refusal: it has.
        """
        if headers.get_all("Host", []) != [self.host]:
            raise Refusal(HTTPStatus.FORBIDDEN, "dock.wrong_host")
        origins = headers.get_all("Origin", [])
        sites = headers.get_all("Sec-Fetch-Site", [])
        programs = headers.get_all("Authorization", [])
        allowed = [[self.origin]]
        if method not in _CHANGES or programs:  # a browser always names the origin of a change
            allowed.append([])
        if origins not in allowed or any(site not in _SAME for site in sites):
            raise Refusal(HTTPStatus.FORBIDDEN, "dock.wrong_origin")

    def admit(self, headers: Message, *, change: bool) -> Caller:
        """Return who sends a request.

        Args:
            headers: the request's.
            change: whether it may change something.

        Raises:
            Refusal: nobody who may, or too often.
        """
        caller = self._caller(headers)
        if caller is None:
            self.count_stranger()
            raise Refusal(HTTPStatus.UNAUTHORIZED, "dock.unknown")
        if not self._paces[caller].admits() or (change and not self._changes.admits()):
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, "dock.too_many")
        return caller

    def count_stranger(self) -> None:
        """Count a request of somebody who has not proved anything.

        Raises:
            Refusal: there were too many. Nobody else's are refused for that.
        """
        if not self._strangers.admits():
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, "dock.too_many")

    def _caller(self, headers: Message) -> Caller | None:
        self._access.look()
        programs = headers.get_all("Authorization", [])
        if programs:
            scheme, _, token = programs[0].partition(" ")
            known = (
                len(programs) == 1
                and scheme.lower() == "bearer"
                and self._access.token_id(token.strip())
            )
            return Caller.PROGRAM if known else None
        cookie = self._cookie.reveal()
        for header in headers.get_all("Cookie", []):
            for part in header.split(";"):
                name, _, value = part.strip().partition("=")
                if name == self.cookie_name and _same(value, cookie):
                    return Caller.PAGE
        return None


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), right.encode())
