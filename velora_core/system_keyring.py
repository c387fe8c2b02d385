"""The operating system's keyring. Slow, and a locked one asks the user for its password."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

__all__ = ["Keyring", "KeyringBusy"]

SERVICE_NAME: Final = "velora-obs"
_INDEX: Final = "index"
_CHUNK: Final = 1000
"""Characters in one entry; the Windows Credential Manager takes no more than 1,280."""

_MOST_CHUNKS: Final = 500
_PATIENCE: Final = 3.0
"""Seconds that a keyring has for an answer: a locked one asks the user, who may be elsewhere."""

_Found = TypeVar("_Found")


class KeyringBusy(Exception):
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
        """What came of it; raises `KeyringBusy` when nothing has yet."""
        self._done.wait(patience)
        with self._lock:
            if not self.done:
                self._abandoned = True
                raise KeyringBusy
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
    def of_this_system(cls, *, patience: float = _PATIENCE) -> Keyring | None:
        """The keyring, or None where there is none worth the name.

        Args:
            patience: seconds to wait for an answer.
        """
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
        if hollow or getattr(backend, "backends", True) == []:
            return None
        return cls(backend, patience=patience)

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
            raise KeyringBusy  # one question to the user is enough
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
