"""A JSON file that every program of one user reads and changes, of which nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from velora_core.errors import StorageUnreadable
from velora_core.messages import message

from .file_lock import FileLock
from .private_file import PrivateFile

__all__ = ["SharedFile"]

_LOCK_TIMEOUT: Final = 5.0
"""Seconds for another program's change. Who holds the lock holds it for milliseconds."""

_Result = TypeVar("_Result")
_Mark = tuple[int, int, int]


class SharedFile:
    """A JSON object in a file; a change is made to what is in it at that moment.

    The fields that a change does not touch stay as they are, also those that this version does not
    know. What is damaged counts as empty, and is put aside by the next change. Slow: the worker's
    thread only.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = PrivateFile(path)
        self._lock = FileLock(path.with_suffix(".lock"))
        self._mark: _Mark | None = None
        self._read = False

    @property
    def damaged(self) -> bool:
        """Whether it made no sense when it was read last."""
        return self._file.damaged

    def changed(self) -> bool:
        """Return whether it may be another one than was read or written here last."""
        return not self._read or self._look() != self._mark

    def read(self) -> dict[str, Any]:
        """Return what is stored; empty when there is nothing.

        Raises:
            StorageUnreadable: it can't be read now, or is of a newer version of this package.
        """
        # Before the reading: what is written in between is then read once more, and never missed.
        mark = self._look()
        data = self.peek()
        self._mark, self._read = mark, True
        return data

    def peek(self) -> dict[str, Any]:
        """Return what is stored, for a purpose that leaves `changed` as it is; raises as `read`."""
        data = self._file.read()
        if self._file.newer:
            reason = message("storage.newer")
            raise StorageUnreadable(file=self.path, reason=reason)
        return data

    def change(self, edit: Callable[[dict[str, Any]], _Result]) -> _Result:
        """Read, have `edit` change what was read in place, and write it.

        Args:
            edit: what it raises leaves the file as it is.

        Returns:
            What `edit` returns.

        Raises:
            StorageUnreadable: it can't be read now, or another program holds it; nothing is
                written over it.
            StorageError: it can't be written; what was there before still is.
        """
        with self._lock.held(_LOCK_TIMEOUT) as held:
            if not held:
                reason = message("storage.held")
                raise StorageUnreadable(file=self.path, reason=reason)
            data = self.peek()
            result = edit(data)
            self._file.write(data)
            self._mark, self._read = self._look(), True
        return result

    def remove(self) -> None:
        """Delete it, and what was put aside; raises `StorageError`."""
        self._file.remove()
        self._lock.remove()

    def _look(self) -> _Mark | None:
        """Return what another one of these files would have different; None without a file."""
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size
