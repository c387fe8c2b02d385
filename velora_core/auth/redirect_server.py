"""Server on loopback that receives the browser's redirect: one path, one good answer.

Anything on this computer, and any page in the streamer's browser, can send something here. So each
connection has a few seconds and a few kilobytes, only the expected request is looked at, and what
counts is decided by the one who waits for the redirect.
"""

from __future__ import annotations

import html
import http.server
import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from velora_core.errors import PortBusy
from velora_core.messages import message

__all__ = ["Page", "RedirectServer"]

_SECONDS_PER_CONNECTION: Final = 5.0
_MAX_REQUEST: Final = 16 * 1024
_MAX_CONNECTIONS: Final = 16
_EXCLUSIVE: Final[int | None] = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)  # Windows has it
_POLL: Final = 0.1  # seconds between looks at whether to end; there is a listener for minutes only

_TEMPLATE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: #17171f; color: #f2f2f7; font: 18px/1.5 system-ui, sans-serif }}
main {{ max-width: 30rem; padding: 2rem; text-align: center }}
h1 {{ font-size: 1.6rem; color: {colour} }}
</style></head>
<body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""


class Page(NamedTuple):
    """What the browser shows.

    Attributes:
        good: whether it is good news.
        title: a few words.
        text: what to do now.
    """

    good: bool
    title: str
    text: str

    def encoded(self) -> bytes:
        """Return the page as HTML, with its texts escaped."""
        colour = "#7ee2a8" if self.good else "#ffb4a8"
        return _TEMPLATE.format(
            title=html.escape(self.title), text=html.escape(self.text), colour=colour
        ).encode()


class _BoundedReader:
    """A connection's input, of which only so much is read."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = _MAX_REQUEST

    def readline(self, size: int = -1) -> bytes:
        line: bytes = self._stream.readline(self._left if size < 0 else min(size, self._left))
        self._left -= len(line)
        return line

    def close(self) -> None:
        self._stream.close()

    @property
    def closed(self) -> bool:
        return bool(self._stream.closed)


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers one connection."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "velora"
    sys_version = ""
    timeout = _SECONDS_PER_CONNECTION

    def setup(self) -> None:
        super().setup()
        self.rfile = _BoundedReader(self.rfile)  # type: ignore[assignment]

    def handle(self) -> None:
        # The time-out above is for each read; this one is for all of them.
        deadline = threading.Timer(_SECONDS_PER_CONNECTION, self._hang_up)
        deadline.daemon = True
        deadline.name = "velora-redirect-deadline"
        deadline.start()
        self.deadline = deadline
        try:
            super().handle()
        except (OSError, ValueError):  # the other side is gone, or was cut off
            self.close_connection = True
        finally:
            deadline.cancel()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def handle_one_request(self) -> None:
        super().handle_one_request()
        self.close_connection = True

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if self.headers.get_all("Host", []) != [self.server.host]:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        elif path != self.server.path:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif not query:
            self._refuse(HTTPStatus.BAD_REQUEST)
        else:
            self.deadline.cancel()  # read whole; signing in may take its time now
            page = self.server.redirected(query)
            self._answer(HTTPStatus.OK if page.good else HTTPStatus.BAD_REQUEST, page.encoded())

    def _refuse(self, status: HTTPStatus) -> None:
        page = Page(False, message("page.nothing_here"), message("page.nothing_here_text"))
        self._answer(status, page.encoded())

    def send_error(self, code: int, *_: Any, **__: Any) -> None:
        """Send our own page: the library's would repeat the request."""
        self._refuse(HTTPStatus(code))

    def _answer(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
        ):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Log nothing: the request line holds the code."""


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64  # a browser opens several connections at once

    def __init__(self, port: int, path: str, redirected: Callable[[str], Page]) -> None:
        self.host = f"localhost:{port}"
        self.path = path
        self.redirected = redirected
        self._slots = threading.BoundedSemaphore(_MAX_CONNECTIONS)
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        if _EXCLUSIVE is None:
            self.allow_reuse_address = True
        else:
            # On Windows, reusing means "beside another program", and this keeps all others away.
            self.socket.setsockopt(socket.SOL_SOCKET, _EXCLUSIVE, 1)
        super().server_bind()

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002
        return self._slots.acquire(blocking=False)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: the library would print a traceback."""


class RedirectServer:
    """Listens on 127.0.0.1 from its making until `close`."""

    def __init__(self, port: int, path: str, redirected: Callable[[str], Page]) -> None:
        """Create the redirect server.

        Args:
            port: of ``http://localhost:<port><path>``.
            path: the only one that is answered.
            redirected: gets the query of each redirect and says what the browser shows; called on
                a thread of the listener, several at a time.

        Raises:
            PortBusy: another program has the port.
        """
        try:
            self._server = _Server(port, path, redirected)
        except (OSError, OverflowError):
            raise PortBusy(port=port) from None
        self._thread = threading.Thread(target=self._serve, name="velora-redirect", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            self._server.serve_forever(_POLL)
        finally:
            self._server.server_close()

    def close(self) -> None:
        """Release the port within a moment, without waiting for it.

        Answers that are under way are still sent.
        """
        threading.Thread(
            target=self._server.shutdown, name="velora-redirect-end", daemon=True
        ).start()

    def wait_closed(self, seconds: float) -> bool:
        """Wait at most `seconds` until the port is free; return whether it is."""
        self._thread.join(seconds)
        return not self._thread.is_alive()
