"""A setting of the software's of which nothing tells when it changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from .errors import SoftwareError

__all__ = ["Recent"]

T = TypeVar("T")

_MAX_AGE: Final = 0.5
"""Seconds: the application asks many times in a moment, and the software is asked once."""


class Recent(Generic[T]):
    """What was read last, and when that was. One thread's."""

    def __init__(self, value: T, *, read: bool = True) -> None:
        """Create it.

        Args:
            value: what it is.
            read: just now; else it is a guess, which is not believed.
        """
        self.value = value
        self._at = time.monotonic() if read else float("-inf")

    def read(self, ask: Callable[[], T]) -> T:
        """Return what it is now; raises what asking raises, and then stays as it was."""
        self.value = ask()
        self._at = time.monotonic()
        return self.value

    def poll(self, ask: Callable[[], T]) -> T:
        """Return what it is, asked for anew unless that was done a moment ago.

        When it can't be told, that is believed for a moment, too: the connection's own end tells.
        """
        if time.monotonic() - self._at > _MAX_AGE:
            try:
                self.read(ask)
            except SoftwareError:
                self._at = time.monotonic()
        return self.value
