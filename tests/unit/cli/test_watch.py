"""Watching the channel: how often Velora is asked, and what is believed."""

from __future__ import annotations

import io
import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.clock import Clock
from velora_core.api.models import StreamInfo
from velora_core.api.stream_event import StreamEvent
from velora_core.cli import watch as watching
from velora_core.cli.commands import Context
from velora_core.cli.output import Output
from velora_core.errors import (
    Cancelled,
    NotFound,
    NotSignedIn,
    ServerError,
    TransportError,
    VeloraError,
)

HOUR = 3600.0
OFFLINE = StreamInfo("Hello", "Music", "music", is_live=False, tags=("a",))
LIVE = OFFLINE._replace(is_live=True, viewer_count=3)


class Stage:
    """A terminal, a Velora and an event stream on one clock, which only waiting moves on."""

    def __init__(self, clock: Clock, every: int = 25) -> None:
        self.clock = clock
        self.now: StreamInfo | VeloraError = OFFLINE
        self.asked: list[float] = []
        self.streams: list[SimpleNamespace] = []
        self.no_stream: VeloraError | None = None
        self.scopes_enough = True
        self.identity = "Ada"
        self.plan: list[tuple[float, Callable[[], object]]] = []
        self.out, self.err = io.StringIO(), io.StringIO()
        session: Any = SimpleNamespace(
            credentials=self,
            client=lambda: self,
            stream_info=self,
            rate_limit_delay=lambda: 0.0,
        )
        output = Output(as_json=True, out=self.out, err=self.err)
        context = Context(Namespace(every=every), session, output, self, {})  # type: ignore[arg-type]
        self.watch = watching._Watch(context)

    # -- what the command asks of session, client, account and reporter

    def account(self) -> Stage:
        return self

    def may(self, scope: str) -> bool:
        return self.scopes_enough

    def open_event_stream(self, *, silence: float, after: object) -> SimpleNamespace:
        if self.no_stream:
            raise self.no_stream
        stream = SimpleNamespace(refused=False, retry=None, closed=False)
        stream.close = lambda: setattr(stream, "closed", True)
        self.streams.append(stream)
        return stream

    def get(self) -> StreamInfo:
        self.asked.append(self.clock.now)
        if isinstance(self.now, VeloraError):
            raise self.now
        return self.now

    def poke(self) -> None:
        pass

    def wait(self, seconds: float) -> None:
        ends = self.clock.now + seconds
        if not self.plan:
            raise Cancelled
        at, act = self.plan[0]
        if at > ends:
            self.clock.now = ends
            return
        self.plan.pop(0)
        self.clock.now = max(self.clock.now, at)
        act()

    # -- what the tests do

    def push(self, event: object) -> None:
        self.watch._waiting.append((self.streams[-1], event))  # type: ignore[arg-type]

    def at(self, seconds: float, act: Callable[[], object] = lambda: None) -> None:
        self.plan.append((1000.0 + seconds, act))

    def connected(self) -> None:
        self.at(0.1, lambda: self.push(None))

    def run(self, seconds: float) -> list[dict[str, Any]]:
        """Watch for so long; return what was printed."""
        self.at(seconds)
        with pytest.raises(Cancelled):
            self.watch.run()
        return [json.loads(line) for line in self.out.getvalue().splitlines()]

    @property
    def times(self) -> list[float]:
        return [round(at - 1000.0, 1) for at in self.asked]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    clock = Clock()
    clock.strftime = lambda _: "12:00:00"  # type: ignore[attr-defined]
    clock.rule(monkeypatch, "cli.watch")
    idle = SimpleNamespace(start=lambda: None)
    monkeypatch.setattr("velora_core.cli.watch.threading", SimpleNamespace(Thread=lambda **_: idle))
    monkeypatch.setattr("velora_core.cli.watch.random.uniform", lambda least, most: least)
    return Stage(clock)


def update(**more: Any) -> StreamEvent:
    return StreamEvent("update", **more)


def test_offline__events_come_by_themselves__an_hour_takes_three_looks(stage: Stage) -> None:
    stage.connected()
    printed = stage.run(HOUR + 10)
    assert [entry["live"] for entry in printed] == [False]
    assert stage.times == [0.1, 1800.1, 3600.1]  # has anything been missed?
    assert len(stage.streams) == 1


def test_while_events_arrive__nothing_is_asked(stage: Stage) -> None:
    stage.now = LIVE
    stage.connected()
    for number in range(200):
        stage.at(5 + 10 * number, partial(stage.push, update(viewers=number)))
    printed = stage.run(2000)
    assert stage.times == [0.1]
    assert [entry["viewers"] for entry in printed] == [3, *range(200)]


def test_live__what_is_never_pushed_is_noticed(stage: Stage) -> None:
    """The looks become seldom only while they find nothing new."""
    stage.now = LIVE
    stage.connected()
    stage.at(500, lambda: setattr(stage, "now", LIVE._replace(viewer_count=9)))
    printed = stage.run(600)
    assert stage.times == [0.1, 25.1, 125.1, 525.1, 550.1]
    assert [entry["viewers"] for entry in printed] == [3, 9]


def test_change__is_asked_about_once_for_what_the_event_does_not_say(stage: Stage) -> None:
    stage.connected()
    later = OFFLINE._replace(title="New", category_name="Chess", category_slug="chess", tags=("b",))

    def change() -> None:
        stage.now = later
        stage.push(update(title="New", category="Chess"))

    stage.at(100, change)
    printed = stage.run(1000)
    assert stage.times == [0.1, 100.0]
    assert [(entry["title"], entry["tags"]) for entry in printed] == [
        ("Hello", ["a"]),
        ("New", ["b"]),
    ]
    assert printed[1]["category"] == {"slug": "chess", "name": "Chess"}


def test_change__counts_although_the_answer_is_an_older_one(stage: Stage) -> None:
    stage.connected()
    stage.at(100, lambda: stage.push(StreamEvent("online", viewers=1, category="Chess")))
    printed = stage.run(110)
    assert len(printed) == 2
    assert (printed[1]["live"], printed[1]["viewers"]) == (True, 1)
    assert printed[1]["category"] == {"slug": None, "name": "Chess"}


def test_change__is_shown_although_velora_does_not_answer(stage: Stage) -> None:
    stage.connected()

    def change() -> None:
        stage.now = ServerError(status=500)
        stage.push(update(title=""))

    stage.at(100, change)
    printed = stage.run(140)
    first, error, changed = printed
    assert (first["title"], changed["title"]) == ("Hello", None)
    assert error["error"]["kind"] == "ServerError"
    assert stage.err.getvalue() == ""
    assert stage.times == [0.1, 100.0, 125.0]


def test_many_changes__are_asked_about_once_a_second(stage: Stage) -> None:
    stage.connected()
    for number in range(10):
        stage.at(100 + number / 10, partial(stage.push, update(title=f"{number}")))
    printed = stage.run(110)
    assert stage.times == [0.1, 100.0, 101.0]
    assert [entry["title"] for entry in printed] == ["Hello", "0", "9"]


@pytest.mark.parametrize(
    "event",
    [
        update(title="Another's", certain=False),
        StreamEvent("offline", broadcast_id="before"),
    ],
)
def test_doubt__is_asked_about_and_believed_no_word(stage: Stage, event: StreamEvent) -> None:
    stage.now = LIVE
    stage.connected()
    stage.at(10, lambda: stage.push(update(viewers=3, broadcast_id="now")))
    stage.at(20, lambda: stage.push(event))
    printed = stage.run(21)
    assert stage.times == [0.1, 20.0]
    assert [entry["title"] for entry in printed] == ["Hello"]


def test_lost__it_is_polled_until_it_is_back(stage: Stage) -> None:
    stage.connected()
    stage.at(100, lambda: stage.push(watching._End(ServerError(status=503))))
    stage.at(100.5, lambda: setattr(stage, "no_stream", ServerError(status=503)))
    stage.at(160, lambda: setattr(stage, "no_stream", None))
    stage.at(163.5, lambda: stage.push(None))
    stage.run(1000)
    # After 1, 2, 4 … seconds, and polled meanwhile; then once for what was missed.
    assert stage.times == [0.1, 101.0, 126.0, 151.0, 163.5]
    assert len(stage.streams) == 2


@pytest.mark.parametrize("why", ["404", "scope"])
def test_no_events__it_is_polled_from_the_beginning(stage: Stage, why: str) -> None:
    if why == "scope":
        stage.scopes_enough = False
    else:
        stage.at(0.01, lambda: stage.push(watching._End(NotFound(endpoint="/x"))))
    stage.run(101)
    assert stage.times == [0.0, 25.0, 50.0, 75.0, 100.0]
    assert len(stage.streams) == (why == "404")


def test_slow_connection__is_not_waited_for(stage: Stage) -> None:
    stage.at(10, lambda: stage.push(None))
    stage.run(20)
    assert stage.times == [1.0, 10.0]


def test_not_signed_in__ends_it(stage: Stage) -> None:
    stage.no_stream = stage.now = NotSignedIn()
    stage.at(1)
    with pytest.raises(NotSignedIn):
        stage.watch.run()


def test_another_account__is_listened_to(stage: Stage) -> None:
    stage.connected()
    stage.at(5, lambda: setattr(stage, "identity", "Grace"))
    stage.at(10, lambda: stage.push(update(title="New")))
    stage.at(11, lambda: stage.push(None))
    stage.run(20)
    assert [stream.closed for stream in stage.streams] == [True, False]
    assert stage.times == [0.1, 10.0, 11.0]


def test_flood_while_an_answer_is_waited_for__ends_the_connection(stage: Stage) -> None:
    class Flood:
        closed = False

        def close(self) -> None:
            self.closed = True

        def __iter__(self) -> Iterator[StreamEvent]:
            for _ in range(5000):
                if self.closed:
                    return
                yield update(viewers=1)

    flood: Any = Flood()
    stage.watch._listen(flood)
    assert len(stage.watch._waiting) == watching._MAX_WAITING + 1
    _, last = stage.watch._waiting[-1]
    assert isinstance(last, watching._End)
    assert isinstance(last.error, TransportError)
