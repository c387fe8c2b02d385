"""What tests of a refresh share."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.unit.fakes import KEY, RTMP, SRT, WHIP
from tests.unit.raw_server import RawServer
from velora_core.api.endpoints import Endpoints
from velora_core.app.account import TokenOrigin
from velora_core.application import Application
from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.secret import Secret
from velora_core.storage.storage import Storage

__all__ = [
    "ANSWER",
    "Rotating",
    "sign_in",
    "still_signed_in",
    "stored",
]


class Rotating:
    """A Velora in a few lines. `refresh` is asked between two bytes of each refresh's answer."""

    def __init__(self) -> None:
        self.number = 0  # of the only refresh token that is good
        self.refused: list[str] = []
        self.titles: list[str] = []
        self.between: Callable[[int], object] = lambda _: None
        self.pause = 0.0
        self.begun = threading.Event()
        self.server = RawServer(self._answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/api/integrations/oauth"

    @property
    def origin(self) -> str:
        return Endpoints.at(self.url).origin

    def _answer(self, connection: Any, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        length = int((re.search(rb"(?i)content-length: (\d+)", head) or [0, 0])[1])
        while len(body) < length:
            body += connection.recv(65536)
        line = head.split(b"\r\n")[0].decode()
        if "/oauth/token" in line:
            self._refresh(connection, json.loads(body))
        elif f"test_access_{self.number}".encode() not in head:
            self._send(connection, 401, {"message": "no"})
        elif line.startswith("PUT"):
            self.titles.append(json.loads(body)["title"])
            self._send(connection, 200, {"success": True})
        elif "categories" in line:
            self._send(connection, 200, {"categories": [{"slug": "music", "name": "Music"}]})
        elif "info" in line:
            self._send(connection, 200, {"title": "Before", "isLive": False})
        else:
            setup = {"streamKey": KEY, "rtmpUrl": RTMP, "srtUrl": SRT, "whipUrl": WHIP}
            self._send(connection, 200, setup | {"ingestServer": "ingest.test"})

    def _refresh(self, connection: Any, fields: dict[str, str]) -> None:
        token = fields.get("refresh_token", f"test_refresh_{self.number}")  # or it is a code
        if token != f"test_refresh_{self.number}":
            self.refused.append(token)
            self._send(connection, 400, {"error": "invalid_grant"})
            return
        self.number += 1
        self.begun.set()
        time.sleep(self.pause)
        tokens = {"access_token": f"test_access_{self.number}", "expires_in": 3600}
        tokens |= {"refresh_token": f"test_refresh_{self.number}"}
        self._send(connection, 201, tokens, self.between)

    @staticmethod
    def _send(
        connection: Any, status: int, data: object, between: Callable[[int], object] | None = None
    ) -> None:
        body = json.dumps(data).encode()
        head = f"HTTP/1.1 {status} Test\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        answer = head.encode() + body
        if between is None:
            connection.sendall(answer)
            return
        assert len(answer) == ANSWER
        for place in range(len(answer)):
            between(place)
            connection.sendall(answer[place : place + 1])
        between(len(answer))


ANSWER = 148  # bytes of a refresh's answer


def sign_in(number: int = 0, *, left: float = -1.0) -> Grant:
    access, refresh = Secret(f"test_access_{number}"), Secret(f"test_refresh_{number}")
    tokens = Tokens(access, refresh, time.time() + left, None)
    return Grant(ClientCredentials("test-client-id"), tokens, "Some Body", 0.0)


def stored(velora: Rotating, folder: Path) -> Storage:
    return Storage(folder, origin=velora.origin)


def still_signed_in(app: Application, velora: Rotating, folder: Path) -> None:
    """After all that went on, a request works with what is in memory, and with what is stored."""
    job = app.actions.load()
    assert job.wait(10)
    app.process_ui_queue()
    assert app.state.account.origin is TokenOrigin.SIGNED_IN
    assert velora.refused == []
    kept = stored(velora, folder).sign_in
    assert kept is not None
    assert kept.tokens.refresh == Secret(f"test_refresh_{velora.number}")
