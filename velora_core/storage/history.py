"""History: what was sent before, what Velora had before that, and how many streams there were.

It belongs to the user, as the presets do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

from .preset_content import PresetContent, content_from_json, content_to_json
from .shared_file import SharedFile

__all__ = ["MOST_RECENT", "History", "HistoryStore"]

FILE_NAME: Final = "history.json"
MOST_RECENT: Final = 20
_MOST_STREAMS: Final = 1_000_000


class History(NamedTuple):
    """What is kept.

    Attributes:
        recent: what was sent with a title, as it was typed; the newest first.
        before: what Velora had before the last update, of what that changed.
        streams: how many streams Velora has taken.
        preset: id of the preset that was applied last; empty without one.
    """

    recent: tuple[PresetContent, ...] = ()
    before: PresetContent = PresetContent()
    streams: int = 0
    preset: str = ""


class HistoryStore:
    """The history of one user. The worker's thread only."""

    def __init__(self, folder: Path) -> None:
        self._file = SharedFile(folder / FILE_NAME)

    def remove(self) -> None:
        """Delete all of it; raises `StorageError`."""
        self._file.remove()

    def changed(self) -> bool:
        """Return whether another program may have changed it."""
        return self._file.changed()

    def read(self) -> History:
        """Return what is kept; raises `StorageUnreadable`."""
        return _history(self._file.read())

    def add_sent(self, sent: PresetContent, before: PresetContent) -> History:
        """Note what was sent.

        Args:
            sent: as it was typed.
            before: what Velora had instead; what isn't known is None.

        Raises:
            StorageError: it could not be stored.
        """

        def edit(data: dict[str, Any]) -> History:
            if sent.title:
                entry = content_to_json(sent)
                recent = data.get("recent")
                others = recent if isinstance(recent, list) else []
                rest = (other for other in others if other != entry)
                data["recent"] = [entry, *rest][:MOST_RECENT]
            if before:
                data["before"] = content_to_json(before)
            return _history(data)

        return self._file.change(edit)

    def count_stream(self) -> History:
        """Count one more stream; raises `StorageError`."""

        def edit(data: dict[str, Any]) -> History:
            data["streams"] = min(_history(data).streams + 1, _MOST_STREAMS)
            return _history(data)

        return self._file.change(edit)

    def set_streams(self, count: int) -> History:
        """Set how many streams there were; raises `StorageError`."""

        def edit(data: dict[str, Any]) -> History:
            data["streams"] = min(max(count, 0), _MOST_STREAMS)
            return _history(data)

        return self._file.change(edit)

    def note_preset(self, preset: str) -> History:
        """Note which preset was applied last; raises `StorageError`."""

        def edit(data: dict[str, Any]) -> History:
            data["preset"] = preset
            return _history(data)

        return self._file.change(edit)


def _history(data: dict[str, Any]) -> History:
    """Return what of it is understood."""
    recent, streams, preset = data.get("recent"), data.get("streams"), data.get("preset")
    found = [content_from_json(entry) for entry in recent] if isinstance(recent, list) else []
    count = streams if isinstance(streams, int) and not isinstance(streams, bool) else 0
    return History(
        tuple(content for content in found if content and content.title)[:MOST_RECENT],
        content_from_json(data.get("before")) or PresetContent(),
        min(max(count, 0), _MOST_STREAMS),
        preset if isinstance(preset, str) else "",
    )
