"""Kills a process of our own before any change of the file system that it is about to make."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

__all__ = ["each_step"]


def each_step(
    folder: Path, prepare: Callable[[], object], act: Callable[[], object]
) -> Iterator[int]:
    """Have `act` killed before its first change below a folder, its second, and so on.

    Each time `prepare` comes first, and what is yielded is the number of changes that were made:
    look at what is there then. Ends with the one time that `act` got through.

    Args:
        folder: what is changed.
        prepare: puts everything as it is to be before.
        act: happens in a process of its own, of which nothing but the files is left.
    """
    for allowed in count():
        prepare()
        killed = _act(folder, act, allowed)
        yield allowed
        if not killed:
            return


def _act(folder: Path, act: Callable[[], object], allowed: int) -> bool:
    """Return whether the process was killed; fails where it ended otherwise."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            # Whatever is printed belongs to the process that is gone.
            sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
            sys.addaudithook(_Kill(str(folder), allowed))
            act()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, status
        return True
    assert os.WEXITSTATUS(status) == 0, status
    return False


class _Kill:
    """Counts the changes."""

    def __init__(self, folder: str, allowed: int) -> None:
        self._folder = folder
        self._left = allowed

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._changes(event, arguments):
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self._left -= 1

    def _changes(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "open":
            path, mode, flags = arguments
            writes = (mode and any(item in mode for item in "wax+")) or flags & os.O_CREAT
            return bool(writes) and str(path).startswith(self._folder)
        changes = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod")
        return event in changes and str(arguments[0]).startswith(self._folder)
