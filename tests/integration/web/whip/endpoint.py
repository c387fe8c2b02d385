"""A WHIP endpoint without media: remembers what it was asked for, and answers as a test wants."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from tests.managed import Managed
from tests.ports import free_port
from tests.unit.fakes import KEY, wait_for

__all__ = ["ANSWER", "OFFER", "Asked", "WhipEndpoint"]

OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"
ANSWER = "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\n"


class Asked(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    kind: str | None
    tag: str | None
    body: str


class WhipEndpoint(Managed):
    """A server on loopback. Use it as a context manager."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.status = {"POST": 201, "PATCH": 204, "DELETE": 200}
        self.headers = {"Location": "/resource/{number}", "ETag": '"tag"'}
        self.answer = ANSWER
        self.made = 0
        self.open = threading.Event()
        """Until it is set, nothing is answered."""
        self.open.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/live/{KEY}/whip"

    def named(self, method: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == method]

    def wait_for(self, method: str, count: int = 1) -> list[Asked]:
        wait_for(lambda: len(self.named(method)) >= count, f"{count} {method}")
        return self.named(method)

    def start(self) -> None:
        endpoint = self

        class Handler(_Handler):
            owner = endpoint

        self._server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    owner: WhipEndpoint

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        kind, tag = self.headers.get("Content-Type"), self.headers.get("If-Match")
        owner = self.owner
        owner.asked.append(Asked(self.command, self.path, kind, tag, body))
        owner.open.wait(5)
        self.send_response(owner.status[self.command])
        content = b""
        if self.command == "POST":
            owner.made += 1
            content = owner.answer.encode()
            for name, value in owner.headers.items():
                self.send_header(name, value.replace("{number}", str(owner.made)))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        pass
