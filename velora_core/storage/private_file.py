"""A file that only the user can read, replaced as a whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from velora_core.errors import StorageError, StorageUnreadable

__all__ = ["PrivateFile"]

_VERSION: Final = 1
_MAX_BYTES: Final = 8 * 1024 * 1024
_TRIES: Final = 3  # a virus scanner or a backup holds a file for a moment
_PAUSE: Final = 0.05  # seconds between them


class PrivateFile:
    """A JSON object in a file that only its owner can read, replaced as a whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._asides = [path.with_name(f"{path.name}.{why}") for why in ("damaged", "newer")]
        self.damaged = False
        """Whether it made no sense to this version when it was read last."""
        self.newer = False
        """Whether a newer version of this package had written it when it was read last."""

    def read(self) -> dict[str, Any]:
        """Return what is stored; empty when this version understands none of it.

        Raises:
            StorageUnreadable: something is there and can't be read now.
        """
        text = self._bytes()
        try:
            data = json.loads(text) if text and len(text) <= _MAX_BYTES else None
        except (ValueError, RecursionError):
            data = None
        version = data.get("version") if isinstance(data, dict) else None
        self.newer = isinstance(version, (int, float)) and version > _VERSION
        if isinstance(data, dict) and version == _VERSION:
            self.damaged = False
            return data
        self.damaged = text is not None  # a full disk or a power cut may have emptied it
        return {}

    def _bytes(self) -> bytes | None:
        """Read the file, at most a little more than is understood; None without a file."""
        for left in reversed(range(_TRIES)):
            try:
                with self._path.open("rb") as file:
                    return file.read(_MAX_BYTES + 1)
            except FileNotFoundError:
                break
            except OSError as error:
                if not left:
                    reason = error.strerror or type(error).__name__
                    raise StorageUnreadable(file=self._path, reason=reason) from None
                time.sleep(_PAUSE)
        return None

    def write(self, data: Mapping[str, Any]) -> None:
        """Store `data`, or leave what was stored before.

        What made no sense when it was read is put aside: somebody may want to mend it, or have the
        newer version back that wrote it.

        Raises:
            StorageError: says which folder, and why.
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
            self._put_aside()
            os.replace(temporary, self._path)
            temporary = None
            _sync_folder(folder)
        except OSError as error:
            raise _failure(folder, error) from None
        finally:
            if temporary is not None:
                with suppress(OSError):
                    os.unlink(temporary)

    def _put_aside(self) -> None:
        if self.damaged:
            self._path.chmod(0o600)
            os.replace(self._path, self._asides[self.newer])
            self.damaged = self.newer = False

    def retire(self) -> None:
        """Remove the file, but put it aside if it was damaged when it was read.

        Raises:
            StorageError: says which folder, and why.
        """
        try:
            self._put_aside()
        except OSError as error:
            raise _failure(self._path.parent, error) from None
        self._unlink()

    def remove_aside(self) -> None:
        """Delete what was put aside; raise as `remove` does."""
        try:
            for aside in self._asides:
                aside.unlink(missing_ok=True)
        except OSError as error:
            raise _failure(self._path.parent, error) from None

    def remove(self) -> None:
        """Delete what is stored, what was put aside, and what a power cut has left of a `write`.

        Raises:
            StorageError: says which folder, and why.
        """
        self._unlink()
        self.remove_aside()

    def _unlink(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
            for left in self._path.parent.glob(f".{self._path.name}.*"):
                left.unlink(missing_ok=True)
        except OSError as error:
            raise _failure(self._path.parent, error) from None


def _failure(folder: Path, error: OSError) -> StorageError:
    return StorageError(folder=folder, reason=error.strerror or type(error).__name__)


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where the system can (Windows can't)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
