"""Stands for the program that the page belongs to: gives out its files and any state, at once.

What is in a state is made by the panel itself (`tests.page.states`).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.managed import Managed
from tests.ports import free_port
from tests.stage import ROOT
from velora_core.messages.en.web import MESSAGES

__all__ = ["POLICY", "STATIC", "StandIn"]

STATIC = ROOT / "velora_core" / "web" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class StandIn(Managed):
    """A server on loopback. Use it as a context manager; it can be stopped and started again."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.port = free_port()
        self.state = {"instance": "first", "revision": 1, **state}
        self.hits: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        """What fields held, as it came."""
        self.pressed: list[str] = []
        self.asked: list[str] = []
        """Queries for categories."""
        self.finds = threading.Event()
        """Whether they are answered yet."""
        self.finds.set()
        self.found: list[str] = []
        """Queries that are answered."""
        self.paths: list[str] = []
        self.refused = ""
        """Why values are not taken."""
        self.refused_with = 422
        self.answer: Callable[[str], dict[str, Any]] = lambda action: {"answer": ""}
        self.let_in = True
        self.says_bye = True
        """Not when it is killed."""
        self._changed = threading.Condition()
        self._ended = threading.Event()
        """Of what is served since the last start."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        stand_in, self._ended = self, threading.Event()

        class Handler(_Handler):
            owner, ended = stand_in, self._ended

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._ended.set()
            self._changed.notify_all()
        self.finds.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def show(self, **changes: Any) -> None:
        """Replace parts of the state; pages get it."""
        with self._changed:
            self.state = {**self.state, **changes, "revision": self.state["revision"] + 1}
            self._changed.notify_all()

    def take(self, values: dict[str, Any]) -> int:
        """Take what fields hold into the elements, as the panel would."""
        with self._changed:
            self.sent.append(values)
            sections = json.loads(json.dumps(self.state["sections"]))
            for element in _walk(sections):
                if element["key"] in values and element["kind"] != "secret":
                    element["value"] = values[element["key"]]
            self.state = {
                **self.state,
                "sections": sections,
                "revision": self.state["revision"] + 1,
            }
            self._changed.notify_all()
            return int(self.state["revision"])

    def next_state(self, after: int, ended: threading.Event) -> dict[str, Any] | None:
        """Wait for a state that is newer; None when the server has ended.

        Args:
            after: the revision that is known.
            ended: of the server; it may have been started again since.
        """
        with self._changed:
            self._changed.wait_for(lambda: ended.is_set() or self.state["revision"] != after, 15)
            return None if ended.is_set() else self.state


def _walk(sections: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for elements in sections.values():
        for element in elements:
            found += [element, *element.get("elements", [])]
    return found


class _Handler(BaseHTTPRequestHandler):
    owner: StandIn
    ended: threading.Event

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.owner.paths.append(url.path)
        if url.path == "/api/v1/events":
            self._events()
        elif url.path == "/api/v1/state":
            self._json(200 if self.owner.let_in else 401, self.owner.state)
        elif url.path == "/api/v1/words":
            self._json(200, MESSAGES)
        elif url.path == "/api/v1/categories":
            query = parse_qs(url.query, keep_blank_values=True)["query"][0]
            self.owner.asked.append(query)
            wanted = query.casefold()
            hits = [hit for hit in self.owner.hits if wanted in hit["name"].casefold()]
            self.owner.finds.wait()
            self._json(200, hits)
            self.owner.found.append(query)
        else:
            name = url.path.lstrip("/") or "index.html"
            file = STATIC / name
            if not file.is_file():
                self._json(404, {"error": "There is nothing."})
                return
            self._answer(200, file.read_bytes(), _TYPES[file.suffix])

    def do_PATCH(self) -> None:
        values = self._body()
        if self.owner.refused:
            self._json(self.owner.refused_with, {"error": self.owner.refused})
        else:
            self._json(200, {"revision": self.owner.take(values)})

    def do_POST(self) -> None:
        body = self._body()
        assert set(body) <= {"values"}
        if body:
            self.owner.take(body["values"])
        action = self.path.removeprefix("/api/v1/actions/")
        self.owner.pressed.append(action)
        self._json(200, self.owner.answer(action))

    def _body(self) -> dict[str, Any]:
        assert self.headers["Content-Type"] == "application/json"
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return body

    def _json(self, status: int, content: Any) -> None:
        self._answer(status, json.dumps(content).encode(), "application/json")

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            pass  # the page is closed

    def _events(self) -> None:
        if not self.owner.let_in:
            self._json(401, {"error": "Not with this cookie."})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        revision = -1
        try:
            while state := self.owner.next_state(revision, self.ended):
                revision = state["revision"]
                text = json.dumps(state)
                self.wfile.write(f"event: state\ndata: {text}\n\n".encode())
                self.wfile.flush()
            if self.owner.says_bye:
                self.wfile.write(b"event: bye\ndata: {}\n\n")
        except OSError:
            pass  # the page is closed

    def log_message(self, *args: Any) -> None:
        """Say nothing."""
