"""Where secrets are kept: the operating system's keyring, else a file that only the user can read.

Both are slow, and a locked keyring asks the user for its password: the worker's thread only.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from .errors import StorageFailed
from .private_file import PrivateFile
from .texts import say

__all__ = ["Keyring", "Vault"]

SERVICE_NAME: Final = "velora-obs"
_INDEX: Final = "index"
_CHUNK: Final = 1000
"""Characters in one entry; the Windows Credential Manager takes no more than 1,280."""

_MOST_CHUNKS: Final = 500
_PATIENCE: Final = 3.0
"""Seconds that a keyring has for an answer: a locked one asks the user, who may be elsewhere."""

_Found = TypeVar("_Found")


class _Busy(Exception):
    """The keyring has not answered yet."""


def _import_backends() -> None:
    with suppress(Exception):  # said where it is imported for use
        import keyring

        keyring.get_keyring()


class _Call:
    """A call to the keyring, on a thread of its own: nothing else could end the waiting for it."""

    def __init__(self, work: Callable[[], Any], late: Callable[[], None]) -> None:
        self._work = work
        self._late = late
        self._lock = threading.Lock()
        self._abandoned = False
        self._found: Any = None
        self._error: BaseException | None = None
        self._done = threading.Event()
        threading.Thread(target=self._run, name="velora-keyring", daemon=True).start()

    @property
    def done(self) -> bool:
        return self._done.is_set()

    def result(self, patience: float) -> Any:
        """What came of it; raises `_Busy` when nothing has yet."""
        self._done.wait(patience)
        with self._lock:
            if not self.done:
                self._abandoned = True
                raise _Busy
        if self._error is not None:
            raise self._error
        return self._found

    def _run(self) -> None:
        try:
            self._found = self._work()
        except Exception as error:
            self._error = error
        with self._lock:
            self._done.set()
            late = self._abandoned and self._error is None
        if late:
            self._late()


class Keyring:
    """One JSON object in the system's keyring, replaced as a whole or not at all.

    It is cut into entries that every system's keyring takes. An index entry names those that count;
    it is written last, so that a crash at any point leaves the old object or the new one.
    """

    def __init__(self, backend: Any, *, patience: float = _PATIENCE) -> None:
        """
        Args:
            backend: has `get_password`, `set_password`, `delete_password`.
            patience: seconds to wait for an answer.
        """
        self._backend = backend
        self._patience = patience
        self._call: _Call | None = None
        self.answered: Callable[[], None] = lambda: None
        """Called, on a thread of its own, when an answer has come after all."""

    @classmethod
    def of_this_system(cls) -> Keyring | None:
        """The keyring, or None where there is none worth the name."""
        # What its backends log would come out on stderr, which OBS shows as an error.
        log = logging.getLogger("keyring")
        if not log.handlers:
            log.addHandler(logging.NullHandler())
        # It keeps the error of an import that failed, and so all who had called: here nobody.
        importing = threading.Thread(target=_import_backends, name="velora-keyring", daemon=True)
        importing.start()
        importing.join()
        try:
            import keyring
            from keyring.backends import fail, null

            backend = keyring.get_keyring()
        except Exception:  # a broken backend of some other package
            return None
        hollow = isinstance(backend, (fail.Keyring, null.Keyring))
        return None if hollow or getattr(backend, "backends", True) == [] else cls(backend)

    def read(self) -> dict[str, Any]:
        """What is stored; empty when nothing is, or nothing that makes sense.

        Raises:
            Exception: it is locked or gone, in the backend's own word, or does not answer.
        """
        return self._ask(self._read)

    def write(self, data: dict[str, Any]) -> None:
        """Stores `data`; raises as `read` does."""
        self._ask(lambda: self._write(data))

    def clear(self) -> None:
        """Forgets everything; raises as `read` does."""
        self._ask(self._clear)

    def _ask(self, work: Callable[[], _Found]) -> _Found:
        if self._call and not self._call.done:
            raise _Busy  # one question to the user is enough
        self._call = _Call(work, self.answered)
        found: _Found = self._call.result(self._patience)
        return found

    def _read(self) -> dict[str, Any]:
        generation, count = self._index()
        parts = [self._get(f"{generation}.{number}") or "" for number in range(count)]
        try:
            data = json.loads("".join(parts))
        except (ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}

    def _write(self, data: dict[str, Any]) -> None:
        old_generation, old_count = self._index()
        generation = "b" if old_generation == "a" else "a"
        text = json.dumps(data)
        parts = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
        for number, part in enumerate(parts):
            self._backend.set_password(SERVICE_NAME, f"{generation}.{number}", part)
        self._backend.set_password(SERVICE_NAME, _INDEX, f"{generation}:{len(parts)}")
        self._delete(old_generation, old_count)

    def _clear(self) -> None:
        generation, count = self._index()
        if self._get(_INDEX) is not None:
            self._backend.delete_password(SERVICE_NAME, _INDEX)
        self._delete(generation, count)

    def _get(self, name: str) -> str | None:
        value = self._backend.get_password(SERVICE_NAME, name)
        return value if isinstance(value, str) else None

    def _index(self) -> tuple[str, int]:
        generation, _, count = (self._get(_INDEX) or "").partition(":")
        known = generation in ("a", "b") and count.isascii() and count.isdigit()
        return (generation, min(int(count), _MOST_CHUNKS)) if known else ("b", 0)

    def _delete(self, generation: str, count: int) -> None:
        for number in range(count):
            if self._get(f"{generation}.{number}") is not None:
                self._backend.delete_password(SERVICE_NAME, f"{generation}.{number}")


_NAME: Final = "name"  # of what is in the file, another one each time it is written
_TAKEN: Final = "taken"  # in the keyring: the name of what has been taken over from the file


class Vault:
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
        """
        Args:
            file: its path.
            keyring: None where there is none.
            tables: those fields in which each entry is changed by itself.
        """
        self._file = PrivateFile(file)
        self._keyring = keyring
        self._tables = tables
        self.complaint: str | None = None

    def read(self) -> dict[str, Any]:
        """What is stored; empty when there is nothing. What is None has been removed."""
        kept = self._file.read()
        return self.laid_over(self._read_keyring(kept) or {}, kept)

    def change(self, changes: Mapping[str, Any]) -> None:
        """Stores other values of some fields, and of some entries of tables; None removes one.

        Raises:
            StorageFailed: it is stored nowhere; what was there before still is.
        """
        kept = self._file.read()
        stored = self._read_keyring(kept)
        if self._keyring is not None and stored is not None:
            whole = _without_removed(self.laid_over(self.laid_over(stored, kept), changes))
            if self._write_keyring(whole, kept.get(_NAME)):
                with suppress(StorageFailed):  # it doesn't count any more
                    self._file.remove()
                return
        whole = self.laid_over(kept, changes)
        if self._keyring is None:
            whole = _without_removed(whole)
        if whole:
            self._file.write({**whole, _NAME: secrets.token_hex(8)})
        else:
            self._file.remove()

    def clear(self) -> None:
        """Forgets everything in both places.

        Raises:
            StorageFailed: something could not be removed.
        """
        self._file.remove()
        if self._keyring:
            try:
                self._keyring.clear()
            except Exception as error:
                self.complaint = _reason(error)
                raise StorageFailed(folder="keyring", reason=self.complaint) from None

    def _read_keyring(self, kept: dict[str, Any]) -> dict[str, Any] | None:
        """What the keyring has, None when it doesn't say. Empties `kept` if that is in it."""
        if self._keyring is None:
            return None
        try:
            stored = self._keyring.read()
        except Exception as error:
            self.complaint = _reason(error)
            return None
        self.complaint = None
        if kept.get(_NAME) is not None and stored.get(_TAKEN) == kept[_NAME]:
            kept.clear()  # the file could not be removed
        return stored

    def _write_keyring(self, whole: dict[str, Any], taken: object) -> bool:
        assert self._keyring is not None
        try:
            if whole:
                self._keyring.write({**whole, _TAKEN: taken})
            else:
                self._keyring.clear()
        except Exception as error:
            self.complaint = _reason(error)
            return False
        return True

    def laid_over(self, below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
        """`below` with other values of some fields, and of some entries of tables."""
        result = dict(below)
        for name, value in above.items():
            table = result.get(name)
            if name in self._tables and isinstance(table, dict) and isinstance(value, dict):
                value = {**table, **value}
            result[name] = value
        return result


def _without_removed(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` without what is None, in tables too, and without what is left empty or is ours."""
    result = {}
    for name, value in data.items():
        if isinstance(value, dict):
            value = {key: one for key, one in value.items() if one is not None}
        if value not in (None, {}) and name not in (_NAME, _TAKEN, "version"):
            result[name] = value
    return result


def _reason(error: Exception) -> str:
    return say("keyring.busy") if isinstance(error, _Busy) else type(error).__name__
