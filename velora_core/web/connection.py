"""One connection: reads one request within bounds, and writes its answer.

The standard library reads the request; here it gets no more than so many bytes and seconds.
"""

from __future__ import annotations

import http.server
import json
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from selectors import EVENT_READ, DefaultSelector
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .feed import MIN_GAP
from .refusal import Refusal

if TYPE_CHECKING:
    from .feed import Feed
    from .places import Visitor

__all__ = ["CAPTURING", "MAX_BODY", "Answer", "Connection", "Request"]

MAX_BODY: Final = 64 * 1024
_MAX_HEAD: Final = 16 * 1024
_PROVING: Final = 2.0  # seconds for a request's head, which says who sends it
_SECONDS: Final = 5.0  # for all else of a request, and for an answer to be taken
_HEARTBEAT: Final = 15.0
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind} 'self'" for kind in ("script-src", "style-src", "img-src", "connect-src")),
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)
CAPTURING: Final = "camera=(self), display-capture=(self), geolocation=(), microphone=(self)"
"""The `Permissions-Policy` of the one page that captures picture and sound."""
_HEADERS: Final = {
    "Server": "velora",
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Request(NamedTuple):
    """A request as it came.

    Attributes:
        method: in capitals.
        path: without the query, as it was sent.
        query: without the question mark.
        headers: as the standard library has them.
        body: reads the body; raises `Refusal`.
        prove: called once it is known who sends it: more time and another place are given; raises
            `Refusal` when there is none.
        gone: returns whether whoever sent it has closed the connection since.
    """

    method: str
    path: str
    query: str
    headers: Any
    body: Callable[[], dict[str, Any]]
    prove: Callable[[], None]
    gone: Callable[[], bool]


class Answer(NamedTuple):
    """What is answered.

    Attributes:
        status: of it.
        content: its body.
        kind: the body's type.
        headers: beside those of each answer.
        feed: what follows without an end, instead of the body.
        ended: called when all of it was sent, or the other side has gone.
    """

    status: HTTPStatus = HTTPStatus.OK
    content: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = {}
    feed: Feed | None = None
    ended: Callable[[], None] | None = None

    @classmethod
    def json(cls, content: object, status: HTTPStatus = HTTPStatus.OK) -> Answer:
        """Return an answer in JSON."""
        return cls(status, _ENCODER.encode(content).encode(errors="replace"))

    @classmethod
    def refusal(cls, refusal: Refusal) -> Answer:
        """Return what is answered to a request that is not served."""
        headers = {}
        if refusal.status is HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        if refusal.status is HTTPStatus.TOO_MANY_REQUESTS:
            headers["Retry-After"] = "1"
        return cls.json({"error": refusal.sentence}, refusal.status)._replace(headers=headers)


class _Reader:
    """A connection's input, of which only so much is read, and only for so long."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._deadline = time.monotonic() + _PROVING
        self._left = _MAX_HEAD + MAX_BODY
        self._buffer = b""
        self.head_left = _MAX_HEAD
        self.head_whole = False
        self.closed = False

    def go_on(self) -> None:
        """Give the rest of the request its time."""
        self._deadline = time.monotonic() + _SECONDS

    def _more(self) -> bool:
        left = self._deadline - time.monotonic()
        if left <= 0 or self._left <= 0:
            return False
        self._visitor.socket.settimeout(left)
        found = self._visitor.socket.recv(min(self._left, 16384))
        self._visitor.heard = True
        self._left -= len(found)
        self._buffer += found
        return bool(found)

    def readline(self, size: int = -1) -> bytes:
        """Read a line of the head. What would be cut off another one is no line of its own."""
        limit = self.head_left if size < 0 else min(size, self.head_left)
        while b"\n" not in self._buffer and len(self._buffer) < limit and self._more():
            pass
        end = self._buffer.find(b"\n") + 1 or len(self._buffer)
        line = self._take(min(end, limit))
        self.head_left -= len(line)
        self.head_whole = line.endswith(b"\n")
        return line

    def read(self, size: int) -> bytes:
        while len(self._buffer) < size and self._more():
            pass
        return self._take(size)

    def _take(self, size: int) -> bytes:
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def flush(self) -> None:
        """Nothing is written here; the standard library asks for it."""

    def close(self) -> None:
        self.closed = True


class _Writer:
    """A connection's output, as the standard library asks for it."""

    closed = True  # nothing is left to be sent at the end

    def __init__(self, visitor: Visitor) -> None:
        self.write = visitor.socket.sendall

    def flush(self) -> None:
        """Nothing is kept here."""

    def close(self) -> None:
        """Somebody else closes the connection."""


class Connection(http.server.BaseHTTPRequestHandler):
    """Serves one request, as it is made."""

    protocol_version = "HTTP/1.1"

    def __init__(self, visitor: Visitor, serve: Callable[[Request], Answer]) -> None:
        """Read the request, and answer it.

        Args:
            visitor: the other side; somebody else closes the connection.
            serve: returns what is answered; raises `Refusal`.
        """
        self._visitor = visitor
        self._serve = serve
        with suppress(OSError, ValueError):  # the other side is gone, or was cut off
            super().__init__(visitor.socket, ("", 0), None)  # type: ignore[arg-type]

    def setup(self) -> None:
        """Make input and output, of which the library's would be made for nothing."""
        self.connection = self.request
        self.rfile = _Reader(self._visitor)  # type: ignore[assignment]
        self.wfile = _Writer(self._visitor)  # type: ignore[assignment]

    def handle(self) -> None:
        """Serve one request, and no second one."""
        self.handle_one_request()
        self.close_connection = True

    def _serve_request(self) -> None:
        path, _, query = self.path.partition("?")
        try:
            if self.request_version not in ("HTTP/1.0", "HTTP/1.1"):
                raise Refusal(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "dock.malformed")
            self._check_head()
            answer = self._serve(
                Request(
                    *(self.command, path, query, self.headers),
                    *(self._body, self._prove, self._visitor.has_gone),
                )
            )
        except Refusal as refusal:
            answer = Answer.refusal(refusal)
        except Exception as error:  # its text might hold anything
            kind = type(error).__name__
            answer = Answer.refusal(
                Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "dock.failed", kind=kind)
            )
        try:
            self._write(answer)
        finally:
            if answer.ended:
                answer.ended()

    def __getattr__(self, name: str) -> Any:
        """Let any method be served, so that the answer says which ones there are."""
        if name.startswith("do_"):
            return self._serve_request
        raise AttributeError(name)

    def _check_head(self) -> None:
        """Refuse a head without an end: what is missing may be what forbids the request."""
        reader: Any = self.rfile
        if not reader.head_left:
            raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "dock.too_large")
        if not reader.head_whole:
            raise Refusal(HTTPStatus.BAD_REQUEST, "dock.malformed")

    def _prove(self) -> None:
        self._visitor.prove()
        reader: Any = self.rfile
        reader.go_on()

    def _body(self) -> dict[str, Any]:
        lengths = self.headers.get_all("Content-Length", [])
        if self.headers.get_all("Transfer-Encoding"):
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, "dock.malformed")
        if len(lengths) != 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
            raise Refusal(HTTPStatus.LENGTH_REQUIRED, "dock.malformed")
        if len(lengths[0]) > 9 or int(lengths[0]) > MAX_BODY:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "dock.too_large")
        if self.headers.get_content_type() != "application/json":
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "dock.not_json")
        text = b""
        with suppress(TimeoutError):
            text = self.rfile.read(int(lengths[0]))
        if len(text) != int(lengths[0]):
            raise Refusal(HTTPStatus.REQUEST_TIMEOUT, "dock.malformed")
        try:
            found = json.loads(text.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Refusal(HTTPStatus.BAD_REQUEST, "dock.not_json")
        return found

    # -- writing ---------------------------------------------------------------------------

    def send_error(self, code: int, *_: Any, **__: Any) -> None:
        """Send our own: the library's would repeat the request."""
        self._write(Answer.refusal(Refusal(HTTPStatus(code), "dock.malformed")))

    def _write(self, answer: Answer) -> None:
        if answer.status >= HTTPStatus.BAD_REQUEST:
            self._visitor.slow_down()
        self.connection.settimeout(_SECONDS)
        headers = {**_HEADERS, "Content-Type": answer.kind, **answer.headers}
        if answer.feed is None:
            headers["Content-Length"] = str(len(answer.content))
        lines = [f"{self.protocol_version} {answer.status.value} {answer.status.phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join([*lines, _date(int(time.time())), "Connection: close", "\r\n"])
        shown = b"" if self.command == "HEAD" else answer.content
        self.wfile.write(head.encode("latin-1") + shown)
        if self.command == "HEAD":
            return
        if answer.feed is None:
            self._drain()
        else:
            self._follow(answer.feed)

    def _drain(self) -> None:
        """Read what is still coming: closed with something unread, the answer would be lost."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(0.5)
        for _ in range(8):
            if not self.connection.recv(16384):
                return

    def _follow(self, feed: Feed) -> None:
        """Send each state, until the other side or the server goes."""
        selector, subscription = DefaultSelector(), feed.subscribe()
        try:
            selector.register(self.connection, EVENT_READ)
            selector.register(subscription.readable, EVENT_READ)
            self._visitor.follow(b"event: bye\ndata: {}\n\n")
            send = self._visitor.send
            send(b"retry: 1000\n\n")
            seen, (revision, text) = -1, feed.current()
            while not feed.closed:
                if revision != seen:
                    send(b"event: state\ndata: " + text + b"\n\n")
                    seen = revision
                    time.sleep(MIN_GAP)
                ready = [key.fileobj for key, _ in selector.select(_HEARTBEAT)]
                if self.connection in ready:  # gone, or says what nobody asked for
                    return
                if not ready:
                    send(b": \n\n")
                subscription.rung()
                revision, text = feed.latest()
            self._visitor.take_leave(time.monotonic())
        finally:
            selector.close()
            feed.unsubscribe(subscription)

    def log_message(self, *_: Any) -> None:
        """Log nothing: the request line may hold what opens the page."""


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    """Return the header that says when it is; the same one for all answers of a second."""
    return f"Date: {formatdate(second, usegmt=True)}"


def _no_constant(name: str) -> None:
    raise ValueError(name)
