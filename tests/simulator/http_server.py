"""The simulator's HTTP server: HTTP/1.1 with connections that stay, as in front of a platform."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

__all__ = ["Dropped", "HttpServer"]

_BODILESS = frozenset({204, 304})


class Dropped(ConnectionError):
    """The request has been dealt with on the socket itself; the server has nothing to add."""


class HttpServer(ThreadedWSGIServer):
    """Serves a WSGI application that reads each request's body whole."""

    def __init__(self, port: int, application: Callable[[Any, Any], Iterable[bytes]]) -> None:
        """
        Args:
            port: on 127.0.0.1; 0 for a free one.
            application: is given the connection as ``werkzeug.socket``, too.
        """
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._ended = False
        super().__init__("127.0.0.1", port, application, handler=_Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what went wrong, but for a connection that a client or a fault has ended."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def note(self, connection: socket.socket) -> None:
        """Take note that a connection is open."""
        with self._lock:
            self._connections.add(connection)
            if self._ended:
                _end(connection)

    def forget(self, connection: socket.socket) -> None:
        """Take note that it is no more."""
        with self._lock:
            self._connections.discard(connection)

    def drop_connections(self) -> None:
        """End all of them, also those that wait for another request or are only just opened."""
        with self._lock:
            self._ended = True
            for connection in self._connections:
                _end(connection)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):  # the other side was faster
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(WSGIRequestHandler):
    """werkzeug's own closes each connection after one answer."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body go out in one piece
    server: HttpServer

    def setup(self) -> None:
        super().setup()
        self.server.note(self.connection)

    def finish(self) -> None:
        self.server.forget(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        """Answer one request."""
        try:
            answer = self.server.app(self.make_environ(), self._start)
            try:
                self._send_body(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()
        except ConnectionError:
            self.close_connection = True

    def _start(self, status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        sized = any(name.lower() == "content-length" for name, _ in headers)
        self._chunked = not sized and int(code) not in _BODILESS
        if self._chunked:
            self.send_header("Transfer-Encoding", "chunked")
        return self.wfile.write

    def _send_body(self, answer: Iterable[bytes]) -> None:
        self.end_headers()
        for piece in answer:
            if piece and self._chunked:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            else:
                self.wfile.write(piece)
            self.wfile.flush()
        if self._chunked:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def log(self, *_: Any) -> None:
        """Say nothing: tests read the journal."""

    def log_request(self, *_: Any) -> None:
        """Say nothing."""
