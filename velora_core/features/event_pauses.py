"""How long to wait beside pushed events, ever longer.

Until they are connected to again, and, while they come, until Velora is asked all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from velora_core.errors import RateLimited, VeloraError

if TYPE_CHECKING:
    from velora_core.api.event_stream import EventStream

__all__ = ["MAX_POLL_INTERVAL", "RETRY_DELAY", "EventPauses", "longer_poll_interval"]

RETRY_DELAY: Final = 1.0
"""Seconds before the first new connection; doubled for each further one that comes to nothing."""
_MAX_DELAY: Final = 300.0
"""The longest pause, in seconds; also the first one after a refusal that won't pass by itself."""
_MAX_REFUSED_DELAY: Final = 1800.0
MAX_POLL_INTERVAL: Final = 1800.0
"""Seconds between two questions at most, while changes are pushed."""
_POLL_FACTOR: Final = 4.0
"""What the interval grows by after each answer that had nothing that had not been pushed."""


def longer_poll_interval(before: float, least: float) -> float:
    """Return the seconds until the next question after an answer that had no news.

    Args:
        before: the interval until now.
        least: the one that was set.
    """
    return min(max(before * _POLL_FACTOR, least), MAX_POLL_INTERVAL)


class EventPauses:
    """Of one connection after the other.

    Attributes:
        serious: whether the last one came to nothing in a way that won't pass by itself, or not
            for the first time. A refused token isn't, before it is known whether there is another.
    """

    def __init__(self) -> None:
        self.serious = False
        self._failures = 0
        self._refreshed = False  # a refused token was replaced, and the new one isn't proved yet

    def confirmed(self) -> None:
        """Note that Velora has confirmed a connection."""
        self._refreshed = False

    def restart(self) -> None:
        """Begin anew: it is another account's channel."""
        self._failures, self._refreshed = 0, False

    def after(
        self, stream: EventStream | None, error: VeloraError | None, *, held: float, silence: float
    ) -> float:
        """Return the seconds until the next connection.

        Args:
            stream: that has ended; None: there was none.
            error: why it has ended, if that is known.
            held: for how many seconds it was good.
            silence: so many are enough to call it that.
        """
        if held >= silence:
            self._failures = 0
        refused = error is not None and not error.transient
        delay = (_MAX_DELAY if refused else RETRY_DELAY) * 2.0 ** min(self._failures, 12)
        another = stream is not None and stream.refused and not self._refreshed
        if another:
            self._refreshed, delay = True, 0.0
        else:
            delay = min(delay, _MAX_REFUSED_DELAY if refused else _MAX_DELAY)
            self._failures += 1
        if stream is not None and stream.retry is not None:
            delay = max(delay, min(stream.retry, _MAX_DELAY))
        if isinstance(error, RateLimited):
            delay = max(delay, error.pause)
        self.serious = error is not None and not another and (refused or self._failures > 1)
        return delay
