"""Where secrets are kept: the operating system's keyring, else a file that only the user can read.

Both are slow, and a locked keyring may ask the user for its password: the worker's thread only.
"""

from __future__ import annotations

import json
import logging
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from .errors import StorageFailed
from .private_file import PrivateFile

__all__ = ["Keyring", "Vault"]

SERVICE_NAME: Final = "velora-obs"
_INDEX: Final = "index"
_CHUNK: Final = 1000
"""Characters in one entry; the Windows Credential Manager takes no more than 1,280."""

_MOST_CHUNKS: Final = 500


def _import_backends() -> None:
    with suppress(Exception):  # said where it is imported for use
        import keyring

        keyring.get_keyring()


class Keyring:
    """One JSON object in the system's keyring, replaced as a whole or not at all.

    It is cut into entries that every system's keyring takes. An index entry names those that count;
    it is written last, so that a crash at any point leaves the old object or the new one.
    """

    def __init__(self, backend: Any) -> None:
        """
        Args:
            backend: has `get_password`, `set_password`, `delete_password`.
        """
        self._backend = backend

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
            Exception: whatever the backend raises when it is locked or gone.
        """
        generation, count = self._index()
        parts = [self._get(f"{generation}.{number}") or "" for number in range(count)]
        try:
            data = json.loads("".join(parts))
        except (ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}

    def write(self, data: dict[str, Any]) -> None:
        """Stores `data`; raises whatever the backend raises."""
        old_generation, old_count = self._index()
        generation = "b" if old_generation == "a" else "a"
        text = json.dumps(data)
        parts = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
        for number, part in enumerate(parts):
            self._backend.set_password(SERVICE_NAME, f"{generation}.{number}", part)
        self._backend.set_password(SERVICE_NAME, _INDEX, f"{generation}:{len(parts)}")
        self._delete(old_generation, old_count)

    def clear(self) -> None:
        """Forgets everything; raises whatever the backend raises."""
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


class Vault:
    """The user's secrets, one JSON object. The keyring is tried first, each time.

    Whichever place has the newer object counts, so that a keyring that is locked today and open
    tomorrow loses nothing.

    Attributes:
        complaint: why the keyring isn't used although there is one; None when it is.
    """

    def __init__(self, file: Path, keyring: Keyring | None) -> None:
        self._file = PrivateFile(file)
        self._keyring = keyring
        self._revision = 0
        self.complaint: str | None = None

    def read(self) -> dict[str, Any]:
        """What is stored; empty when there is nothing."""
        found = [self._file.read()]
        if self._keyring:
            try:
                found.append(self._keyring.read())
                self.complaint = None
            except Exception as error:
                self.complaint = type(error).__name__
        newest: dict[str, Any] = max(found, key=_revision)
        self._revision = _revision(newest)
        return newest

    def write(self, data: dict[str, Any]) -> None:
        """Stores `data` in the place of what was there.

        Raises:
            StorageFailed: it is stored nowhere; what was there before still is.
        """
        numbered = {**data, "revision": self._revision + 1}
        stored = False
        if self._keyring:
            try:
                self._keyring.write(numbered)
                stored = True
                self.complaint = None
            except Exception as error:
                self.complaint = type(error).__name__
        if stored:
            self._file.remove()
        else:
            self._file.write(numbered)
        self._revision += 1

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
                self.complaint = type(error).__name__
                raise StorageFailed(folder="keyring", reason=self.complaint) from None


def _revision(data: dict[str, Any]) -> int:
    revision = data.get("revision")
    return revision if isinstance(revision, int) and not isinstance(revision, bool) else 0
