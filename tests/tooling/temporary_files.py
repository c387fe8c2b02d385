"""Where tests keep their temporary files: in memory, where there is room."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

__all__ = ["keep_in_memory"]

_MEMORY = Path("/dev/shm")
_ROOM = 4 * 1024**3
"""What must be free, in bytes: several runs in a real OBS have their folders there at once."""


def keep_in_memory(folder: Path = _MEMORY, room: int = _ROOM) -> bool:
    """Have this process and those it starts make their temporary files in memory.

    Settings are written so that they survive a power cut, for which a test would wait for the disk
    each time: half of the time of all unit tests.

    Args:
        folder: what is in memory.
        room: what must be free there, in bytes.

    Returns:
        Whether they are. A folder that somebody chose stays, and tests start programs that they
        make, which can't be everywhere.
    """
    if "TMPDIR" in os.environ or not os.access(folder, os.W_OK):
        return False
    if os.statvfs(folder).f_flag & os.ST_NOEXEC or shutil.disk_usage(folder).free < room:
        return False
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return True
