"""History: what was sent before, what Velora had before that, and how many streams there were.

It belongs to the user, as the presets do; titles are filed by the channel that they were sent to.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

from velora_core.api.endpoints import DEFAULT_ORIGIN

from .preset_content import PresetContent, content_from_json, content_to_json
from .shared_file import SharedFile

__all__ = ["MAX_RECENT", "ChannelOwner", "History", "HistoryStore"]

FILE_NAME: Final = "history.json"
MAX_RECENT: Final = 20
_MAX_CHANNELS: Final = 20
"""Those that nothing was sent to for longest are forgotten."""
_MAX_STREAMS: Final = 1_000_000


class ChannelOwner(NamedTuple):
    """Whose channel it is. What is empty isn't known.

    Attributes:
        titles: what its titles are filed by.
        before: what is filed by that Velora had before; no other channel may be given it.
        earlier: what its titles may have been filed by when less was known of it.
    """

    titles: str = ""
    before: str = ""
    earlier: str = ""


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
    """The history of one user. The worker's thread only.

    Attributes:
        owner: whose channel's titles are read and added.
    """

    def __init__(self, folder: Path, *, origin: str = DEFAULT_ORIGIN) -> None:
        """Create the store; nothing is read yet.

        Args:
            folder: for the file.
            origin: of the API whose channels they are; see `Endpoints.origin`.
        """
        self.owner = ChannelOwner()
        self._suffix = "" if origin == DEFAULT_ORIGIN else f"@{origin}"
        self._file = SharedFile(folder / FILE_NAME)

    def remove(self) -> None:
        """Delete all of it; raises `StorageError`."""
        self._file.remove()

    def changed(self) -> bool:
        """Return whether another program may have changed it."""
        return self._file.changed()

    def read(self) -> History:
        """Return what is kept; raises `StorageUnreadable`."""
        return self._history(self._file.read())

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
                rest = (other for other in self._titles(data) if other != entry)
                self._channel(data, self.owner.titles)["recent"] = [entry, *rest][:MAX_RECENT]
                data.pop("recent", None)  # they are this channel's now
            if before and self.owner.before:
                self._channel(data, self.owner.before)["before"] = content_to_json(before)
            return self._history(data)

        return self._file.change(edit)

    def count_stream(self) -> History:
        """Count one more stream; raises `StorageError`."""

        def edit(data: dict[str, Any]) -> History:
            data["streams"] = min(self._history(data).streams + 1, _MAX_STREAMS)
            return self._history(data)

        return self._file.change(edit)

    def set_streams(self, count: int) -> History:
        """Set how many streams there were; raises `StorageError`."""

        def edit(data: dict[str, Any]) -> History:
            data["streams"] = min(max(count, 0), _MAX_STREAMS)
            return self._history(data)

        return self._file.change(edit)

    def note_preset(self, preset: str) -> History:
        """Note which preset was applied last; raises `StorageError`."""

        def edit(data: dict[str, Any]) -> History:
            data["preset"] = preset
            return self._history(data)

        return self._file.change(edit)

    def _channel(self, data: dict[str, Any], owner: str) -> dict[str, Any]:
        """Return what is filed by an owner, to be changed: nobody was sent anything later."""
        channels = _table(data.get("channels"))
        found = channels.pop(owner + self._suffix, None)
        channels[owner + self._suffix] = channel = _table(found)
        for name in list(channels)[:-_MAX_CHANNELS]:
            del channels[name]
        data["channels"] = channels
        return channel

    def _titles(self, data: dict[str, Any]) -> list[Any]:
        """Return the channel's titles, and those that were filed by no channel at first."""
        channels = _table(data.get("channels"))
        own = channels.get(self.owner.titles + self._suffix)
        if own is None and self.owner.earlier:
            own = channels.get(self.owner.earlier + self._suffix)
        return [*_list(_table(own).get("recent")), *_list(data.get("recent"))]

    def _history(self, data: dict[str, Any]) -> History:
        """Return what of it is understood."""
        streams, preset = data.get("streams"), data.get("preset")
        found = map(content_from_json, self._titles(data))
        count = streams if isinstance(streams, int) and not isinstance(streams, bool) else 0
        channel = None
        if self.owner.before:
            channel = _table(data.get("channels")).get(self.owner.before + self._suffix)
        return History(
            tuple(content for content in found if content and content.title)[:MAX_RECENT],
            content_from_json(_table(channel).get("before")) or PresetContent(),
            min(max(count, 0), _MAX_STREAMS),
            preset if isinstance(preset, str) else "",
        )


def _table(data: object) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _list(data: object) -> list[Any]:
    return data if isinstance(data, list) else []
