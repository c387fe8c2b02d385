"""Velora is asked while a stream runs, at the right pace, and at no other time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import OTHER, FakeHost, FakeVelora, wait_for
from tests.unit.features.live import LIVE, asked, go_live, live_clock, pass_time, set_up, stop, work
from velora_core import errors
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return live_clock(monkeypatch, "features.live_events")


@pytest.fixture
def app(make: Any, host: FakeHost, velora: FakeVelora) -> Application:
    return set_up(make(), host, velora)


def test_while_live__asks_at_the_interval(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    go_live(app, host)
    pass_time(app, clock, 2)
    assert asked(velora) == 0
    pass_time(app, clock, 1)
    assert asked(velora) == 1
    assert app.state.live_summary == (
        "You have been live for 0:00:03 with 4 viewers (peak 4, average 4), "
        "titled “Hello” (as of 12:00:00)."
    )
    pass_time(app, clock, 29)
    assert asked(velora) == 1
    velora.info = LIVE._replace(viewer_count=8)
    pass_time(app, clock, 1)
    assert asked(velora) == 2
    assert "8 viewers (peak 8, average 4)" in app.state.live_summary


def test_outside_a_stream__nothing_is_asked(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    pass_time(app, clock, 100)
    assert velora.calls == []
    go_live(app, host)
    pass_time(app, clock, 10)
    stop(app, host)
    before = asked(velora)
    pass_time(app, clock, 200)
    assert asked(velora) == before
    assert not [job for job in app._runtime.worker._waiting if not job.done]


def test_after_the_stream__a_summary(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    go_live(app, host)
    pass_time(app, clock, 3)
    velora.info = LIVE._replace(viewer_count=9)
    pass_time(app, clock, 87)
    stop(app, host)
    summary = "Your stream lasted 0:01:30, with a peak of 9 viewers and an average of 7."
    assert app.state.live_summary == summary
    assert app.state.status == summary
    assert host.logged[-1][1] == summary
    assert app.state.live is None


def test_summary__viewers_never_told(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.info = LIVE._replace(viewer_count=None)
    go_live(app, host)
    pass_time(app, clock, 10)
    stop(app, host)
    assert app.state.live_summary == "Your stream lasted 0:00:10."


def test_other_platform__nothing_is_asked_and_summed_up(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    host.services["Main"] = OTHER
    go_live(app, host)
    pass_time(app, clock, 100)
    stop(app, host)
    assert velora.calls == []
    assert app.state.live_summary == "You are not streaming to Velora."


def test_not_shown_for_a_minute__says_so_once(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.info = LIVE._replace(is_live=False, viewer_count=0)
    go_live(app, host)
    pass_time(app, clock, 59)
    assert host.warnings == []
    assert app.state.live_summary == "Velora does not show your stream yet (as of 12:00:00)."
    pass_time(app, clock, 2)
    assert len(host.warnings) == 1
    assert "does not show your stream, a minute after its start" in host.warnings[0]
    assert app.state.tone is StatusLevel.WARNING
    pass_time(app, clock, 200)
    assert len(host.warnings) == 1
    velora.info = LIVE
    pass_time(app, clock, 30)
    assert app.panel(drawn=True).find("status").text == (
        "Velora shows your stream now (as of 12:00:00)."
    )
    pass_time(app, clock, 60)
    said = [text for _, text in host.logged if "shows your stream now" in text]
    assert len(said) == 1


def test_shown_at_last__no_warning(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.info = LIVE._replace(is_live=False)
    go_live(app, host)
    pass_time(app, clock, 40)
    velora.info = LIVE
    pass_time(app, clock, 100)
    assert host.warnings == []
    assert "You have been live" in app.state.live_summary


def test_failures__are_shown_and_slow_it_down(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    go_live(app, host)
    pass_time(app, clock, 3)
    velora.failures["info"] = [errors.ServerError(status=500) for _ in range(3)]
    pass_time(app, clock, 30)
    assert asked(velora) == 2
    assert "The last status check failed. Velora has a server problem" in app.state.live_summary
    assert "You have been live" in app.state.live_summary
    pass_time(app, clock, 59)
    assert asked(velora) == 2
    pass_time(app, clock, 1 + 120)
    assert asked(velora) == 4
    pass_time(app, clock, 240)
    assert asked(velora) == 5
    assert "failed" not in app.state.live_summary
    assert "Velora shows your stream now" in app.state.status
    assert len([text for _, text in host.logged if "failed" in text]) == 1
    assert host.warnings == []


def test_endless_failures__wait_five_minutes_at_most(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["info"] = [errors.TransportError() for _ in range(100)]
    go_live(app, host)
    pass_time(app, clock, 1200)
    before = asked(velora)
    pass_time(app, clock, 600)
    assert asked(velora) == before + 2


def test_rate_limited__waits_as_long_as_velora_says(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["info"] = [errors.RateLimited(retry_after=100)]
    go_live(app, host)
    pass_time(app, clock, 3 + 99)
    assert asked(velora) == 1
    pass_time(app, clock, 1)
    assert asked(velora) == 2


def test_limit_nearly_used_up__waits(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pause = 50.0
    monkeypatch.setattr(app._session, "rate_limit_delay", lambda: max(0.0, 1050.0 - clock.now))
    go_live(app, host)
    pass_time(app, clock, pause - 1)
    assert asked(velora) == 0
    pass_time(app, clock, 1)
    assert asked(velora) == 1


@pytest.mark.parametrize(("interval", "waits"), [(0, 5), (1, 5), (60, 60), (10_000, 600)])
def test_interval__is_kept_within_bounds(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    clock: Clock,
    interval: int,
    waits: int,
) -> None:
    app.settings = StreamSettings(live_interval=interval)
    go_live(app, host)
    pass_time(app, clock, 3 + waits - 1)
    assert asked(velora) == 1
    pass_time(app, clock, 1)
    assert asked(velora) == 2


def test_interval__changed_while_live(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    go_live(app, host)
    app.settings = StreamSettings(live_interval=10)
    pass_time(app, clock, 13)
    assert asked(velora) == 2


def test_loaded_in_mid_stream__takes_the_duration_from_velora(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    host.live = True
    app.close()
    now = datetime.fromtimestamp(1_700_000_000.0 + clock.now, timezone.utc)
    velora.info = LIVE._replace(started_at=now - timedelta(hours=1))
    again = make()
    wait_for(lambda: again.features.live_monitor._watched, meanwhile=again.process_ui_queue)
    pass_time(again, clock, 3)
    assert "You have been live for 1:00:03" in again.state.live_summary
    stop(again, host)
    assert "Your stream lasted 1:00:03" in again.state.live_summary


def test_interrupted_by_an_update__asks_again_a_moment_later(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["info"] = [errors.Cancelled()]
    go_live(app, host)
    pass_time(app, clock, 3)
    assert asked(velora) == 1
    pass_time(app, clock, 1)
    assert asked(velora) == 2
    assert "You have been live" in app.state.live_summary


def test_stopped_while_velora_is_asked__changes_nothing(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    import threading

    velora.block = threading.Event()
    go_live(app, host)
    clock.now += 3
    with app._runtime.worker._changed:
        app._runtime.worker._changed.notify()
    wait_for(lambda: asked(velora))
    host.live = False
    app.stream_stopped()
    velora.block.set()
    velora.block = None
    work(app)
    assert app.state.live is None
    assert asked(velora) == 1
