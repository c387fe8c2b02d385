"""Monitor of the running stream: polls Velora while one runs, and at no other time."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.live_status import (
    LiveStatus,
    Viewers,
    format_duration,
    format_viewers,
)
from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.errors import Cancelled, RateLimited, VeloraError
from velora_core.host.destination import Destination
from velora_core.host.host import LogLevel
from velora_core.messages import message

from .feature import Feature

if TYPE_CHECKING:
    from velora_core.api.models import StreamInfo

__all__ = ["INTERVALS", "LiveMonitor"]

INTERVALS: Final = (5, 600)
"""The shortest and the longest interval that can be set, in seconds."""

_FIRST: Final = 3.0
"""Seconds after the connection until Velora is asked for the first time."""
_PATIENCE: Final = 60.0
"""Seconds after which a stream that Velora doesn't show is worth a warning."""
_AGAIN: Final = 1.0
"""Seconds until the next try when something more urgent came between."""
_SLOWEST: Final = 300.0
"""The longest pause after failures, in seconds."""


class _MonitoredStream:
    """One stream to Velora."""

    def __init__(self, destination: Destination | None, interval: float, *, resumed: bool) -> None:
        self.destination = destination
        self.interval = min(max(interval, INTERVALS[0]), INTERVALS[1])
        self.resumed = resumed  # found running: when it began isn't known here
        self.began = time.monotonic()
        self.to_velora = False
        self.failures = 0
        self.warned = False

    @property
    def age(self) -> float:
        return time.monotonic() - self.began


class LiveMonitor(Feature):
    """Follows one stream after the other."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        changed: Callable[[LiveStatus], None],
        health: Callable[[], str] = lambda: "",
    ) -> None:
        """Create the live monitor.

        Args:
            runtime: the threads.
            session: the client and what is kept.
            changed: told on the UI thread how the stream stands, after each answer.
            health: how the stream that has just ended was sent, in one sentence or none.
        """
        self._runtime = runtime
        self._session = session
        self._changed = changed
        self._health = health
        self._watched: _MonitoredStream | None = None
        self._job: Job | None = None

    # -- the UI thread ---------------------------------------------------------------------

    def stream_started(self, settings: StreamSettings) -> None:
        """Follow the stream."""
        self.begin(self._runtime.host.destination(), settings.live_interval)

    def stream_resumed(self, settings: StreamSettings) -> None:
        """Follow a stream that has been running for a while."""
        self.begin(self._runtime.host.destination(), settings.live_interval, resumed=True)

    def stream_stopped(self) -> None:
        """Sum the stream up."""
        self.end()

    def settings_changed(self, settings: StreamSettings) -> None:
        """Take over the interval."""
        self.change_interval(settings.live_interval)

    def begin(
        self, destination: Destination | None, interval: float, *, resumed: bool = False
    ) -> None:
        """Begin to monitor a stream that has connected.

        Args:
            destination: where it goes; if that isn't Velora, nothing is asked.
            interval: seconds between two questions.
            resumed: it had been running before this application was there.
        """
        self.end()
        self._watched = _MonitoredStream(destination, interval, resumed=resumed)
        self._ask_in(_FIRST, self._watched)

    def change_interval(self, interval: float) -> None:
        """Change the interval from the next poll on."""
        if self._watched:
            limits = INTERVALS
            self._watched.interval = min(max(interval, limits[0]), limits[1])

    def end(self) -> None:
        """End the monitoring: the stream is over."""
        watched, self._watched = self._watched, None
        if self._job:
            self._job.cancel()
        status = self._runtime.state.live
        self._runtime.change(live=None)
        self._runtime.outdate(watched)
        if watched is None or not watched.to_velora:
            return
        if status is None or not status.viewers.checks:
            self._summarize(message("live.summary_short", duration=format_duration(watched.age)))
            return
        duration = watched.age
        if status.checked_at is not None:  # begun before this application was there, perhaps
            duration = max(duration, status.duration)
        self._summarize(
            message(
                "live.summary",
                duration=format_duration(duration),
                peak=format_viewers(status.viewers.peak),
                average=status.viewers.average,
            )
        )

    def _summarize(self, sentence: str) -> None:
        sentence = f"{sentence} {self._health()}".rstrip()
        self._runtime.change(last_stream=sentence)
        self._runtime.announce(sentence)

    def _ask_in(self, delay: float, watched: _MonitoredStream) -> None:
        if watched is self._watched:
            self._job = self._runtime.worker.submit(
                partial(self._ask, watched), priority=Priority.BACKGROUND, delay=delay
            )

    def _tell(self, watched: _MonitoredStream, status: LiveStatus) -> None:
        if watched is self._watched:
            self._runtime.change(live=status)
            self._changed(status)

    # -- the worker ------------------------------------------------------------------------

    def _ask(self, watched: _MonitoredStream) -> None:
        if watched is not self._watched:
            return
        delay: float | None = self._session.rate_limit_delay()
        if not delay:
            try:
                delay = self._ask_now(watched)
            except Cancelled:
                if self._runtime.closed:
                    return
                delay = _AGAIN
        if delay is not None:
            self._runtime.call_on_ui(partial(self._ask_in, delay, watched))

    def _ask_now(self, watched: _MonitoredStream) -> float | None:
        """Poll once; return the seconds until the next poll, None if there is none."""
        if not watched.to_velora:
            goes = self._session.targets_velora(watched.destination)
            if goes is None:  # not a word about it: it may be none of our business
                watched.failures += 1
                return self._pause(watched)
            if not goes:
                return None
            watched.to_velora, watched.failures = True, 0
        before = self._runtime.state.live or LiveStatus()
        try:
            info = self._session.stream_info.get()
        except Cancelled:
            raise
        except VeloraError as error:
            status = before._replace(trouble=message("live.trouble", reason=error))
            if not watched.failures:
                self._runtime.log(LogLevel.INFO, status.trouble)
            watched.failures += 1
            self._runtime.call_on_ui(partial(self._tell, watched, status))
            if isinstance(error, RateLimited):
                return max(watched.interval, error.pause)
            return self._pause(watched)
        watched.failures = 0
        if info.is_live:
            self._runtime.outdate(watched)
        status = _status(before, info, watched)
        self._runtime.call_on_ui(partial(self._tell, watched, status))
        if status.is_live:
            return watched.interval
        if watched.age < _PATIENCE:
            return min(watched.interval, _PATIENCE - watched.age)
        if not watched.warned:
            watched.warned = True
            sentence = message("live.not_shown")
            self._runtime.show(sentence, StatusLevel.WARNING, topic=watched)
            self._runtime.log(LogLevel.WARNING, sentence)
        return watched.interval

    @staticmethod
    def _pause(watched: _MonitoredStream) -> float:
        return min(watched.interval * 2.0 ** min(watched.failures, 6), _SLOWEST)


def _status(before: LiveStatus, info: StreamInfo, watched: _MonitoredStream) -> LiveStatus:
    duration = watched.age
    if watched.resumed and info.started_at is not None:
        duration = max(duration, time.time() - info.started_at.timestamp())
    viewers: Viewers = before.viewers
    if info.is_live:
        viewers = viewers.with_sample(info.viewer_count)
    return LiveStatus(
        is_live=info.is_live,
        viewers=viewers,
        duration=duration,
        title=" ".join((info.title or "").split()),
        category=" ".join((info.category_name or "").split()),
        checked_at=time.time(),
    )
