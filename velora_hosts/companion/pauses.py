"""How long a link waits before it tries to connect once more."""

from __future__ import annotations

from typing import Final

__all__ = ["Pauses"]

_STEPS: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before the next attempts; the last one is for all that follow."""
_HERE: Final = 3.0
"""The longest while the software isn't there, on this computer: to be refused there costs nothing,
and whoever starts it shortly before the stream wants no more than that."""
_ELSEWHERE: Final = 10.0
"""The same on another computer, which may be turned off."""


class Pauses:
    """Between the attempts of one link, on its thread."""

    def __init__(self, *, here: bool) -> None:
        """Begin with the shortest.

        Args:
            here: the software is on this computer.
        """
        self._longest = _HERE if here else _ELSEWHERE
        self._absences = self._failures = 0

    def begin_anew(self) -> None:
        """Note that there was a good connection."""
        self._absences = self._failures = 0

    def next(self, *, absent: bool) -> float:
        """Return the seconds before the next attempt.

        Args:
            absent: the software wasn't there, or not yet. What answers otherwise than it should is
                asked less and less often; once it has gone, that is over.
        """
        if absent:
            self._failures = 0
            self._absences += 1
            return min(_step(self._absences), self._longest)
        self._absences = 0
        self._failures += 1
        return _step(self._failures)


def _step(number: int) -> float:
    return _STEPS[min(number, len(_STEPS)) - 1]
