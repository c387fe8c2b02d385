"""The titles of before, what Velora had, and the count of streams."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from velora_core.storage.history import MAX_RECENT, ChannelOwner, History, HistoryStore
from velora_core.storage.preset_content import PresetContent

FULL = PresetContent("Day {count}", "music", "Music", ("a", "b"))
NOTHING = PresetContent()


@pytest.fixture
def store(folder: Path) -> HistoryStore:
    store = HistoryStore(folder)
    store.owner = ChannelOwner("a", "a")
    return store


def store_json(folder: Path, data: object) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "history.json").write_text(json.dumps(data), encoding="utf-8")


def test_nothing_yet(store: HistoryStore) -> None:
    assert store.read() == History()


def test_recent__the_newest_first_and_each_once(store: HistoryStore, folder: Path) -> None:
    other = HistoryStore(folder)
    other.owner = store.owner
    store.add_sent(FULL, NOTHING)
    other.add_sent(PresetContent(title="B"), NOTHING)
    assert store.changed()
    found = store.add_sent(FULL, NOTHING)
    assert found.recent == (FULL, PresetContent(title="B"))
    assert store.read() == found


def test_recent__only_so_many(store: HistoryStore) -> None:
    for number in range(MAX_RECENT + 2):
        found = store.add_sent(PresetContent(title=str(number)), NOTHING)
    assert len(found.recent) == MAX_RECENT
    assert found.recent[0].title == str(MAX_RECENT + 1)


def test_recent__without_a_title_is_none(store: HistoryStore) -> None:
    assert store.add_sent(PresetContent(tags=("a",)), FULL) == History(before=FULL)


def test_before__stays_when_it_is_not_known(store: HistoryStore) -> None:
    store.add_sent(FULL, PresetContent(tags=()))
    assert store.add_sent(FULL, NOTHING).before == PresetContent(tags=())


def test_streams(store: HistoryStore) -> None:
    assert store.count_stream().streams == 1
    assert store.set_streams(41).streams == 41
    assert store.count_stream().streams == 42
    assert store.set_streams(-1).streams == 0
    assert store.set_streams(10**9).streams == 10**6
    assert store.count_stream().streams == 10**6


def test_preset__that_was_applied(store: HistoryStore) -> None:
    store.note_preset("id")
    assert store.read().preset == "id"


def test_nonsense__and_unknown_fields(store: HistoryStore, folder: Path) -> None:
    nonsense = {"version": 1, "recent": [1, {"title": 1}, {"tags": []}], "streams": True}
    store_json(folder, {**nonsense, "before": [], "preset": 7, "later": 1})
    assert store.read() == History()
    store.count_stream()
    data = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    assert (data["streams"], data["later"], data["recent"]) == (1, 1, nonsense["recent"])


def test_channels_of_another_velora__are_others(store: HistoryStore, folder: Path) -> None:
    store.add_sent(FULL, FULL)
    other = HistoryStore(folder, origin="https://elsewhere.test")
    other.owner = store.owner
    assert other.read() == History()
    other.add_sent(FULL, NOTHING)
    assert store.read().before == FULL
