"""What Velora pushes while a stream runs, and polling where it doesn't."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import (
    KEY,
    OTHER,
    TOKEN,
    FakeEventStream,
    FakeHost,
    FakeVelora,
    run,
    wait_for,
)
from tests.unit.features.test_live_monitor import LIVE, asked, go_live, pass_time, stop, work
from velora_core import errors
from velora_core.api.stream_event import StreamEvent
from velora_core.app.live_status import LiveStatus
from velora_core.app.state import StreamSettings
from velora_core.application import Application

UPDATE = StreamEvent("update", "s1", "Hello", "Music", 4)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.time = lambda: 1_700_000_000.0 + clock.now  # type: ignore[attr-defined]
    clock.strftime, clock.localtime = lambda *_: "12:00:00", lambda _: None  # type: ignore[attr-defined]
    clock.rule(
        monkeypatch,
        "app.worker",
        "features.stream_info",
        "app.monitored_stream",
        "features.live_monitor",
        "features.live_events",
        "app.live_status",
        "app.stream_info_cache",
    )
    monkeypatch.setattr(
        "velora_core.features.live_events.random.uniform", lambda least, most: least
    )
    return clock


@pytest.fixture
def app(make: Callable[[], Application], host: FakeHost, velora: FakeVelora) -> Application:
    """Set up for Velora, which pushes."""
    app = make()
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    velora.info = LIVE
    host.logged.clear()
    velora.calls.clear()
    return app


def opened(velora: FakeVelora) -> int:
    return len(velora.named("events"))


def soon(app: Application, condition: Callable[[], object]) -> None:
    wait_for(condition, meanwhile=app.process_ui_queue)
    work(app)


def connect(app: Application, host: FakeHost, velora: FakeVelora, clock: Clock) -> FakeEventStream:
    """Goes live and has Velora confirm the connection."""
    before = len(velora.streams)
    go_live(app, host)
    pass_time(app, clock, 3)
    stream = velora.streams[before]
    confirm(app, stream, clock)
    return stream


def confirm(app: Application, stream: FakeEventStream, clock: Clock) -> None:
    stream.heard = clock.now
    stream.push(None)
    soon(app, lambda: app.features.live_monitor._events.up)


def push(app: Application, stream: FakeEventStream, *events: StreamEvent) -> None:
    stream.push(*events)
    wait_for(lambda: stream.handled == stream.pushed, "the events to be read")
    work(app)


def read_to_the_end(app: Application) -> None:
    """No thread reads any more."""
    wait_for(lambda: not any(one.name == "velora-events" for one in threading.enumerate()))
    work(app)


def status(app: Application) -> LiveStatus:
    assert app.state.live is not None
    return app.state.live


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


def test_news__show_without_a_question(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    before = asked(velora)
    push(app, stream, UPDATE._replace(title="From the website", category="Art"))
    assert "titled “From the website”" in app.state.live_summary
    assert status(app).category == "Art"
    clock.now += 1
    push(app, stream, UPDATE._replace(title="", viewers=None))
    assert "without a title" in app.state.live_summary
    clock.now += 1
    push(app, stream, StreamEvent("update", viewers=9))
    clock.now += 5
    work(app)
    assert "with 9 viewers (peak 9, average 4), without a title" in app.state.live_summary
    assert asked(velora) == before


def test_duration__goes_on_between_the_news(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    connect(app, host, velora, clock)
    clock.now += 20
    assert "You have been live for 0:00:23" in app.state.live_summary


def test_many_news__take_few_turns_of_the_ui_thread(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    push(app, stream, UPDATE)
    before = host.wakes
    for viewers in range(100):
        push(app, stream, UPDATE._replace(viewers=viewers))
    assert status(app).viewers.now == 4  # half a second is not over
    pass_time(app, clock, 1)
    assert status(app).viewers.now == 99
    for viewers in range(100):
        push(app, stream, UPDATE._replace(viewers=viewers * 2))
    pass_time(app, clock, 4)
    assert status(app).viewers.now == 99
    pass_time(app, clock, 1)
    assert status(app).viewers.now == 198
    push(app, stream, *(UPDATE._replace(title=f"{number}") for number in range(100)))
    assert status(app).title == "Hello"
    pass_time(app, clock, 1)
    assert status(app).title == "99"
    assert host.wakes - before <= 10


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
    said = [text for _, text in host.logged if "does not push" in text]
    assert len(said) == 1
    assert "asks every 30 seconds" in said[0]
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
    soon(app, lambda: not app.features.live_monitor._events.up)
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
    assert [text for _, text in host.logged if "does not push" in text] == []


def test_lost_for_good__is_polled_at_the_interval(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    pass_time(app, clock, 700)
    before = asked(velora)
    stream.push(errors.TimedOut())
    soon(app, lambda: not app.features.live_monitor._events.up)
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
        soon(app, lambda: not app.features.live_monitor._events.up)
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
    soon(app, lambda: not app.features.live_monitor._events.up)
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
    soon(app, lambda: len(velora.streams) == 2)
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
    app.settle(app._opening)
    app.entered("access_token", TOKEN)
    run(app, app.actions.configure())
    velora.info = LIVE
    stream = connect(app, host, velora, clock)
    velora.info = LIVE._replace(title="Another channel")
    app.entered("access_token", "test_access_0002_only_for_tests")
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


def test_stream_goes_off_and_on__as_velora_says(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    push(app, stream, UPDATE)
    clock.now += 1
    push(app, stream, UPDATE._replace(kind="offline"))
    assert status(app).is_live is False
    assert "does not show your stream yet" in app.state.live_summary
    clock.now += 1
    push(app, stream, UPDATE._replace(kind="online", broadcast_id="s2"))
    assert "You have been live" in app.state.live_summary
    clock.now += 1
    push(app, stream, UPDATE._replace(kind="offline"))  # late, of the stream before
    assert "You have been live" in app.state.live_summary


def test_offline__of_a_stream_that_is_not_known_is_asked_about(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    pass_time(app, clock, 100)
    before = asked(velora)
    push(app, stream, StreamEvent("offline", "s0"))
    assert status(app).is_live
    pass_time(app, clock, 1)
    assert asked(velora) == before + 1
    assert status(app).is_live


@pytest.mark.parametrize(
    "event",
    [
        UPDATE._replace(title="Whose?", certain=False),
        UPDATE._replace(title="Old", broadcast_id="s0"),
    ],
)
def test_event__that_may_be_another_streams_is_asked_about_and_not_shown(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock, event: StreamEvent
) -> None:
    stream = connect(app, host, velora, clock)
    push(app, stream, UPDATE)
    pass_time(app, clock, 100)
    before = asked(velora)
    for _ in range(10):
        push(app, stream, event)
        pass_time(app, clock, 1)
        if event.broadcast_id == "s0":
            push(app, stream, UPDATE)
    assert asked(velora) == before + 1
    assert status(app).title == "Hello"


def test_answer__that_something_pushed_has_overtaken_is_not_shown(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    velora.block = threading.Event()
    clock.now += 30
    with app._runtime.worker._changed:
        app._runtime.worker._changed.notify()
    wait_for(lambda: asked(velora) == 2)
    stream.push(UPDATE._replace(title="Newer"))
    wait_for(lambda: status(app).title == "Newer", meanwhile=app.process_ui_queue)
    velora.block.set()
    velora.block = None
    work(app)
    assert status(app).title == "Newer"
    velora.info = LIVE._replace(title="Newer")
    pass_time(app, clock, 30)
    assert asked(velora) == 3


def test_news_that_were_not_pushed__are_looked_for_at_the_interval_again(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    connect(app, host, velora, clock)
    pass_time(app, clock, 30)
    velora.info = LIVE._replace(viewer_count=50)  # and not a word of it
    pass_time(app, clock, 120)
    assert asked(velora) == 3
    pass_time(app, clock, 30)
    assert asked(velora) == 4


def test_not_shown_yet__is_asked_at_the_interval_and_pushed_at_last(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.info = LIVE._replace(is_live=False)
    stream = connect(app, host, velora, clock)
    pass_time(app, clock, 200)
    assert asked(velora) == 7
    assert len(host.warnings) == 1
    push(app, stream, UPDATE._replace(kind="online"))
    assert "You have been live" in app.state.live_summary


def test_secrets__in_an_event_are_masked(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    push(app, stream, UPDATE._replace(title=f"My key is {KEY}", category=f"and {TOKEN}!"))
    shown = status(app)
    assert shown.title == "My key is ••••z789"
    assert shown.category == "and ••••ests!"
    clock.now += 1
    push(app, stream, UPDATE._replace(title="live_somebody_elses_key_77 " + "x" * 500))
    assert status(app).title.startswith("•••• xxx")
    assert len(status(app).title) < 150
    everything = f"{app.state} {app.state.live_summary} {host.logged} {host.kept}"
    assert KEY not in everything
    assert TOKEN not in everything


def test_interval__changed_while_live_counts_from_the_next_connection_on(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    app.settings = StreamSettings(live_interval=300)
    stream.push(StopIteration)
    soon(app, lambda: not app.features.live_monitor._events.up)
    pass_time(app, clock, 1)
    assert velora.named("events")[1][0] == 600


def test_loaded_in_mid_stream__takes_the_duration_from_an_event(
    app: Application,
    make: Callable[..., Application],
    host: FakeHost,
    velora: FakeVelora,
    clock: Clock,
) -> None:
    host.live = True
    app.close()
    velora.info = LIVE._replace(started_at=None)
    again = make()
    wait_for(lambda: again.features.live_monitor._watched, meanwhile=again.process_ui_queue)
    pass_time(again, clock, 3)
    stream = velora.streams[0]
    confirm(again, stream, clock)
    began = datetime.fromtimestamp(clock.time(), timezone.utc) - timedelta(hours=1)  # type: ignore[attr-defined]
    push(again, stream, UPDATE._replace(started_at=began))
    assert "You have been live for 1:00:00" in again.state.live_summary
    clock.now += 600
    stop(again, host)
    assert "Your stream lasted 1:10:00" in again.state.live_summary


def test_summary__the_average_is_over_the_time(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream = connect(app, host, velora, clock)
    push(app, stream, UPDATE._replace(viewers=10))
    clock.now += 90
    push(app, stream, UPDATE._replace(viewers=110))
    clock.now += 10
    work(app)
    stop(app, host)
    assert "with a peak of 110 viewers and an average of 20." in app.state.live_summary
