"""One installer at a time for each OBS: two would take away each other's half-made files."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Callable, Iterator

_CHECK_EVERY = 0.2  # seconds


@contextmanager
def alone(config: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other installer is at work for the same OBS, and keep others out.

    Args:
        config: OBS's folder of settings.
        say: told why it takes longer.
    """
    handle = _open(config)
    try:
        if not _lock(handle):
            say("Another installer is at work for this OBS. Waiting until it has ended …")
            while not _lock(handle):
                time.sleep(_CHECK_EVERY)
        yield
    finally:
        _close(handle, config)


if sys.platform == "win32":
    import msvcrt

    def _file(config: Path) -> str:
        # A folder can't be locked there, and this one is the user's own.
        name = hashlib.sha256(str(config).lower().encode("utf-8", "replace")).hexdigest()[:16]
        return os.path.join(tempfile.gettempdir(), f"velora-obs-{name}.lock")

    def _open(config: Path) -> int:
        return os.open(_file(config), os.O_RDWR | os.O_CREAT)

    def _close(handle: int, config: Path) -> None:
        os.close(handle)
        with suppress(OSError):  # another installer has it open, and takes it away when it ends
            os.unlink(_file(config))

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _open(config: Path) -> int:
        return os.open(str(config), os.O_RDONLY)

    def _close(handle: int, config: Path) -> None:  # noqa: ARG001
        os.close(handle)  # which unlocks it

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system that has no locks
            return True
        return True
