"""Whether the code that is loaded is still that on the disk.

A script that is loaded again has code imported anew only where it has changed. Threads of the
script before may still be working, for a token's sake, and importing what they need. With all of it
dropped, they and OBS's UI thread could each hold a package that the other is waiting for, which
Python ends with an error in one of them; and what they import would be another copy than theirs.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

__all__ = ["LoadedCode"]

_PACKAGES: Final = ("velora_core", "velora_hosts")


class LoadedCode:
    """What the files of the packages looked like when they were loaded."""

    def __init__(self) -> None:
        """Look at the files that this package was loaded from."""
        self._folder = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
        self._files = _look_at(self._folder)

    def is_current(self, folder: str) -> bool:
        """Return whether a folder has the files that were loaded, and they have not changed.

        Args:
            folder: the one which has the packages now.
        """
        try:
            return os.path.samefile(folder, self._folder) and _look_at(self._folder) == self._files
        except OSError:
            return False  # gone, or being replaced now


def _look_at(folder: str) -> dict[str, tuple[int, int]]:
    """Return the time and the size in bytes of each file of code, by its path."""
    return {
        file.path: (status.st_mtime_ns, status.st_size)
        for package in _PACKAGES
        for file in _walk(os.path.join(folder, package))
        for status in (file.stat(),)
    }


def _walk(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield entry
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _walk(entry.path)
