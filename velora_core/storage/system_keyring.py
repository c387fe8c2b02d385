"""The operating system's keyring, which is slow and may ask the user for its password."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar

from .deferred_modules import deferred

__all__ = ["Keyring", "KeyringTimeout", "NoKeyring"]

SERVICE_NAME: Final = "velora-obs"
_INDEX: Final = "index"
_CHUNK: Final = 1000
"""Characters in one entry; the Windows Credential Manager takes no more than 1,280."""

_MAX_CHUNKS: Final = 500
_GAP: Final = 20  # parts that may be missing before one that a deletion cut short has left
_TRIES: Final = 3  # to read it while another program replaces it
_TIMEOUT: Final = 3.0
"""Seconds that a keyring has for an answer: a locked one asks the user, who may be elsewhere."""

_HARDLY_USED: Final = ("configparser", "inspect", "more_itertools", "subprocess")
"""What keyring's own dependencies import and don't use for it: 1.7 MB of OBS's memory."""

_Found = TypeVar("_Found")


class NoKeyring(Exception):
    """There is none after all."""


def _sandboxed() -> bool:
    """Return whether this is inside OBS's Flatpak or Snap.

    The system's keyring, if it can be reached from there at all, has the secrets of an OBS outside.
    """
    return (
        os.environ.get("FLATPAK_ID") == "com.obsproject.Studio"
        or os.environ.get("SNAP_NAME") == "obs-studio"
    )


@contextmanager
def _without_other_systems() -> Iterator[None]:
    """Keep keyring from importing the backends of other operating systems.

    It does so to find out that they are of no use; the one of macOS starts three programs for it.
    """
    own = {"win32": "Windows", "darwin": "macOS"}.get(sys.platform)
    names = [f"keyring.backends.{system}" for system in ("Windows", "macOS") if system != own]
    hidden = [name for name in names if name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            modules.pop(name, None)


class KeyringTimeout(Exception):
    """The keyring has not answered yet."""


class KeyringBroken(Exception):
    """Its backend ended with what is no error to Python, and would have ended the program."""


class _Importing:
    """Finds this system's keyring on a thread of its own.

    Backends may talk to other programs while they are imported, and Python keeps the error of an
    import that failed, and with it all who had called.
    """

    def __init__(self) -> None:
        self.backend: Any = None  # stays so where there is none worth the name
        self.done = threading.Event()
        threading.Thread(target=self._run, name="velora-keyring", daemon=True).start()

    def _run(self) -> None:
        with suppress(BaseException):  # a broken backend of some other package, in Rust perhaps
            with deferred(*_HARDLY_USED):
                import keyring
                from keyring.backends import fail, null

            with _without_other_systems():
                found = keyring.get_keyring()
            hollow = isinstance(found, (fail.Keyring, null.Keyring))
            if not hollow and getattr(found, "backends", True) != []:
                self.backend = found
        self.done.set()


class _Late:
    """A backend that is still being imported."""

    def __init__(self, importing: _Importing) -> None:
        self._importing = importing

    def __getattr__(self, name: str) -> Any:
        self._importing.done.wait()  # on the thread of a `_Call`
        if self._importing.backend is None:
            raise NoKeyring
        return getattr(self._importing.backend, name)


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

    def result(self, timeout: float) -> Any:
        """Return the result, or raise `KeyringTimeout` when there is none yet."""
        self._done.wait(timeout)
        with self._lock:
            if not self.done:
                self._abandoned = True
                raise KeyringTimeout
        if self._error is not None:
            raise self._error
        return self._found

    def _run(self) -> None:
        try:
            self._found = self._work()
        except Exception as error:
            self._error = error
        except BaseException as error:  # such as a panic of a package that is written in Rust
            self._error = KeyringBroken(type(error).__name__)
        with self._lock:
            self._done.set()
            answered = self._error is None or isinstance(self._error, NoKeyring)
            late = self._abandoned and answered
        if late:
            self._late()


class Keyring:
    """One JSON object in the system's keyring, replaced as a whole or not at all.

    It is cut into entries that every system's keyring takes. An index entry names those that count;
    it is written last, so that a crash at any point leaves the old object or the new one.
    """

    def __init__(self, backend: Any, *, timeout: float = _TIMEOUT) -> None:
        """Create the keyring.

        Args:
            backend: has `get_password`, `set_password`, `delete_password`.
            timeout: seconds to wait for an answer.
        """
        self._backend = backend
        self._timeout = timeout
        self._call: _Call | None = None
        self.answered: Callable[[], None] = lambda: None
        """Called, on a thread of its own, when an answer has come after all."""

    @classmethod
    def detect(cls, *, timeout: float = _TIMEOUT) -> Keyring | None:
        """Return the system keyring, or None if only a null backend is available.

        Args:
            timeout: seconds to wait for an answer.
        """
        if _sandboxed():
            return None
        # What its backends log would come out on stderr, which OBS shows as an error.
        log = logging.getLogger("keyring")
        if not log.handlers:
            log.addHandler(logging.NullHandler())
        importing = _Importing()
        if not importing.done.wait(timeout):
            return cls(_Late(importing), timeout=timeout)
        return None if importing.backend is None else cls(importing.backend, timeout=timeout)

    def read(self) -> dict[str, Any]:
        """Return what is stored; empty when there is nothing that makes sense.

        Raises:
            Exception: it is locked or gone, in the backend's own word, or does not answer.
        """
        return self._ask(self._read)

    def write(self, data: dict[str, Any]) -> None:
        """Store `data`; raise as `read` does."""
        self._ask(lambda: self._write(data))

    def clear(self) -> None:
        """Delete everything; raise as `read` does."""
        self._ask(self._clear)

    def _ask(self, work: Callable[[], _Found]) -> _Found:
        if self._call and not self._call.done:
            raise KeyringTimeout  # one question to the user is enough
        self._call = _Call(work, self.answered)
        found: _Found = self._call.result(self._timeout)
        return found

    def _read(self) -> dict[str, Any]:
        for _ in range(_TRIES):
            generation, count = self._index()
            parts = [self._get(f"{generation}.{number}") or "" for number in range(count)]
            try:
                data = json.loads("".join(parts))
            except (ValueError, RecursionError):
                if count == 0:
                    break
                continue  # another program has replaced it meanwhile, or it is damaged
            return data if isinstance(data, dict) else {}
        return {}

    def _write(self, data: dict[str, Any]) -> None:
        old_generation, _ = self._index()
        generation = "b" if old_generation == "a" else "a"
        text = json.dumps(data)
        parts = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
        for number, part in enumerate(parts):
            self._backend.set_password(SERVICE_NAME, f"{generation}.{number}", part)
        self._backend.set_password(SERVICE_NAME, _INDEX, f"{generation}:{len(parts)}")
        # Also what a longer one has left that was cut short.
        self._delete(generation, first=len(parts))
        self._delete(old_generation)

    def _clear(self) -> None:
        if self._get(_INDEX) is not None:
            self._backend.delete_password(SERVICE_NAME, _INDEX)
        for generation in ("a", "b"):
            self._delete(generation, gap=_GAP)

    def _get(self, name: str) -> str | None:
        value = self._backend.get_password(SERVICE_NAME, name)
        return value if isinstance(value, str) else None

    def _index(self) -> tuple[str, int]:
        generation, _, count = (self._get(_INDEX) or "").partition(":")
        known = generation in ("a", "b") and re.fullmatch("[0-9]{1,9}", count)
        return (generation, min(int(count), _MAX_CHUNKS)) if known else ("b", 0)

    def _delete(self, generation: str, *, first: int = 0, gap: int = 1) -> None:
        """Delete the parts from `first` on, up to `gap` missing ones in a row.

        The last one goes first, so that what is left when this is cut short is found again.
        """
        found: list[str] = []
        number = last = first
        while number - last < gap and number < _MAX_CHUNKS:
            name = f"{generation}.{number}"
            number += 1
            if self._get(name) is not None:
                found.append(name)
                last = number
        for name in reversed(found):
            self._backend.delete_password(SERVICE_NAME, name)
