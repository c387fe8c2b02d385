"""The status of a running stream, and its viewers: immutable values."""

from __future__ import annotations

import time
from typing import NamedTuple

from velora_core.messages import message

__all__ = ["LiveStatus", "Viewers", "format_duration", "format_viewers"]


def format_duration(seconds: float) -> str:
    """Return a duration as streamers read it: ``0:07:30``."""
    minutes, second = divmod(int(max(0.0, seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}"


def format_viewers(count: int) -> str:
    """Return the number of viewers in words: ``1 viewer``, ``42 viewers``."""
    return message("live.viewer_count_one" if count == 1 else "live.viewer_count", count=count)


class Viewers(NamedTuple):
    """How many watch, and have watched, one stream, as far as Velora said so.

    Each number counts for as long as it held: they come at any pace.

    Attributes:
        now: how many watch; None when that isn't known.
        peak: the most there were.
        since: when `now` was told, as `time.monotonic` counts.
        seconds: how long the number had been known until then.
        watched: the seconds that all viewers watched in that time.
    """

    now: int | None = None
    peak: int = 0
    since: float = 0.0
    seconds: float = 0.0
    watched: float = 0.0

    def with_sample(self, count: int | None, at: float) -> Viewers:
        """Return a copy with the number that holds from a moment on.

        Args:
            count: None when it isn't known.
            at: the moment, as `time.monotonic` counts.
        """
        held = max(0.0, at - self.since) if self.now is not None else 0.0
        return Viewers(
            now=count,
            peak=max(self.peak, count or 0),
            since=at,
            seconds=self.seconds + held,
            watched=self.watched + held * (self.now or 0),
        )

    @property
    def known(self) -> bool:
        """Whether Velora has ever said how many watch."""
        return self.now is not None or self.seconds > 0 or self.peak > 0

    @property
    def average(self) -> int:
        """Until `since`, rounded."""
        return round(self.watched / self.seconds) if self.seconds else self.now or self.peak


class LiveStatus(NamedTuple):
    """How a running stream stood on Velora when that was asked last.

    Attributes:
        is_live: whether Velora shows the stream; None as long as it hasn't said.
        viewers: how many watch.
        duration: seconds since the stream began, at `checked_at`.
        title: what Velora shows as the title; empty without one.
        category: its name; empty without one.
        checked_at: Unix time of the last news; None as long as there was none.
        checked: the same as `time.monotonic` counts: the clock may be set while a stream runs.
        pushed: whether news come by themselves, so that this holds until there are others.
        trouble: why the last attempt to ask failed, in one sentence; else empty.
    """

    is_live: bool | None = None
    viewers: Viewers = Viewers()
    duration: float = 0.0
    title: str = ""
    category: str = ""
    checked_at: float | None = None
    trouble: str = ""
    pushed: bool = False
    checked: float = 0.0

    def push_ended(self, ago: float) -> LiveStatus:
        """Return it for the time after `ago` seconds before now, since when no news come."""
        if self.checked_at is None:
            return self._replace(pushed=False)
        held = max(0.0, time.monotonic() - ago - self.checked)
        return self._replace(
            pushed=False,
            checked_at=self.checked_at + held,
            checked=self.checked + held,
            duration=self.duration + held,
        )

    @property
    def sentence(self) -> str:
        """All of it for the panel."""
        if self.checked_at is None:
            return self.trouble or message("live.asking")
        since = max(0.0, time.monotonic() - self.checked) if self.pushed else 0.0
        at = time.strftime("%H:%M:%S", time.localtime(self.checked_at + since))
        if not self.is_live:
            sentence = message("live.not_yet", at=at)
        else:
            sentence = message(
                "live.on_air",
                duration=format_duration(self.duration + since),
                viewers=self._describe(),
                title=message("live.title", title=self.title)
                if self.title
                else message("live.no_title"),
                at=at,
            )
        return f"{sentence} {self.trouble}" if self.trouble else sentence

    def _describe(self) -> str:
        viewers = self.viewers
        if viewers.now is None:
            return message("live.viewers_unknown")
        return message(
            "live.viewers",
            viewers=format_viewers(viewers.now),
            peak=viewers.peak,
            average=viewers.average,
        )
