"""The viewers of one stream as a curve of bounded length."""

from __future__ import annotations

from typing import Final

__all__ = ["ViewerCurve"]

_MAX_SAMPLES: Final = 240


class ViewerCurve:
    """Moments and how many watched then; the older a long stream gets, the coarser it becomes.

    The UI thread alone adds to it; `points` is replaced, so any thread may read it.
    """

    def __init__(self) -> None:
        self.points: tuple[tuple[int, int], ...] = ()
        self._apart = 0  # seconds between two points, at least

    def add(self, at: float, count: int) -> None:
        """Take note of how many watch.

        Args:
            at: the moment, in Unix time; the clock may have been set back since the last one.
            count: of viewers.
        """
        points = self.points
        if points and points[-1][0] <= at < points[-1][0] + self._apart and len(points) > 1:
            points = points[:-1]  # the latest number is always the last point
            at = self.points[-1][0]
        points = (*points, (int(at), count))
        if len(points) > _MAX_SAMPLES:
            points = points[::2]
            self._apart = max(1, 2 * self._apart, (points[-1][0] - points[0][0]) // len(points))
        self.points = points
