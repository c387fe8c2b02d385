"""Secret store: the operating system's keyring, else a file that only the user can read.

Both are slow: the worker's thread only.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from velora_core.errors import KeyringKeeps, StorageUnreadable
from velora_core.messages import message

from .file_lock import FileLock
from .private_file import PrivateFile
from .system_keyring import Keyring, KeyringTimeout, NoKeyring

__all__ = ["SecretStore"]

_LOCK_TIMEOUT: Final = 5.0
"""Seconds for another program's change; then this one is made all the same."""
_FILE_ID: Final = "name"  # of what is in the file, another one each time it is written
_MERGED_ID: Final = "taken"  # in the keyring: the name of what has been taken over from the file


class SecretStore:
    """The user's secrets: one JSON object, of which parts are changed.

    A change is laid over what is stored at that moment, so that two programs of one user keep each
    other's. It goes into the keyring. What the keyring does not take is kept in the file, and goes
    to the keyring with the first change that it takes again: one that is locked today and open
    tomorrow loses nothing. Where there is no keyring the file has everything.

    Attributes:
        complaint: why the keyring isn't used although there is one; None when it is.
    """

    def __init__(
        self, file: Path, keyring: Keyring | None, *, tables: tuple[str, ...] = ()
    ) -> None:
        """Create the secret store.

        Args:
            file: its path.
            keyring: None where there is none.
            tables: those fields in which each entry is changed by itself, whatever an ``@`` and
                what follows it adds to their names.
        """
        self._path = file
        self._file = PrivateFile(file)
        self._lock = FileLock(file.with_suffix(".lock"))
        self._keyring = keyring
        self._tables = tables
        self.complaint: str | None = None

    def read(self) -> dict[str, Any]:
        """Return what is stored; empty when there is nothing. None marks what was removed.

        Raises:
            StorageUnreadable: the file can't be read now.
        """
        kept = self._file.read()
        return self.merge(self._read_keyring(kept) or {}, kept)

    def reread(self) -> dict[str, Any]:
        """Read again, but not while another program is in the middle of a change.

        What is damaged raises `StorageUnreadable`: it does not mean that there is nothing.
        """
        with self._lock.held(_LOCK_TIMEOUT):
            found = self.read()
        if self._file.damaged:
            reason = message("storage.newer") if self._file.newer else "damaged"
            raise StorageUnreadable(file=self._path, reason=reason)
        return found

    def change(self, changes: Mapping[str, Any]) -> None:
        """Store other values of some fields and table entries; None removes one.

        What is damaged in the file's place is put aside.

        Raises:
            StorageError: it is stored nowhere, and what was there before still is; or it is in the
                keyring, and the file could not be removed, which counts no more but may hold what
                was to be forgotten.
        """
        with self._lock.held(_LOCK_TIMEOUT):
            self._change(changes)

    def _change(self, changes: Mapping[str, Any]) -> None:
        kept = self._file.read()
        stored = self._read_keyring(kept)
        if self._keyring is not None and stored is not None:
            whole = _without_removed(self.merge(self.merge(stored, kept), changes))
            if not whole:
                self._file.retire()  # first: nothing would say afterwards that it counts no more
            if self._write_keyring(whole, kept.get(_FILE_ID)):
                self._file.retire()
                return
        whole = self.merge(kept, changes)
        if self._keyring is None:
            whole = _without_removed(whole)
        if whole:
            self._file.write({**whole, _FILE_ID: secrets.token_hex(8)})
        else:
            self._file.retire()

    def move_to_keyring(self) -> None:
        """Move what the file kept in the meantime into the keyring, which has just answered.

        Raises:
            StorageError: as `change`.
        """
        if self._keyring is not None and self.complaint is None and self._file.read():
            self.change({})

    @property
    def damaged(self) -> Path | None:
        """The file, if what was in it when it was read last makes no sense to any version."""
        return self._path if self._file.damaged and not self._file.newer else None

    @property
    def newer(self) -> Path | None:
        """The file, if a newer version of this package had written it when it was read last."""
        return self._path if self._file.newer else None

    def forget_damaged(self) -> None:
        """Remove what was put aside; raises `StorageError`."""
        self._file.remove_aside()

    def clear(self) -> None:
        """Delete everything in both places.

        Raises:
            StorageError: something could not be removed.
        """
        self._file.remove()
        if self._keyring:
            try:
                self._keyring.clear()
            except Exception as error:
                self.complaint = _reason(error)
                raise KeyringKeeps(reason=self.complaint) from None
        self._lock.remove()

    def _read_keyring(self, kept: dict[str, Any]) -> dict[str, Any] | None:
        """Return what the keyring has, or None if it can't be read. Empty `kept` if it is in it."""
        if self._keyring is None:
            return None
        try:
            stored = self._keyring.read()
        except NoKeyring:  # which took so long to find out that one was hoped for
            self._keyring = self.complaint = None
            return None
        except Exception as error:
            self.complaint = _reason(error)
            return None
        self.complaint = None
        if kept.get(_FILE_ID) is not None and stored.get(_MERGED_ID) == kept[_FILE_ID]:
            kept.clear()  # the file could not be removed
        return stored

    def _write_keyring(self, whole: dict[str, Any], taken: object) -> bool:
        assert self._keyring is not None
        try:
            if whole:
                self._keyring.write({**whole, _MERGED_ID: taken})
            else:
                self._keyring.clear()
        except Exception as error:
            self.complaint = _reason(error)
            return False
        return True

    def merge(self, below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
        """Return `below` with the fields and table entries of `above` laid over it."""
        result = dict(below)
        for name, value in above.items():
            table = result.get(name)
            is_table = name.partition("@")[0] in self._tables
            if is_table and isinstance(table, dict) and isinstance(value, dict):
                value = {**table, **value}
            result[name] = value
        return result


def _without_removed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return `data` without removed and empty values, and without our own fields."""
    result = {}
    for name, value in data.items():
        if isinstance(value, dict):
            value = {key: content for key, content in value.items() if content is not None}
        if value not in (None, {}) and name not in (_FILE_ID, _MERGED_ID, "version"):
            result[name] = value
    return result


def _reason(error: Exception) -> str:
    return message("keyring.busy") if isinstance(error, KeyringTimeout) else type(error).__name__
