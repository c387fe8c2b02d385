"""What the companion keeps of its own: what was agreed to, and what the fields of each OBS hold.

Nothing in it is secret. Passwords are in the keyring, and the sign-in is the user's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from velora_core.errors import StorageError
from velora_core.panel.elements import FIELDS, TRANSIENT, Value
from velora_core.storage.file_lock import FileLock
from velora_core.storage.shared_file import SharedFile

if TYPE_CHECKING:
    from pathlib import Path

    from velora_core.app.state import StreamSettings
    from velora_core.application import Application

__all__ = ["CompanionSettings", "Fields"]

_FIELDS: Final = "fields"
_NOT_KEPT: Final = frozenset(("section", "way", "preset_name", "recent"))
"""Fields that are about what is shown at the moment."""


class CompanionSettings:
    """A file that several companions of one user may share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = SharedFile(folder / "companion.json")

    def serving(self, place: str) -> FileLock:
        """Return the lock that whoever serves a software holds: two would send a title each."""
        digest = hashlib.sha256(place.encode()).hexdigest()[:16]
        return FileLock(self._folder / f"companion-{digest}.lock")

    def _read(self) -> dict[str, Any]:
        try:
            return self._file.read()
        except StorageError:
            return {}

    def agreed(self, what: str, place: str) -> bool:
        """Return whether the user has agreed to something for an OBS before."""
        found = self._read().get(what)
        return isinstance(found, list) and place in found

    def agree(self, what: str, place: str) -> None:
        """Remember that the user has agreed; asked again next time if that can't be stored."""

        def add(data: dict[str, Any]) -> None:
            found = data.get(what)
            there = (
                [known for known in found if isinstance(known, str)]
                if isinstance(found, list)
                else []
            )
            data[what] = sorted({*there, place})

        self._change(add)

    def kept(self, what: str, place: str) -> Mapping[str, Any]:
        """Return what was kept of something for a software; empty without it."""
        found = self._read().get(what)
        of_place = found.get(place) if isinstance(found, dict) else None
        return of_place if isinstance(of_place, dict) else {}

    def keep(self, what: str, place: str, values: Mapping[str, Any]) -> None:
        """Keep something for a software; it is lost at the end if that can't be stored."""

        def put(data: dict[str, Any]) -> None:
            found = data.get(what)
            data[what] = {**(found if isinstance(found, dict) else {}), place: dict(values)}

        self._change(put)

    def _change(self, edit: Any) -> None:
        try:
            self._file.change(edit)
        except StorageError:
            return  # it holds for as long as this runs


class Fields:
    """Between an application's fields and the file. The thread of its link alone."""

    def __init__(self, settings: CompanionSettings, place: str) -> None:
        self._settings = settings
        self._place = place
        self._kept: dict[str, Value] = {}
        self._seen: StreamSettings | None = None

    def open(self, app: Application, given: Mapping[str, Value]) -> None:
        """Have an application take over what was kept, and what was given instead of it."""
        present, read = self._values(app), self._settings.kept(_FIELDS, self._place)
        kept: dict[str, Value] = {}
        for name, before in present.items():
            value = read.get(name)
            if isinstance(before, tuple) and isinstance(value, list):
                value = tuple(text for text in value if isinstance(text, str))
            if type(value) is type(before):
                kept[name] = value
        app.edit(kept)
        if given:
            app.edit(given)
        self._kept = self._values(app)

    def save(self, app: Application) -> None:
        """Keep what an application's fields hold if that has changed; call it often."""
        if app.settings is self._seen:
            return
        self._seen = app.settings
        values = self._values(app)
        if values != self._kept:
            self._kept = values
            self._settings.keep(_FIELDS, self._place, values)

    def _values(self, app: Application) -> dict[str, Value]:
        return {
            element.key: element.value
            for element in app.panel().walk()
            if element.kind in FIELDS - TRANSIENT
            and not element.derived
            and element.key not in _NOT_KEPT
        }
