"""Presets on disk: several programs, names, and files that come and go."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from velora_core.errors import (
    InvalidInput,
    PresetFileDamaged,
    PresetGone,
    PresetNameTaken,
    StorageError,
    StorageUnreadable,
)
from velora_core.host.host import HostScene
from velora_core.storage.file_lock import FileLock
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import MAX_PRESETS, Imported, Preset, PresetStore

FULL = PresetContent("Day {count}", "music", "Music", ("a", "b"))


@pytest.fixture
def store(folder: Path) -> PresetStore:
    return PresetStore(folder)


@pytest.fixture
def other(folder: Path) -> PresetStore:
    """Another program of the same user."""
    return PresetStore(folder)


def names(store: PresetStore) -> list[str]:
    return [item.name for item in store.read()]


def stored(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "presets.json").read_text(encoding="utf-8"))
    return found


def store_json(folder: Path, data: object) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "presets.json").write_text(json.dumps(data), encoding="utf-8")


def test_add__is_there_afterwards(store: PresetStore, other: PresetStore) -> None:
    assert store.read() == ()
    preset = store.add(" Evening ", FULL)
    assert preset == Preset(preset.id, "Evening", FULL)
    assert other.read() == (preset,)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Evening", "evening_"),
        ("Été à Köln, 2!", "ete_a_koln_2_"),
        ("🌙", ""),
        ("x" * 40, "x" * 24),
    ],
)
def test_id__tells_which_one_it_was(store: PresetStore, name: str, start: str) -> None:
    preset = store.add(name, FULL)
    assert preset.id.startswith(start)
    assert len(preset.id.removeprefix(start).lstrip("_")) == 8
    assert store.rename(preset.id, "Other").id == preset.id


@pytest.mark.parametrize(
    "content",
    [PresetContent(title="T"), PresetContent(category="x"), PresetContent(tags=()), FULL],
)
def test_content__is_kept_as_it_is(store: PresetStore, content: PresetContent) -> None:
    store.add("P", content)
    assert store.read()[0].content == content
    assert content


def test_content__empty() -> None:
    assert not PresetContent()


def test_fifty__with_emoji(store: PresetStore) -> None:
    wanted = [f"🎮 Nr. {number} 👩‍👩‍👧" for number in range(50)]
    for name in wanted:
        store.add(name, FULL)
    assert names(store) == wanted
    assert len({item.id for item in store.read()}) == 50


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Evening", "evening"),
        ("Évening", "E\u0301vening"),
        ("A  b", " a b "),
        ("☕", "☕\ufe0f"),
        ("Straße", "STRASSE"),
    ],
)
def test_name__the_same_twice(store: PresetStore, first: str, second: str) -> None:
    store.add(first, FULL)
    with pytest.raises(PresetNameTaken, match="already have a preset"):
        store.add(second, FULL)
    add = store.add("Another", FULL)
    with pytest.raises(PresetNameTaken):
        store.rename(add.id, second)
    assert names(store) == [first.strip(), "Another"]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 61])
def test_name__that_is_none(store: PresetStore, name: str) -> None:
    with pytest.raises(InvalidInput, match="name"):
        store.add(name, FULL)
    assert store.read() == ()


def test_rename__to_another_spelling_of_its_own(store: PresetStore) -> None:
    preset = store.add("evening", FULL)
    assert store.rename(preset.id, "Evening").name == "Evening"
    assert store.read() == (preset._replace(name="Evening"),)


def test_too_many(store: PresetStore, folder: Path) -> None:
    entries = [{"id": str(number), "name": str(number)} for number in range(MAX_PRESETS)]
    store_json(folder, {"version": 1, "presets": entries})
    with pytest.raises(InvalidInput, match="which is the most"):
        store.add("One more", FULL)


def test_overwrite__keeps_name_and_place(store: PresetStore) -> None:
    first, second = store.add("1", FULL), store.add("2", FULL)
    store.overwrite(first.id, PresetContent(tags=("new",)))
    assert store.read() == (first._replace(content=PresetContent(tags=("new",))), second)


def test_order(store: PresetStore) -> None:
    first, second, third = (store.add(name, FULL) for name in "123")
    store.move(third.id, -1)
    assert names(store) == ["1", "3", "2"]
    store.move(first.id, -1)
    store.move(second.id, 1)
    assert names(store) == ["1", "3", "2"]
    store.move(first.id, 1)
    assert names(store) == ["3", "1", "2"]


def test_order__what_is_not_understood_does_not_count(store: PresetStore, folder: Path) -> None:
    entries = [{"id": "a", "name": "A"}, {"of": "a later version"}, {"id": "b", "name": "B"}]
    store_json(folder, {"version": 1, "presets": entries})
    store.move("b", -1)
    assert names(store) == ["B", "A"]
    assert {"of": "a later version"} in stored(folder)["presets"]


def test_gone__in_another_program(store: PresetStore, other: PresetStore) -> None:
    preset = store.add("Evening", FULL)
    assert other.delete(preset.id) == preset
    acts: tuple[Callable[[], object], ...] = (
        lambda: store.rename(preset.id, "x"),
        lambda: store.delete(preset.id),
        lambda: store.move(preset.id, 1),
        lambda: store.overwrite(preset.id, FULL),
    )
    for act in acts:
        with pytest.raises(PresetGone, match="no longer exists"):
            act()
    assert store.read() == ()


def test_changed__tells_another_programs_change(store: PresetStore, other: PresetStore) -> None:
    assert store.changed()
    store.read()
    assert not store.changed()
    preset = other.add("Evening", FULL)
    assert store.changed()
    assert store.read() == (preset,)
    assert not store.changed()
    store.rename(preset.id, "Night")
    assert not store.changed()
    assert other.changed()


def test_both_at_once__nothing_is_lost(folder: Path) -> None:
    start = threading.Barrier(4)

    def add(program: int) -> None:
        store = PresetStore(folder)
        start.wait()
        for number in range(10):
            store.add(f"{program}.{number}", FULL)

    threads = [threading.Thread(target=add, args=(program,)) for program in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = {f"{program}.{number}" for program in range(4) for number in range(10)}
    found = names(PresetStore(folder))
    assert set(found) == wanted
    assert len(found) == 40


def test_held_by_another_program(
    store: PresetStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.storage.shared_file._LOCK_TIMEOUT", 0.0)
    with (
        FileLock(folder / "presets.lock").held(1.0),
        pytest.raises(StorageUnreadable, match="another program is writing it"),
    ):
        store.add("Evening", FULL)
    assert store.read() == ()


def test_unknown_fields__survive(store: PresetStore, folder: Path) -> None:
    entry = {"id": "a", "name": "A", "title": "T", "color": "red"}
    store_json(folder, {"version": 1, "presets": [entry], "later": [1]})
    store.rename("a", "B")
    store.overwrite("a", PresetContent(tags=()))
    assert stored(folder) == {
        "version": 1,
        "presets": [{"id": "a", "name": "B", "color": "red", "tags": []}],
        "later": [1],
    }


def test_damaged__is_put_aside(store: PresetStore, folder: Path) -> None:
    folder.mkdir()
    (folder / "presets.json").write_text("{", encoding="utf-8")
    assert store.read() == ()
    assert store.damaged
    store.add("Evening", FULL)
    assert (folder / "presets.json.damaged").read_text(encoding="utf-8") == "{"
    assert not store.damaged


def test_newer_version__is_left_alone(store: PresetStore, folder: Path) -> None:
    store_json(folder, {"version": 2, "presets": {}})
    with pytest.raises(StorageUnreadable, match="newer version"):
        store.read()
    with pytest.raises(StorageUnreadable, match="newer version"):
        store.add("Evening", FULL)
    assert stored(folder) == {"version": 2, "presets": {}}


@pytest.mark.parametrize("presets", [None, {}, "x", [1, None, {"id": 1}, {"id": "a"}]])
def test_nonsense__counts_as_none(store: PresetStore, folder: Path, presets: object) -> None:
    store_json(folder, {"version": 1, "presets": presets})
    assert store.read() == ()
    preset = store.add("Evening", FULL)
    assert store.read() == (preset,)


def test_scenes__each_has_one_preset(store: PresetStore, folder: Path) -> None:
    a, b = store.add("A", FULL), store.add("B", FULL)
    store.tie(a.id, HostScene("Game", "1"))
    store.tie(a.id, HostScene("Chat"))
    store.tie(b.id, HostScene("Renamed", "1"))
    assert [item.scenes for item in store.read()] == [
        (HostScene("Chat"),),
        (HostScene("Renamed", "1"),),
    ]
    store.scene_renamed("Renamed", "Game")
    store.overwrite(b.id, PresetContent(title="T"))
    assert store.read()[1].scenes == (HostScene("Game", "1"),)
    store.untie(b.id)
    assert "scenes" not in stored(folder)["presets"][1]


# -- files -------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "presets of mine.json"


def test_export__import_on_another_computer(
    store: PresetStore, file: Path, folder: Path, tmp_path: Path
) -> None:
    store_json(folder, {"version": 1, "presets": [{"id": "a", "name": "A", "new": 1}], "x": 2})
    store.add("Evening", FULL)
    assert store.export_to(file) == 2
    elsewhere = PresetStore(tmp_path / "elsewhere")
    mine = elsewhere.add("evening", PresetContent(title="Mine"))
    assert elsewhere.import_from(file) == Imported(added=2)
    assert names(elsewhere) == ["evening", "A", "Evening (2)"]
    assert elsewhere.read()[0] == mine
    assert elsewhere.read()[2].id == store.read()[1].id
    found = stored(tmp_path / "elsewhere")
    assert found["presets"][1]["new"] == 1
    assert found["x"] == 2
    assert elsewhere.import_from(file) == Imported(same=2)
    assert names(elsewhere) == ["evening", "A", "Evening (2)"]


def test_import__replaces_by_id(store: PresetStore, file: Path) -> None:
    preset = store.add("Evening", FULL)
    store.export_to(file)
    store.overwrite(preset.id, PresetContent(title="Other", tags=("x",)))
    store.rename(preset.id, "Night")
    store.add("Evening", PresetContent())
    assert store.import_from(file) == Imported(replaced=1)
    assert [(item.name, item.content) for item in store.read()] == [
        ("Evening (2)", FULL),
        ("Evening", PresetContent()),
    ]


def test_import__of_a_pipe_waits_for_nobody(store: PresetStore, file: Path) -> None:
    store.add("Evening", FULL)
    os.mkfifo(file)
    for special in (file, Path(os.devnull)):
        with pytest.raises(InvalidInput, match="is a pipe or a device, so nothing was imported"):
            store.import_from(special)
    assert names(store) == ["Evening"]


def test_import__of_a_file_that_has_nothing_to_read_yet(
    store: PresetStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(file)
    monkeypatch.setattr("stat.S_ISREG", lambda _: True)  # as such a file of the kernel's says
    writer = os.open(file, os.O_RDWR)
    try:
        with pytest.raises(PresetFileDamaged):
            store.import_from(file)
    finally:
        os.close(writer)


def test_export__overwrites_and_fails_whole(store: PresetStore, file: Path, folder: Path) -> None:
    file.write_text("before", encoding="utf-8")
    store.add("Evening", FULL)
    store.export_to(file)
    assert json.loads(file.read_text(encoding="utf-8")) == stored(folder)
    with pytest.raises(StorageError, match="can't be written to"):
        store.export_to(file / "x.json")
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{\n "version": 1,\n "presets": [}\n}', "line 3, column 14"),
        (b'{\n "x\xff": 1}', "line 2, column 4"),
        ("", "line 1, column 1"),
        ("[]", "its beginning"),
        ("[" * 100_000, "its beginning"),
        ("{}", "version"),
        ('{"version": true, "presets": []}', "version"),
        ('{"version": 1}', "presets"),
        ('{"version": 1, "presets": [1]}', "presets[0]"),
        ('{"version": 1, "presets": [{"name": "A"}]}', "presets[0].id"),
        ('{"version": 1, "presets": [{"id": "a", "name": " "}]}', "presets[0].name"),
        ('{"version": 1, "presets": [{"id": "a", "name": "a\\nb"}]}', "presets[0].name"),
        ('{"version": 1, "presets": [{"id": "a", "name": "A", "title": 1}]}', "presets[0].title"),
        ('{"version": 1, "presets": [{"id": "a", "name": "A", "tags": "x"}]}', "presets[0].tags"),
        (
            '{"version": 1, "presets": [{"id": "a", "name": "A", "tags": ["x", 1]}]}',
            "presets[0].tags[1]",
        ),
        (
            '{"version": 1, "presets": [{"id": "a", "name": "A", "category": "x"}]}',
            "presets[0].category",
        ),
        (
            '{"version": 1, "presets": [{"id": "a", "name": "A", "category": {"slug": 1}}]}',
            "presets[0].category.slug",
        ),
        (
            '{"version": 1, "presets": [{"id": "a", "name": "A", "category": {"slug": "x", '
            '"name": 1}}]}',
            "presets[0].category.name",
        ),
        (
            '{"version": 1, "presets": [{"id": "a", "name": "A", "scenes": {}}]}',
            "presets[0].scenes",
        ),
        (
            '{"version": 1, "presets": [{"id": "a", "name": "A", "scenes": [{"uuid": ""}]}]}',
            "presets[0].scenes[0]",
        ),
        (
            '{"version": 1, "presets": [{"id": "a", "name": "A"}, {"id": "a", "name": "B"}]}',
            "presets[1].id",
        ),
    ],
)
def test_import__damaged(
    store: PresetStore, file: Path, folder: Path, text: str | bytes, place: str
) -> None:
    store.add("Evening", FULL)
    before = (folder / "presets.json").read_bytes()
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PresetFileDamaged) as raised:
        store.import_from(file)
    assert raised.value.place == place
    assert "nothing was imported" in str(raised.value)
    assert (folder / "presets.json").read_bytes() == before


def test_import__too_large(store: PresetStore, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("velora_core.storage.presets._MAX_BYTES", 10)
    file.write_text(" " * 11, encoding="utf-8")
    with pytest.raises(PresetFileDamaged, match="its end"):
        store.import_from(file)


def test_import__newer_or_missing(store: PresetStore, file: Path) -> None:
    with pytest.raises(StorageUnreadable, match="can't be read right now"):
        store.import_from(file)
    file.write_text('{"version": 2}', encoding="utf-8")
    with pytest.raises(InvalidInput, match="newer version"):
        store.import_from(file)
    assert store.read() == ()


def test_import__too_many(store: PresetStore, file: Path) -> None:
    store.add("Evening", FULL)
    entries = [{"id": str(number), "name": str(number)} for number in range(MAX_PRESETS)]
    file.write_text(json.dumps({"version": 1, "presets": entries}), encoding="utf-8")
    with pytest.raises(InvalidInput, match="which is the most"):
        store.import_from(file)
    assert names(store) == ["Evening"]


def test_import__a_mark_at_the_beginning(store: PresetStore, file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbf{"version": 1, "presets": [{"id": "a", "name": "A"}]}')
    assert store.import_from(file) == Imported(added=1)


def test_import__far_too_many_are_not_compared(
    store: PresetStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.storage.presets._take", None)  # takes as long as their square
    entries = [{"id": str(number), "name": "A"} for number in range(MAX_PRESETS + 1)]
    file.write_text(json.dumps({"version": 1, "presets": entries}), encoding="utf-8")
    with pytest.raises(InvalidInput, match="which is the most"):
        store.import_from(file)
