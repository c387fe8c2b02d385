"""A job of the worker that blocks until it is cut."""

from __future__ import annotations

import threading

from tests.unit.fakes import TIMEOUT

__all__ = [
    "Cut",
]


class Cut:
    """A request that hangs until it is cut off."""

    def __init__(self) -> None:
        self.under_way = threading.Event()
        self.cut = threading.Event()

    def __call__(self) -> None:
        self.under_way.set()
        assert self.cut.wait(TIMEOUT)
