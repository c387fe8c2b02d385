"""What Velora pushes, and what it is asked because of that."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import partial

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import KEY, TOKEN, FakeHost, FakeVelora, run, wait_for
from tests.unit.features.live import LIVE, asked, pass_time, stop, work
from tests.unit.features.live_events.steps import (
    UPDATE,
    confirm,
    connect,
    process_until,
    push,
    status,
)
from velora_core.api.stream_event import StreamEvent
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Priority
from velora_core.application import Application


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


def test_title_from_the_website__is_replaced_at_once_also_by_a_busy_worker(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    stream, idle = connect(app, host, velora, clock), threading.Event()
    app.settings = StreamSettings(title="Mine")
    run(app, app.actions.update_now())
    clock.now += 1
    app._runtime.worker.submit(partial(wait_for, idle.is_set), priority=Priority.BACKGROUND)
    stream.push(UPDATE._replace(title="From the website"))
    wait_for(lambda: status(app).title == "From the website", meanwhile=app.process_ui_queue)
    pressed = app.actions.update_now()
    idle.set()
    assert run(app, pressed) == "Velora now has the title “Mine”."
    assert velora.named("update") == [{"title": "Mine"}] * 2


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
    process_until(app, lambda: not app.features.live_monitor._events.up)
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
    velora.info = LIVE._replace(viewer_count=110)  # it may be asked, too, if it was before
    push(app, stream, UPDATE._replace(viewers=110))
    clock.now += 10
    work(app)
    stop(app, host)
    assert "with a peak of 110 viewers and an average of 20." in app.state.live_summary
