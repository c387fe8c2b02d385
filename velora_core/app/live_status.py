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
    """How many watch, over the checks of one stream in which Velora said so."""

    now: int | None = None
    peak: int = 0
    total: int = 0
    checks: int = 0

    def with_sample(self, count: int | None) -> Viewers:
        """Return a copy with one more sample."""
        if count is None:
            return self._replace(now=None)
        return Viewers(count, max(self.peak, count), self.total + count, self.checks + 1)

    @property
    def average(self) -> int:
        """Of all checks, rounded."""
        return round(self.total / self.checks) if self.checks else 0


class LiveStatus(NamedTuple):
    """How a running stream stood on Velora when that was asked last.

    Attributes:
        is_live: whether Velora shows the stream; None as long as it hasn't said.
        viewers: how many watch.
        duration: seconds since the stream began, at `checked_at`.
        title: what Velora shows as the title; empty without one.
        category: its name; empty without one.
        checked_at: Unix time of the last answer; None as long as there was none.
        trouble: why the last attempt to ask failed, in one sentence; else empty.
    """

    is_live: bool | None = None
    viewers: Viewers = Viewers()
    duration: float = 0.0
    title: str = ""
    category: str = ""
    checked_at: float | None = None
    trouble: str = ""

    @property
    def sentence(self) -> str:
        """All of it for the panel."""
        if self.checked_at is None:
            return self.trouble or message("live.asking")
        at = time.strftime("%H:%M:%S", time.localtime(self.checked_at))
        if not self.is_live:
            sentence = message("live.not_yet", at=at)
        else:
            sentence = message(
                "live.on_air",
                duration=format_duration(self.duration),
                viewers=self._in_words(),
                title=message("live.title", title=self.title)
                if self.title
                else message("live.no_title"),
                at=at,
            )
        return f"{sentence} {self.trouble}" if self.trouble else sentence

    def _in_words(self) -> str:
        viewers = self.viewers
        if viewers.now is None:
            return message("live.viewers_unknown")
        return message(
            "live.viewers",
            viewers=format_viewers(viewers.now),
            peak=viewers.peak,
            average=viewers.average,
        )
