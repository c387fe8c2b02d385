"""A plugin sends the stream to Velora, and the software's own stream goes elsewhere."""

from __future__ import annotations

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import KEY, RTMP, FakeHost, FakeVelora, run, run_until_idle
from velora_core.api.models import StreamInfo
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_hosts.obs.service import Service

TWITCH = Service("rtmp_common", {"service": "Twitch", "server": "auto", "key": "live_test_other"})
BY_PLUGIN = StreamSettings(title="Hello", by_plugin=True)
MODULES = (
    "app.worker",
    "app.monitored_stream",
    "features.stream_info",
    "features.live_monitor",
    "features.live_events",
)
LIVE = StreamInfo("Hello", "music", "Music", is_live=True, viewer_count=3)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(Clock, "time", lambda self: self.now, raising=False)
    clock.rule(monkeypatch, *MODULES)
    return clock


@pytest.fixture
def app(app: Application, host: FakeHost) -> Application:
    host.services["Main"] = TWITCH
    app.settings = BY_PLUGIN
    run(app, app.actions.refresh())
    return app


def stream(app: Application, host: FakeHost, clock: Clock, seconds: float) -> None:
    app.stream_starting()
    host.live = True
    app.stream_started()
    run_until_idle(app)
    while seconds > 0:
        step = min(seconds, 5.0)
        clock.now += step
        seconds -= step
        run_until_idle(app)


def stop(app: Application, host: FakeHost) -> None:
    host.live = False
    app.stream_stopped()
    run_until_idle(app)


def test_stream__info_live_line_and_summary_are_veloras(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.info = LIVE
    velora.calls.clear()
    stream(app, host, clock, 20)
    assert velora.named("update") == [{"title": "Hello"}]
    assert "3 viewers" in app.state.live_summary
    stop(app, host)
    assert "with a peak of 3" in app.state.last_stream
    assert host.service() == TWITCH
    assert host.changes == []
    assert host.warnings == []
    assert velora.named("setup") == [], "its key is nobody's business here"


def test_not_on_velora__is_said_without_alarm_and_not_summed_up(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream(app, host, clock, 90)
    assert "look in your plugin" in app.state.status
    assert app.state.tone is StatusLevel.WARNING
    assert host.warnings == []
    stop(app, host)
    assert app.state.last_stream == ""


def test_without_it__another_platforms_stream_is_left_alone(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    app.settings = StreamSettings(title="Hello")
    velora.info = LIVE
    velora.calls.clear()
    stream(app, host, clock, 20)
    assert velora.named("update") == []
    assert app.state.live is None


def test_own_service_is_veloras__is_as_without(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    run(app, app.actions.configure())
    stream(app, host, clock, 90)
    assert velora.named("update") == [{"title": "Hello"}]
    assert "Configure Velora" in app.state.status
    assert len(host.warnings) == 1


def test_check__says_that_it_is_meant(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    velora.info = LIVE
    run_until_idle(app)
    status = run(app, app.actions.check())
    assert "OBS streams to Twitch" in status
    assert "press Configure Velora" not in status
    assert KEY not in status
    assert RTMP not in status
