"""A renewal of the sign-in that nothing cuts, with a Velora whose refresh tokens are good once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import KEY, RTMP, SRT, WHIP, FakeHost, wait_for
from tests.unit.raw_server import RawServer
from velora_core import errors
from velora_core.api.endpoints import Endpoints
from velora_core.app.account import TokenOrigin
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.auth.oauth import AuthorizationRequest, ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.host.destination import IngestAddresses
from velora_core.secret import Secret
from velora_core.storage.storage import Storage
from velora_hosts.obs.service import Service


class Rotating:
    """A Velora in a few lines. `refresh` is asked between two bytes of each renewal's answer."""

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


ANSWER = 148  # bytes of a renewal's answer


def sign_in(number: int = 0, *, left: float = -1.0) -> Grant:
    access, refresh = Secret(f"test_access_{number}"), Secret(f"test_refresh_{number}")
    tokens = Tokens(access, refresh, time.time() + left, None)
    return Grant(ClientCredentials("test-client-id"), tokens, "Some Body", 0.0)


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
    storage.save_addresses(IngestAddresses(RTMP, SRT, "https://ingest.test:3334"))
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
    job = app.actions.load()
    assert job.wait(10)
    app.process_ui_queue()
    assert app.state.account.origin is TokenOrigin.SIGNED_IN
    assert velora.refused == []
    kept = stored(velora, folder).sign_in
    assert kept is not None
    assert kept.tokens.refresh == Secret(f"test_refresh_{velora.number}")


def stream(app: Application) -> None:
    app.stream_starting()


def button(app: Application) -> None:
    app.actions.refresh()


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


def test_close__in_the_middle_of_a_code_exchange_waits_until_it_is_stored(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    stored(velora, folder).forget_sign_in()
    velora.pause = 0.2
    app = start()
    client = ClientCredentials("test-client-id")
    attempt = AuthorizationRequest("", "http://localhost:17653/", Secret("x" * 9), Secret("y" * 64))
    browser = threading.Thread(
        target=app.features.sign_in._finish, args=(client, attempt, Secret("code"))
    )
    browser.start()
    wait_for(velora.begun.is_set)
    app.close()
    kept = stored(velora, folder).sign_in
    browser.join(5)
    assert kept is not None
    assert kept.tokens.refresh == Secret("test_refresh_1")


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
    mocker.patch("velora_core.application._STORING_PATIENCE", 0.1)
    go_on = threading.Event()
    velora.between = lambda at: bool(at != ANSWER - 1 or go_on.wait(5))
    app = start()
    app.panel_opened()
    wait_for(velora.begun.is_set)
    started = time.monotonic()
    app.close()
    app.close()  # at the exit, and when the script is unloaded
    assert time.monotonic() - started < 2
    second = start()  # in the same process, with the old token
    job = second.actions.load()
    assert not job.wait(0.3)
    go_on.set()
    assert job.wait(5)
    still_signed_in(second, velora, folder)
    assert velora.number == 1


def test_close__waits_for_nothing_else(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    """Not for a connection that does not come about either: Velora knows nothing of it yet."""
    mocker.patch("velora_core.application._STORING_PATIENCE", 60)
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


# -- who else may renew it ---------------------------------------------------------------------

OTHER_PROGRAM = """
import os, sys
from pathlib import Path
from velora_core.features.diagnostics import _HeadlessRuntime
from velora_core.app.session import Session
from velora_core.api.cancellation import CallRegistry
session = Session(os.environ, _HeadlessRuntime(), CallRegistry(), folder=Path(sys.argv[1]))
session.open()
print("ready", flush=True)
sys.stdin.readline()
for _ in range(3):
    print(len(session.client().get_categories()), flush=True)
"""


def test_three_programs__renew_once(velora: Rotating, folder: Path) -> None:
    velora.pause = 0.2
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", OTHER_PROGRAM, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "VELORA_API_URL": velora.url},
            text=True,
        )
        for _ in range(3)
    ]
    for one in programs:  # all have read the old tokens
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in programs:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    assert [one.communicate(timeout=30)[0] for one in programs] == ["1\n1\n1\n"] * 3
    assert (velora.number, velora.refused) == (1, [])


def test_program__that_is_killed_while_it_renews_holds_nobody_up(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    killed = threading.Event()
    velora.between = lambda at: at == 0 and velora.number == 1 and killed.wait(30)
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_PROGRAM, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "VELORA_API_URL": velora.url},
        text=True,
    ) as other:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
        wait_for(velora.begun.is_set)
        other.kill()
    killed.set()
    velora.number = 0  # a Velora that goes on taking a refresh token whose answer was not fetched
    velora.between = lambda _: None
    still_signed_in(start(), velora, folder)


def test_another_program__that_takes_too_long_is_said(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    mocker.patch("velora_core.app.credentials._REFRESH_LOCK_TIMEOUT", 0.05)
    with stored(velora, folder).renewing.held(0):
        app = start()
        assert app.actions.load().wait(5)
        assert app.state.status == str(errors.SignInBusy())
    still_signed_in(app, velora, folder)


def test_stream__does_not_wait_behind_a_button_that_waits_for_another_program(
    start: Callable[[], Application], velora: Rotating, folder: Path, host: FakeHost
) -> None:
    with stored(velora, folder).renewing.held(0):
        app = start()
        wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
        job = app.actions.load()
        time.sleep(0.1)
        app.stream_starting()
        assert job.wait(1)
    wait_for(lambda: velora.titles == ["Hello"])


def test_signed_out__in_another_program_is_not_stored_again(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    app = start()
    wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
    stored(velora, folder).forget_sign_in()
    assert app.actions.load().wait(5)
    assert app.state.status == str(errors.NotSignedIn())
    assert app.state.account.origin is TokenOrigin.NONE
    assert stored(velora, folder).sign_in is None
    assert velora.number == 0


def test_damaged__is_not_signed_out(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    app = start()
    wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
    (folder / "secrets.json").write_bytes(b"\xff\x00")
    still_signed_in(app, velora, folder)


def test_token__that_was_pasted_in_another_program_stays(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    app = start()
    wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
    stored(velora, folder).save_token(Secret("test_access_pasted"))
    still_signed_in(app, velora, folder)
    assert stored(velora, folder).token == Secret("test_access_pasted")


def test_sign_out__after_a_reload_in_the_middle_of_a_refresh_is_the_last_word(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    mocker.patch("velora_core.application._STORING_PATIENCE", 0.05)
    velora.pause = 0.5
    app = start()
    app.panel_opened()
    wait_for(velora.begun.is_set)
    app.close()
    again = start()
    assert again.actions.sign_out().wait(10)
    wait_for(lambda: not app._runtime.worker.alive)
    assert stored(velora, folder).sign_in is None


# -- what the token endpoint says --------------------------------------------------------------

NO_VERDICTS: dict[str, tuple[int, bytes]] = {
    "404": (404, b'{"message": "Not Found"}'),
    "403 HTML": (403, b"<html>blocked by WAF</html>"),
    "403 JSON": (403, b'{"message": "blocked"}'),
    "401": (401, b'{"message": "Unauthorized", "error": "Unauthorized", "statusCode": 401}'),
    "408": (408, b"{}"),
    "409": (409, b'{"message": "Conflict"}'),
    "302": (302, b"{}"),
    "302 with a verdict": (302, b'{"error": "invalid_grant"}'),
    "400 temporarily_unavailable": (400, b'{"error": "temporarily_unavailable"}'),
    "400 server_error": (400, b'{"error": "server_error"}'),
    "400 invalid_request": (400, b'{"error": "invalid_request"}'),
    "400 with a list": (400, b'{"error": ["invalid_grant"]}'),
    "400 without JSON": (400, b"invalid_grant"),
    "500 with a verdict": (500, b'{"error": "invalid_grant"}'),
    "429": (429, b'{"error": "rate_limit_exceeded"}'),
    "200 HTML": (200, b"<html>Wi-Fi login</html>"),
    "200 without a token": (200, b'{"token_type": "Bearer"}'),
    "200 with another error": (200, b'{"error": "server_error"}'),
}


def answer_once(velora: Rotating, mocker: MockerFixture, status: int, body: bytes) -> None:
    def renew(connection: Any, fields: dict[str, str]) -> None:
        mocker.stop(patch)
        head = f"HTTP/1.1 {status} Test\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + body)

    patch = mocker.patch.object(velora, "_renew", side_effect=renew)


@pytest.mark.parametrize("name", NO_VERDICTS)
def test_no_verdict__is_for_later_and_nothing_is_forgotten(
    start: Callable[[], Application],
    velora: Rotating,
    folder: Path,
    mocker: MockerFixture,
    host: FakeHost,
    name: str,
) -> None:
    mocker.patch("velora_core.features.stream_info.RETRY_DELAYS", (0.05,) * 9)
    answer_once(velora, mocker, *NO_VERDICTS[name])
    if name == "429":
        mocker.patch("velora_core.errors.api.RATE_LIMIT_WINDOW", 0.05)
    app = start()
    app.stream_starting()
    wait_for(
        lambda: velora.titles == ["Hello"], meanwhile=app.process_ui_queue
    )  # tried again by itself
    [warning] = host.warnings
    assert "ended your sign-in" not in warning
    still_signed_in(app, velora, folder)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("invalid_client", "does not know this app"),
        ("unauthorized_client", "does not let your app sign anyone in"),
    ],
)
def test_app__that_velora_does_not_know_costs_no_sign_in(
    start: Callable[[], Application],
    velora: Rotating,
    folder: Path,
    mocker: MockerFixture,
    word: str,
    said: str,
) -> None:
    answer_once(velora, mocker, 401, json.dumps({"error": word}).encode())
    app = start()
    assert app.actions.load().wait(5)
    assert said in app.state.status
    kept = stored(velora, folder).sign_in
    assert kept is not None
    assert kept.tokens.refresh == Secret("test_refresh_0")
    still_signed_in(app, velora, folder)


@pytest.mark.parametrize("status", [400, 401, 200])
def test_invalid_grant__ends_the_sign_in(
    start: Callable[[], Application],
    velora: Rotating,
    folder: Path,
    mocker: MockerFixture,
    status: int,
) -> None:
    answer_once(velora, mocker, status, b'{"error": "invalid_grant"}')
    app = start()
    assert app.actions.load().wait(5)
    assert app.state.status == str(errors.SignInEnded())
    assert app.state.account.origin is TokenOrigin.NONE
    assert stored(velora, folder).sign_in is None
