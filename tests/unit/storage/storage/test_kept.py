"""What is kept is there the next time, and nothing else of it is."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import CATEGORIES, OTHER, TOKEN
from tests.unit.storage.storage.contents import (
    ADDRESSES,
    KEPT,
    SIGN_IN,
    MemoryKeyring,
    Storage,
    applied,
    contents,
    drop,
    fill,
    kept_in,
    to,
)
from velora_core.errors import StorageError
from velora_core.host.destination import IngestAddresses
from velora_core.secret import Secret
from velora_core.storage.system_keyring import Keyring
from velora_hosts.obs.service import destination_of


@pytest.mark.parametrize("with_keyring", [False, True])
def test_all_of_it__is_there_the_next_time(
    folder: Path, backend: MemoryKeyring, with_keyring: bool
) -> None:
    keyring = Keyring(backend) if with_keyring else None
    first = Storage(folder, keyring)
    fill(first)
    second = Storage(folder, keyring)
    assert contents(second) == contents(first)
    assert second.token == Secret(TOKEN)
    second.save_sign_in(SIGN_IN)
    third = Storage(folder, keyring)
    assert third.sign_in == SIGN_IN
    assert third.reload_sign_in() == SIGN_IN
    assert third.token is None
    assert (folder / "secrets.json").exists() is not with_keyring


def test_files__are_for_their_owner_only(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    fill(Storage(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["known.json", "secrets.json", "secrets.lock"]
    assert (folder / "secrets.lock").read_bytes() == b""


def test_secrets__are_in_one_place_only(folder: Path, backend: MemoryKeyring) -> None:
    fill(Storage(folder, Keyring(backend)))
    assert TOKEN not in "".join(file.read_text() for file in folder.iterdir())
    assert TOKEN in "".join(backend.entries.values())


def test_unchanged__nothing_is_written(folder: Path, mocker: MockerFixture) -> None:
    storage = Storage(folder)
    fill(storage)
    write = mocker.patch("velora_core.storage.private_file.PrivateFile.write")
    fill(storage)
    write.assert_not_called()


def test_sign_out__forgets_but_keeps_the_way_back(folder: Path, backend: MemoryKeyring) -> None:
    for keyring in (None, Keyring(backend)):
        storage = Storage(folder, keyring)
        fill(storage)
        storage.save_sign_in(SIGN_IN)
        storage.forget_sign_in()
        again = Storage(folder, keyring)
        assert (again.token, again.sign_in, again.client) == (None, None, None)
        assert kept_in(again) == {"Main": [KEPT]}
        drop(storage, "Main")
        storage.save_audio_before_whip("Main", None)
        storage.forget_sign_in()
        assert backend.entries == {}
        assert not (folder / "secrets.json").exists()


def test_sign_out__of_a_locked_keyring_is_said(folder: Path, backend: MemoryKeyring) -> None:
    storage = Storage(folder, Keyring(backend))
    storage.save_token(Secret(TOKEN))
    backend.locked = True
    with pytest.raises(StorageError) as said:
        storage.forget_sign_in()
    assert str(said.value) == (
        "You are signed out here. Your system's keyring is locked (RuntimeError) and still has "
        "your sign-in: unlock it, and your sign-in is deleted there, too."
    )
    with pytest.raises(StorageError, match=r"still has what was to be deleted: unlock it"):
        Storage(folder, Keyring(backend)).forget_everything()
    storage.save_token(Secret(TOKEN))
    with pytest.raises(StorageError):
        storage.forget_sign_in()
    assert storage.token is None
    backend.locked = False  # and is not back when the keyring is
    opened = Storage(folder, Keyring(backend))
    assert opened.token is None
    opened.move_to_keyring()
    assert backend.entries == {}
    assert not (folder / "secrets.json").exists()


@pytest.mark.parametrize("with_keyring", [False, True])
def test_origins__have_nothing_of_each_other_but_the_way_back(
    folder: Path, backend: MemoryKeyring, with_keyring: bool
) -> None:
    keyring = Keyring(backend) if with_keyring else None
    own = Storage(folder, keyring)
    fill(own)
    own.save_applied_key("Main", Secret("live_test_own"))
    own.save_sign_in(SIGN_IN)
    own.save_token(Secret(TOKEN))
    before = contents(Storage(folder, keyring))

    other = Storage(folder, keyring, origin="http://127.0.0.1:8080")
    assert contents(other) == (None, None, None, own.previous, own.audio_before_whip, None, ())
    assert (other.applied_keys, other.velora_addresses) == ({}, ())
    other.save_sign_in(SIGN_IN._replace(name="Other"))
    other.save_applied_key("Main", Secret("live_test_other"))
    other.save_addresses(ADDRESSES._replace(rtmp="rtmp://127.0.0.1/live"))
    other.save_categories(CATEGORIES[:1])
    again = Storage(folder, keyring, origin="http://127.0.0.1:8080")
    assert again.reload_sign_in() == again.sign_in == SIGN_IN._replace(name="Other")
    assert (applied(again), again.categories) == ({"Main": ("live_test_other",)}, CATEGORIES[:1])
    again.forget_sign_in()
    assert Storage(folder, keyring, origin="http://127.0.0.1:8080").sign_in is None

    kept = Storage(folder, keyring)
    assert contents(kept) == before
    assert applied(kept) == {"Main": ("live_test_own",)}
    assert not kept.is_velora(to("rtmp://127.0.0.1/live"))
    kept.forget_everything()
    assert backend.entries == {}
    assert not folder.exists()


def test_origins__in_a_file_from_a_locked_keyring_lose_nothing(
    folder: Path, backend: MemoryKeyring
) -> None:
    def sandbox() -> Storage:
        return Storage(folder, Keyring(backend), origin="https://sandbox.test")

    sandbox().save_applied_key("Main", Secret("live_test_1"))
    backend.locked = True
    sandbox().save_applied_key("Second", Secret("live_test_2"))
    backend.locked = False
    Storage(folder, Keyring(backend)).save_token(Secret(TOKEN))  # takes the file over
    assert not (folder / "secrets.json").exists()
    assert applied(sandbox()) == {"Main": ("live_test_1",), "Second": ("live_test_2",)}


def test_addresses__earlier_ones_are_remembered(folder: Path) -> None:
    moves = [IngestAddresses(f"rtmp://{n}.test/live", "srt://b", "https://c") for n in range(30)]
    storage = Storage(folder)
    assert not storage.is_velora(to(moves[0].rtmp))
    for item in [*moves, moves[-2], moves[-1]]:
        storage.save_addresses(item)
    for kept in (storage, Storage(folder)):
        assert kept.addresses == moves[-1]
        assert all(kept.is_velora(to(move.rtmp)) for move in moves[15:])
        assert not kept.is_velora(destination_of(OTHER))
    stored = json.loads((folder / "known.json").read_text())
    assert len(stored["earlier_addresses"]) == 20
    assert len({tuple(earlier_address) for earlier_address in stored["earlier_addresses"]}) == 20


def test_addresses__of_a_file_without_earlier_ones(folder: Path) -> None:
    folder.mkdir()
    (folder / "known.json").write_text(
        json.dumps({"version": 1, "addresses": list(ADDRESSES), "earlier_addresses": [5, ["x"]]})
    )
    assert Storage(folder).addresses == ADDRESSES
    assert Storage(folder).is_velora(to("rtmp://a"))
