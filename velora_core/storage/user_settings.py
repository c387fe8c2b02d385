"""The panel's settings that belong to the user, and those that one profile has of its own.

Several programs of one user may change them at once: each change is made to what the file has at
that moment, setting by setting, and of two changes to one setting the later one counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from .shared_file import SharedFile

__all__ = ["Entry", "UserSettings", "UserSettingsStore"]

FILE_NAME: Final = "settings.json"
_MAX_TIMESTAMP: Final = 1e12  # a time after that is none; JSON has numbers that fit into no float


class Entry(NamedTuple):
    """A setting as it is kept.

    Attributes:
        values: of its fields, as JSON has them.
        at: when it was entered, in seconds since 1970; 0 for one that nobody has entered.
    """

    values: Mapping[str, Any]
    at: float = 0.0


class UserSettings(NamedTuple):
    """What counts in a profile.

    Attributes:
        entries: by the setting's name; empty while nothing is kept.
        own: whether they are the profile's own.
        collection: the scene collection that the user's were taken over from; empty when that
            isn't known.
    """

    entries: Mapping[str, Entry] = MappingProxyType({})
    own: bool = False
    collection: str = ""


class UserSettingsStore:
    """The settings of one user. The worker's thread only."""

    def __init__(self, folder: Path) -> None:
        self._file = SharedFile(folder / FILE_NAME)

    def remove(self) -> None:
        """Delete all of them; raises `StorageError`."""
        self._file.remove()

    def changed(self) -> bool:
        """Return whether another program may have changed them."""
        return self._file.changed()

    def read(self, profile: str) -> UserSettings:
        """Return what counts in a profile, by its id; raises `StorageUnreadable`."""
        return _in_profile(self._file.read(), profile)

    def merge(self, profile: str, entries: Mapping[str, Entry]) -> UserSettings:
        """Keep what was entered, where nothing later is kept.

        Args:
            profile: id of the one that it was entered in: it may have settings of its own.
            entries: by the setting's name.

        Raises:
            StorageError: it could not be stored; what was there before still is.
        """

        def edit(data: dict[str, Any]) -> UserSettings:
            place = _place(data, profile)
            known = _entries(place)
            for name, entry in entries.items():
                if name not in known or entry.at > known[name].at:
                    place[name] = _to_json(place.get(name), entry)
            return _in_profile(data, profile)

        return self._file.change(edit)

    def take_over(
        self, profile: str, entries: Mapping[str, Entry], collection: str
    ) -> tuple[UserSettings, bool]:
        """Keep what a scene collection has, unless something is kept: of two programs the first.

        Args:
            profile: id of the one that is in use.
            entries: by the setting's name.
            collection: what the scene collection is called.

        Returns:
            What counts now, and whether it is this.

        Raises:
            StorageError: it could not be stored.
        """

        def edit(data: dict[str, Any]) -> tuple[UserSettings, bool]:
            kept = _in_profile(data, profile)
            if kept.entries:
                return kept, False
            place = _place(data, profile)
            for name, entry in entries.items():
                place[name] = _to_json(place.get(name), entry)
            data["taken_over_from"] = collection
            return _in_profile(data, profile), True

        return self._file.change(edit)

    def give_own(self, profile: str, entries: Mapping[str, Entry]) -> UserSettings:
        """Give a profile settings of its own; raises `StorageError`."""

        def edit(data: dict[str, Any]) -> UserSettings:
            place = _object(_profiles(data), profile)
            for name, entry in entries.items():
                place[name] = _to_json(place.get(name), entry)
            return _in_profile(data, profile)

        return self._file.change(edit)

    def take_own(self, profile: str) -> UserSettings:
        """Have a profile use the user's settings again; raises `StorageError`."""

        def edit(data: dict[str, Any]) -> UserSettings:
            _profiles(data).pop(profile, None)
            return _in_profile(data, profile)

        return self._file.change(edit)

    def profile_renamed(self, before: str, after: str) -> None:
        """Follow a profile that has another id; raises `StorageError`."""

        def edit(data: dict[str, Any]) -> None:
            own = _profiles(data).pop(before, None)
            if own is not None:
                _profiles(data)[after] = own

        self._file.change(edit)


def _object(data: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a part of the file, made anew where it makes no sense."""
    found = data.get(name)
    if not isinstance(found, dict):
        found = data[name] = {}
    return found


def _profiles(data: dict[str, Any]) -> dict[str, Any]:
    return _object(data, "profiles")


def _own(data: dict[str, Any], profile: str) -> dict[str, Any] | None:
    found = _profiles(data).get(profile)
    return found if isinstance(found, dict) else None


def _place(data: dict[str, Any], profile: str) -> dict[str, Any]:
    own = _own(data, profile)
    return _object(data, "settings") if own is None else own


def _in_profile(data: dict[str, Any], profile: str) -> UserSettings:
    own, collection = _own(data, profile), data.get("taken_over_from")
    return UserSettings(
        _entries(_place(data, profile)),
        own is not None,
        collection if isinstance(collection, str) and own is None else "",
    )


def _entries(place: dict[str, Any]) -> dict[str, Entry]:
    return {
        name: Entry({key: value for key, value in entry.items() if key != "at"}, _time(entry))
        for name, entry in place.items()
        if isinstance(entry, dict)
    }


def _time(entry: Mapping[str, Any]) -> float:
    at = entry.get("at")
    return float(at) if isinstance(at, (int, float)) and 0 <= at < _MAX_TIMESTAMP else 0.0


def _to_json(before: object, entry: Entry) -> dict[str, Any]:
    kept = before if isinstance(before, dict) else {}
    return {**kept, **entry.values, "at": entry.at}
