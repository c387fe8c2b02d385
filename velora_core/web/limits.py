"""How much of it anybody may have: a bound on the pace of requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["Pace"]


class Pace:
    """A bucket of tokens: so many requests at once, and so many a second on the average."""

    def __init__(
        self, burst: int, a_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Create the bound.

        Args:
            burst: requests at once.
            a_second: how many more there may be in each second.
            clock: seconds.
        """
        self._burst = burst
        self._a_second = a_second
        self._clock = clock
        self._left = float(burst)
        self._at = clock()
        self._lock = threading.Lock()

    def admits(self) -> bool:
        """Count one request; return whether it may be served."""
        with self._lock:
            now = self._clock()
            self._left = min(self._burst, self._left + max(0.0, now - self._at) * self._a_second)
            self._at = now
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True
