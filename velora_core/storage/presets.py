"""Presets: named sets of title, category and tags, in a file of their own.

They belong to the user. Two programs of one user may change them at once: each change is made to
what the file has at that moment, and names the preset by an id that nothing changes.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from velora_core.errors import (
    InvalidInput,
    PresetFileDamaged,
    PresetGone,
    StorageError,
    StorageUnreadable,
)
from velora_core.host.host import HostScene
from velora_core.messages import message

from .preset_content import PresetContent
from .preset_entry import (
    Preset,
    content_into,
    read_preset,
    scenes_of,
    set_programs,
    set_scenes,
)
from .preset_names import NAME_LIMIT, free_name, new_id, numbered
from .shared_file import SharedFile

__all__ = [
    "MAX_PRESETS",
    "NAME_LIMIT",
    "Imported",
    "Preset",
    "PresetStore",
]

FILE_NAME: Final = "presets.json"
MAX_PRESETS: Final = 200
_VERSION: Final = 1
_MAX_BYTES: Final = 8 * 1024 * 1024


class Imported(NamedTuple):
    """What an import has done.

    Attributes:
        added: presets that were not there.
        replaced: presets that were there with other content.
        same: presets that were there as they are in the file.
    """

    added: int = 0
    replaced: int = 0
    same: int = 0


class PresetStore:
    """The presets of one user. The worker's thread only."""

    def __init__(self, folder: Path) -> None:
        self._file = SharedFile(folder / FILE_NAME)

    @property
    def path(self) -> Path:
        """The file that has them."""
        return self._file.path

    def remove(self) -> None:
        """Delete all of them; raises `StorageError`."""
        self._file.remove()

    @property
    def damaged(self) -> bool:
        """Whether the file made no sense when it was read last."""
        return self._file.damaged

    def changed(self) -> bool:
        """Return whether another program may have changed them."""
        return self._file.changed()

    def read(self) -> tuple[Preset, ...]:
        """Return the presets in their order; raises `StorageUnreadable`."""
        return _presets(self._file.read())

    def add(self, name: str, content: PresetContent) -> Preset:
        """Add a preset at the end.

        Raises:
            InvalidInput: the name is taken or can't be one, or there are too many.
            StorageError: it could not be stored.
        """

        def edit(data: dict[str, Any]) -> Preset:
            entries = _entries(data)
            if len(entries) >= MAX_PRESETS:
                raise InvalidInput("error.presets_full", limit=MAX_PRESETS)
            free = free_name(name, entries)
            preset = Preset(new_id(free), free, content)
            entries.append(content_into({"id": preset.id, "name": preset.name}, content))
            return preset

        return self._file.change(edit)

    def overwrite(self, preset: str, content: PresetContent) -> Preset:
        """Replace what a preset sets; raises as `add`, and `PresetGone`."""

        def edit(data: dict[str, Any]) -> Preset:
            entries = _entries(data)
            place = _place(entries, preset)
            entries[place] = content_into(entries[place], content)
            return read_preset(entries[place])

        return self._file.change(edit)

    def rename(self, preset: str, name: str) -> Preset:
        """Give a preset another name; raises as `add`, and `PresetGone`."""

        def edit(data: dict[str, Any]) -> Preset:
            entries = _entries(data)
            entry = entries[_place(entries, preset)]
            entry["name"] = free_name(name, (other for other in entries if other is not entry))
            return read_preset(entry)

        return self._file.change(edit)

    def delete(self, preset: str) -> Preset:
        """Delete a preset, and return it; raises `PresetGone` and `StorageError`."""

        def edit(data: dict[str, Any]) -> Preset:
            entries = _entries(data)
            return read_preset(entries.pop(_place(entries, preset)))

        return self._file.change(edit)

    def move(self, preset: str, by: int) -> Preset:
        """Move a preset up (-1) or down (1) in the order; raises as `delete`."""

        def edit(data: dict[str, Any]) -> Preset:
            entries = _entries(data)
            shown = [place for place, other in enumerate(entries) if _understood(other)]
            at = shown.index(_place(entries, preset))
            to = shown[min(max(at + by, 0), len(shown) - 1)]
            entry = entries.pop(shown[at])
            entries.insert(to, entry)
            return read_preset(entry)

        return self._file.change(edit)

    def tie(self, preset: str, scene: HostScene) -> Preset:
        """Have a scene mean a preset, and no other; raises as `delete`."""

        def edit(data: dict[str, Any]) -> Preset:
            entries = _entries(data)
            entry = entries[_place(entries, preset)]
            for other in entries:
                if _understood(other):
                    set_scenes(
                        other, [tied for tied in scenes_of(other) if not tied.is_same(scene)]
                    )
            set_scenes(entry, [*scenes_of(entry), scene])
            return read_preset(entry)

        return self._file.change(edit)

    def untie(self, preset: str) -> Preset:
        """Have no scene mean a preset; raises as `delete`."""

        def edit(data: dict[str, Any]) -> Preset:
            entries = _entries(data)
            entry = entries[_place(entries, preset)]
            set_scenes(entry, [])
            return read_preset(entry)

        return self._file.change(edit)

    def scene_renamed(self, before: str, after: str) -> bool:
        """Follow a scene that has another name; return whether a preset has it.

        Raises:
            StorageError: it can't be read or written.
        """

        def tied(data: dict[str, Any]) -> list[dict[str, Any]]:
            return [
                entry
                for entry in _entries(data)
                if _understood(entry) and any(scene.name == before for scene in scenes_of(entry))
            ]

        def edit(data: dict[str, Any]) -> None:
            for entry in tied(data):
                scenes = [
                    scene._replace(name=after) if scene.name == before else scene
                    for scene in scenes_of(entry)
                ]
                set_scenes(entry, scenes)

        if not tied(self._file.peek()):
            return False
        self._file.change(edit)
        return True

    def use_for(self, preset: str, programs: tuple[str, ...], *, while_live: bool) -> Preset:
        """Have a preset be for these programs, and no others; raises as `delete`.

        Args:
            preset: its id.
            programs: see `Preset`.
            while_live: see `Preset`.
        """

        def edit(data: dict[str, Any]) -> Preset:
            entries = _entries(data)
            entry = entries[_place(entries, preset)]
            set_programs(entry, programs, while_live=while_live)
            return read_preset(entry)

        return self._file.change(edit)

    def export_to(self, path: Path) -> int:
        """Write all presets into a file of the streamer's; return how many.

        Raises:
            StorageError: it can't be written; what was there before still is.
        """
        data = {**self._file.peek(), "version": _VERSION}
        entries = _entries(data)
        try:
            handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                    json.dump(data, file, ensure_ascii=False, indent=1)
                os.replace(temporary, path)
            except BaseException:
                with suppress(OSError):
                    os.unlink(temporary)
                raise
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StorageError(folder=path.parent, reason=reason) from None
        return sum(map(_understood, entries))

    def import_from(self, path: Path) -> Imported:
        """Take over the presets of a file that `export_to` has written, all or none.

        A preset that is here already, by its id, is replaced; the others are added, with a number
        behind a name that is taken.

        Raises:
            PresetFileDamaged: it says where; nothing is changed.
            InvalidInput: it is no file, or has too many, or is of a newer version.
            StorageError: the file can't be read, or the presets can't be stored.
        """
        given = _read_export(path)

        def edit(data: dict[str, Any]) -> Imported:
            entries = _entries(data)
            done = Imported()
            for new in _entries(given):
                done = _take(entries, new, done)
            if len(entries) > MAX_PRESETS:
                raise InvalidInput("error.presets_full", limit=MAX_PRESETS)
            for name, value in given.items():
                data.setdefault(name, value)
            return done

        return self._file.change(edit)


def _take(entries: list[Any], new: dict[str, Any], done: Imported) -> Imported:
    """Put one entry of an imported file into `entries`; return the new tally."""
    place = next((at for at, other in enumerate(entries) if _id(other) == new["id"]), None)
    if place is None:
        entries.append({**new, "name": numbered(new["name"], entries)})
        return done._replace(added=done.added + 1)
    others = [other for at, other in enumerate(entries) if at != place]
    whole = {**entries[place], **new, "name": numbered(new["name"], others)}
    told_of_programs = ("while_live",) if "programs" in new else ()
    for name in ("title", "category", "tags", *told_of_programs):
        if name not in new:
            whole.pop(name, None)
    if whole == entries[place]:
        return done._replace(same=done.same + 1)
    entries[place] = whole
    return done._replace(replaced=done.replaced + 1)


# -- JSON --------------------------------------------------------------------------------------


def _entries(data: dict[str, Any]) -> list[Any]:
    """Return the list of presets in `data`, which is made if there is none."""
    found = data.get("presets")
    if not isinstance(found, list):
        found = data["presets"] = []
    return found


def _id(entry: object) -> str | None:
    found = entry.get("id") if isinstance(entry, dict) else None
    return found if isinstance(found, str) else None


def _place(entries: list[Any], preset: str) -> int:
    for place, entry in enumerate(entries):
        if _id(entry) == preset and _understood(entry):
            return place
    raise PresetGone


def _understood(entry: object) -> bool:
    try:
        read_preset(entry)
    except PresetFileDamaged:
        return False
    return True


def _presets(data: dict[str, Any]) -> tuple[Preset, ...]:
    """Return what of it is understood; the rest stays in the file."""
    found: dict[str, Preset] = {}
    for entry in _entries(data):
        with suppress(PresetFileDamaged):
            preset = read_preset(entry)
            found.setdefault(preset.id, preset)
    return tuple(found.values())


def _open_at_once(path: str, flags: int) -> int:
    """Open a file; a pipe that nobody writes into would be waited for."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _read_export(path: Path) -> dict[str, Any]:
    """Read and check the whole of an exported file."""
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            found: bytes | None = file.read(_MAX_BYTES + 1) if regular else None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageUnreadable(file=path, reason=reason) from None
    if not regular:
        raise InvalidInput("error.preset_file_special", file=path)
    raw = found or b""  # some files of the kernel's have nothing to read at this moment

    def wrong(place: str) -> PresetFileDamaged:
        return PresetFileDamaged(file=path, place=place)

    if len(raw) > _MAX_BYTES:
        raise wrong(message("damage.size", limit=_MAX_BYTES // 1024 // 1024))
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise wrong(message("damage.line", line=error.lineno, column=error.colno)) from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise wrong(message("damage.line", line=line, column=column)) from None
    except (ValueError, RecursionError):
        raise wrong(message("damage.whole")) from None
    if not isinstance(data, dict):
        raise wrong(message("damage.whole"))
    version = data.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > _VERSION:
        raise InvalidInput("error.preset_file_newer", file=path)
    if version != _VERSION or isinstance(version, bool):
        raise wrong("version")
    entries = data.get("presets")
    if not isinstance(entries, list):
        raise wrong("presets")
    if len(entries) > MAX_PRESETS:  # before each of them is compared with all others
        raise InvalidInput("error.presets_full", limit=MAX_PRESETS)
    ids = set[str]()
    for place, entry in enumerate(entries):
        preset = read_preset(entry, f"presets[{place}]", path)
        if preset.id in ids:
            raise wrong(f"presets[{place}].id")
        ids.add(preset.id)
    return data
