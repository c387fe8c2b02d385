"""One preset as it is kept, and as it is used."""

from __future__ import annotations

from typing import Any, NamedTuple

from velora_core.errors import InvalidInput, PresetFileDamaged
from velora_core.host.host import HostScene

from .preset_content import PresetContent, content_to_json, read_content
from .preset_names import checked_name

__all__ = [
    "Preset",
    "content_into",
    "read_preset",
    "scenes_of",
    "set_programs",
    "set_scenes",
]


class Preset(NamedTuple):
    """A preset as it is shown and used.

    Attributes:
        id: nothing changes it, and no other preset has it.
        name: as the streamer calls it.
        content: what it sets.
        scenes: those that have it sent when they go on air.
        programs: those that it is for: an executable or a window's title, with ``*`` for any text.
        while_live: whether it is sent as well when one is captured while a stream runs.
    """

    id: str
    name: str
    content: PresetContent
    scenes: tuple[HostScene, ...] = ()
    programs: tuple[str, ...] = ()
    while_live: bool = False


def content_into(entry: dict[str, Any], content: PresetContent) -> dict[str, Any]:
    """Return an entry with another content; what else it has stays."""
    rest = {
        name: value for name, value in entry.items() if name not in ("title", "category", "tags")
    }
    return {**rest, **content_to_json(content)}


def read_preset(entry: object, where: str = "", file: object = "") -> Preset:
    """Read one entry; raise `PresetFileDamaged` with the path of what is wrong."""

    def wrong(name: str) -> PresetFileDamaged:
        return PresetFileDamaged(file=file, place=f"{where}{name}")

    if not isinstance(entry, dict):
        raise wrong("")
    for name in ("id", "name"):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise wrong(f".{name}")
    try:
        called = checked_name(entry["name"])
    except InvalidInput:
        raise wrong(".name") from None
    content = read_content(entry, wrong)
    scenes = entry.get("scenes", [])
    if not isinstance(scenes, list):
        raise wrong(".scenes")
    for place, scene in enumerate(scenes):
        if not isinstance(scene, dict) or not isinstance(scene.get("name"), str):
            raise wrong(f".scenes[{place}]")
    programs = entry.get("programs", [])
    if not isinstance(programs, list) or not all(isinstance(name, str) for name in programs):
        raise wrong(".programs")
    while_live = entry.get("while_live", False)
    if not isinstance(while_live, bool):
        raise wrong(".while_live")
    return Preset(
        entry["id"], called, content, tuple(scenes_of(entry)), tuple(programs), while_live
    )


def scenes_of(entry: dict[str, Any]) -> list[HostScene]:
    """Return the scenes of an entry that has been checked."""
    return [
        HostScene(scene["name"], str(scene.get("uuid", ""))) for scene in entry.get("scenes", ())
    ]


def set_scenes(entry: dict[str, Any], scenes: list[HostScene]) -> None:
    """Have these scenes mean an entry, and no others."""
    if scenes:
        entry["scenes"] = [
            {"name": scene.name, "uuid": scene.uuid} if scene.uuid else {"name": scene.name}
            for scene in scenes
        ]
    else:
        entry.pop("scenes", None)


def set_programs(entry: dict[str, Any], programs: tuple[str, ...], *, while_live: bool) -> None:
    """Have an entry be for these programs, and no others."""
    for name in ("programs", "while_live"):
        entry.pop(name, None)
    if programs:
        entry["programs"] = list(programs)
        if while_live:
            entry["while_live"] = True
