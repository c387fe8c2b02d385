"""A software that doesn't tell when it streams: the streamer says it, or Velora does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import KEY, RTMP, TOKEN, FakeHost, FakeVelora, run, run_until_idle, wait_for
from velora_core.api.models import StreamInfo
from velora_core.api.stream_event import StreamEvent
from velora_core.app.live_status import LiveStatus
from velora_core.app.state import StatusLevel
from velora_core.application import Application
from velora_core.errors import ServerError, TimedOut
from velora_core.features import told_live
from velora_core.features.told_live import Following
from velora_core.host.host import EndReason
from velora_core.panel.elements import Action

ONLINE, OFFLINE = StreamEvent("online"), StreamEvent("offline")


class Other(FakeHost):
    """Any software: it tells nothing, and can't be set up."""

    app: Application

    def __init__(self) -> None:
        super().__init__()
        self.able = {"name": "Other", "sets": False, "reads": False, "tells_started": False}
        self.followed: list[Following] = []

    def destination(self) -> None:  # type: ignore[override]
        return None

    def follow(self, how: Following) -> None:
        self.followed.append(how)
        self.live = how is not Following.ENDS
        if how is Following.STARTS:
            self.app.stream_starting()
            self.app.stream_started()
        elif how is Following.RUNS:
            self.app.stream_resumed()
        else:
            self.app.stream_stopped(EndReason.NORMAL)


@pytest.fixture
def host() -> Other:
    return Other()


@pytest.fixture
def app(host: Other, velora: FakeVelora, folder: Path) -> Iterator[Application]:
    environment = {"VELORA_ACCESS_TOKEN": TOKEN}
    app = host.app = Application(host, environment=environment, folder=folder, follow=host.follow)
    run_until_idle(app)
    yield app
    app.close()


def hear(app: Application, velora: FakeVelora, *events: StreamEvent) -> None:
    """Have Velora push something on its latest connection."""
    wait_for(lambda: velora.streams, meanwhile=app.process_ui_queue)
    velora.streams[-1].push(None, *events)


def comes(app: Application, host: Other, *expected: Following) -> None:
    wait_for(lambda: host.followed == list(expected), meanwhile=app.process_ui_queue)


def channel(velora: FakeVelora, *, live: bool) -> None:
    velora.info = StreamInfo("Old", None, None, is_live=live)


def test_button__sends_the_info_and_ends(app: Application, host: Other, velora: FakeVelora) -> None:
    app.edit({"title": "Hello"})
    assert app.panel().shows("go_live")
    assert not app.panel().shows("have_stopped")
    run(app, app.press(Action.GO_LIVE))
    run_until_idle(app)
    assert velora.named("update") == [{"title": "Hello"}]
    assert host.followed == [Following.STARTS]
    assert not app.panel().shows("go_live")
    assert "no longer counts as live" in run(app, app.press(Action.HAVE_STOPPED))
    assert host.followed == [Following.STARTS, Following.ENDS]
    assert app.panel().shows("go_live")


def test_online__starts_the_stream(app: Application, host: Other, velora: FakeVelora) -> None:
    app.edit({"title": "Hello"})
    hear(app, velora, ONLINE)
    comes(app, host, Following.STARTS)
    run_until_idle(app)
    assert velora.named("update") == [{"title": "Hello"}]


def test_uncertain_event__has_velora_asked(
    app: Application, host: Other, velora: FakeVelora
) -> None:
    hear(app, velora, ONLINE._replace(certain=False))
    run_until_idle(app)
    assert host.followed == []
    channel(velora, live=True)
    hear(app, velora, ONLINE._replace(certain=False, title="x"))
    comes(app, host, Following.STARTS)


def test_stream_that_runs_already__is_followed_and_nothing_sent(
    host: Other, velora: FakeVelora, folder: Path
) -> None:
    channel(velora, live=True)
    environment = {"VELORA_ACCESS_TOKEN": TOKEN}
    app = host.app = Application(host, environment=environment, folder=folder, follow=host.follow)
    app.edit({"title": "Hello"})
    comes(app, host, Following.RUNS)
    run_until_idle(app)
    assert velora.named("update") == []
    app.close()


def test_gone_from_velora__ends_after_a_while(
    app: Application, host: Other, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_live, "_GRACE_PERIOD", 0.05)
    hear(app, velora, ONLINE)
    comes(app, host, Following.STARTS)
    app.features.show_live(LiveStatus(is_live=False))
    comes(app, host, Following.STARTS, Following.ENDS)


def test_encoder_that_reconnects__does_not_end_it(
    app: Application, host: Other, velora: FakeVelora
) -> None:
    hear(app, velora, ONLINE)
    comes(app, host, Following.STARTS)
    app.features.show_live(LiveStatus(is_live=False))
    ending = app.features.told_live._ending
    assert ending
    app.features.show_live(LiveStatus(is_live=True))
    assert ending.done
    assert host.followed == [Following.STARTS]


def test_not_shown_yet__does_not_end_it(app: Application, host: Other) -> None:
    run(app, app.press(Action.GO_LIVE))
    app.features.show_live(LiveStatus(is_live=False))
    assert app.features.told_live._ending is None


def test_stopped_by_hand__what_velora_still_shows_is_no_new_stream(
    app: Application, host: Other, velora: FakeVelora
) -> None:
    channel(velora, live=True)
    hear(app, velora, ONLINE)
    comes(app, host, Following.STARTS)
    run(app, app.press(Action.HAVE_STOPPED))
    run_until_idle(app)
    assert host.followed == [Following.STARTS, Following.ENDS]
    channel(velora, live=False)
    hear(app, velora, OFFLINE, ONLINE)
    comes(app, host, Following.STARTS, Following.ENDS, Following.STARTS)


def test_stream_of_a_page__is_none_of_the_software(
    app: Application, host: Other, velora: FakeVelora
) -> None:
    stream = app.features.browser_stream
    assert stream.prepare()
    stream.begun()
    channel(velora, live=True)
    app.features.told_live._heard(ONLINE)  # was on its way
    app.features.told_live._answered(live=True)
    run_until_idle(app)
    assert host.followed == []
    stream.ended()
    run_until_idle(app)  # Velora shows it still
    assert host.followed == []
    channel(velora, live=False)
    hear(app, velora, OFFLINE, ONLINE)
    comes(app, host, Following.STARTS)


def test_late_end__is_not_the_next_streams(app: Application, host: Other) -> None:
    told = app.features.told_live
    run(app, app.press(Action.GO_LIVE))
    app.features.show_live(LiveStatus(is_live=True))
    over = told._streams
    run(app, app.press(Action.HAVE_STOPPED))
    run(app, app.press(Action.GO_LIVE))
    told._over(over)
    assert host.followed == [Following.STARTS, Following.ENDS, Following.STARTS]


def test_other_account__has_a_stream_of_its_own(
    app: Application, host: Other, velora: FakeVelora
) -> None:
    told = app.features.told_live
    channel(velora, live=True)
    run(app, app.press(Action.GO_LIVE))
    run(app, app.press(Action.HAVE_STOPPED))
    run_until_idle(app)
    assert host.followed == [Following.STARTS, Following.ENDS]
    told._events_down(0.0, True)
    told._answered(live=True)
    assert host.followed[2:] == [Following.RUNS]


def test_answer_about_another_account__is_asked_for_again(
    app: Application, host: Other, mocker: MockerFixture
) -> None:
    told = app.features.told_live
    again = mocker.patch.object(told, "_schedule_poll")
    told._told("another account", live=True)
    assert host.followed == []
    again.assert_called_once()


def test_without_events__velora_is_asked(
    host: Other, velora: FakeVelora, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_live, "INTERVALS", (0.01, 0.02))
    environment = {"VELORA_ACCESS_TOKEN": TOKEN}
    app = host.app = Application(host, environment=environment, folder=folder, follow=host.follow)
    wait_for(lambda: len(velora.named("info")) > 2, meanwhile=app.process_ui_queue)
    channel(velora, live=True)
    comes(app, host, Following.STARTS)
    app.close()


def test_with_events__velora_is_not_asked(app: Application, velora: FakeVelora) -> None:
    hear(app, velora)
    wait_for(lambda: app.features.told_live._events.up, meanwhile=app.process_ui_queue)
    run_until_idle(app)
    asking = app.features.told_live._asking
    assert asking
    assert asking.done


def test_signed_in_later__is_listened_to(
    host: Other, velora: FakeVelora, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_live, "_RETRY_DELAY", 0.01)
    monkeypatch.setattr("velora_core.features.live_events.RETRY_DELAY", 0.01)
    app = host.app = Application(host, environment={"X": ""}, folder=folder, follow=host.follow)
    run_until_idle(app)
    assert velora.streams == velora.named("info") == []
    app.set_secret("access_token", TOKEN)
    app.wait_for_secret()
    hear(app, velora, ONLINE)
    comes(app, host, Following.STARTS)
    app.close()


def test_velora_that_fails__is_asked_again(
    host: Other, velora: FakeVelora, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_live, "INTERVALS", (0.01, 0.02))
    velora.failures["info"] = [ServerError(status=500), TimedOut()]
    channel(velora, live=True)
    environment = {"VELORA_ACCESS_TOKEN": TOKEN}
    app = host.app = Application(host, environment=environment, folder=folder, follow=host.follow)
    comes(app, host, Following.RUNS)
    assert app.state.tone is StatusLevel.NORMAL
    app.close()


def test_copy__is_in_the_setup(app: Application) -> None:
    app.edit({"section": "setup", "by_plugin": True, "protocol": "srt"})
    panel = app.panel()
    assert panel.shows("copy_address")
    assert panel.shows("copy_key")
    assert not panel.shows("configure")
    assert not panel.shows("by_plugin")
    assert not panel.shows("srt_form")
    helps = " ".join(element.help for element in panel.walk() if panel.shows(element.key))
    assert "Configure Velora" not in helps
    assert "Other needs Velora's address" in app.state.status
    assert KEY not in str(panel)


def test_protocol_of_another_software__is_not_copied(
    app: Application, host: Other, mocker: MockerFixture
) -> None:
    copy = mocker.patch("velora_core.app.clipboard.Clipboard").return_value.copy
    host.able["protocols"] = ("rtmp",)
    app.edit({"protocol": "srt"})
    run(app, app.press(Action.COPY_ADDRESS))
    copy.assert_called_once_with(RTMP, seconds=0.0)


def test_software_that_tells__has_no_such_buttons(velora: FakeVelora, folder: Path) -> None:
    app = Application(FakeHost(), environment={"VELORA_ACCESS_TOKEN": TOKEN}, folder=folder)
    run_until_idle(app)
    assert not {"go_live", "have_stopped"} & {element.key for element in app.panel().walk()}
    assert velora.streams == []
    app.close()
