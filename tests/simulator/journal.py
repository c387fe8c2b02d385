"""What the simulator was asked, and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Entry", "Journal"]


class Entry(NamedTuple):
    """One request and the status of its answer (0: it got none)."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    json: Any
    status: int
    monotonic: float
    """When the request was there, as `time.monotonic` counts."""


class Journal:
    """All requests since the start or the last `clear`, in the order of their arrival."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        with self._changed:
            self._entries.append(entry)
            self._entries.sort(key=lambda item: item.monotonic)
            self._changed.notify_all()

    def clear(self) -> None:
        with self._changed:
            self._entries.clear()

    def find(self, method: str | None = None, path: str = "") -> list[Entry]:
        """Return the requests with this method whose path ends so."""
        with self._changed:
            return [
                entry
                for entry in self._entries
                if method in (None, entry.method) and entry.path.endswith(path)
            ]

    def wait_for(
        self, method: str, path: str, count: int = 1, timeout: float = 10.0
    ) -> list[Entry]:
        """Wait until there are `count` such requests.

        Raises:
            AssertionError: they did not come in time.
        """
        deadline = time.monotonic() + timeout
        with self._changed:
            while len(found := self._matching(method, path)) < count:
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    seen = [(entry.method, entry.path, entry.status) for entry in self._entries]
                    raise AssertionError(f"no {count} × {method} {path} in {timeout} s: {seen}")
            return found

    def _matching(self, method: str, path: str) -> list[Entry]:
        return [
            entry for entry in self._entries if entry.method == method and entry.path.endswith(path)
        ]
