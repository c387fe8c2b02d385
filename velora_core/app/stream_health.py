"""The health of a running stream, worked out of what its output counts."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from velora_core.messages import message

if TYPE_CHECKING:
    from velora_core.host.output import OutputSample

__all__ = ["HealthRecord", "StreamHealth", "Trouble"]

WINDOW: Final = 30.0
"""Seconds over which lost frames are counted."""
MAX_LOST: Final = 0.01
"""Share of the frames above which a loss is worth a warning."""
SILENCE: Final = 10.0
"""Seconds without a byte after which that is worth a warning."""
_RECENT: Final = 10.0
"""Seconds over which the bitrate is taken."""


class Trouble(Enum):
    """What is wrong with a stream."""

    LOSSES = "losses"
    """More frames are lost than viewers put up with."""
    SILENCE = "silence"
    """Nothing leaves the computer."""


class StreamHealth(NamedTuple):
    """How a stream is sent.

    Attributes:
        bitrate: kilobits per second of late; of the whole stream in a summary; None at first.
        lost: share of all frames since the stream began.
        lost_lately: the same of the last half minute.
        congestion: how full the queue to the network is, from 0 to 1.
        reconnects: how often the connection was lost.
        trouble: what is worth a warning.
        frames: since the stream began.
        dropped: frames that were lost since then.
    """

    bitrate: float | None = None
    lost: float = 0.0
    lost_lately: float = 0.0
    congestion: float = 0.0
    reconnects: int = 0
    trouble: Trouble | None = None
    frames: int = 0
    dropped: int = 0

    @property
    def sentence(self) -> str:
        """All of it for the panel; empty as long as nothing is known."""
        return self._describe("health.now", congested=True)

    @property
    def summary(self) -> str:
        """The same when the stream is over."""
        return self._describe("health.summary", congested=False)

    def _describe(self, name: str, *, congested: bool) -> str:
        if self.bitrate is None:
            return ""
        more = [message("health.lost", share=percent(self.lost))]
        if congested and self.congestion >= 0.01:
            more.append(message("health.congestion", share=f"{self.congestion:.0%}"))
        if self.reconnects:
            single = self.reconnects == 1
            counted = "health.reconnect" if single else "health.reconnects"
            more.append(message(counted, count=self.reconnects))
        return message(name, bitrate=round(self.bitrate), more=", ".join(more))


def percent(share: float) -> str:
    """Return a share of frames for people; never 0 % for what is not nothing."""
    if 0 < share < 0.001:
        return message("health.hardly")
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


class _Moment(NamedTuple):
    at: float
    sample: OutputSample


class HealthRecord:
    """Samples of one stream, and what they mean."""

    def __init__(self) -> None:
        self._moments: deque[_Moment] = deque()  # since the last connection, half a minute of it
        self._first: _Moment | None = None  # since when bytes are counted
        self._bytes = 0
        self._frames = 0  # of the connections before, with the next
        self._dropped = 0
        self._reconnects = 0
        self._last: OutputSample | None = None
        self._last_at = 0.0
        self._sent_at: float | None = None  # when bytes had been sent last
        self._silent = self._lossy = False

    def add(self, at: float, sample: OutputSample) -> StreamHealth:
        """Take a sample, and return how the stream is now.

        Args:
            at: when it was taken, in seconds.
            sample: the counters.
        """
        last = self._last
        if last is None:
            self._first = _Moment(at, sample)
        else:
            self._count(last, sample)
        if sample.bytes_sent and (last is None or sample.bytes_sent != last.bytes_sent):
            self._sent_at = at
        self._last, self._last_at = sample, at
        self._moments.append(_Moment(at, sample))
        while len(self._moments) > 1 and at - self._moments[1].at >= WINDOW:
            self._moments.popleft()
        return self._health(at, sample)

    def _count(self, last: OutputSample, sample: OutputSample) -> None:
        again = sample.bytes_sent < last.bytes_sent or sample.frames < last.frames
        if sample.reconnecting > last.reconnecting or (again and not last.reconnecting):
            self._reconnects += 1
        if again:  # it counts anew
            self._frames += last.frames
            self._dropped += last.dropped
            self._bytes += sample.bytes_sent
            self._moments.clear()
            self._moments.append(
                _Moment(self._last_at, last._replace(bytes_sent=0, frames=0, dropped=0))
            )
        else:
            self._bytes += sample.bytes_sent - last.bytes_sent

    def _health(self, at: float, sample: OutputSample) -> StreamHealth:
        oldest = self._moments[0]
        lately = _share(
            sample.dropped - oldest.sample.dropped, sample.frames - oldest.sample.frames
        )
        if at - oldest.at >= WINDOW:  # else it is too early to say
            self._lossy = lately > MAX_LOST
        # A delayed stream begins with nothing, which is as it should be.
        self._silent = self._sent_at is not None and at - self._sent_at >= SILENCE
        trouble = Trouble.LOSSES if self._lossy else None
        return StreamHealth(
            bitrate=self._recent_bitrate(at, sample),
            lost=_share(self._dropped + sample.dropped, self._frames + sample.frames),
            lost_lately=lately,
            congestion=sample.congestion,
            reconnects=self._reconnects,
            trouble=Trouble.SILENCE if self._silent else trouble,
            frames=self._frames + sample.frames,
            dropped=self._dropped + sample.dropped,
        )

    def _recent_bitrate(self, at: float, sample: OutputSample) -> float | None:
        since = next((moment for moment in self._moments if at - moment.at <= _RECENT), None)
        if since is None or since.at == at:
            return None
        return _kilobits(sample.bytes_sent - since.sample.bytes_sent, at - since.at)

    def whole(self) -> StreamHealth:
        """Return how the stream was from its beginning to its last sample."""
        last, first = self._last, self._first
        if last is None or first is None or self._last_at == first.at:
            return StreamHealth()
        return StreamHealth(
            bitrate=_kilobits(self._bytes, self._last_at - first.at),
            lost=_share(self._dropped + last.dropped, self._frames + last.frames),
            reconnects=self._reconnects,
        )


def _share(part: int, whole: int) -> float:
    return max(0, part) / whole if whole > 0 else 0.0


def _kilobits(count: int, seconds: float) -> float:
    return count * 8 / 1000 / seconds
