"""What all links have in common: connections are sought for ever, and more rarely if they end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.unit.fakes import TIMEOUT, wait_for
from velora_core.host.host import LogLevel
from velora_hosts.companion import link as module
from velora_hosts.companion.errors import (
    AnotherProgram,
    Busy,
    Silent,
    SoftwareError,
    Unreachable,
)
from velora_hosts.companion.link import Link
from velora_hosts.companion.pauses import Pauses
from velora_hosts.companion.software import Links


class Gone(SoftwareError):
    sentence = "companion.connected"
    ends_connection = True


class Waits(SoftwareError):
    sentence = "companion.noted"
    waits_for_person = True


class Loop(Link):
    """Connects as a test says."""

    def __init__(self) -> None:
        self.said: list[tuple[LogLevel, str]] = []
        super().__init__("loop", Links(self._no_app, lambda *said: self.said.append(said)))
        self.attempts = 0
        self.act: Callable[[], None] = lambda: None
        self._connected = False
        self._pauses = self.pauses = NoPauses()

    def _no_app(self, host: Any) -> Any:
        raise AssertionError

    @property
    def connected(self) -> bool:
        return self._connected

    def _open(self) -> None:
        self.attempts += 1
        self.act()
        self._connected = True

    def _shut(self) -> None:
        self._connected = False

    def _poll(self) -> None:
        pass

    def lose(self) -> None:
        self.post(self._fail)

    def _fail(self) -> None:
        raise Gone(place="x")


class NoPauses(Pauses):
    """Instead of the real ones; knows what they were asked for."""

    length = 0.001

    def __init__(self) -> None:
        super().__init__(here=True)
        self.begun = 0
        self.absent: list[bool] = []

    def begin_anew(self) -> None:
        self.begun += 1

    def next(self, *, absent: bool) -> float:
        self.absent.append(absent)
        return self.length


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    thread = threading.Thread(target=loop.run, daemon=True)
    loop.start = thread.start  # type: ignore[attr-defined]
    yield loop
    loop.close()
    if thread.ident:
        thread.join(TIMEOUT)
        assert not thread.is_alive()
    assert not loop.connected


def started(loop: Loop) -> Loop:
    loop.start()  # type: ignore[attr-defined]
    return loop


def test_short_connections__do_not_begin_the_pauses_anew(loop: Loop) -> None:
    started(loop)
    for attempt in range(1, 5):
        wait_for(lambda: loop.connected and loop.attempts == attempt)  # noqa: B023
        loop.lose()
    wait_for(lambda: loop.attempts == 5)
    assert loop.pauses.begun == 0
    assert not any(loop.pauses.absent)


def test_good_connection__begins_them_anew(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STABLE_AFTER", 0.0)
    started(loop)
    for attempt in range(1, 3):
        wait_for(lambda: loop.connected and loop.attempts == attempt)  # noqa: B023
        loop.lose()
    wait_for(lambda: loop.attempts == 3)
    assert loop.pauses.begun == 2


def test_bug__ends_neither_attempts_nor_connection(loop: Loop) -> None:
    def bug() -> None:
        loop.act = lambda: None
        raise RuntimeError("live_test_secret")

    loop.act = bug
    started(loop)
    wait_for(lambda: loop.connected)
    loop.post(bug)
    loop.post(lambda: None)
    done = threading.Event()
    loop.post(done.set)
    assert done.wait(TIMEOUT)
    assert loop.connected
    assert "RuntimeError" in loop.said[0][1]
    assert "live_test" not in str(loop.said)


def test_what_waits_for_a_person__is_tried_when_they_say_so(loop: Loop) -> None:
    def wait() -> None:
        raise Waits

    loop.act = wait
    started(loop)
    wait_for(lambda: loop.said)
    for _ in range(3):
        done = threading.Event()
        loop.post(done.set)
        assert done.wait(TIMEOUT)
    assert loop.attempts == 1
    loop.act = lambda: None
    loop.connect()
    wait_for(lambda: loop.connected)
    assert loop.attempts == 2


@pytest.mark.parametrize("kind", [Unreachable, Silent, Busy, AnotherProgram])
def test_software_that_is_not_there__is_told_from_another_program(
    loop: Loop, kind: type[SoftwareError]
) -> None:
    class Failure(kind):  # type: ignore[misc, valid-type]
        sentence = "companion.noted"

    def fail() -> None:
        raise Failure

    loop.act = fail
    started(loop)
    wait_for(lambda: len(loop.pauses.absent) > 1)
    loop.act = lambda: None
    wait_for(lambda: loop.connected)
    assert set(loop.pauses.absent) == {kind is not AnotherProgram}


def test_connect__does_not_wait_for_the_pause(loop: Loop) -> None:
    loop.pauses.length = 3600.0

    def fail() -> None:
        raise Gone(place="x")

    loop.act = fail
    started(loop)
    wait_for(lambda: loop.said)
    loop.act = lambda: None
    loop.connect()
    wait_for(lambda: loop.connected)
