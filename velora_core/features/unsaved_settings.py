"""What was entered and isn't in the user's file yet, by the place that it belongs to there.

A place is the user's settings, or those that one profile has of its own. As long as the file can't
be written, what was entered in one place must not get into another one by a switch of the profile.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from velora_core.app.user_fields import UNITS, unit_values, values_from_json

if TYPE_CHECKING:
    from velora_core.app.state import StreamSettings

__all__ = ["Entered", "UnsavedSettings", "place_of"]

Entered = Mapping[str, tuple[Mapping[str, object], float]]
"""By the setting's name: its fields' values as JSON has them, and when they were entered."""

_MAX_TIMESTAMP: Final = 1e12  # as in the file
_PLACE: Final = "place"


def place_of(profile: str, *, own: bool) -> str:
    """Return the place that the settings in a profile have.

    Not its id, which tells of folders: it is kept with the scenes, a file that people share.
    """
    return f"{zlib.crc32(profile.encode()):08x}" if own else ""


class UnsavedSettings:
    """The UI thread's alone.

    Attributes:
        times: when the settings were entered that the fields hold and the file doesn't.
        place: where those belong; None while that isn't known.
    """

    def __init__(self) -> None:
        self.times: dict[str, float] = {}
        self.place: str | None = None
        self._left: dict[str, tuple[str, Entered]] = {}  # in other places: the profile, what
        self._profile = ""  # that the fields are of

    def read(self, text: str) -> None:
        """Take up what `written` has written; somebody may have damaged it."""
        try:
            found = json.loads(text or "{}")
        except ValueError:
            return
        if not isinstance(found, dict):
            return
        place = found.get(_PLACE)
        self.place = place if isinstance(place, str) else None
        self.times = {
            unit: float(at)
            for unit, at in found.items()
            if unit in UNITS and isinstance(at, (int, float)) and 0 <= at < _MAX_TIMESTAMP
        }

    def written(self) -> str:
        """Return what is to be kept beside the fields; empty for nothing."""
        if not self.times:
            return ""
        place: dict[str, Any] = {} if self.place is None else {_PLACE: self.place}
        return json.dumps({**self.times, **place})

    def enter(self, place: str, profile: str, settings: StreamSettings) -> StreamSettings:
        """Take note of where the fields belong from now on.

        Args:
            place: that.
            profile: id of the one that is in use.
            settings: what they hold, of the place before.

        Returns:
            The settings with what was entered in this place before, and could not be stored.
        """
        if self.place not in (None, place) and self.times:
            left = {unit: (unit_values(settings, unit), at) for unit, at in self.times.items()}
            self._left[str(self.place)] = self._profile, left
            self.times = {}
        self.place, self._profile = place, profile
        for unit, (values, at) in self._left.pop(place, ("", {}))[1].items():
            if at > self.times.get(unit, -1.0):
                self.times[unit] = at
                settings = settings._replace(**(values_from_json(unit, values) or {}))
        return settings

    def stored(self, place: str, times: Mapping[str, float]) -> list[str]:
        """Take note that the file has these; return those of them that the fields hold."""
        if place != self.place:
            profile, left = self._left.pop(place, ("", {}))
            rest = {unit: entry for unit, entry in left.items() if times.get(unit) != entry[1]}
            if rest:
                self._left[place] = profile, rest
            return []
        done = [unit for unit, at in times.items() if self.times.get(unit) == at]
        for unit in done:
            del self.times[unit]
        return done

    def left(self) -> list[tuple[str, str, Entered]]:
        """Return what waits to be stored in other places: the place, a profile of it, and what."""
        known = ((place, *left) for place, left in self._left.items())
        return [(place, profile, left) for place, profile, left in known if profile or not place]

    def renamed(self, before: str, after: str) -> None:
        """Follow a profile that has another id now."""
        old, new = place_of(before, own=True), place_of(after, own=True)
        if self._profile == before:
            self._profile = after
        if self.place == old:
            self.place = new
        if old in self._left:
            self._left[new] = after, self._left.pop(old)[1]
