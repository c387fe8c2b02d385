"""A file that only the user can read, replaced as a whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from .errors import StorageFailed

__all__ = ["PrivateFile"]

_VERSION: Final = 1
_LARGEST: Final = 8 * 1024 * 1024


class PrivateFile:
    """A JSON object in a file that only its owner can read, replaced as a whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Any]:
        """What is stored; empty when there is nothing that this version understands."""
        try:
            if self._path.stat().st_size > _LARGEST:
                return {}
            data = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) and data.get("version") == _VERSION else {}

    def write(self, data: Mapping[str, Any]) -> None:
        """Stores `data`, or leaves what was stored before.

        Raises:
            StorageFailed: says which folder, and why.
        """
        folder = self._path.parent
        text = json.dumps({"version": _VERSION, **data}, ensure_ascii=False, indent=1)
        temporary = None
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            # Made with mode 0600, in the same folder so that the rename is one step.
            handle, temporary = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
            temporary = None
            _sync_folder(folder)
        except OSError as error:
            raise _failure(folder, error) from None
        finally:
            if temporary is not None:
                with suppress(OSError):
                    os.unlink(temporary)

    def remove(self) -> None:
        """Forgets what is stored, and what a power cut has left of a `write`.

        Raises:
            StorageFailed: says which folder, and why.
        """
        try:
            self._path.unlink(missing_ok=True)
            for left in self._path.parent.glob(f".{self._path.name}.*"):
                left.unlink(missing_ok=True)
        except OSError as error:
            raise _failure(self._path.parent, error) from None


def _failure(folder: Path, error: OSError) -> StorageFailed:
    return StorageFailed(folder=folder, reason=error.strerror or type(error).__name__)


def _sync_folder(folder: Path) -> None:
    """Makes a rename survive a power cut, where the system has a way to (Windows has none)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
