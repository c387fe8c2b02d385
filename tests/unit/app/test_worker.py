"""The thread and its queue."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import TIMEOUT, wait_for
from velora_core.app.worker import Job, Priority, Worker


class Busy:
    """A job that runs until it is let go or interrupted."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.go_on = threading.Event()

    def __call__(self) -> None:
        self.started.set()
        assert self.go_on.wait(TIMEOUT)


@pytest.fixture
def busy() -> Busy:
    return Busy()


@pytest.fixture
def failures() -> list[BaseException]:
    return []


@pytest.fixture
def worker(busy: Busy, failures: list[BaseException]) -> Iterator[Worker]:
    worker = Worker(interrupt=busy.go_on.set, failed=failures.append)
    yield worker
    worker.close()
    busy.go_on.set()
    wait_for(lambda: not worker.alive)


def recorded_waits(worker: Worker) -> list[float | None]:
    """Return the time-outs that the worker's thread sleeps with from now on."""
    waits: list[float | None] = []
    real = worker._changed.wait

    def wait(timeout: float | None = None) -> bool:
        waits.append(timeout)
        return real(timeout)

    worker._changed.wait = wait  # type: ignore[method-assign]
    return waits


def test_thread__is_a_daemon(worker: Worker) -> None:
    [thread] = [item for item in threading.enumerate() if item.name == "velora-worker"]
    assert thread.daemon
    assert worker.alive


def test_order__priority_then_age(worker: Worker, busy: Busy) -> None:
    order: list[str] = []
    worker.submit(busy, interruptible=False)
    assert busy.started.wait(TIMEOUT)
    for name, priority in [
        ("background", Priority.BACKGROUND),
        ("user 1", Priority.USER),
        ("user 2", Priority.USER),
        ("live", Priority.LIVE),
    ]:
        last = worker.submit(lambda name=name: order.append(name), priority=priority)  # type: ignore[misc]
    assert not last.done
    busy.go_on.set()
    wait_for(lambda: len(order) == 4)
    assert order == ["live", "user 1", "user 2", "background"]


@pytest.mark.parametrize("delay", [threading.TIMEOUT_MAX * 2, 1e300])
def test_delay__that_no_thread_can_wait__keeps_nothing_else_from_being_done(
    worker: Worker, delay: float
) -> None:
    waits = recorded_waits(worker)
    late = worker.submit(lambda: None, delay=delay)
    wait_for(lambda: waits, "the worker to sleep")
    assert worker.submit(lambda: None).wait(TIMEOUT)
    assert worker.alive
    assert not late.done


def test_gathering__begins_when_all_is_submitted(worker: Worker) -> None:
    done: list[str] = []
    with worker.gathering():
        worker.submit(partial(done.append, "background"), priority=Priority.BACKGROUND)
        last = worker.submit(partial(done.append, "live"), priority=Priority.LIVE)
        assert worker.running is None  # it has not been woken
        worker.submit(partial(done.append, "user"), priority=Priority.USER)
    assert last.wait(TIMEOUT)
    wait_for(lambda: len(done) == 3)
    assert done == ["live", "user", "background"]


def test_gathering__ends_with_the_outermost_block(worker: Worker) -> None:
    done: list[str] = []
    with worker.gathering():
        with worker.gathering():
            first = worker.submit(partial(done.append, "user"))
        with worker._changed:
            worker._changed.notify()  # as anything else may
        assert not first.wait(0.05)
        last = worker.submit(partial(done.append, "live"), priority=Priority.LIVE)
    assert first.wait(TIMEOUT)
    assert last.done
    assert done == ["live", "user"]


def test_interruption__by_something_more_urgent(worker: Worker, busy: Busy) -> None:
    running = worker.submit(busy, priority=Priority.BACKGROUND)
    assert busy.started.wait(TIMEOUT)
    assert worker.submit(lambda: None, priority=Priority.LIVE).wait(TIMEOUT)
    assert running.done
    assert running.interrupted


def test_no_interruption__by_what_nobody_waits_for(worker: Worker, busy: Busy) -> None:
    running = worker.submit(busy, priority=Priority.BACKGROUND)
    assert busy.started.wait(TIMEOUT)
    following = worker.submit(lambda: None, priority=Priority.LIVE, interrupts=False)
    assert not running.interrupted
    busy.go_on.set()
    assert following.wait(TIMEOUT)


@pytest.mark.parametrize(
    ("priority", "interruptible", "delay"),
    [(Priority.LIVE, True, 0.0), (Priority.USER, False, 0.0), (Priority.USER, True, 60.0)],
)
def test_no_interruption__without_need(
    worker: Worker, busy: Busy, priority: Priority, interruptible: bool, delay: float
) -> None:
    running = worker.submit(busy, priority=priority, interruptible=interruptible)
    assert busy.started.wait(TIMEOUT)
    worker.submit(lambda: None, priority=Priority.LIVE, delay=delay)
    assert not busy.go_on.is_set()
    assert not running.interrupted


def test_delay__is_kept_to(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    clock.rule(monkeypatch, "app.worker")
    done: list[str] = []
    late = worker.submit(lambda: done.append("late"), priority=Priority.LIVE, delay=60)
    later = worker.submit(lambda: done.append("later"), priority=Priority.LIVE, delay=61)
    for seconds, expected in ((59.9, ["now"]), (0.1, ["now", "late", "now"])):
        clock.now += seconds
        assert worker.submit(lambda: done.append("now")).wait(TIMEOUT)
        assert done == expected
    assert (late.done, later.done) == (True, False)


def test_delay__ends_without_anything_else_happening(worker: Worker) -> None:
    started = time.monotonic()
    assert worker.submit(lambda: None, delay=0.02).wait(TIMEOUT)
    assert time.monotonic() - started >= 0.02


def test_sleep__lasts_until_the_next_job_is_due(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    clock.rule(monkeypatch, "app.worker")
    waits = recorded_waits(worker)
    worker.submit(lambda: None, delay=500)
    worker.submit(lambda: None, delay=300)
    assert worker.submit(lambda: None).wait(TIMEOUT)
    wait_for(lambda: len(waits) > 0 and waits[-1] == 300)


def test_cancelled__is_not_started(worker: Worker, busy: Busy) -> None:
    done: list[str] = []
    worker.submit(busy, interruptible=False)
    assert busy.started.wait(TIMEOUT)
    cancelled = worker.submit(lambda: done.append("cancelled"), priority=Priority.LIVE)
    job = worker.submit(lambda: done.append("other"))
    cancelled.cancel()
    assert cancelled.done
    busy.go_on.set()
    assert job.wait(TIMEOUT)
    assert done == ["other"]


def test_cancelled__while_it_runs_runs_on(worker: Worker, busy: Busy) -> None:
    running = worker.submit(busy)
    assert busy.started.wait(TIMEOUT)
    running.cancel()
    assert worker.running is running
    assert not busy.go_on.is_set()


def test_cancelled__alone_lets_the_thread_sleep_for_good(worker: Worker) -> None:
    waits = recorded_waits(worker)
    cancelled = worker.submit(lambda: None, delay=60)
    cancelled.cancel()
    assert worker.submit(lambda: None).wait(TIMEOUT)
    wait_for(lambda: len(waits) > 0 and waits[-1] is None)


def test_idle__sleeps_without_a_time_out(worker: Worker) -> None:
    waits = recorded_waits(worker)
    assert worker.submit(lambda: None).wait(TIMEOUT)
    wait_for(lambda: bool(waits))
    assert waits == [None]


def test_failure__is_told_and_survived(worker: Worker, failures: list[BaseException]) -> None:
    def fail() -> None:
        raise SystemExit("even this")

    assert worker.submit(fail).wait(TIMEOUT)
    assert worker.submit(lambda: None).wait(TIMEOUT)
    assert [str(failure) for failure in failures] == ["even this"]


def test_close__at_once_with_a_job_in_flight(worker: Worker, busy: Busy) -> None:
    worker.submit(busy)
    assert busy.started.wait(TIMEOUT)
    waiting = worker.submit(lambda: None)
    worker.close()
    assert waiting.done
    wait_for(lambda: not worker.alive)
    after = worker.submit(lambda: None)
    assert after.done


def test_close__twice(worker: Worker) -> None:
    worker.close()
    worker.close()
    wait_for(lambda: not worker.alive)


def test_close__returns_though_the_job_does_not_end(
    failures: list[BaseException], busy: Busy
) -> None:
    worker = Worker(interrupt=lambda: None, failed=failures.append)
    running = worker.submit(busy, interruptible=False)
    assert busy.started.wait(TIMEOUT)
    worker.close()
    assert running.interrupted
    assert worker.alive
    assert not running.done
    busy.go_on.set()
    wait_for(lambda: not worker.alive)
    assert running.done


def test_interruption__can_not_hit_the_next_job(failures: list[BaseException], busy: Busy) -> None:
    """It is called while no other job can be taken up."""
    hit: list[Job | None] = []
    interrupted: Worker = Worker(
        interrupt=lambda: hit.append(interrupted.running), failed=failures.append
    )
    worker = interrupted
    running = worker.submit(busy, priority=Priority.BACKGROUND)
    assert busy.started.wait(TIMEOUT)
    busy.go_on.set()
    worker.submit(lambda: None, priority=Priority.LIVE).wait(TIMEOUT)
    assert hit in ([], [running])
    worker.close()
    wait_for(lambda: not worker.alive)
    assert failures == []


def test_finished__is_done() -> None:
    assert Job.finished().wait(0)
