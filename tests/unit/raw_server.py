"""A server that answers with exactly the bytes a test wants, and remembers what it was sent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from tests.managed import Managed
from tests.ports import free_port

__all__ = ["RawServer", "answer"]

Script = Callable[[socket.socket, bytes], None]


def answer(
    body: bytes = b"{}", status: int = 200, headers: str = "", *, length: int | None = None
) -> Script:
    """Send one whole answer and close."""
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status} Test\r\nContent-Length: {size}\r\n{headers}Connection: close\r\n\r\n"

    def act(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head.encode() + body)

    return act


class RawServer(Managed):
    """Each connection gets the next script; the last one is used again and again.

    Args:
        ends: what a request ends with, after which the script has its turn.
    """

    def __init__(self, *scripts: Script, ends: bytes = b"\r\n\r\n") -> None:
        self._scripts = list(scripts)
        self._ends = ends
        self.requests: list[bytes] = []
        self.end = threading.Event()
        self.port = free_port()
        self._socket = socket.create_server(("127.0.0.1", self.port))
        self.url = f"http://127.0.0.1:{self.port}/path"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def start(self) -> None:
        self._threads[0].start()

    def stop(self) -> None:
        self.end.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
            thread = threading.Thread(target=self._serve, args=(connection, script), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, script: Script) -> None:
        with connection:
            connection.settimeout(5)
            request = b""
            try:
                while self._ends not in request:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    request += piece
                self.requests.append(request)
                script(connection, request)
            except OSError:
                return
