"""What tests of pushed events do again and again."""

from __future__ import annotations

from collections.abc import Callable

from tests.unit.clock import Clock
from tests.unit.fakes import FakeEventStream, FakeHost, FakeVelora, wait_for
from tests.unit.features.live import go_live, pass_time, work
from velora_core.api.stream_event import StreamEvent
from velora_core.app.live_status import LiveStatus
from velora_core.application import Application

__all__ = [
    "UPDATE",
    "confirm",
    "connect",
    "process_until",
    "push",
    "status",
]

UPDATE = StreamEvent("update", "s1", "Hello", "Music", 4)


def process_until(app: Application, condition: Callable[[], object]) -> None:
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
    process_until(app, lambda: app.features.live_monitor._events.up)


def push(app: Application, stream: FakeEventStream, *events: StreamEvent) -> None:
    stream.push(*events)
    wait_for(lambda: stream.handled == stream.pushed, "the events to be read")
    work(app)


def status(app: Application) -> LiveStatus:
    assert app.state.live is not None
    return app.state.live
