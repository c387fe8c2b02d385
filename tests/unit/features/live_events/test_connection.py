"""The connection on which Velora pushes: made, lost, closed, refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import OTHER, TOKEN, FakeHost, FakeVelora, run, wait_for
from tests.unit.features.live import LIVE, asked, go_live, pass_time, stop, work
from tests.unit.features.live_events.steps import (
    UPDATE,
    confirm,
    connect,
    process_until,
    push,
    status,
)
from velora_core import errors
from velora_core.application import Application


def opened(velora: FakeVelora) -> int:
    return len(velora.named("events"))


def read_to_the_end(app: Application) -> None:
    """No thread reads any more."""
    wait_for(lambda: not any(thread.name == "velora-events" for thread in threading.enumerate()))
    work(app)


def test_connected__velora_is_asked_ever_more_seldom(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    connect(app, host, velora, clock)
    for later, looks in ((30, 2), (120, 3), (480, 4), (1800, 5), (1800, 6)):
        pass_time(app, clock, later - 1)
        assert asked(velora) == looks - 1
        pass_time(app, clock, 1)
        assert asked(velora) == looks
    assert opened(velora) == 1
    assert "You have been live for 1:10:33 with 4 viewers" in app.state.live_summary


def test_connected__an_hour_has_at_most_twelve_requests(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    for minute in range(60):
        push(app, stream, UPDATE._replace(viewers=minute))
        velora.info = LIVE._replace(viewer_count=minute)
        pass_time(app, clock, 60)
    assert asked(velora) + opened(velora) <= 7


def test_no_event_stream__polls_as_ever_and_says_why_once(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    go_live(app, host)
    pass_time(app, clock, 3)
    for number, pause in enumerate((300, 600, 1200, 1800, 1800), start=1):
        velora.streams[-1].push(errors.NotFound(endpoint="/api/events/stream"))
        read_to_the_end(app)
        before = asked(velora)
        pass_time(app, clock, pause - 1)
        assert opened(velora) == number
        pass_time(app, clock, 1)
        assert opened(velora) == number + 1
        assert asked(velora) == before + pause / 30
    said = [text for _, text in host.logged if "is not pushing" in text]
    assert len(said) == 1
    assert "are fetched every 30 seconds" in said[0]
    assert host.warnings == []
    assert not status(app).pushed


def test_permission_missing__is_not_even_tried(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    account = app.state.account._replace(scopes=frozenset({"stream:key"}))
    app._runtime.change(account=account)
    go_live(app, host)
    pass_time(app, clock, 120)
    assert opened(velora) == 0
    assert asked(velora) == 4


def test_other_platform__is_not_listened_to(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    host.services["Main"] = OTHER
    go_live(app, host)
    pass_time(app, clock, 100)
    assert velora.calls == []


@pytest.mark.parametrize("end", [StopIteration, errors.ConnectionLost(), errors.TimedOut()])
def test_lost__listens_again_and_asks_what_it_missed(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock, end: Any
) -> None:
    stream = connect(app, host, velora, clock)
    pass_time(app, clock, 100)
    before = asked(velora)
    stream.heard = clock.now
    stream.push(end)
    process_until(app, lambda: not app.features.live_monitor._events.up)
    assert not status(app).pushed
    assert opened(velora) == 1
    pass_time(app, clock, 1)
    assert opened(velora) == 2
    assert velora.named("events")[1] == (60, stream)
    confirm(app, velora.streams[1], clock)
    velora.info = LIVE._replace(title="Meanwhile")
    pass_time(app, clock, 1)
    assert asked(velora) == before + 1
    assert "titled “Meanwhile”" in app.state.live_summary
    assert [text for _, text in host.logged if "is not pushing" in text] == []


def test_lost_for_good__is_polled_at_the_interval(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    pass_time(app, clock, 700)
    before = asked(velora)
    stream.push(errors.TimedOut())
    process_until(app, lambda: not app.features.live_monitor._events.up)
    pass_time(app, clock, 3 + 60)
    assert asked(velora) == before + 3
    assert "You have been live" in app.state.live_summary


def test_silence__the_status_is_as_of_the_last_sign_of_life(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    clock.now += 20
    stream.heard = clock.now
    clock.now += 60
    stream.push(errors.TimedOut())
    read_to_the_end(app)
    assert status(app).duration in (23, 83)  # 83: already asked again


def test_closed_at_once__ever_longer_pauses(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    go_live(app, host)
    pass_time(app, clock, 3)
    at = []
    for number in range(10):
        wait_for(lambda number=number: len(velora.streams) > number)  # type: ignore[misc]
        at.append(clock.now)
        velora.streams[number].push(StopIteration)
        read_to_the_end(app)
        while len(velora.streams) == number + 1:
            pass_time(app, clock, 1)
    pauses = [round(after - before) for before, after in pairwise(at)]
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert asked(velora) >= int(sum(pauses) / 30)


def test_closed_every_hour__begins_anew(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    for hour in range(3):
        pass_time(app, clock, 120)
        stream.push(StopIteration)
        process_until(app, lambda: not app.features.live_monitor._events.up)
        pass_time(app, clock, 1)
        assert len(velora.streams) == hour + 2
        stream = velora.streams[-1]
        confirm(app, stream, clock)


@pytest.mark.parametrize(("retry", "pause"), [(0.0, 1), (7.0, 7), (86400.0, 300)])
def test_retry__counts_within_bounds(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock, retry: float, pause: int
) -> None:
    stream = connect(app, host, velora, clock)
    stream.retry = retry
    stream.push(StopIteration)
    process_until(app, lambda: not app.features.live_monitor._events.up)
    pass_time(app, clock, pause - 1)
    assert opened(velora) == 1
    pass_time(app, clock, 1)
    assert opened(velora) == 2


def test_rate_limited__waits_as_long_as_velora_says(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    go_live(app, host)
    pass_time(app, clock, 3)
    velora.streams[0].push(errors.RateLimited(retry_after=100))
    read_to_the_end(app)
    pass_time(app, clock, 99)
    assert opened(velora) == 1
    pass_time(app, clock, 1)
    assert opened(velora) == 2


def test_refused_token__another_is_asked_for_at_once_but_once(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    stream.refused = True
    stream.push(errors.Unauthorized())
    process_until(app, lambda: len(velora.streams) == 2)
    assert velora.named("events")[1][1] is stream
    again = velora.streams[1]
    again.refused = True
    again.push(errors.Unauthorized())
    read_to_the_end(app)
    pass_time(app, clock, 250)
    assert opened(velora) == 2


@pytest.mark.parametrize("how", ["stop", "close"])
def test_over__it_is_cut_at_once_and_nothing_late_revives_it(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock, how: str
) -> None:
    stream = connect(app, host, velora, clock)
    if how == "stop":
        host.live = False
        app.stream_stopped()
    else:
        app.close()
    assert stream.closed
    stream.push(UPDATE._replace(title="Late"))
    read_to_the_end(app)
    assert not app.features.live_monitor._events.up
    if how == "stop":
        assert app.state.live is None
    pass_time(app, clock, 400)
    assert opened(velora) == 1


def test_over__an_event_that_waits_for_its_turn_changes_nothing(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    stream.push(UPDATE._replace(title="Late"))
    wait_for(lambda: stream.handled == stream.pushed)
    host.live = False
    app.stream_stopped()
    work(app)
    assert app.state.live is None
    assert "Late" not in app.state.live_summary


def test_next_stream__has_a_connection_of_its_own(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    connect(app, host, velora, clock)
    stop(app, host)
    second = connect(app, host, velora, clock)
    assert velora.named("events")[1][1] is None
    push(app, second, UPDATE._replace(title="Second"))
    assert status(app).title == "Second"


def test_another_account__is_listened_to_in_place_of_the_first(
    make: Callable[..., Application], host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    app = make(VELORA_NOTHING="1")
    app.wait_for(app._opening)
    app.set_secret("access_token", TOKEN)
    run(app, app.actions.configure())
    velora.info = LIVE
    stream = connect(app, host, velora, clock)
    velora.info = LIVE._replace(title="Another channel")
    app.set_secret("access_token", "test_access_0002_only_for_tests")
    wait_for(lambda: stream.closed, meanwhile=app.process_ui_queue)
    stream.push(UPDATE._replace(title="The first channel"))
    pass_time(app, clock, 2)
    assert len(velora.streams) == 2
    assert velora.named("events")[1][1] is None
    assert status(app).title == "Another channel"
    run(app, app.actions.sign_out())
    wait_for(lambda: velora.streams[1].closed, meanwhile=app.process_ui_queue)


def test_refreshed_token__is_no_other_account(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    app._session.credentials.show_account()
    work(app)
    assert not stream.closed


def test_nobody_signed_in__is_all_that_is_said(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    events = app.features.live_monitor._events
    go_live(app, host)
    pass_time(app, clock, 3)
    assert events._listening is not None
    events._say(events._listening, errors.NotSignedIn())
    work(app)
    assert host.logged[-1][1] == str(errors.NotSignedIn())
