"""A browser or a program that speaks to the page's server, and whoever runs the UI thread."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

from velora_core.application import Application

__all__ = ["Client", "Reply", "events", "meanwhile"]

_Result = TypeVar("_Result")
TIMEOUT = 30.0


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def meanwhile(app: Application, work: Callable[[], _Result]) -> _Result:
    """Do something on another thread while this one serves as the UI thread."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append((work(), None))
        except Exception as error:
            outcome.append((None, error))

    client = threading.Thread(target=run, name="test-client", daemon=True)
    client.start()
    while client.is_alive():  # its sockets have their time
        app.process_ui_queue()
        client.join(0.0002)
    result, error = outcome[0]
    if error:
        raise error
    return result  # type: ignore[no-any-return]


class Client:
    """Sends one request after the other; a browser once it has a cookie."""

    def __init__(self, app: Application, address: str) -> None:
        self.app = app
        self.entry = address
        self.host = address.split("/")[2]
        self.port = int(self.host.split(":")[1])
        self.origin = f"http://{self.host}"
        self.cookie = ""

    def send(
        self, method: str, path: str, content: Any = None, /, *, body: bytes = b"", **headers: str
    ) -> Reply:
        """Send a request as a browser does; a header of None is left out."""
        given: dict[str, str | None] = {"Host": self.host}
        if self.cookie:
            given["Cookie"] = self.cookie
        if method not in ("GET", "HEAD"):
            given["Origin"] = self.origin
        if content is not None:
            body = json.dumps(content).encode()
            given["Content-Type"] = "application/json"
        if body:
            given["Content-Length"] = str(len(body))
        given.update({name.replace("_", "-"): value for name, value in headers.items()})

        def ask() -> Reply:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in given.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.headers, answer.read())
            connection.close()
            return reply

        return meanwhile(self.app, ask)

    def get(self, path: str, **headers: Any) -> Reply:
        return self.send("GET", path, **headers)

    def patch(self, values: Any, **headers: Any) -> Reply:
        return self.send("PATCH", "/api/v1/values", values, **headers)

    def post(self, action: str, content: Any = None, /, **headers: Any) -> Reply:
        return self.send("POST", f"/api/v1/actions/{action}", content or {}, **headers)

    def state(self) -> Any:
        return self.get("/api/v1/state").json

    def log_in(self) -> Reply:
        """Open the address that the panel gave."""
        reply = self.get(self.entry.removeprefix(self.origin))
        self.cookie = str(reply.headers.get("Set-Cookie", "")).partition(";")[0]
        return reply

    def open_events(self) -> socket.socket:
        """Return a connection on which events come."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
        connection.sendall(
            f"GET /api/v1/events HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Cookie: {self.cookie}\r\n\r\n".encode()
        )
        return connection


def events(connection: socket.socket) -> Iterator[tuple[str, Any]]:
    """Yield the name and the content of each event, until the connection ends."""
    name = ""
    for line in connection.makefile("rb"):
        field, _, value = line.decode().strip().partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)
