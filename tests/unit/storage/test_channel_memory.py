"""What is remembered of a channel: categories that were used or starred, and its title."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from velora_core.api.models import Category
from velora_core.errors import StorageError
from velora_core.storage.channel_memory import ChannelMemory, TitleRecord

MUSIC, ART = Category("music", "Music"), Category("art", "Art")


def memory(folder: Path, **more: object) -> ChannelMemory:
    made = ChannelMemory(folder, **more)  # type: ignore[arg-type]
    made.read()
    return made


def test_used__the_last_one_first_and_twenty_at_most(tmp_path: Path) -> None:
    kept = memory(tmp_path)
    for number in range(30):
        kept.use(Category(f"c-{number}", f"C {number}"))
    kept.use(Category("c-15", "C 15"))
    assert memory(tmp_path).recent == kept.recent
    assert len(kept.recent) == 20
    assert [category.slug for category in kept.recent[:3]] == ["c-15", "c-29", "c-28"]


def test_used__the_same_again_writes_nothing(tmp_path: Path) -> None:
    kept = memory(tmp_path)
    kept.use(MUSIC)
    (tmp_path / "channel.json").unlink()
    kept.use(MUSIC)
    assert not (tmp_path / "channel.json").exists()


def test_gone__is_no_longer_offered_but_keeps_its_star(tmp_path: Path) -> None:
    kept = memory(tmp_path)
    kept.use(MUSIC)
    kept.star(MUSIC, starred=True)
    kept.forget("music")
    kept.forget("never-there")
    assert (memory(tmp_path).recent, memory(tmp_path).starred) == ((), (MUSIC,))


def test_starred__and_not(tmp_path: Path) -> None:
    kept = memory(tmp_path)
    kept.star(MUSIC, starred=True)
    kept.star(ART, starred=True)
    kept.star(MUSIC, starred=True)
    assert memory(tmp_path).starred == (MUSIC, ART)
    kept.star(MUSIC, starred=False)
    assert memory(tmp_path).starred == (ART,)


def test_two_programs__keep_each_others_changes(tmp_path: Path) -> None:
    first, other = memory(tmp_path), memory(tmp_path)
    first.star(MUSIC, starred=True)
    other.star(ART, starred=True)
    other.use(ART)
    assert memory(tmp_path).starred == other.starred == (ART, MUSIC)
    first.read()
    assert first.recent == (ART,)


def test_another_velora__has_its_own(tmp_path: Path) -> None:
    memory(tmp_path).use(MUSIC)
    test = memory(tmp_path, origin="http://127.0.0.1:5000")
    assert test.recent == ()
    test.use(ART)
    assert memory(tmp_path).recent == (MUSIC,)


def test_read_only__writes_nothing(tmp_path: Path) -> None:
    kept = memory(tmp_path, read_only=True)
    kept.use(MUSIC)
    kept.note_title("T", at=1.0, channel="me", sent=True)
    assert kept.recent == (MUSIC,)
    assert list(tmp_path.iterdir()) == []


def test_unwritable__holds_for_this_session(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    channel_memory = ChannelMemory(tmp_path / "file")
    with pytest.raises(StorageError):
        channel_memory.use(MUSIC)
    assert channel_memory.recent == (MUSIC,)


def test_title__since_when_and_what_was_sent(tmp_path: Path) -> None:
    kept = memory(tmp_path)
    kept.note_title("Ours", at=100.0, channel="me", sent=True)
    kept.note_title("Ours", at=200.0, channel="me", sent=False)
    assert memory(tmp_path).title == TitleRecord("Ours", 100.0, "Ours", "me")
    kept.note_title("Theirs", at=300.0, channel="me", sent=False)
    assert memory(tmp_path).title == TitleRecord("Theirs", 300.0, "Ours", "me")
    kept.note_title("Theirs", at=400.0, channel="other", sent=False)
    assert memory(tmp_path).title == TitleRecord("Theirs", 400.0, None, "other")


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "nonsense",
        "[]",
        json.dumps({"version": 1, "recent_categories": 5, "starred_categories": {}, "title": []}),
        json.dumps({"version": 1, "recent_categories": [5, [], ["a"], ["", "A"], ["a", None]]}),
        json.dumps({"version": 1, "title": ["T", True, None, "me"]}),
        json.dumps({"version": 1, "title": ["T", 1e12, None, "me"]}),
        json.dumps({"version": 1, "title": [None, 1.0, None, "me"]}),
    ],
)
def test_damaged__counts_as_empty(tmp_path: Path, damage: str) -> None:
    (tmp_path / "channel.json").write_text(damage, encoding="utf-8")
    kept = memory(tmp_path)
    assert (kept.recent, kept.starred, kept.title) == ((), (), None)


def test_removed(tmp_path: Path) -> None:
    kept = memory(tmp_path)
    kept.use(MUSIC)
    kept.remove()
    assert list(tmp_path.iterdir()) == []
