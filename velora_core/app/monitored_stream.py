"""The stream that is followed on Velora: when it began, and when Velora is asked about it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from velora_core.host.destination import Destination

if TYPE_CHECKING:
    from datetime import datetime

    from velora_core.api.stream_event import StreamEvent

__all__ = ["FIRST_POLL_DELAY", "INTERVALS", "MonitoredStream"]

INTERVALS: Final = (5, 600)
"""The shortest and the longest interval that can be set, in seconds."""

FIRST_POLL_DELAY: Final = 3.0
"""Seconds after the connection until Velora is asked for the first time."""

_MAX_INTERVAL: Final = 300.0
"""The longest pause after failures, in seconds."""


class MonitoredStream:
    """One stream to Velora. The UI thread's, but for what is said of a field."""

    def __init__(self, destination: Destination | None, interval: float, *, resumed: bool) -> None:
        self.destination = destination
        self.resumed = resumed  # found running: when it began isn't known here
        self.began = time.monotonic()
        self.earlier = 0.0  # seconds that it had been running before
        self.to_velora = False  # the worker's
        self.asked_at: float | None = None  # the worker's
        self.failures = 0
        self.warned = False
        self.in_doubt = False  # it was said that it isn't shown, or could not be looked at
        self.by_plugin = False  # and where the software's own stream goes says nothing
        self.doubt = False  # something was pushed that only an answer can make clear
        self.news = 0  # how often something was pushed
        self.viewers_pushed = False  # since the last answer
        self.broadcast_id = ""  # Velora's
        self.set_interval(interval)

    def set_interval(self, interval: float) -> None:
        """Ask at another interval, in seconds."""
        self.interval = self.pause = min(max(interval, INTERVALS[0]), INTERVALS[1])

    @property
    def age(self) -> float:
        """The seconds since the connection, or since it was found."""
        return time.monotonic() - self.began

    @property
    def duration(self) -> float:
        """The seconds that it has been running, as far as that is known."""
        return self.earlier + self.age

    def due(self, least: float) -> float:
        """Return the seconds until it would be asked again if nothing was pushed."""
        if self.asked_at is None:
            return max(least, FIRST_POLL_DELAY - self.age)
        return max(least, self.asked_at + self.interval - time.monotonic())

    @property
    def pause_after_failures(self) -> float:
        """The seconds until Velora is asked again after so many failures."""
        return min(self.interval * 2.0 ** min(self.failures, 6), _MAX_INTERVAL)

    def takes(self, event: StreamEvent) -> bool | None:
        """Return whether an event is about this stream; None if only an answer can tell.

        A late one may be about the stream before this.
        """
        known, told = self.broadcast_id, event.broadcast_id
        other = bool(known and told and known != told)
        if event.certain and event.kind == "online":
            self.broadcast_id = told
            return True
        if event.kind == "offline" and other:
            return False
        if event.certain and event.kind == "update" and not other:
            self.broadcast_id = told or known
            return True
        if event.certain and event.kind == "offline" and known and told:
            return True
        if other:
            self.broadcast_id = ""
        return None

    def note_start(self, started_at: datetime | None) -> None:
        """Take over from Velora when a stream that was found running has begun."""
        if self.resumed and started_at is not None:
            seconds = time.time() - started_at.timestamp()
            self.earlier = max(self.earlier, seconds - self.age)
