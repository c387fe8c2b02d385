"""Monitor of how a stream is sent: bitrate, lost frames, reconnects, and a warning in time."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.stream_health import HealthRecord, StreamHealth, Trouble, percent
from velora_core.app.worker import Job, Priority
from velora_core.host.host import LogLevel
from velora_core.messages import message

from .feature import Feature

if TYPE_CHECKING:
    from velora_core.host.destination import Destination

__all__ = ["HealthMonitor"]

_INTERVAL: Final = 5.0
"""Seconds between two looks at the output's counters."""

_WARNINGS: Final = {
    Trouble.LOSSES: ("health.losses", "health.losses_over"),
    Trouble.SILENCE: ("health.silence", "health.silence_over"),
}
"""What is said when trouble begins, and when it is over."""


class _Sent:
    """One stream to Velora."""

    def __init__(self, destination: Destination | None) -> None:
        self.destination = destination
        self.record = HealthRecord()
        self.trouble: Trouble | None = None
        self.warned: set[Trouble] = set()  # aloud, once for each stream


class HealthMonitor(Feature):
    """Reads the counters on the worker, so that no frame and no button waits for them."""

    def __init__(self, runtime: Runtime, session: Session) -> None:
        """Create the health monitor.

        Args:
            runtime: the threads.
            session: knows where Velora takes streams.
        """
        self._runtime = runtime
        self._session = session
        self._sent: _Sent | None = None
        self._job: Job | None = None
        self._whole = StreamHealth()

    # -- the UI thread ---------------------------------------------------------------------

    @property
    def summary(self) -> str:
        """How the last stream was sent, in one sentence; empty when that isn't known."""
        return self._whole.summary

    def stream_started(self, settings: StreamSettings) -> None:  # noqa: ARG002
        """Begin to look."""
        self._end()
        self._runtime.host.begin_sampling()
        self._sent = _Sent(self._runtime.host.destination())
        self._look_in(0.0, self._sent)

    def stream_resumed(self, settings: StreamSettings) -> None:
        """Begin to look at a stream that has been running for a while."""
        self.stream_started(settings)

    def stream_stopped(self) -> None:
        """Sum it up, and look no more."""
        self._end()

    def close(self) -> None:
        """Let go of the output."""
        self._end()

    def _end(self) -> None:
        sent, self._sent = self._sent, None
        self._whole = sent.record.whole() if sent else StreamHealth()
        if self._job:
            self._job.cancel()
        self._runtime.host.end_sampling()
        self._runtime.outdate(sent)
        self._runtime.change(health=None)

    # -- the worker ------------------------------------------------------------------------

    def _look_in(self, delay: float, sent: _Sent) -> None:
        self._job = self._runtime.worker.submit(
            partial(self._look, sent),
            priority=Priority.BACKGROUND,
            delay=delay,
            interruptible=False,
        )

    def _look(self, sent: _Sent) -> None:
        sample = self._runtime.host.sample()
        if sent is not self._sent:
            return
        # It may be told again, and recognized, only after a while.
        if sample is not None and self._session.recognizes(sent.destination):
            health = sent.record.add(time.monotonic(), sample)
            if sent is self._sent:
                self._runtime.change(health=health)
                self._report_trouble(sent, health)
        self._look_in(_INTERVAL, sent)

    def _report_trouble(self, sent: _Sent, health: StreamHealth) -> None:
        """Say when trouble begins, and when it is over."""
        before, sent.trouble = sent.trouble, health.trouble
        if health.trouble is before:
            return
        # Most frames of a silence are lost, which counts for half a minute once that is over.
        if before is Trouble.SILENCE or (before and not health.trouble):
            self._runtime.announce(message(_WARNINGS[before][1]), topic=sent)
        if health.trouble is None:
            return
        sentence = message(_WARNINGS[health.trouble][0], share=percent(health.lost_lately))
        self._runtime.show(sentence, StatusLevel.WARNING, topic=sent)
        aloud = health.trouble not in sent.warned
        sent.warned.add(health.trouble)
        self._runtime.log(LogLevel.WARNING if aloud else LogLevel.INFO, sentence)
