"""The relay of a stream that a page sends by itself, by WHIP (RFC 9725).

Velora's WHIP address has the stream key in it, so no page may have it. The page sends its offer
here, under an id that means nothing elsewhere; here it is sent on to the one address that Velora
has named, and to the resource that was made there: POST, PATCH and DELETE, and nothing else.
"""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from velora_core.api.cancellation import CallRegistry
from velora_core.api.endpoints import is_loopback
from velora_core.api.transport import Limits, Response, Transport
from velora_core.errors import VeloraError
from velora_core.secret import Secret

from .limits import Pace
from .on_air import OnAir
from .refusal import Refusal

if TYPE_CHECKING:
    from typing import Protocol

    class Source(Protocol):
        """What the relay asks for, and tells."""

        def address(self, *, again: bool) -> Secret:
            """Return Velora's WHIP address, once title, category and tags are on Velora.

            Args:
                again: the same stream goes on by another connection.

            Raises:
                Refusal: there can't be a stream now.
            """

        def begun(self) -> None:
            """Take note that Velora has accepted the stream."""

        def ended(self) -> None:
            """Take note that there is no stream any more; may not wait, and comes once."""


__all__ = ["MAX_FRAGMENT", "WhipRelay"]

MAX_FRAGMENT: Final = 16 * 1024
_LIMITS: Final = Limits(connect=5.0, read=8.0, total=12.0, retries=0, answer=64 * 1024)
_GRACE_PERIOD: Final = 5.0  # seconds without its page after which a stream is ended
_LEAVING: Final = 5.0  # seconds for a stream to end that another one takes the place of
_FIRST_GRACE: Final = 15.0  # in which the page has to take the answer
_TRIES: Final = (0.0, 1.0, 3.0)  # seconds before each try to end a stream at Velora
_AUTHORITY: Final = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")
_PORTS: Final = {"https": 443, "http": 80}
_MAX_TAG: Final = 256
_OFFER: Final = "application/sdp"
_FRAGMENT: Final = "application/trickle-ice-sdpfrag"
_REFUSED: Final = {
    401: "browser.refused",
    403: "browser.refused",
    404: "browser.refused",
    409: "browser.taken",
    400: "browser.unfit",
    406: "browser.unfit",
    415: "browser.unfit",
    422: "browser.unfit",
}
"""What is said to an answer's status."""


_LOGS: Final = ("urllib3.connectionpool", "urllib3.util.retry")
"""Where urllib3 tells of each request, if somebody listens: with the path, which has the key."""

_relaying: Final = threading.local()


def _is_not_relayed(record: logging.LogRecord) -> bool:  # noqa: ARG001
    return not getattr(_relaying, "now", False)


class _Resource(NamedTuple):
    """What Velora has made of an offer.

    Attributes:
        url: where it is changed and deleted.
        tag: its ETag, empty without one.
    """

    url: Secret
    tag: str


class _Stream:
    """One page's stream. What changes in it changes under the relay's lock."""

    def __init__(self, gone: Callable[[], bool]) -> None:
        self.id = secrets.token_urlsafe(24)
        self.gone = gone
        self.resource: _Resource | None = None
        self.pace = Pace(20, 2.0)  # of trickled candidates
        self.connecting = True
        self.over = False
        self.holders = 0
        self.timer: threading.Timer | None = None


class WhipRelay:
    """One stream at a time; all but `close` is for the threads of requests, and may wait."""

    def __init__(self, source: Source, velora: str, on_air: OnAir | None = None) -> None:
        """Create the relay; nothing runs yet.

        Args:
            source: knows the address.
            velora: the origin of Velora's API.
            on_air: shared by all that may not have a stream at once.
        """
        self._source = source
        self._on_air = on_air or OnAir()
        self._local = is_loopback(urlsplit(velora).hostname or "")
        self._lock = threading.Condition(threading.Lock())
        self._offering = 0  # offers that Velora has not answered yet
        self._stream: _Stream | None = None
        self._starts = Pace(6, 0.3)
        self._closed = threading.Event()
        self._endings: list[threading.Thread] = []
        for name in _LOGS:
            logging.getLogger(name).addFilter(_is_not_relayed)

    # -- what a page asks for --------------------------------------------------------------

    def start(self, offer: str, gone: Callable[[], bool] = lambda: False) -> tuple[str, str]:
        """Begin a stream; return its id and Velora's answer.

        Args:
            offer: the page's.
            gone: whether the page has left without waiting for the answer.

        Raises:
            Refusal: there is none.
        """
        self._count()
        before = self._on_air.relay
        if before:
            before.end_left()
        with self._lock:
            free = self._stream is None and not self._closed.is_set()
            if not free or not self._on_air.take(self):
                raise Refusal(HTTPStatus.CONFLICT, "browser.already")
            stream = self._stream = _Stream(gone)
        try:
            answer = self._connect(stream, offer, again=False)
            with self._lock:  # once another one may begin, this can be told no more
                if stream.over or gone():
                    raise Refusal(HTTPStatus.GONE, "browser.gone")
                self._source.begun()
                stream.gone = _waits_no_more  # from now on its events tell
            self._await_page(stream, _FIRST_GRACE)
        except BaseException:  # nobody else could end it: nobody knows its id
            self._finish(stream)
            raise
        return stream.id, answer

    def renew(self, handle: str, offer: str) -> str:
        """Have a stream go on by another connection; return Velora's answer.

        Raises:
            Refusal: it doesn't; the stream is not over for that.
        """
        stream = self._find(handle)
        self._count()
        with self._lock:
            if stream.connecting:
                raise Refusal(HTTPStatus.CONFLICT, "browser.already")
            stream.connecting = True
        return self._connect(stream, offer, again=True)

    def trickle(self, handle: str, fragment: str) -> bool:
        """Hand on candidates; return whether Velora has taken them, which many servers need not.

        Raises:
            Refusal: they could not be handed on, or too many were.
        """
        stream = self._find(handle)
        if not stream.pace.admits():
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, "dock.too_many")
        if len(fragment) > MAX_FRAGMENT:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "dock.too_large")
        resource = stream.resource
        if resource is None:
            raise Refusal(HTTPStatus.CONFLICT, "dock.not_offered")
        headers = {"If-Match": resource.tag} if resource.tag else {}
        response = self._send("PATCH", resource.url, fragment, _FRAGMENT, headers)
        if response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise Refusal(HTTPStatus.GONE, "browser.gone")
        return 200 <= response.status < 300

    def end(self, handle: str) -> None:
        """End a stream; returns at once.

        Raises:
            Refusal: there is no such stream.
        """
        self._finish(self._find(handle))

    def end_left(self) -> None:
        """End a stream whose page has left before it had an answer."""
        stream = self._stream
        if stream and stream.gone():
            self._finish(stream)
            self._wait_for_velora(_LEAVING)

    def hold(self, handle: str) -> Callable[[], None]:
        """Note that its page is there; return what is to be called when it isn't any more.

        Raises:
            Refusal: there is no such stream.
        """
        stream = self._find(handle)
        with self._lock:
            stream.holders += 1
            if stream.timer:
                stream.timer.cancel()
        return lambda: self._let_go(stream)

    def close(self, seconds: float) -> None:
        """End the stream, as the server ends; wait a bounded moment until Velora knows."""
        with self._lock:
            self._closed.set()
            stream = self._stream
        if stream:
            self._finish(stream)
        self._wait_for_velora(seconds)

    def _wait_for_velora(self, seconds: float) -> None:
        """Wait until Velora has heard of all that is over, or so many seconds."""
        end = time.monotonic() + seconds
        with self._lock:  # what Velora makes of an offer is known, and ended, when it has answered
            self._lock.wait_for(lambda: not self._offering, seconds)
            endings = list(self._endings)
        for ending in endings:
            ending.join(max(0.0, end - time.monotonic()))

    # -- streams ---------------------------------------------------------------------------

    def _count(self) -> None:
        if not self._starts.admits():
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, "browser.too_often")

    def _find(self, handle: str) -> _Stream:
        stream = self._stream
        if stream is None or not secrets.compare_digest(stream.id, handle):
            raise Refusal(HTTPStatus.NOT_FOUND, "browser.gone")
        return stream

    def _let_go(self, stream: _Stream) -> None:
        with self._lock:
            stream.holders -= 1
        self._await_page(stream, _GRACE_PERIOD)

    def _await_page(self, stream: _Stream, seconds: float) -> None:
        """End a stream unless its page comes within so many seconds."""
        with self._lock:
            if stream.holders or stream.over:
                return
            timer = threading.Timer(seconds, partial(self._finish, stream, if_left=True))
            timer.name, timer.daemon = "velora-whip-page", True
            stream.timer = timer
            timer.start()

    def _finish(self, stream: _Stream, *, if_left: bool = False) -> None:
        """Have a stream be over, and tell Velora on a thread of its own.

        Args:
            stream: may be over already.
            if_left: only if its page is not there.
        """
        with self._lock:
            if stream.over or (if_left and stream.holders):
                return
            stream.over = True
            self._source.ended()  # before there can be another one
            if self._stream is stream:
                self._stream = None
                self._on_air.give(self)
            resource, stream.resource = stream.resource, None
            if stream.timer:
                stream.timer.cancel()
        if resource:
            self._end_in_background(resource)

    # -- Velora ----------------------------------------------------------------------------

    def _connect(self, stream: _Stream, offer: str, *, again: bool) -> str:
        try:
            if not offer.startswith("v=0"):
                raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "dock.malformed")
            self._leave(stream)
            address = self._source.address(again=again)
            self._check(address)
            with self._lock:
                if stream.over:
                    raise Refusal(HTTPStatus.GONE, "browser.gone")
                self._offering += 1
            try:
                return self._offer(stream, address, offer)
            finally:
                with self._lock:
                    self._offering -= 1
                    self._lock.notify_all()
        finally:
            stream.connecting = False

    def _offer(self, stream: _Stream, address: Secret, offer: str) -> str:
        response = self._send("POST", address, offer, _OFFER)
        resource, answer = self._made(address, response)
        with self._lock:
            over = stream.over
            if not over:
                stream.resource = resource
        if over:  # somebody ended it meanwhile, and could not know of this resource
            self._end_in_background(resource)
            raise Refusal(HTTPStatus.GONE, "browser.gone")
        return answer

    def _leave(self, stream: _Stream) -> None:
        """Delete what a stream went by before: Velora may take only one for each key."""
        with self._lock:
            before, stream.resource = stream.resource, None
        if before:
            with suppress(Refusal):
                self._send("DELETE", before.url)

    def _check(self, address: Secret) -> None:
        """Refuse an address that isn't a server's on the net.

        But while this computer is Velora, as in tests, any other.
        """
        parts = urlsplit(address.reveal())
        own = is_loopback(parts.hostname or "")
        safe = own if self._local else parts.scheme == "https" and not own
        if not safe or not _AUTHORITY.fullmatch(parts.netloc):
            raise Refusal(HTTPStatus.BAD_GATEWAY, "browser.strange")

    def _made(self, address: Secret, response: Response) -> tuple[_Resource, str]:
        """Return what Velora has made of an offer, and its answer; raises `Refusal`."""
        status = response.status
        if status != HTTPStatus.CREATED:
            name = _REFUSED.get(status)
            if name is None:
                name = "browser.not_now" if status == 429 or status >= 500 else "browser.strange"
            raise Refusal(HTTPStatus.BAD_GATEWAY, name)
        location = urljoin(address.reveal(), response.headers.get("Location", ""))
        if location == address.reveal() or not _same_origin(address.reveal(), location):
            raise Refusal(HTTPStatus.BAD_GATEWAY, "browser.strange")
        resource = _Resource(Secret(location), response.headers.get("ETag", "")[:_MAX_TAG])
        answer = response.body.decode("utf-8", "replace")
        if not answer.startswith("v=0"):
            self._end_in_background(resource)
            raise Refusal(HTTPStatus.BAD_GATEWAY, "browser.strange")
        return resource, answer

    def _end_in_background(self, resource: _Resource) -> None:
        thread = threading.Thread(
            target=self._end_now, args=(resource,), name="velora-whip-end", daemon=True
        )
        with self._lock:
            self._endings = [ending for ending in self._endings if ending.is_alive()]
            with suppress(RuntimeError):  # the process may have no more threads
                thread.start()
                self._endings.append(thread)
                return
        self._end_now(resource)

    def _end_now(self, resource: _Resource) -> None:
        for pause in _TRIES:
            if pause and self._closed.wait(pause):
                return  # the first try was made
            with suppress(Refusal):
                if self._send("DELETE", resource.url).status < 500:
                    return

    def _send(
        self,
        method: str,
        url: Secret,
        text: str = "",
        kind: str = "",
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Send one request; no redirect is followed, and no sentence has the address in it."""
        transport = Transport(limits=_LIMITS, calls=CallRegistry())
        _relaying.now = True
        try:
            return transport.request(
                method,
                url.reveal(),
                content=text.encode("utf-8", "replace") if text else None,
                headers={**(headers or {}), **({"Content-Type": kind} if kind else {})},
            )
        except VeloraError:
            parts = urlsplit(url.reveal())
            server = f"{parts.scheme}://{parts.netloc}"
            raise Refusal(HTTPStatus.BAD_GATEWAY, "browser.unreachable", server=server) from None
        finally:
            _relaying.now = False
            transport.close()


def _waits_no_more() -> bool:
    return False


def _same_origin(first: str, other: str) -> bool:
    return _origin(first) is not None and _origin(first) == _origin(other)


def _origin(address: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port; None for what two readers might read differently."""
    if not re.fullmatch(r"[\x21-\x5b\x5d-\x7e]{1,2048}", address):  # all but the backslash
        return None
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not _AUTHORITY.fullmatch(parts.netloc):
        return None
    with suppress(ValueError):
        return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS[parts.scheme]
    return None
