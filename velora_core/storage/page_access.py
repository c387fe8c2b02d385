"""What opens the page: a secret of this installation, and digests of what others have for it.

Both are the user's, whichever OBS runs, in a file of their own that only the user can read. The
keyring has none of it: whoever can read it there can read the file, and asking it takes long.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from velora_core.errors import InvalidInput, StorageError, StorageUnreadable
from velora_core.secret import Secret

from .shared_file import SharedFile

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FILE_NAME", "MAX_PROGRAMS", "PageAccess", "Program"]

FILE_NAME: Final = "page.json"
MAX_PROGRAMS: Final = 20
_NAME_LIMIT: Final = 60
_BITS: Final = 256
_ENTRY_LIFE: Final = 30 * 86400.0
"""Seconds in which a dock that the installer has added has to be opened for the first time."""
_MAX_ENTRIES: Final = 4  # that wait: each OBS of the user's may have its dock


class Program(NamedTuple):
    """A program that may use the page's interface.

    Attributes:
        id: nothing changes it, and no other program has it.
        name: as the user calls it.
    """

    id: str
    name: str


class PageAccess:
    """Slow, but for `token_id` and `value_for` once `load` has been called: any thread but UI's."""

    def __init__(self, folder: Path) -> None:
        """Create the access; nothing is read yet."""
        self._file = SharedFile(folder / FILE_NAME)
        self._lock = Lock()
        self._secret: Secret | None = None
        self._entries: tuple[str, ...] = ()
        self._dock_added = False
        self._programs: dict[str, tuple[str, str]] = {}  # name and digest, by id

    def load(self, *, make: bool) -> None:
        """Read what is kept.

        Args:
            make: where there is no secret, one is made.

        Raises:
            StorageError: it can't be read or kept; there is a secret all the same then, until this
                program ends.
        """
        try:
            self._take(self._file.read())
            if make and self._secret is None:
                self._take(self._file.change(_with_secret))
        except StorageError:
            if self._secret is None:
                self._secret = Secret(secrets.token_hex(_BITS // 8))
            raise

    def value_for(self, purpose: str) -> Secret:
        """Return what proves that somebody knows the secret, for one purpose and no other.

        Args:
            purpose: what it opens; whoever learns of this value can do nothing else with it.
        """
        secret = self._secret
        assert secret is not None
        digest = hmac.new(secret.reveal().encode(), purpose.encode(), hashlib.sha256)
        return Secret(digest.hexdigest())

    def add_entry(self, port: int, dock: str = "") -> Secret:
        """Return what lets one browser in, once, at one port; it is kept nowhere.

        What the same dock had before lets nobody in from then on.

        Args:
            port: the one that the browser has to come to.
            dock: which of the user's docks it is for; two names are two docks.

        Raises:
            StorageError: it can't be stored: it does not count.
        """
        entry = Secret(secrets.token_urlsafe(_BITS // 8))
        digest = _entry_digest(entry.reveal(), port)

        def edit(data: dict[str, Any]) -> dict[str, Any]:
            waiting, docks = _entries(data), _entry_docks(data)
            docks.pop(dock, None)
            # What no other dock is known to have may be this one's: it ends, too.
            others = [(name, known) for name, known in docks.items() if known in waiting]
            kept = others[1 - _MAX_ENTRIES :]
            data["entry_docks"] = {**dict(kept), dock: digest}
            data["entries"] = {known: waiting[known] for _, known in kept}
            data["entries"][digest] = time.time() + _ENTRY_LIFE
            data["dock_added"] = True
            return data

        self._take(self._file.change(edit))
        return entry

    def use_entry(self, entry: str, port: int) -> bool:
        """Return whether this lets a browser in; it won't again, whoever has it.

        Args:
            entry: what the browser has brought.
            port: the one that it has come to.
        """
        digest = _entry_digest(entry, port)
        if not any(hmac.compare_digest(digest, known) for known in self._entries):
            return False

        def edit(data: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
            waiting = _entries(data)
            until = waiting.pop(digest, 0.0)
            data["entries"] = waiting
            return until > time.time(), data

        try:
            opens, data = self._file.change(edit)
        except StorageError:  # it could be used again: so it counts for nobody
            return False
        self._take(data)
        return opens

    @property
    def dock_added(self) -> bool:
        """Whether the installer has added a dock since that was forgotten last; on any thread."""
        return self._dock_added

    def forget_added_dock(self) -> None:
        """Take note that a dock was added and seen to; raises `StorageError`."""
        if not self._dock_added:
            return

        def edit(data: dict[str, Any]) -> dict[str, Any]:
            data.pop("dock_added", None)
            return data

        self._take(self._file.change(edit))

    def look(self) -> None:
        """Take over what another program of this user has changed in the meantime."""
        if not self._file.changed():
            return
        try:
            self._take(self._file.read())
        except StorageUnreadable:  # what was known holds until it can be read
            return

    @property
    def programs(self) -> tuple[Program, ...]:
        """The programs that may, in the order in which they were added."""
        with self._lock:
            return tuple(Program(key, name) for key, (name, _) in self._programs.items())

    def add(self, name: str) -> Secret:
        """Let another program in; return its token, which is kept nowhere.

        Raises:
            InvalidInput: it has no name, or there are too many.
            StorageError: it can't be kept: the token does not count.
        """
        trimmed = " ".join(name.split())[:_NAME_LIMIT]
        if not trimmed:
            raise InvalidInput("error.program_unnamed")
        token = Secret(secrets.token_urlsafe(_BITS // 8))

        def edit(data: dict[str, Any]) -> dict[str, Any]:
            programs = _programs(data)
            if len(programs) >= MAX_PROGRAMS:
                raise InvalidInput("error.programs_many", limit=MAX_PROGRAMS)
            programs[secrets.token_hex(8)] = (trimmed, _digest(token.reveal()))
            data["programs"] = {
                key: {"name": named, "digest": digest} for key, (named, digest) in programs.items()
            }
            return data

        self._take(self._file.change(edit))
        return token

    def revoke(self, program: str) -> None:
        """Let a program in no more; raises `StorageError` when it can't be stored.

        In this process it does not count from now on in any case.
        """
        with self._lock:
            self._programs.pop(program, None)

        def edit(data: dict[str, Any]) -> dict[str, Any]:
            kept = data.get("programs")
            if isinstance(kept, dict):
                kept.pop(program, None)
            return data

        self._take(self._file.change(edit))

    def remove(self) -> None:
        """Delete the file; raises `StorageError`."""
        self._file.remove()

    def token_id(self, token: str) -> str | None:
        """Return the id of the program that a token belongs to; None when it is nobody's."""
        found = None
        digest = _digest(token).encode()
        with self._lock:
            programs = list(self._programs.items())
        for key, (_, known) in programs:  # all of them, so that the time says nothing
            if hmac.compare_digest(digest, known.encode(errors="replace")):
                found = key
        return found

    def _take(self, data: Mapping[str, Any]) -> None:
        secret = data.get("secret")
        with self._lock:
            if isinstance(secret, str) and len(secret) * 4 >= _BITS:
                self._secret = Secret(secret)
            self._entries = tuple(_entries(data))
            self._dock_added = bool(data.get("dock_added"))
            self._programs = _programs(data)


def _with_secret(data: dict[str, Any]) -> dict[str, Any]:
    """Make a secret, unless another program has just made one."""
    found = data.get("secret")
    if not isinstance(found, str) or len(found) * 4 < _BITS:
        data["secret"] = secrets.token_hex(_BITS // 8)
    return data


def _programs(data: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return name and digest of each program; what somebody has damaged is nobody's token."""
    found = data.get("programs")
    return {
        key: (str(entry["name"]), str(entry["digest"]))
        for key, entry in (found if isinstance(found, dict) else {}).items()
        if isinstance(entry, dict) and {"name", "digest"} <= set(entry)
    }


def _entries(data: Mapping[str, Any]) -> dict[str, float]:
    """Return until when each entry counts, by its digest; damaged ones are none."""
    found = data.get("entries")
    return {
        digest: until
        for digest, until in (found if isinstance(found, dict) else {}).items()
        if isinstance(until, (int, float)) and digest.isascii()
    }


def _entry_docks(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the entry of each dock, by the dock's name; damaged ones are none."""
    found = data.get("entry_docks")
    return {
        dock: digest
        for dock, digest in (found if isinstance(found, dict) else {}).items()
        if isinstance(digest, str)
    }


def _entry_digest(entry: str, port: int) -> str:
    return _digest(f"{port}:{entry}")


def _digest(token: str) -> str:
    """Return a token's digest. It needs no salt: a token is as random as the digest is long."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
