"""What opens the page, and who else may use it."""

from __future__ import annotations

import hashlib
import json
import stat
import time
from pathlib import Path

import pytest

from velora_core.errors import InvalidInput, StorageError
from velora_core.storage.page_access import FILE_NAME, MAX_PROGRAMS, PageAccess


@pytest.fixture
def access(tmp_path: Path) -> PageAccess:
    access = PageAccess(tmp_path)
    access.load(make=True)
    return access


def test_secret__is_made_once_and_long(access: PageAccess, tmp_path: Path) -> None:
    kept = json.loads((tmp_path / FILE_NAME).read_text())["secret"]
    assert len(kept) * 4 >= 128
    again = PageAccess(tmp_path)
    again.load(make=True)
    assert again.value_for("x").reveal() == access.value_for("x").reveal()
    assert access.value_for("x").reveal() != access.value_for("y").reveal()
    assert kept not in access.value_for("x").reveal()


def test_file__is_the_users_alone(access: PageAccess, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert access.programs == ()


def test_nothing__is_written_before_it_is_needed(tmp_path: Path) -> None:
    access = PageAccess(tmp_path)
    access.load(make=False)
    assert not list(tmp_path.iterdir())


def test_no_disk_space__opens_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    access = PageAccess(tmp_path / "file")
    with pytest.raises(StorageError):
        access.load(make=True)
    first = access.value_for("x").reveal()
    with pytest.raises(StorageError):
        access.load(make=True)
    assert access.value_for("x").reveal() == first


@pytest.mark.parametrize("kept", ["", "{", '{"version": 1, "secret": "short"}', "[]"])
def test_damaged_file__is_replaced(tmp_path: Path, kept: str) -> None:
    (tmp_path / FILE_NAME).write_text(kept)
    access = PageAccess(tmp_path)
    access.load(make=True)
    assert access.value_for("x")
    again = PageAccess(tmp_path)
    again.load(make=True)
    assert again.value_for("x").reveal() == access.value_for("x").reveal()


def test_token__is_kept_as_a_digest(access: PageAccess, tmp_path: Path) -> None:
    token = access.add("  Deck \n one ")
    assert [program.name for program in access.programs] == ["Deck one"]
    assert token.reveal() not in (tmp_path / FILE_NAME).read_text()
    assert access.token_id(token.reveal()) == access.programs[0].id
    for wrong in ("", token.reveal()[:-1], token.reveal() + "x", "ü", "\ud800"):
        assert access.token_id(wrong) is None


def test_token__of_another_program_of_the_user_counts_as_soon_as_it_is_looked_for(
    access: PageAccess, tmp_path: Path
) -> None:
    other = PageAccess(tmp_path)
    other.load(make=True)
    token = other.add("Deck")
    assert access.token_id(token.reveal()) is None
    access.look()
    program = access.token_id(token.reveal())
    assert program is not None
    access.revoke(program)
    other.look()
    assert other.token_id(token.reveal()) is None


def test_revoked__even_if_it_can_not_be_stored(
    access: PageAccess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = access.add("Deck")

    def full(*_: object) -> None:
        raise StorageError(folder=tmp_path, reason="full")

    monkeypatch.setattr("velora_core.storage.private_file.PrivateFile.write", full)
    with pytest.raises(StorageError):
        access.revoke(access.programs[0].id)
    assert access.token_id(token.reveal()) is None
    with pytest.raises(StorageError):
        access.add("Another")
    assert access.programs == ()


def test_programs__have_names_and_an_end(access: PageAccess) -> None:
    with pytest.raises(InvalidInput, match="no name"):
        access.add("  ")
    for number in range(MAX_PROGRAMS):
        access.add(f"Deck {number}")
    with pytest.raises(InvalidInput, match="20 programs"):
        access.add("One more")
    access.revoke(access.programs[3].id)
    assert access.add("One more")


def test_damaged_programs__are_nobody(tmp_path: Path) -> None:
    programs = {"1": {"name": "x"}, "2": "x", "3": {"name": "x", "digest": "ü"}}
    content = {"version": 1, "secret": "a" * 64, "programs": programs}
    (tmp_path / FILE_NAME).write_text(json.dumps(content))
    access = PageAccess(tmp_path)
    access.load(make=True)
    assert access.token_id("x") is None
    access.add("Deck")
    access.remove()
    assert not (tmp_path / FILE_NAME).exists()


def test_entry__opens_once_at_its_port_and_is_kept_as_a_digest(
    access: PageAccess, tmp_path: Path
) -> None:
    entry = access.add_entry(17655).reveal()
    assert entry not in (tmp_path / FILE_NAME).read_text()
    other = PageAccess(tmp_path)
    other.load(make=False)
    assert not other.use_entry(entry, 17656)
    assert not other.use_entry(entry + "x", 17655)
    assert other.use_entry(entry, 17655)
    assert not other.use_entry(entry, 17655)
    assert not access.use_entry(entry, 17655)  # although it has not looked since


def test_entry__waits_a_month(access: PageAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = access.add_entry(17655).reveal()
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 31 * 86400)
    assert not access.use_entry(entry, 17655)


def test_entry__ends_what_the_same_dock_had_before(access: PageAccess, tmp_path: Path) -> None:
    first, other = access.add_entry(17655).reveal(), access.add_entry(17655, "other").reveal()
    second = access.add_entry(17655).reveal()
    assert not access.use_entry(first, 17655)
    assert access.use_entry(second, 17655)
    assert access.use_entry(other, 17655)
    assert first not in (tmp_path / FILE_NAME).read_text()


def test_entry__ends_those_of_no_dock(tmp_path: Path) -> None:
    """An earlier version did not keep which dock an entry was for."""
    earlier = hashlib.sha256(b"17655:earlier").hexdigest()
    content = {"version": 1, "secret": "5" * 64, "entries": {earlier: time.time() + 86400}}
    (tmp_path / FILE_NAME).write_text(json.dumps(content))
    access = PageAccess(tmp_path)
    access.add_entry(17655, "dock")
    assert not access.use_entry("earlier", 17655)


def test_entries__of_which_the_latest_four_wait(access: PageAccess) -> None:
    made = [access.add_entry(17655, f"dock {number}").reveal() for number in range(5)]
    assert [access.use_entry(entry, 17655) for entry in made] == [False, *[True] * 4]


def test_entry__that_can_not_be_used_up__opens_nothing(
    access: PageAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = access.add_entry(17655).reveal()
    with monkeypatch.context() as patch:
        patch.setattr("velora_core.storage.private_file.PrivateFile.write", _full)
        assert not access.use_entry(entry, 17655)
    assert access.use_entry(entry, 17655)


def _full(*_: object) -> None:
    raise StorageError(folder="full", reason="No space left on device")


def test_damaged_entries__are_none(tmp_path: Path) -> None:
    kept = {
        "version": 1,
        "secret": "5" * 64,
        "entries": {"é": 9e9, "a": "x", "b": None, "c": 10**400},
        "entry_docks": {"x": "a", "y": 5, "z": None},
    }
    (tmp_path / FILE_NAME).write_text(json.dumps(kept))
    access = PageAccess(tmp_path)
    access.load(make=True)
    assert not access.use_entry("a", 17655)
    assert access.use_entry(access.add_entry(17655).reveal(), 17655)
