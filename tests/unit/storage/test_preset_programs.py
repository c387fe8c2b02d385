"""The programs that a preset is for, as they are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from velora_core.errors import PresetFileDamaged, PresetGone
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import PresetStore


@pytest.fixture
def store(folder: Path) -> PresetStore:
    return PresetStore(folder)


def kept(folder: Path) -> dict[str, Any]:
    file = folder / "presets.json"
    entry: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["presets"][0]
    return entry


def test_programs__are_kept_and_given_up(store: PresetStore, folder: Path) -> None:
    preset = store.add("Chess", PresetContent(title="T"))
    saved = store.use_for(preset.id, ("chess.exe", "Chess *"), while_live=True)
    assert (saved.programs, saved.while_live) == (("chess.exe", "Chess *"), True)
    assert store.overwrite(preset.id, PresetContent(title="U")).programs == saved.programs
    assert store.rename(preset.id, "Go").while_live
    assert PresetStore(folder).read() == (
        saved._replace(name="Go", content=PresetContent(title="U")),
    )
    store.use_for(preset.id, (), while_live=True)
    assert kept(folder) == {"id": preset.id, "name": "Go", "title": "U"}
    with pytest.raises(PresetGone):
        store.use_for("gone", (), while_live=False)


def test_programs__travel_with_an_export(store: PresetStore, tmp_path: Path) -> None:
    preset = store.add("Chess", PresetContent(title="T"))
    saved = store.use_for(preset.id, ("chess.exe",), while_live=False)
    store.export_to(tmp_path / "presets.json")
    store.delete(preset.id)
    store.import_from(tmp_path / "presets.json")
    assert store.read() == (saved,)


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({"programs": "chess"}, "presets[0].programs"),
        ({"programs": [1]}, "presets[0].programs"),
        ({"programs": ["chess"], "while_live": "yes"}, "presets[0].while_live"),
    ],
)
def test_programs__damaged(
    store: PresetStore, tmp_path: Path, entry: dict[str, Any], place: str
) -> None:
    file = tmp_path / "presets.json"
    whole = {"version": 1, "presets": [{"id": "a", "name": "A", **entry}]}
    file.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(PresetFileDamaged) as raised:
        store.import_from(file)
    assert raised.value.place == place


def test_imported__is_live_only_as_the_file_says(store: PresetStore, tmp_path: Path) -> None:
    saved = store.add("Chess", PresetContent("Chess"))
    store.use_for(saved.id, ("chess.exe",), while_live=False)
    store.export_to(tmp_path / "given.json")
    store.use_for(saved.id, ("go.exe",), while_live=True)
    assert store.import_from(tmp_path / "given.json").replaced == 1
    [imported] = store.read()
    assert (imported.programs, imported.while_live) == (("chess.exe",), False)
