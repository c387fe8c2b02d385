"""Files that are either the old ones or the new ones, whenever the power goes."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX, _SUFFIX = ".velora-", ".tmp"


PRIVATE = 0o600
"""Permissions of what nobody else is to read."""


def write_whole(path: Path, content: bytes, mode: int | None = None) -> None:
    """Replace a file in one step; raise `OSError`.

    Args:
        path: the file; where it is a link, what that points to.
        content: all of it.
        mode: its permissions; without, those that it has, or the usual ones.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Through a link, so that what it points to is replaced and the link stays.
    path = Path(os.path.realpath(str(path)))
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=str(path.parent))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is None:
            mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        os.chmod(name, mode)
        os.replace(name, str(path))
    except BaseException:
        os.unlink(name)
        raise


def remove_half_written(folder: Path) -> None:
    """Take away what a run that was killed in `write_whole` has left in a folder."""
    for path in folder.glob(_PREFIX + "*" + _SUFFIX):
        with suppress(OSError):  # it hurts nobody
            path.unlink()
