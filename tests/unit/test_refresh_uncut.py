"""A renewal of the sign-in that nothing cuts, with a Velora whose refresh tokens are good once."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import KEY, RTMP, SRT, WHIP, FakeHost, wait_for
from tests.unit.raw_server import RawServer
from velora_core.account import TokenOrigin
from velora_core.app import Application
from velora_core.endpoints import Endpoints
from velora_core.oauth import ClientCredentials, Tokens
from velora_core.secret import Secret
from velora_core.service import Service, VeloraAddresses
from velora_core.signed_in import SignIn
from velora_core.state import StreamSettings
from velora_core.storage import Storage


class Rotating:
    """A Velora in a few lines. `refresh` is asked between two bytes of each renewal's answer."""

    def __init__(self) -> None:
        self.number = 0  # of the only refresh token that is good
        self.refused: list[str] = []
        self.titles: list[str] = []
        self.between: Callable[[int], None] = lambda _: None
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
            self._renew(connection, json.loads(body))
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

    def _renew(self, connection: Any, fields: dict[str, str]) -> None:
        token = fields["refresh_token"]
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
        connection: Any, status: int, data: object, between: Callable[[int], None] | None = None
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


ANSWER = 148  # bytes of a renewal's answer


def sign_in(number: int = 0, *, left: float = -1.0) -> SignIn:
    access, refresh = Secret(f"test_access_{number}"), Secret(f"test_refresh_{number}")
    tokens = Tokens(access, refresh, time.time() + left, None)
    return SignIn(ClientCredentials("test-client-id"), tokens, "Some Body", 0.0)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def velora() -> Iterator[Rotating]:
    velora = Rotating()
    with velora.server:
        yield velora


def stored(velora: Rotating, folder: Path) -> Storage:
    return Storage(folder, origin=velora.origin)


@pytest.fixture
def folder(velora: Rotating, tmp_path: Path) -> Path:
    folder = tmp_path / "settings"
    storage = stored(velora, folder)
    storage.save_sign_in(sign_in())
    storage.save_addresses(VeloraAddresses(RTMP, SRT, "https://ingest.test:3334"))
    return folder


@pytest.fixture
def start(velora: Rotating, folder: Path, host: FakeHost) -> Iterator[Callable[[], Application]]:
    made: list[Application] = []
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": KEY})

    def start() -> Application:
        made.append(Application(host, environment={"VELORA_API_URL": velora.url}, folder=folder))
        made[-1].settings = StreamSettings(title="Hello")
        return made[-1]

    yield start
    velora.pause = 0.0
    for app in made:
        app.close()
    wait_for(lambda: not any(one.name == "velora-worker" for one in threading.enumerate()))


def still_signed_in(app: Application, velora: Rotating, folder: Path) -> None:
    """After all that went on, a request works with what is in memory, and with what is stored."""
    job = app.load()
    assert job.wait(10)
    app.ui_turn()
    assert app.state.account.origin is TokenOrigin.SIGNED_IN
    assert velora.refused == []
    kept = stored(velora, folder).sign_in
    assert kept is not None
    assert kept.tokens.refresh == Secret(f"test_refresh_{velora.number}")


def stream(app: Application) -> None:
    app.stream_starting()


def button(app: Application) -> None:
    app.refresh()


def typed(app: Application) -> None:
    app.entered("client_id", "test-other-id")


MOMENTS = {"stream": stream, "button": button, "typed": typed}


@pytest.mark.parametrize("what", MOMENTS)
@pytest.mark.parametrize("place", [*range(0, ANSWER, 25), ANSWER - 1, ANSWER])
def test_refresh__survives_what_comes_between_two_bytes(
    start: Callable[[], Application], velora: Rotating, folder: Path, what: str, place: int
) -> None:
    app = start()
    velora.between = lambda at: MOMENTS[what](app) if at == place else None
    app.panel_opened()
    wait_for(velora.begun.is_set)
    if what == "stream":
        wait_for(lambda: velora.titles == ["Hello"])
    velora.between = lambda _: None
    still_signed_in(app, velora, folder)
    assert velora.number == 1


def test_stream__waits_for_a_refresh_that_it_needs_and_is_set_with_its_token(
    start: Callable[[], Application], velora: Rotating, host: FakeHost
) -> None:
    velora.pause = 0.4
    app = start()
    app.panel_opened()
    wait_for(velora.begun.is_set)
    app.stream_starting()
    wait_for(lambda: velora.titles == ["Hello"])
    assert velora.number == 1
    assert host.warnings == []


@pytest.mark.parametrize("place", [0, ANSWER // 2, ANSWER])
def test_close__in_the_middle_of_a_refresh_waits_until_it_is_stored(
    start: Callable[[], Application], velora: Rotating, folder: Path, place: int
) -> None:
    app, closing = start(), threading.Event()

    def between(at: int) -> None:
        if at == place:
            closing.set()
            time.sleep(0.2)  # so that `close` comes before the rest

    velora.between = between
    app.panel_opened()
    assert closing.wait(5)
    app.close()
    kept = stored(velora, folder).sign_in
    assert kept is not None
    assert kept.tokens.refresh == Secret("test_refresh_1")
    velora.between = lambda _: None
    still_signed_in(start(), velora, folder)
    assert velora.number == 1


def test_close__waits_two_seconds_at_most_and_the_late_answer_is_stored_all_the_same(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    mocker.patch("velora_core.app._STORING_PATIENCE", 0.1)
    go_on = threading.Event()
    velora.between = lambda at: go_on.wait(5) if at == ANSWER - 1 else None
    app = start()
    app.panel_opened()
    wait_for(velora.begun.is_set)
    started = time.monotonic()
    app.close()
    app.close()  # at the exit, and when the script is unloaded
    assert time.monotonic() - started < 2
    second = start()  # in the same process, with the old token
    job = second.load()
    assert not job.wait(0.3)
    go_on.set()
    assert job.wait(5)
    still_signed_in(second, velora, folder)
    assert velora.number == 1


def test_close__waits_for_nothing_else(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    """Not for a connection that does not come about either: Velora knows nothing of it yet."""
    mocker.patch("velora_core.app._STORING_PATIENCE", 60)
    connecting, go_on = threading.Event(), threading.Event()

    def connect(*_: object, **__: object) -> None:
        connecting.set()
        assert go_on.wait(10)
        raise OSError

    mocker.patch("urllib3.util.connection.create_connection", side_effect=connect)
    app = start()
    app.panel_opened()
    assert connecting.wait(5)
    app.close()
    go_on.set()
    assert stored(velora, folder).sign_in is not None
    assert velora.number == 0


def test_typed__less_than_a_second_before_is_kept(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    app = start()
    wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
    app.entered("client_id", "test-other-id")
    app.entered("client_secret", "test_other_secret")
    app.entered("access_token", "test_access_pasted")
    app.close()
    storage = stored(velora, folder)
    assert storage.client == ClientCredentials("test-other-id", Secret("test_other_secret"))
    assert storage.token == Secret("test_access_pasted")


def test_typed__is_kept_behind_a_request_that_is_cut(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    app = start()
    wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
    hanging = threading.Event()
    velora.between = lambda _: hanging.wait(5)
    app.panel_opened()
    wait_for(velora.begun.is_set)
    app.entered("client_id", "test-other-id")
    hanging.set()
    app.close()
    wait_for(lambda: stored(velora, folder).client is not None)
