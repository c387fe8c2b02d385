"""The ways between the two threads: turns, jobs, the log, the end."""

from __future__ import annotations

import threading

import pytest

from tests.unit.app.runtime.steps import Cut
from tests.unit.clock import Clock
from tests.unit.fakes import TIMEOUT, FakeHost, wait_for
from velora_core import errors
from velora_core.app.runtime import Runtime
from velora_core.app.state import State, StatusLevel
from velora_core.app.worker import Priority
from velora_core.host.host import LogLevel


def test_turns__run_in_order_on_the_ui_thread_only(runtime: Runtime, host: FakeHost) -> None:
    ran: list[tuple[int, str]] = []
    before = host.wakes

    def turn(number: int) -> None:
        ran.append((number, threading.current_thread().name))

    def work() -> None:
        for number in range(5):
            runtime.call_on_ui(lambda number=number: turn(number))  # type: ignore[misc]

    assert runtime.press("Button", work).wait(TIMEOUT)
    assert ran == []
    assert host.wakes == before + 5
    runtime.run_ui_callbacks()
    runtime.run_ui_callbacks()
    assert ran == [(number, "MainThread") for number in range(5)]


def test_turns__that_fail_are_shown_and_the_next_ones_run(runtime: Runtime, host: FakeHost) -> None:
    done: list[str] = []

    def fail(error: Exception) -> None:
        raise error

    runtime.call_on_ui(lambda: fail(errors.NoPreviousService()))
    runtime.call_on_ui(lambda: fail(KeyError("live_test_key_z789")))
    runtime.call_on_ui(lambda: done.append("third"))
    runtime.run_ui_callbacks()
    assert done == ["third"]
    assert host.logged[0][1] == str(errors.NoPreviousService())
    assert "(KeyError at test_turns.py:" in runtime.state.status
    assert "live_test" not in str(host.logged) + runtime.state.status


def test_unexpected__is_named_by_type_and_innermost_place(runtime: Runtime, host: FakeHost) -> None:
    class Odd(BaseException):
        pass

    def inner() -> None:
        raise Odd("test_access_0000")

    def work() -> None:
        inner()

    assert runtime.press("Button", work).wait(TIMEOUT)
    line = inner.__code__.co_firstlineno + 1
    assert f"(Odd at test_turns.py:{line})" in runtime.state.status
    assert runtime.state.tone is StatusLevel.ERROR
    assert "test_access" not in runtime.state.status
    runtime.run_ui_callbacks()
    assert [severity for severity, _ in host.logged] == [LogLevel.INFO]
    runtime.drawn()
    runtime.press("Button", lambda: runtime.show("goes on")).wait(TIMEOUT)
    assert runtime.state.status == "goes on"


def test_unexpected__without_a_place(runtime: Runtime) -> None:
    runtime.unexpected(ValueError("test_access_0000"))
    assert "(ValueError)" in runtime.state.status


def test_job_that_makes_room__is_no_news(runtime: Runtime) -> None:
    runtime.unexpected(errors.Cancelled())
    assert runtime.state.status == "first"


def test_button__put_off_by_something_urgent_says_so(runtime: Runtime, hanging: Cut) -> None:
    def work() -> None:
        hanging()
        runtime.raise_if_cancelled()
        raise AssertionError("not reached")

    job = runtime.press("Refresh", work)
    assert hanging.under_way.wait(TIMEOUT)
    urgent = runtime.worker.submit(lambda: None, priority=Priority.LIVE)
    assert job.wait(TIMEOUT)
    assert urgent.wait(TIMEOUT)
    assert "“Refresh” was put off because your stream started" in runtime.state.status
    assert runtime.state.tone is StatusLevel.WARNING


def test_live_work__is_not_interrupted(runtime: Runtime, hanging: Cut) -> None:
    job = runtime.press("Button", hanging, priority=Priority.LIVE)
    assert hanging.under_way.wait(TIMEOUT)
    runtime.press("Other", lambda: None, priority=Priority.LIVE)
    assert not hanging.cut.is_set()
    hanging.cut.set()
    assert job.wait(TIMEOUT)


def test_refusal__has_an_end_already(runtime: Runtime) -> None:
    job = runtime.refuse(errors.NotSettable(host="OBS", stream_settings="Settings"))
    assert job.done
    assert runtime.state.status == str(errors.NotSettable(host="OBS", stream_settings="Settings"))


def test_outside_a_job__nothing_is_interrupted(runtime: Runtime) -> None:
    assert not runtime.closed
    runtime.raise_if_cancelled()
    runtime.close()
    with pytest.raises(errors.Cancelled):
        runtime.raise_if_cancelled()


def test_hand_back__wakes_again_when_nobody_came(
    runtime: Runtime, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while OBS loads scenes: it is told to come by, and does not."""
    monkeypatch.setattr("velora_core.app.runtime._WAKE_RETRY_DELAY", 0.01)
    runtime.call_on_ui(lambda: runtime.show("heard"))
    wait_for(lambda: host.wakes >= 3)
    runtime.run_ui_callbacks()
    assert runtime.state.status == "heard"
    wait_for(lambda: runtime._reminder is None)
    wakes = host.wakes
    runtime.call_on_ui(lambda: None)
    runtime.run_ui_callbacks()
    wait_for(lambda: runtime._reminder is None)
    assert host.wakes == wakes + 1


def test_log__the_same_line_at_once_is_one(
    runtime: Runtime, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    clock.rule(monkeypatch, "app.runtime")
    for seconds in (0.0, 1.0, 2.0, 2.1):
        clock.now += seconds
        runtime.log(LogLevel.INFO, "Same")
    runtime.log(LogLevel.WARNING, "Same")
    runtime.log(LogLevel.INFO, "Same")
    runtime.run_ui_callbacks()
    severities = [severity for severity, line in host.logged if line == "Same"]
    info, warning = LogLevel.INFO, LogLevel.WARNING
    assert severities == [info, info, info, warning, info]


def test_log__is_one_line_each(runtime: Runtime, host: FakeHost) -> None:
    runtime.announce("One\r\nline")
    assert host.logged == []
    runtime.run_ui_callbacks()
    assert host.logged == [(LogLevel.INFO, "One line")]


def test_close__cuts_off_what_runs_and_says_nothing(
    runtime: Runtime, host: FakeHost, hanging: Cut
) -> None:
    def work() -> None:
        hanging()
        runtime.call_on_ui(lambda: runtime.show("too late"))
        runtime.raise_if_cancelled()

    job = runtime.press("Button", work)
    waiting = runtime.press("Other", lambda: runtime.show("too late"))
    assert hanging.under_way.wait(TIMEOUT)
    wakes = host.wakes
    runtime.close()
    assert hanging.cut.is_set()
    assert waiting.done
    assert job.wait(TIMEOUT)
    runtime.run_ui_callbacks()
    assert runtime.press("Third", lambda: runtime.show("too late")).done
    assert runtime.state.status == "first"
    assert host.wakes == wakes


def test_close__from_a_turn_ends_the_turns(runtime: Runtime) -> None:
    runtime.call_on_ui(runtime.close)
    runtime.call_on_ui(lambda: runtime.show("too late"))
    runtime.run_ui_callbacks()
    assert runtime.state.status == "first"


def test_close__while_the_worker_wakes_the_software_comes_after_it(
    host: FakeHost, hanging: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once `close` has returned the software may be gone: nothing of it is called any more."""
    runtime = Runtime(host, interrupt=hanging.cut.set, state=State("first"))
    waking, go_on, closed = threading.Event(), threading.Event(), threading.Event()
    order: list[str] = []

    def wake() -> None:
        waking.set()
        assert go_on.wait(TIMEOUT)
        order.append("woken")

    monkeypatch.setattr(host, "wake", wake)

    def close() -> None:
        runtime.close()
        order.append("closed")
        closed.set()

    runtime.press("Button", lambda: runtime.call_on_ui(lambda: None))
    assert waking.wait(TIMEOUT)
    closing = threading.Thread(target=close, name="closing")
    closing.start()
    assert not closed.is_set()
    go_on.set()
    closing.join(TIMEOUT)
    assert order == ["woken", "closed"]
    wait_for(lambda: not runtime.worker.alive)


def test_changes__of_many_threads_all_count(runtime: Runtime) -> None:
    together = threading.Barrier(2, timeout=TIMEOUT)

    def work() -> None:
        together.wait()
        for number in range(500):
            runtime.change(last_stream=str(number))

    job = runtime.press("Button", work)
    together.wait()
    for number in range(500):
        runtime.show(str(number))
    assert job.wait(TIMEOUT)
    assert runtime.state.status == "496\n497\n498\n499"
    assert runtime.state.last_stream == "499"
