"""A lock between programs of one user, and between two copies of this package in one program."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

__all__ = ["FileLock"]

_POLL_INTERVAL: Final = 0.02  # seconds between two tries


class FileLock:
    """The system's lock on a file that stays empty.

    It ends with the program that holds it, however that ends, and two holders in one program
    exclude each other as well.

    Where the file can't be made or locked (a read-only disk, some network disks), everybody gets
    the lock: that is no reason to do nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def held(self, timeout: float, poll: Callable[[], None] = lambda: None) -> Iterator[bool]:
        """Hold the lock for the block; yield False if another holder kept it all the time.

        Args:
            timeout: seconds to wait for it.
            poll: called again and again meanwhile; what it raises ends the waiting.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            yield True
            return
        try:
            yield self._wait(handle, time.monotonic() + timeout, poll)
        finally:
            os.close(handle)  # which ends the lock, too

    def remove(self) -> None:
        """Remove the file, where it can be removed."""
        with suppress(OSError):
            self._path.unlink()

    @staticmethod
    def _wait(handle: int, end: float, poll: Callable[[], None]) -> bool:
        while True:
            try:
                _lock(handle)
            except (BlockingIOError, PermissionError):  # the latter is Windows's word for it
                if time.monotonic() >= end:
                    return False
            except OSError:
                return True
            else:
                return True
            poll()
            time.sleep(_POLL_INTERVAL)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
