"""What the output of a stream has counted, worked out of the rates that Streamlabs tells."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from velora_core.host.output import OutputSample

__all__ = ["Counters"]

_BYTES = 125  # of a kilobit


class Counters:
    """Of one stream. Streamlabs tells rates, and of the lost frames alone how many there were.

    So a rate counts for the time since the last look. Any thread may look.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: float | None = None
        self._bytes = self._frames = 0.0

    def begin(self) -> None:
        """Count from nothing, as at the start of a stream."""
        with self._lock:
            self._at, self._bytes, self._frames = None, 0.0, 0.0

    def sample(self, told: Mapping[str, Any], *, reconnecting: bool) -> OutputSample:
        """Return the counters, which count from the first look on.

        Args:
            told: what Streamlabs says of its performance.
            reconnecting: see `OutputSample`.
        """
        now = time.monotonic()
        rate, pictures = _number(told, "bandwidth"), _number(told, "frameRate")
        dropped = int(_number(told, "numberDroppedFrames"))
        with self._lock:
            passed = now - (now if self._at is None else self._at)
            self._at = now
            self._bytes += rate * _BYTES * passed
            self._frames += pictures * passed
            frames = max(int(self._frames), dropped)
            return OutputSample(int(self._bytes), frames, dropped, reconnecting=reconnecting)


def _number(told: Mapping[str, Any], name: str) -> float:
    """Return a number that makes sense; 0 where there is none."""
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    return float(value) if 0 <= value < 1e9 else 0.0
