"""What the worker has to talk to Velora with: tokens, keyring, what Velora said earlier."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import CATEGORIES, RTMP, TIMEOUT, TOKEN, FakeHost, FakeVelora, run, wait_for
from velora_core import errors
from velora_core.api.cancellation import CallRegistry
from velora_core.app.account import TokenOrigin
from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import State, StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.auth.grant import ClientCredentials, Grant, Tokens
from velora_core.features.diagnostics import _HeadlessRuntime
from velora_core.host.host import LogLevel
from velora_core.secret import Secret
from velora_core.storage.storage import Storage
from velora_core.storage.system_keyring import Keyring
from velora_hosts.obs.service import Service

ROOT = Path(__file__).parents[3]


class Backend:
    """A keyring that may be locked."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, name: str) -> str | None:
        self._check()
        return self.entries.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self._check()
        self.entries[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        self._check()
        del self.entries[service, name]

    def _check(self) -> None:
        if self.locked:
            raise RuntimeError("test_access_0000 is what it wanted to say")


@pytest.fixture
def backend(mocker: MockerFixture, folder: Path) -> Backend:
    """In this computer, whose user's own folder is the test's."""
    backend = Backend()
    mocker.patch.object(Keyring, "detect", return_value=Keyring(backend))
    mocker.patch("velora_core.storage.storage.default_folder", return_value=folder)
    return backend


@pytest.fixture
def unsigned(host: FakeHost, velora: FakeVelora, backend: Backend) -> Iterator[Any]:
    """Make applications that keep what they keep where a user's would."""
    made: list[Application] = []

    def start() -> Application:
        made.append(Application(host, environment={}))
        return made[-1]

    yield start
    for app in made:
        app.close()
    wait_for(lambda: not any(thread.name.startswith("velora") for thread in threading.enumerate()))


def test_keyring__has_the_token_and_no_file_does(
    unsigned: Any, backend: Backend, folder: Path
) -> None:
    app = unsigned()
    app.set_secret("access_token", TOKEN)
    assert "offline" in run(app, app.actions.refresh())
    assert TOKEN in "".join(backend.entries.values())
    assert not (folder / "secrets.json").exists()
    app.close()
    again = unsigned()
    assert "offline" in run(again, again.actions.refresh())


def test_keyring__that_is_locked_is_said_once_in_the_log(
    unsigned: Any, backend: Backend, host: FakeHost, folder: Path
) -> None:
    backend.locked = True
    app = unsigned()
    app.set_secret("access_token", TOKEN)
    run(app, app.actions.refresh())
    app.set_secret("access_token", TOKEN + "_2")
    run(app, app.actions.refresh())
    said = [entry for entry in host.logged if "keyring can't be used (RuntimeError)" in entry[1]]
    assert [severity for severity, _ in said] == [LogLevel.INFO]
    assert "test_access" not in str(host.logged)
    assert Storage(folder).token == Secret(TOKEN + "_2")


def test_file__that_cannot_be_read_is_said_and_taken_up_by_refresh(
    make: Any, host: FakeHost, folder: Path, mocker: MockerFixture
) -> None:
    Storage(folder).save_token(Secret(TOKEN))
    mocker.patch("velora_core.storage.private_file._PAUSE", 0)
    held = mocker.patch("pathlib.Path.open", side_effect=PermissionError(13, "Permission denied"))
    app = make(VELORA_CLIENT_ID="test-client-id")
    said = "Your sign-in can't be read because the file"
    wait_for(lambda: app.state.status.startswith(said), meanwhile=app.process_ui_queue)
    assert said in run(app, app.actions.configure())
    mocker.stop(held)
    assert "offline" in run(app, app.actions.refresh())
    assert app.state.account.origin is TokenOrigin.ENTERED


def test_keyring__that_is_locked_later_is_said_then(
    unsigned: Any, backend: Backend, host: FakeHost
) -> None:
    app = unsigned()
    run(app, app.actions.refresh())
    assert "keyring" not in str(host.logged)
    backend.locked = True
    app.set_secret("access_token", TOKEN)
    run(app, app.actions.refresh())
    assert "keyring can't be used" in str(host.logged)


def test_keyring__that_is_locked_at_the_start_is_asked_again_by_refresh(
    unsigned: Any, backend: Backend
) -> None:
    before = unsigned()
    before.set_secret("access_token", TOKEN)
    run(before, before.actions.refresh())
    before.close()
    backend.locked = True
    app = unsigned()
    wait_for(
        lambda: "keyring is locked or busy (RuntimeError)" in app.state.status,
        meanwhile=app.process_ui_queue,
    )
    assert app.state.tone is StatusLevel.WARNING
    assert "keyring is locked" in run(app, app.actions.configure())
    backend.locked = False
    assert "offline" in run(app, app.actions.refresh())
    assert app.state.account.origin is TokenOrigin.ENTERED


def test_keyring__that_answers_late_is_taken_up_in_mid_stream(
    unsigned: Any, backend: Backend, host: FakeHost, velora: FakeVelora, mocker: MockerFixture
) -> None:
    before = unsigned()
    before.set_secret("access_token", TOKEN)
    run(before, before.actions.configure())
    before.close()
    answer = threading.Event()
    mocker.patch.object(backend, "_check", partial(answer.wait, 5))
    keyring = Keyring(backend, timeout=0.05)
    mocker.patch.object(Keyring, "detect", return_value=keyring)
    mocker.patch("velora_core.features.stream_info.RETRY_DELAYS", (0.05,) * 99)
    app = unsigned()
    app.settings = StreamSettings(title="Hello")
    app.stream_starting()
    waits = "keyring is locked or busy (it has not answered yet)"
    wait_for(lambda: waits in str(host.warnings), meanwhile=app.process_ui_queue)
    assert velora.named("update") == []
    keyring._timeout = TIMEOUT
    answer.set()
    wait_for(lambda: "Velora now has" in app.state.status, meanwhile=app.process_ui_queue)
    assert len(velora.named("update")) == 1
    assert app.state.account.origin is TokenOrigin.ENTERED


def test_caches__that_can_not_be_written_hold_until_the_end(
    app: Application, host: FakeHost, folder: Path, mocker: MockerFixture
) -> None:
    run(app, app.actions.refresh())
    (folder / "known.json").unlink()
    real = Storage._save_known

    def full(storage: Storage, changed: bool) -> None:
        mocker.patch("os.replace", side_effect=OSError(28, "No space left on device"))
        try:
            real(storage, changed)
        finally:
            mocker.stopall()

    mocker.patch.object(Storage, "_save_known", full)
    expected = f"OBS will stream to {RTMP} with key ••••z789 in the profile “Main”."
    expected += " To go live, press Start Streaming."
    assert run(app, app.actions.configure()) == expected
    assert app.state.addresses
    assert any("No space left on device" in text for _, text in host.logged)
    assert host.warnings == []


def test_categories__that_can_not_be_written_are_shown_all_the_same(
    app: Application, host: FakeHost, mocker: MockerFixture
) -> None:
    mocker.patch("os.replace", side_effect=OSError(28, "No space left on device"))
    assert "offline" in run(app, app.actions.refresh())
    assert app.state.categories == CATEGORIES
    assert any("No space left on device" in text for _, text in host.logged)
    assert host.warnings == []


def test_addresses__that_velora_does_not_tell_are_asked_for_again(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["setup"].append(errors.Unauthorized())
    host.services["Main"] = Service("rtmp_custom", {"server": "rtmp://other.test/app"})
    app.settings = StreamSettings(title="x")
    for _ in range(2):
        app.stream_starting()
        run(app, app.actions.refresh())
        app.stream_stopped()
    assert len(velora.named("setup")) == 2
    assert velora.named("update") == []
    assert host.warnings == []


def test_token__that_is_only_white_space_is_none(make: Any) -> None:
    app = make(VELORA_ACCESS_TOKEN=" \n")
    assert "You are not signed in" in run(app, app.actions.refresh())
    app.set_secret("access_token", "  ")
    run(app, app.actions.refresh())
    assert app.state.account.origin is TokenOrigin.NONE


OPEN = """
import os, sys, threading
from pathlib import Path
from velora_core.api.cancellation import CallRegistry
from velora_core.app.session import Session
from velora_core.features.diagnostics import _HeadlessRuntime
reporter = _HeadlessRuntime()
session = Session({}, reporter, CallRegistry(), folder=Path(sys.argv[1]))
session.open()
print(reporter.state.account.name, "requests" in sys.modules, "oauthlib" in sys.modules)
print(session.credentials.token_origin.value)
session.client()
print("requests" in sys.modules, "oauthlib" in sys.modules)
print({"platformdirs", "velora_core.api.event_stream"} & set(sys.modules))
"""


@pytest.fixture
def sign_in(folder: Path) -> Grant:
    """One that is kept."""
    tokens = Tokens(Secret(TOKEN), Secret("test_refresh_0000"), time.time() + 3600, None)
    sign_in = Grant(ClientCredentials("test-client-id"), tokens, name="Somebody", since=1000.0)
    Storage(folder).save_sign_in(sign_in)
    return sign_in


def test_what_was_kept__is_read_without_http(sign_in: Grant, folder: Path) -> None:
    command = [sys.executable, "-c", OPEN, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    said = ran.stdout.splitlines()
    assert said[:3] == ["Somebody False False", "signed_in", "True False"]
    assert said[3] == "set()"  # nor with what only a running stream needs


def test_sign_in__that_was_only_read_can_be_forgotten(sign_in: Grant, folder: Path) -> None:
    reporter = _HeadlessRuntime()
    session = Session({}, reporter, CallRegistry(), folder=folder)
    session.open()
    assert reporter.state.account.name == "Somebody"
    session.sign_out()
    assert reporter.state.account.origin is TokenOrigin.NONE
    with pytest.raises(errors.NotSignedIn):
        session.client().get_categories()
    assert Storage(folder).sign_in is None


def test_sign_in__that_was_only_read_has_a_token(sign_in: Grant, folder: Path) -> None:
    session = Session({}, _HeadlessRuntime(), CallRegistry(), folder=folder)
    session.open()
    assert session.token() == sign_in.tokens.access


def test_unused__can_be_cut_and_closed_at_any_time(host: FakeHost, folder: Path) -> None:
    calls = CallRegistry()
    runtime = Runtime(host, interrupt=calls.abort, state=State(""))
    session = Session({"VELORA_ACCESS_TOKEN": TOKEN}, runtime, calls, folder=folder)
    calls.abort()
    session.close()
    session.open()  # on its way when the script was closed
    calls.abort()
    session.close()
    runtime.close()
    with pytest.raises(errors.Cancelled):
        session.client()


def test_nothing__shows_a_secret(make: Any, folder: Path) -> None:
    app = make(HOME="/nowhere")
    app.set_secret("access_token", TOKEN)
    app.set_secret("client_id", "test-client-id")
    app.set_secret("client_secret", "test_client_secret")
    run(app, app.actions.configure())
    seen = repr(app) + repr(app.state) + repr(app.settings)
    for var in vars(app).values():
        seen += repr(var)
        seen += "".join(map(repr, getattr(var, "__dict__", {}).values()))
    for secret in (TOKEN, "test_client_secret", "live_test"):
        assert secret not in seen
