"""The services and keys of a profile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import OTHER
from tests.unit.storage.storage.contents import (
    AUDIO,
    KEPT,
    MemoryKeyring,
    Storage,
    applied,
    drop,
    keep,
    kept_in,
    service,
)
from velora_core.host.destination import Destination
from velora_core.secret import Secret
from velora_core.storage.system_keyring import Keyring
from velora_hosts.obs.service import setup_of, snapshot_of


def with_key(key: str) -> Destination:
    return Destination("rtmp", Secret(""), Secret(key))


def numbers(storage: Storage, profile: str = "Main") -> list[int]:
    servers = [setup_of(item.snapshot)[0].server for item in storage.previous.get(profile, ())]
    return [int(server.removeprefix("rtmp://").removesuffix(".test")) for server in servers]


def test_kept_services__the_newest_first_each_once_the_last_ten(folder: Path) -> None:
    storage = Storage(folder)
    for number in [*range(12), 5]:
        keep(storage, "Main", service(number))
    keep(storage, "Second", service(1))
    for item in (storage, Storage(folder)):
        assert numbers(item) == [5, 11, 10, 9, 8, 7, 6, 4, 3, 2]
        assert numbers(item, "Second") == [1]
    storage.keep_service("Main", snapshot_of(service(20), AUDIO), last=True)
    assert len(numbers(storage)) == 10
    assert len(json.loads((folder / "secrets.json").read_text())["previous_services"]) == 11


@pytest.mark.parametrize("with_keyring", [False, True])
def test_kept_services__of_two_programs_in_one_profile_stay(
    folder: Path, backend: MemoryKeyring, with_keyring: bool
) -> None:
    keyring = Keyring(backend) if with_keyring else None
    first, other = Storage(folder, keyring), Storage(folder, keyring)
    keep(first, "Main", service(1))
    keep(other, "Main", service(2))
    drop(first, "Main")
    assert numbers(Storage(folder, keyring)) == [2]
    keep(first, "Main", service(3))
    assert numbers(Storage(folder, keyring)) == [3, 2]


def test_kept_services__that_a_locked_keyring_hides_are_not_overwritten(
    folder: Path, backend: MemoryKeyring
) -> None:
    keep(Storage(folder, Keyring(backend)), "Main", service(1))
    backend.locked = True
    keep(Storage(folder, Keyring(backend)), "Main", service(2))
    backend.locked = False
    assert numbers(Storage(folder, Keyring(backend))) == [2, 1]


def test_kept_services__a_clock_that_goes_back_changes_no_order(
    folder: Path, mocker: MockerFixture
) -> None:
    storage = Storage(folder)
    keep(storage, "Main", service(1))
    mocker.patch("velora_core.storage.storage.time.time", return_value=5.0)
    keep(storage, "Main", service(2))
    assert numbers(storage) == [2, 1]


def as_at_first(folder: Path) -> None:
    """Filed by the bare name, one service and one key in each profile."""
    kept = {"kind": OTHER.kind, "settings": dict(OTHER.settings), "audio": list(AUDIO)}
    content = {
        "version": 1,
        "previous_services": {"Main": kept, "Second": kept},
        "audio_before_whip": {"Main": ["aac", "ffmpeg_aac"]},
        "given_keys": {"Main": "live_test_given"},
        "chosen_keys": {"Main": "live_test_chosen"},
    }
    folder.mkdir()
    (folder / "secrets.json").write_text(json.dumps(content))


def test_renamed_profile__all_of_it_goes_with_it_and_nothing_else(folder: Path) -> None:
    as_at_first(folder)
    storage = Storage(folder)
    storage.digest_keys()
    storage.rename_profile("Main", "/obs/Main")
    storage.rename_profile("none of that name", "/obs/Main")
    for item in (storage, Storage(folder)):
        assert kept_in(item) == {"/obs/Main": [KEPT], "Second": [KEPT]}
        assert item.audio_before_whip == {"/obs/Main": AUDIO}
        assert item.has_applied("/obs/Main", with_key("live_test_given"))
        assert item.has_pinned("/obs/Main", with_key("live_test_chosen"))
        assert not item.has_applied("Main", with_key("live_test_given"))
    keep(storage, "/obs/Other", service(1))
    storage.rename_profile("/obs/Other", "/obs/Main")
    assert len(storage.previous["/obs/Main"]) == 2, "what was there stays beside it"


def test_applied_keys__the_last_few_count(folder: Path) -> None:
    storage = Storage(folder)
    for number in range(5):
        storage.save_applied_key("Main", Secret(f"live_test_{number}"))
    again = Storage(folder)
    assert applied(again) == {"Main": ("live_test_2", "live_test_3", "live_test_4")}
    again.save_applied_key("Main", None)
    assert Storage(folder).applied_keys == {}
