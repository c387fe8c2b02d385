"""The thread and its queue."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from velora_core.worker import Job, Priority, Worker

SOON = 5.0


class Busy:
    """A job that runs until it is let go or interrupted."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.go_on = threading.Event()

    def __call__(self) -> None:
        self.started.set()
        assert self.go_on.wait(SOON)


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


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_thread__is_a_daemon(worker: Worker) -> None:
    [thread] = [one for one in threading.enumerate() if one.name == "velora-worker"]
    assert thread.daemon
    assert worker.alive


def test_order__priority_then_age(worker: Worker, busy: Busy) -> None:
    order: list[str] = []
    worker.submit(busy, interruptible=False)
    assert busy.started.wait(SOON)
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


def test_interruption__by_something_more_urgent(worker: Worker, busy: Busy) -> None:
    running = worker.submit(busy, priority=Priority.BACKGROUND)
    assert busy.started.wait(SOON)
    assert worker.submit(lambda: None, priority=Priority.LIVE).wait(SOON)
    assert running.done
    assert running.interrupted


@pytest.mark.parametrize(
    ("priority", "interruptible", "delay"),
    [(Priority.LIVE, True, 0.0), (Priority.USER, False, 0.0), (Priority.USER, True, 60.0)],
)
def test_no_interruption__without_need(
    worker: Worker, busy: Busy, priority: Priority, interruptible: bool, delay: float
) -> None:
    running = worker.submit(busy, priority=priority, interruptible=interruptible)
    assert busy.started.wait(SOON)
    worker.submit(lambda: None, priority=Priority.LIVE, delay=delay)
    assert not busy.go_on.is_set()
    assert not running.interrupted


def test_delay__and_cancel(worker: Worker) -> None:
    done: list[str] = []
    started = time.monotonic()
    cancelled = worker.submit(lambda: done.append("cancelled"), delay=0.05)
    job = worker.submit(lambda: done.append("delayed"), delay=0.1)
    worker.submit(lambda: done.append("now"))
    cancelled.cancel()
    assert job.wait(SOON)
    assert done == ["now", "delayed"]
    assert time.monotonic() - started >= 0.1
    assert cancelled.done


def test_idle__sleeps_without_a_time_out(worker: Worker) -> None:
    waits: list[float | None] = []
    real = worker._changed.wait

    def wait(timeout: float | None = None) -> bool:
        waits.append(timeout)
        return real(timeout)

    worker._changed.wait = wait  # type: ignore[method-assign]
    assert worker.submit(lambda: None).wait(SOON)
    wait_for(lambda: bool(waits))
    assert waits == [None]


def test_failure__is_told_and_survived(worker: Worker, failures: list[BaseException]) -> None:
    def fail() -> None:
        raise SystemExit("even this")

    assert worker.submit(fail).wait(SOON)
    assert worker.submit(lambda: None).wait(SOON)
    assert [str(one) for one in failures] == ["even this"]


def test_close__at_once_with_a_job_in_flight(worker: Worker, busy: Busy) -> None:
    worker.submit(busy)
    assert busy.started.wait(SOON)
    waiting = worker.submit(lambda: None)
    worker.close()
    assert waiting.done
    wait_for(lambda: not worker.alive)
    after = worker.submit(lambda: None)
    assert after.done


def test_finished__is_done() -> None:
    assert Job.finished().wait(0)
