"""The application as a whole: its first moment, profiles, time and threads, its end."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import (
    RTMP,
    TOKEN,
    FakeHost,
    FakeVelora,
    run,
    wait_for,
)
from velora_core.api.transport import Transport
from velora_core.app.account import TokenOrigin
from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import State, StatusLevel, StreamSettings
from velora_core.app.worker import Job
from velora_core.application import Application
from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.errors import TimedOut
from velora_core.messages import message
from velora_core.secret import Secret
from velora_core.storage.storage import Storage
from velora_hosts.obs.service import Service

NOTHING = {"HOME": "/nowhere"}


def _ready(profile: str = "Main") -> str:
    return f"Press Configure Velora to set OBS up for Velora in the profile “{profile}”."


pytestmark = pytest.mark.usefixtures("quick_typing")


def test_first_start__says_what_to_do(make: Any) -> None:
    app = make(**NOTHING)
    app.wait_for(app._opening)
    assert app.state.status == message("status.welcome", next=message("next.configure"))
    assert app.state.account.sentence == "Not signed in."
    assert "You are not signed in" in run(app, app.actions.configure())


def test_first_moment__nothing_is_said_about_the_sign_in(
    make: Any, folder: Path, mocker: MockerFixture
) -> None:
    client = ClientCredentials("test-client-id")
    tokens = Tokens(Secret(TOKEN), None, time.time() + 3600, None)
    Storage(folder).save_sign_in(Grant(client, tokens, name="Some Body", since=1000.0))
    go = threading.Event()
    opened = Storage.__init__

    def slowly(self: Storage, *how: Any, **more: Any) -> None:
        assert go.wait(5)
        opened(self, *how, **more)

    mocker.patch("velora_core.application._OPENING_TIMEOUT", 0.0)
    mocker.patch("velora_core.app.session._LOOK_TIMEOUT", 0.0)
    mocker.patch.object(Storage, "__init__", slowly)
    shown = mocker.spy(Runtime, "change")
    app = make(**NOTHING)
    app.panel_opened()
    app.profile_changed()
    account = app.state.account
    assert app.state.status.startswith("Your sign-in and settings are being read …")
    assert account.sentence == "Your sign-in is being read …"
    assert not account.can_sign_in
    assert not account.can_paste
    go.set()
    app.wait_for(app._opening)
    assert app.state.status == _ready()
    assert app.state.account.origin is TokenOrigin.SIGNED_IN
    said = [call.kwargs["account"].origin for call in shown.mock_calls if "account" in call.kwargs]
    assert set(said) <= {TokenOrigin.READING, TokenOrigin.SIGNED_IN}  # nor at any moment between


def test_panel__opened_early_does_not_wait_for_an_http_library(
    make: Any, folder: Path, mocker: MockerFixture
) -> None:
    tokens = Tokens(Secret(TOKEN), None, time.time() + 3600, None)
    sign_in = Grant(ClientCredentials("test-client-id"), tokens, name="Some Body", since=1000.0)
    Storage(folder).save_sign_in(sign_in)
    go = threading.Event()
    mocker.patch("velora_core.app.session._LOOK_TIMEOUT", 0.0)
    mocker.patch.object(Session, "client_for", side_effect=lambda *_: go.wait(5))
    app = make(**NOTHING)
    app.panel_opened()
    assert app.state.account.name == "Some Body"
    assert app.state.status == _ready()
    go.set()


def test_pressed__before_what_was_kept_is_shown__is_not_put_off_by_getting_ready(
    make: Any, velora: FakeVelora
) -> None:
    """A hotkey may be pressed as soon as OBS has loaded the script."""
    app = make()
    assert app._opening.wait(5)
    velora.block = threading.Event()
    app.settings = StreamSettings(title="Hello")
    job = app.actions.update_now()
    wait_for(lambda: velora.calls)
    app.process_ui_queue()
    assert not job.interrupted
    velora.block.set()
    wait_for(lambda: velora.named("update"))
    assert velora.named("update") == [{"title": "Hello"}]


@pytest.mark.parametrize("busy_with", ["a request", "importing what requests need"])
def test_panel__opened_while_the_network_is_waited_for_waits_for_nothing(
    app: Application, mocker: MockerFixture, busy_with: str
) -> None:
    """Its look at the files comes after that."""
    app.keep_fields(lambda: "Scenes")
    app.wait_for(app._opening)
    app.process_ui_queue()
    began, go = threading.Event(), threading.Event()

    class Imported(ModuleType):
        def __getattr__(self, name: str) -> object:
            began.set()
            go.wait(5)
            return mocker.Mock()

    def work() -> None:
        if busy_with == "a request":
            with app._calls.call("GET", 60):
                began.set()
                go.wait(5)
        else:
            app._session._transport = None
            app._session._http()

    if busy_with != "a request":
        name = "velora_core.api.transport"
        mocker.patch.dict(sys.modules, {name: Imported(name)})
    job = app._runtime.worker.submit(work)
    assert began.wait(5)
    waits = mocker.spy(Job, "wait")
    app.panel_opened()
    assert {call.args[0] for call in waits.mock_calls} == {app._opening}  # which has ended
    go.set()
    app.wait_for(job)
    waits.reset_mock()
    app.panel_opened()
    assert len({call.args[0] for call in waits.mock_calls}) == 3  # with its two looks


def test_key_mended_while_nobody_looked__is_seen_when_the_panel_opens(
    app: Application, velora: FakeVelora
) -> None:
    run(app, app.actions.configure())
    velora.regenerate_stream_key()
    app.stream_stopped()
    wait_for(lambda: "had changed" in app.state.status, meanwhile=app.process_ui_queue)
    app.profile_changed()  # says where things stand, and hides nothing
    app.panel_opened()
    lines = app.panel(drawn=True).find("status").text.splitlines()
    assert "Your stream key had changed on Velora" in lines[0]
    assert "OBS streams to Velora" in lines[1]


def test_where_things_stand__is_looked_at_anew_below_what_nobody_has_seen(
    app: Application, host: FakeHost
) -> None:
    run(app, app.actions.configure())
    app._runtime.report(TimedOut())
    host.current_profile = "Second"
    app.profile_changed()
    first, second = app.state.status.splitlines()
    assert first == str(TimedOut())
    assert second == _ready("Second")
    host.services["Second"] = Service("rtmp_custom", {"server": RTMP, "key": "live_test_strange"})
    lines = app.panel(drawn=True).find("status").text.splitlines()
    assert lines == [first, f"OBS streams to Velora in the profile “Second” ({RTMP})."]


def test_profile_change__shows_which_service_is_in_use(app: Application, host: FakeHost) -> None:
    run(app, app.actions.configure())
    host.current_profile = "Second"
    app.profile_changed()
    assert app.state.status == _ready("Second")
    host.current_profile = "Main"
    app.profile_changed()
    assert app.state.status == f"OBS streams to Velora in the profile “Main” ({RTMP})."


def test_profile_change__when_signed_out_says_what_to_do(make: Any) -> None:
    app = make(**NOTHING)
    run(app, app.actions.update_now())
    app.profile_changed()
    assert app.state.status == message("status.welcome", next=message("next.configure"))


def test_restart__shows_that_obs_is_configured(make: Any) -> None:
    first = make()
    run(first, first.actions.configure())
    first.close()
    second = make()

    def shown() -> bool:
        second.process_ui_queue()
        return bool(second.state.status == f"OBS streams to Velora in the profile “Main” ({RTMP}).")

    wait_for(shown)


def test_bad_api_url__is_said_at_once_and_at_each_button(host: FakeHost, folder: Path) -> None:
    environment = {"VELORA_API_URL": "http://velora.test/", "VELORA_ACCESS_TOKEN": TOKEN}
    app = Application(host, environment=environment, folder=folder)
    wait_for(lambda: "must be https://" in app.state.status)
    for action in (app.actions.configure, app.actions.refresh, app.actions.update_now):
        app.settings = StreamSettings(title="x")
        assert "must be https://" in run(app, action())
    assert host.changes == []
    app.close()


def test_button__waits_a_bounded_moment(
    app: Application, velora: FakeVelora, mocker: MockerFixture
) -> None:
    velora.block = threading.Event()
    job = app.actions.refresh()
    app._runtime.wait_for(job, 0.05)
    assert "has not answered yet" in app.state.status
    velora.block.set()
    assert "offline" in run(app, job)


def test_button__put_off_by_a_stream_says_so(
    app: Application, host: FakeHost, velora: FakeVelora, mocker: MockerFixture
) -> None:
    run(app, app.actions.configure())
    velora.block = threading.Event()
    app.settings = StreamSettings(title="x")
    shown: list[str] = []
    real = app._runtime.show

    def show(sentence: str, *tone: StatusLevel, **about: Any) -> None:
        shown.append(sentence)
        real(sentence, *tone, **about)

    mocker.patch.object(app._runtime, "show", side_effect=show)
    job = app.actions.refresh()
    wait_for(lambda: velora.named("categories"))
    app.stream_starting()
    velora.block.set()
    assert job.wait(5)
    wait_for(lambda: velora.named("update"))
    assert shown[0].startswith("“Refresh” was put off because your stream started")
    assert velora.named("info") == []


def test_unexpected__is_named_without_its_text(app: Application, velora: FakeVelora) -> None:
    velora.failures["setup"].append(KeyError("live_test_key_z789"))
    status = run(app, app.actions.configure())
    assert "KeyError at fakes.py:" in status
    assert "live_test" not in status


def test_unexpected__on_the_ui_thread_as_well(
    app: Application, host: FakeHost, mocker: MockerFixture
) -> None:
    mocker.patch.object(host, "set_destination", side_effect=ValueError("live_test_key_z789"))
    status = run(app, app.actions.configure())
    assert "ValueError" in status
    assert "live_test" not in status


def test_close__at_once_with_a_request_in_flight(
    app: Application, host: FakeHost, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.application._STORING_TIMEOUT", 60.0)
    run(app, app.actions.refresh())
    velora.block = threading.Event()
    job = app.actions.configure()
    wait_for(lambda: velora.named("setup"))
    app.close()
    assert not job.done
    velora.block.set()
    wakes = host.wakes
    wait_for(lambda: not app._runtime.worker.alive)
    app.process_ui_queue()
    assert host.changes == []
    assert host.wakes == wakes


def test_close__gives_the_connections_back(app: Application, mocker: MockerFixture) -> None:
    given_back = mocker.spy(Transport, "close")
    run(app, app.actions.refresh())
    given_back.assert_not_called()
    app.close()
    given_back.assert_called_once()


def test_log_lines__are_written_on_the_ui_thread_on_one_line_each(host: FakeHost) -> None:
    runtime = Runtime(host, interrupt=lambda: None, state=State(""))
    runtime.announce("One\nline")
    assert host.logged == []
    runtime.run_ui_callbacks()
    assert host.logged[0][1] == "One line"
    runtime.close()
    runtime.announce("late")
    runtime.run_ui_callbacks()
    assert len(host.logged) == 1
