"""The worker: one daemon thread that runs jobs that may take long, one at a time.

Daemon, because OBS waits for every other kind of thread when it quits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from threading import TIMEOUT_MAX
from typing import Final

__all__ = ["Job", "Priority", "Worker"]

_NEVER: Final = float("inf")


class Priority(IntEnum):
    """Which of several waiting jobs is next; a lower number goes first."""

    LIVE = 0
    USER = 1
    BACKGROUND = 2


class Job:
    """A piece of work that was handed over."""

    def __init__(
        self,
        work: Callable[[], None],
        priority: Priority,
        due: float,
        *,
        interruptible: bool,
        last: bool = False,
    ) -> None:
        self.work = work
        self.priority = priority
        self.due = due
        self.interruptible = interruptible
        self.last = last
        self.interrupted = False
        self._done = False
        self._waiters: list[threading.Event] = []  # one for each: most jobs have none

    @classmethod
    def finished(cls) -> Job:
        """Return a job that has already ended."""
        job = cls(lambda: None, Priority.USER, _NEVER, interruptible=True)
        job.finish()
        return job

    @property
    def done(self) -> bool:
        """Whether it has ended, or never will be started."""
        return self._done

    def wait(self, seconds: float) -> bool:
        """Wait at most `seconds` for the end; return whether it came."""
        if self._done:
            return True
        ended = threading.Event()
        self._waiters.append(ended)
        return self._done or ended.wait(seconds)  # it may have ended before this was in the list

    def cancel(self) -> None:
        """Cancel the job if it has not started; a running job is not interrupted."""
        self.due = _NEVER
        self.finish()

    def finish(self) -> None:
        """Mark the job as ended; called by the worker."""
        self._done = True
        for ended in self._waiters:
            ended.set()


class Worker:
    """The thread and its queue.

    Among the jobs that are due, the one with the best priority is next, then the oldest. A job
    that is handed over interrupts a running one of worse priority, where that one permits it.
    """

    def __init__(
        self, *, interrupt: Callable[[], None], failed: Callable[[BaseException], None]
    ) -> None:
        """Create the worker.

        Args:
            interrupt: makes the running job's blocking call end soon; called from any thread.
            failed: told of an exception that a job let through; called on the worker's thread.
        """
        self._interrupt = interrupt
        self._failed = failed
        self._changed = threading.Condition()
        self._waiting: list[Job] = []
        self._running: Job | None = None
        self._closed = False
        self._gathering = 0  # blocks that are under way
        self._thread = threading.Thread(target=self._run, name="velora-worker", daemon=True)
        self._thread.start()

    @property
    def running(self) -> Job | None:
        """The job under way."""
        return self._running

    @property
    def alive(self) -> bool:
        """Whether the thread still exists."""
        return self._thread.is_alive()

    def submit(
        self,
        work: Callable[[], None],
        *,
        priority: Priority = Priority.USER,
        delay: float = 0.0,
        interruptible: bool = True,
        interrupts: bool = True,
        last: bool = False,
    ) -> Job:
        """Queue a job and return at once.

        Args:
            work: is called on the worker's thread.
            priority: see `Worker`.
            delay: seconds before it is due.
            interruptible: whether a job of better priority may interrupt it.
            interrupts: whether it may interrupt one of worse priority; not if nobody waits for it.
            last: whether it is done, without its delay, also when the worker is closed before.
        """
        due = time.monotonic() + delay
        job = Job(work, priority, due, interruptible=interruptible, last=last)
        with self._changed:
            if self._closed:
                job.cancel()
                return job
            self._waiting = [job for job in self._waiting if not job.done]
            self._waiting.append(job)
            running = self._running if interrupts and not delay else None
            if running and running.interruptible and priority < running.priority:
                running.interrupted = True
                self._interrupt()  # under the lock, so that it can't hit the next job
            if not self._gathering:
                self._changed.notify()
        return job

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Surround several `submit`: none of the jobs begins before the end of the block.

        Else the first would take the interpreter from the thread that is still submitting. Nothing
        in the block may wait for a job. Of blocks within each other the outermost counts.
        """
        with self._changed:
            self._gathering += 1
        try:
            yield
        finally:
            with self._changed:
                self._gathering -= 1
                if not self._gathering:
                    self._changed.notify()

    def close(self) -> None:
        """End the thread without waiting for it.

        It ends when the running job lets it, after the jobs that have to be done in any case.
        """
        with self._changed:
            self._closed = True
            self._waiting = [job for job in self._waiting if not job.done]
            for job in self._waiting:
                if job.last:
                    job.due = 0.0
                else:
                    job.cancel()
            if self._running:
                self._running.interrupted = True
                self._interrupt()
            self._changed.notify()

    def _next(self) -> Job | None:
        """Wait for a job that is due; return None when the worker is closed."""
        with self._changed:
            self._running = None
            while True:
                self._waiting = [job for job in self._waiting if not job.done]
                if self._closed and not self._waiting:
                    return None
                if self._gathering:
                    self._changed.wait()
                    continue
                now = time.monotonic()
                due = [job for job in self._waiting if job.due <= now]
                if due:
                    job = min(due, key=lambda job: job.priority)  # the oldest of the best
                    self._waiting.remove(job)
                    self._running = job
                    return job
                earliest = min((job.due for job in self._waiting), default=None)
                # Without a job there is no time-out, and so no waking up while OBS is idle.
                self._changed.wait(None if earliest is None else min(earliest - now, TIMEOUT_MAX))

    def _run(self) -> None:
        while job := self._next():
            try:
                job.work()
            except BaseException as error:
                self._failed(error)
            finally:
                job.finish()
