"""What is kept on disk and in the keyring, and what is made of damaged things found there."""

from __future__ import annotations

import importlib
import json
import os
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from tests.stage import ROOT
from tests.unit.fakes import CATEGORIES, OTHER, TOKEN, wait_for
from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.errors import StorageError
from velora_core.host.destination import Destination, IngestAddresses
from velora_core.secret import Secret
from velora_core.storage.key_digest import find
from velora_core.storage.private_file import PrivateFile
from velora_core.storage.records import SavedService
from velora_core.storage.secret_store import SecretStore
from velora_core.storage.storage import Storage as CoreStorage
from velora_core.storage.storage import default_folder
from velora_core.storage.system_keyring import Keyring
from velora_hosts.obs.audio import AudioEncoders
from velora_hosts.obs.service import Service, destination_of, read_snapshot, setup_of, snapshot_of

AUDIO = AudioEncoders("aac", "ffmpeg_aac")
KEPT = SavedService(snapshot_of(OTHER, AUDIO))
ADDRESSES = IngestAddresses("rtmp://a", "srt://b", "https://c")
CLIENT = ClientCredentials("test-client-id", Secret("test_client_secret"))
SIGN_IN = Grant(
    CLIENT,
    Tokens(Secret(TOKEN), Secret("test_refresh_1"), 1234.5, frozenset({"stream:read"})),
    name="Some Body",
    since=1000.0,
)


class MemoryKeyring:
    """A backend as `keyring` has them."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False
        self.writes_left: int | None = None

    def _touch(self) -> None:
        if self.locked:
            raise RuntimeError("locked")

    def get_password(self, service: str, name: str) -> str | None:
        self._touch()
        return self.entries.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self._touch()
        assert len(value) <= 1280  # what the Windows Credential Manager takes
        if self.writes_left is not None:
            if not self.writes_left:
                raise RuntimeError("power cut")
            self.writes_left -= 1
        self.entries[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        self._touch()
        if self.writes_left is not None:
            if not self.writes_left:
                raise RuntimeError("power cut")
            self.writes_left -= 1
        del self.entries[service, name]


@pytest.fixture
def backend() -> MemoryKeyring:
    return MemoryKeyring()


class Storage(CoreStorage):
    """Of an OBS."""

    def __init__(self, folder: Path, keyring: Keyring | None = None, **options: Any) -> None:
        super().__init__(folder, keyring, read_snapshot=read_snapshot, **options)


def to(server: str) -> Destination:
    return Destination("rtmp", Secret(server))


def with_key(key: str) -> Destination:
    return Destination("rtmp", Secret(""), Secret(key))


KEYS = [Secret(f"live_test_{name}") for name in ("own", "other", 0, 1, 2, 3, 4)]


def applied(storage: CoreStorage) -> dict[str, tuple[str, ...]]:
    """By profile, the keys that were put there."""
    return {
        profile: tuple(key.reveal() for one in digests if (key := find(one, KEYS)))
        for profile, digests in storage.applied_keys.items()
    }


def fill(storage: Storage) -> None:
    storage.save_token(Secret(TOKEN))
    storage.save_client(CLIENT)
    keep(storage, "Main")
    storage.save_audio_before_whip("Main", AUDIO)
    storage.save_addresses(ADDRESSES)
    storage.save_categories(CATEGORIES)


def keep(storage: Storage, profile: str, service: Service = OTHER) -> None:
    storage.keep_service(profile, snapshot_of(service, AUDIO))


def drop(storage: Storage, profile: str) -> None:
    for kept in storage.previous.get(profile, ()):
        storage.drop_service(kept)


def kept_in(storage: Storage) -> dict[str, list[SavedService]]:
    """By profile, without when it was kept."""
    return {
        profile: [SavedService(one.snapshot) for one in kept]
        for profile, kept in storage.previous.items()
    }


def contents(storage: Storage) -> tuple[Any, ...]:
    return (
        storage.token,
        storage.sign_in,
        storage.client,
        storage.previous,
        storage.audio_before_whip,
        storage.addresses,
        storage.categories,
    )


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
    opened.settle()
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


@pytest.mark.parametrize("step", ["os.fsync", "os.replace", "tempfile.mkstemp", "json.dumps"])
def test_power_cut__leaves_the_old_or_the_new(
    folder: Path, mocker: MockerFixture, step: str
) -> None:
    file = PrivateFile(folder / "x.json")
    file.write({"a": 1})
    broken = mocker.patch(step, side_effect=OSError(28, "No space left on device"))
    with pytest.raises((StorageError, OSError)):
        file.write({"a": 2})
    mocker.stop(broken)
    assert file.read()["a"] == 1
    assert [one.name for one in folder.iterdir()] == ["x.json"]


@pytest.mark.parametrize("failure", [OSError(28, "full"), MemoryError(), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["os.fdopen", "os.fsync", "os.replace", "pathlib.Path.chmod"])
def test_power_cut__of_any_kind_leaves_no_half_file(
    folder: Path, mocker: MockerFixture, step: str, failure: BaseException
) -> None:
    file = PrivateFile(folder / "x.json")
    file.write({"a": 1})
    broken = mocker.patch(step, side_effect=failure)
    with pytest.raises((StorageError, MemoryError, KeyboardInterrupt)):
        file.write({"a": 2})
    mocker.stop(broken)
    assert file.read()["a"] == 1
    assert [one.name for one in folder.iterdir()] == ["x.json"]


def test_power_cut__after_the_rename_leaves_the_new(folder: Path, mocker: MockerFixture) -> None:
    file = PrivateFile(folder / "x.json")
    file.write({"a": 1})
    name = str(folder / ".x.json.temporary")
    handle = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
    mocker.patch("tempfile.mkstemp", return_value=(handle, name))
    mocker.patch("os.open", side_effect=OSError(5, "Input/output error"))
    file.write({"a": 2})
    assert file.read()["a"] == 2
    assert [one.name for one in folder.iterdir()] == ["x.json"]


def test_power_cut__what_it_left_is_forgotten_with_the_rest(folder: Path) -> None:
    storage = Storage(folder)
    storage.save_token(Secret(TOKEN))
    (folder / ".secrets.json.x1y2z3").write_text(TOKEN)
    storage.forget_sign_in()
    assert [file.name for file in folder.iterdir()] == ["secrets.lock"]


def test_removing__what_is_not_there(folder: Path) -> None:
    PrivateFile(folder / "x.json").remove()
    drop(Storage(folder), "Main")
    Storage(folder).save_audio_before_whip("Main", None)
    assert not folder.exists()


def test_addresses__earlier_ones_are_remembered(folder: Path) -> None:
    moves = [IngestAddresses(f"rtmp://{n}.test/live", "srt://b", "https://c") for n in range(30)]
    storage = Storage(folder)
    assert not storage.is_velora(to(moves[0].rtmp))
    for one in [*moves, moves[-2], moves[-1]]:
        storage.save_addresses(one)
    for kept in (storage, Storage(folder)):
        assert kept.addresses == moves[-1]
        assert all(kept.is_velora(to(one.rtmp)) for one in moves[15:])
        assert not kept.is_velora(destination_of(OTHER))
    stored = json.loads((folder / "known.json").read_text())
    assert len(stored["earlier_addresses"]) == 20
    assert len({tuple(one) for one in stored["earlier_addresses"]}) == 20


def test_addresses__of_a_file_without_earlier_ones(folder: Path) -> None:
    folder.mkdir()
    (folder / "known.json").write_text(
        json.dumps({"version": 1, "addresses": list(ADDRESSES), "earlier_addresses": [5, ["x"]]})
    )
    assert Storage(folder).addresses == ADDRESSES
    assert Storage(folder).is_velora(to("rtmp://a"))


def test_nothing__shows_a_secret(folder: Path) -> None:
    storage = Storage(folder)
    fill(storage)
    storage.save_sign_in(SIGN_IN)
    shown = repr(contents(storage)) + repr(storage) + str(vars(storage))
    for secret in (TOKEN, "test_refresh_1", "test_client_secret", "live_test_other"):
        assert secret not in shown
        assert secret not in (folder / "known.json").read_text()


def test_failure__names_folder_and_reason(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(StorageError, match=r"file.*make room"):
        PrivateFile(in_the_way / "x.json").write({})
    with pytest.raises(StorageError):
        PrivateFile(in_the_way / "x.json").remove()


def test_failure__is_not_forgotten(folder: Path, mocker: MockerFixture) -> None:
    storage = Storage(folder)
    broken = mocker.patch("os.replace", side_effect=OSError(28, "full"))
    for _ in range(2):
        with pytest.raises(StorageError):
            storage.save_token(Secret(TOKEN))
        with pytest.raises(StorageError):
            storage.save_categories(CATEGORIES)
    mocker.stop(broken)
    storage.save_token(Secret(TOKEN))
    storage.save_categories(CATEGORIES)
    assert Storage(folder).token == Secret(TOKEN)
    assert Storage(folder).categories == CATEGORIES


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"version": 1, "access_token": "test',
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"version": 2, "access_token": "test_access"}',
        b'{"access_token": "test_access"}',
        b'{"version": 1, "access_token": 5, "sign_in": [], "client": "x", "previous_services": [],'
        b' "addresses": ["a"], "categories": [["a"], 5, ["b", "B", 7]]}',
        b'{"version": 1, "previous_services": {"Main": {"kind": "x"}}, "client": {"id": ""},'
        b' "audio_before_whip": {"Main": [5]}}',
    ],
)
def test_damaged_or_foreign__counts_as_nothing(folder: Path, content: bytes) -> None:
    folder.mkdir()
    for name in ("secrets.json", "known.json"):
        (folder / name).write_bytes(content)
    storage = Storage(folder)
    assert contents(storage)[:6] == (None, None, None, {}, {}, None)
    storage.save_token(Secret(TOKEN))
    assert Storage(folder).token == Secret(TOKEN)


@pytest.mark.parametrize("with_keyring", [False, True])
def test_damaged__is_put_aside_and_forgotten_with_the_rest(
    folder: Path, backend: MemoryKeyring, with_keyring: bool
) -> None:
    keyring = Keyring(backend) if with_keyring else None
    folder.mkdir()
    half = b'{"version": 1, "access_token": "test_'
    (folder / "secrets.json").write_bytes(half)
    storage = Storage(folder, keyring)
    keep(storage, "Main")
    aside = folder / "secrets.json.damaged"
    assert aside.read_bytes() == half
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert kept_in(Storage(folder, keyring)) == {"Main": [KEPT]}
    keep(storage, "Second")
    assert aside.exists()
    storage.forget_sign_in()
    assert not aside.exists()
    aside.write_bytes(half)
    storage.forget_everything()
    assert not folder.exists()


@pytest.mark.parametrize("with_keyring", [False, True])
def test_unreadable__is_not_written_over_and_counts_again_later(
    folder: Path, backend: MemoryKeyring, mocker: MockerFixture, with_keyring: bool
) -> None:
    first = Storage(folder)
    fill(first)
    first.save_sign_in(SIGN_IN)
    before = (folder / "secrets.json").read_bytes()
    keyring = Keyring(backend) if with_keyring else None
    mocker.patch("velora_core.storage.private_file._PAUSE", 0)
    held = mocker.patch("pathlib.Path.open", side_effect=PermissionError(13, "Permission denied"))
    storage = Storage(folder, keyring)
    assert "secrets.json can't be read right now (Permission denied)" in str(storage.unread)
    for _ in range(2):
        with pytest.raises(StorageError, match="nothing is written over it"):
            storage.save_applied_key("Main", Secret("live_test_1"))
        with pytest.raises(StorageError, match="nothing is written over it"):
            storage.save_addresses(ADDRESSES._replace(rtmp="rtmp://new"))
    assert applied(storage) == {"Main": ("live_test_1",)}
    with pytest.raises(StorageError):
        storage.reload_sign_in()
    mocker.stop(held)
    assert (folder / "secrets.json").read_bytes() == before
    storage.save_applied_key("Second", Secret("live_test_2"))
    assert storage.unread is None
    assert (storage.sign_in, kept_in(storage)) == (SIGN_IN, {"Main": [KEPT]})
    storage.save_addresses(ADDRESSES._replace(rtmp="rtmp://new"))
    for one in (storage, Storage(folder, keyring)):
        assert one.sign_in == SIGN_IN
        assert kept_in(one) == {"Main": [KEPT]}
        assert applied(one) == {"Main": ("live_test_1",), "Second": ("live_test_2",)}
        assert one.addresses == ADDRESSES._replace(rtmp="rtmp://new")
        assert one.is_velora(to(ADDRESSES.rtmp))
        assert one.categories == CATEGORIES


def test_unreadable__for_a_moment_is_waited_for(folder: Path, mocker: MockerFixture) -> None:
    fill(Storage(folder))
    mocker.patch("velora_core.storage.private_file._PAUSE", 0)
    opened = Path.open
    held = [PermissionError(13, "Sharing violation"), OSError(24, "Too many open files")]

    def reluctant(path: Path, *how: Any) -> Any:
        if held:
            raise held.pop()
        return opened(path, *how)

    mocker.patch("pathlib.Path.open", reluctant)
    assert Storage(folder).token == Secret(TOKEN)
    assert not held


def test_huge__counts_as_nothing(folder: Path) -> None:
    folder.mkdir()
    with (folder / "secrets.json").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert Storage(folder).token is None


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_in_the_files__is_survived(tmp_path_factory: Any, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "secrets.json").write_bytes(content)
    (folder / "known.json").write_bytes(content)
    contents(Storage(folder))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["access_token", "sign_in", "client", "previous_services", "audio_before_whip", "name"]
)


@given(st.dictionaries(FIELDS, JSON))
def test_whatever_is_in_the_fields__is_survived(tmp_path_factory: Any, data: Any) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "secrets.json").write_text(json.dumps({"version": 1, **data}))
    storage = Storage(folder)
    storage.save_token(Secret(TOKEN))
    assert Storage(folder).token == Secret(TOKEN)


@given(JSON)
def test_sign_in__from_whatever_was_stored(data: object) -> None:
    found = Grant.from_json(data)
    assert found is None or Grant.from_json(found.to_json()) == found


# -- the keyring -------------------------------------------------------------------------------


def test_keyring__holds_more_than_one_entry_can(backend: MemoryKeyring) -> None:
    keyring = Keyring(backend)
    big = {"text": "x" * 5000, "emoji": "🎮"}
    keyring.write(big)
    assert keyring.read() == big
    keyring.write({"small": 1})
    assert keyring.read() == {"small": 1}
    assert len(backend.entries) == 2


def test_keyring__a_power_cut_at_any_point_leaves_the_old_or_the_new(
    backend: MemoryKeyring,
) -> None:
    old, new = {"text": "o" * 2500}, {"text": "n" * 3500}
    for steps in range(12):
        backend.entries.clear()
        backend.writes_left = None
        keyring = Keyring(backend)
        keyring.write({"text": "before that"})
        keyring.write(old)
        backend.writes_left = steps
        try:
            keyring.write(new)
            complete = True
        except RuntimeError:
            complete = False
        backend.writes_left = None
        assert keyring.read() in ([new] if complete else [old, new])
        keyring.write(new)
        assert keyring.read() == new


def test_keyring__forgets_what_a_cut_has_left_too(backend: MemoryKeyring) -> None:
    for steps in range(14):
        for old, new in ((500, 3500), (3500, 500), (2500, 2500)):
            backend.entries.clear()
            backend.writes_left = None
            keyring = Keyring(backend)
            keyring.write({"text": "0" * 4500})
            keyring.write({"text": "o" * old})
            write = partial(keyring.write, {"text": "n" * new})
            for work in (write, keyring.clear):
                backend.writes_left = steps
                with suppress(RuntimeError):
                    work()
                backend.writes_left = None
            keyring.write({"small": 1})
            assert keyring.read() == {"small": 1}
            keyring.clear()
            assert backend.entries == {}


def test_keyring__forgets_what_the_version_before_has_left(backend: MemoryKeyring) -> None:
    Keyring(backend).write({"small": 1})
    for number in (3, 4, 9):  # it deleted the first ones first, and was cut short
        backend.entries["velora-obs", f"b.{number}"] = TOKEN
    Keyring(backend).clear()
    assert backend.entries == {}


@pytest.mark.parametrize("index", ["", "nonsense", "a:", "a:x", "c:1", "a:99999999999", "a:٣"])
def test_keyring__foreign_entries_count_as_nothing(backend: MemoryKeyring, index: str) -> None:
    backend.entries["velora-obs", "index"] = index
    assert Keyring(backend).read() == {}


def test_locked_today__open_tomorrow(folder: Path, backend: MemoryKeyring) -> None:
    file, keyring = folder / "secrets.json", Keyring(backend)
    SecretStore(file, keyring).change({"old": 1, "gone": 1, "stays": 1})
    backend.locked = True
    today = SecretStore(file, keyring)
    assert today.read() == {}
    assert today.complaint == "RuntimeError"
    today.change({"old": 2})
    today.change({"new": 2, "gone": None})
    assert {name: today.read()[name] for name in ("old", "new", "gone")} == {
        "old": 2,
        "new": 2,
        "gone": None,
    }
    assert file.exists()
    backend.locked = False
    tomorrow = SecretStore(file, keyring)
    found = tomorrow.read()
    assert (found["old"], found["new"], found["gone"], found["stays"]) == (2, 2, None, 1)
    assert tomorrow.complaint is None
    tomorrow.change({"more": 3})
    assert not file.exists()
    assert keyring.read() == {"old": 2, "new": 2, "stays": 1, "more": 3, "taken": found["name"]}


def test_locked_today__no_entry_of_a_table_is_lost(folder: Path, backend: MemoryKeyring) -> None:
    before = Storage(folder, Keyring(backend))
    keep(before, "Main")
    keep(before, "Second")
    backend.locked = True
    today = Storage(folder, Keyring(backend))
    assert today.previous == {}
    keep(today, "Third")
    keep(today, "Second")
    drop(today, "Second")
    backend.locked = False
    for _ in range(2):  # from both places, then from the keyring alone
        tomorrow = Storage(folder, Keyring(backend))
        assert kept_in(tomorrow) == {"Main": [KEPT], "Third": [KEPT]}
        tomorrow.save_token(Secret(TOKEN))
    assert not (folder / "secrets.json").exists()


def test_file__that_could_not_be_removed__counts_no_more(
    folder: Path, backend: MemoryKeyring, mocker: MockerFixture
) -> None:
    file, keyring = folder / "secrets.json", Keyring(backend)
    backend.locked = True
    SecretStore(file, keyring).change({"v": 1})
    backend.locked = False
    stuck = mocker.patch.object(
        PrivateFile, "retire", side_effect=StorageError(folder="x", reason="y")
    )
    with pytest.raises(StorageError):  # it may hold what was to be forgotten
        SecretStore(file, keyring).change({"v": 2})
    assert file.exists()
    assert SecretStore(file, keyring).read()["v"] == 2
    mocker.stop(stuck)
    SecretStore(file, keyring).change({"v": 3})
    assert not file.exists()
    assert SecretStore(file, keyring).read()["v"] == 3


@pytest.mark.parametrize("with_keyring", [False, True])
def test_two_programs__keep_each_others(
    folder: Path, backend: MemoryKeyring, with_keyring: bool
) -> None:
    keyring = Keyring(backend) if with_keyring else None
    one, other = Storage(folder, keyring), Storage(folder, keyring)
    keep(one, "Main")
    keep(other, "Second")
    one.save_sign_in(SIGN_IN)
    other.save_client(CLIENT)
    drop(other, "Second")
    found = Storage(folder, keyring)
    assert (found.sign_in, found.client) == (SIGN_IN, CLIENT)
    assert kept_in(found) == {"Main": [KEPT]}


def test_file__that_could_not_be_removed__is_said_when_signing_out(
    folder: Path, backend: MemoryKeyring, mocker: MockerFixture
) -> None:
    backend.locked = True
    Storage(folder, Keyring(backend)).save_token(Secret(TOKEN))
    backend.locked = False
    storage = Storage(folder, Keyring(backend))
    stuck = mocker.patch("pathlib.Path.unlink", side_effect=OSError(30, "Read-only file system"))
    with pytest.raises(StorageError, match="Read-only file system"):
        storage.forget_sign_in()
    mocker.stop(stuck)
    storage.forget_sign_in()
    assert Storage(folder, Keyring(backend)).token is None
    assert [file.name for file in folder.iterdir()] == ["secrets.lock"]
    assert backend.entries == {}


class Prompting(MemoryKeyring):
    """A keyring that asks the user for its password, and waits."""

    def __init__(self) -> None:
        super().__init__()
        self.open = threading.Event()
        self.refuse = False
        self.asked = 0

    def _touch(self) -> None:
        if not self.open.is_set():
            self.asked += 1
            assert self.open.wait(5)
        if self.refuse:
            raise RuntimeError("the user said no")


def test_keyring_that_asks__is_waited_for_a_moment_and_taken_up_later(folder: Path) -> None:
    backend = Prompting()
    keyring = Keyring(backend, patience=0.05)
    answered = threading.Event()
    keyring.answered = answered.set
    storage = Storage(folder, keyring)
    assert storage.keyring_error == "it has not answered yet"
    storage.save_token(Secret(TOKEN))
    assert backend.asked == 1  # nobody is asked twice
    assert Storage(folder, None).token == Secret(TOKEN)
    backend.open.set()
    assert answered.wait(5)
    storage.read_secrets()
    assert storage.token == Secret(TOKEN)
    assert storage.keyring_error is None


def test_keyring_that_asks__and_is_refused__is_not_taken_up(folder: Path) -> None:
    backend = Prompting()
    backend.refuse = True
    keyring = Keyring(backend, patience=0.05)
    answered = threading.Event()
    keyring.answered = answered.set
    storage = Storage(folder, keyring)
    backend.open.set()
    wait_for(lambda: keyring._call is not None and keyring._call.done)
    storage.read_secrets()
    assert storage.keyring_error == "RuntimeError"
    assert not answered.is_set()


def test_earlier_file__is_taken_over_by_the_keyring(folder: Path, backend: MemoryKeyring) -> None:
    Storage(folder).save_token(Secret(TOKEN))
    storage = Storage(folder, Keyring(backend))
    assert storage.token == Secret(TOKEN)
    storage.save_client(CLIENT)
    assert not (folder / "secrets.json").exists()
    assert Storage(folder, Keyring(backend)).token == Secret(TOKEN)


def test_system_keyring__only_a_real_one(mocker: MockerFixture) -> None:
    from keyring.backends import fail, null

    get = mocker.patch("keyring.get_keyring")
    backends: list[Any] = [fail, null]
    for hollow in (*(module.Keyring() for module in backends), mocker.Mock(backends=[])):
        get.return_value = hollow
        assert Keyring.detect() is None
    get.return_value = MemoryKeyring()
    assert Keyring.detect() is not None
    get.side_effect = RuntimeError
    assert Keyring.detect() is None


@pytest.mark.parametrize("found", [True, False])
def test_system_keyring__that_takes_long_to_import_holds_nobody_up(
    mocker: MockerFixture, folder: Path, backend: MemoryKeyring, found: bool
) -> None:
    from keyring.backends import null

    go = threading.Event()
    nothing: Any = null

    def find() -> Any:
        assert go.wait(5)
        return backend if found else nothing.Keyring()

    mocker.patch("keyring.get_keyring", find)
    keyring = Keyring.detect(patience=0.05)
    assert keyring
    answered = threading.Event()
    keyring.answered = answered.set
    storage = Storage(folder, keyring)
    storage.save_token(Secret(TOKEN))
    assert storage.keyring_error
    go.set()
    if found:
        assert answered.wait(5)
        storage.read_secrets()
        storage.settle()
        assert TOKEN in "".join(backend.entries.values())
    else:
        wait_for(lambda: keyring._call is not None and keyring._call.done)
        storage.save_client(CLIENT)
        assert Storage(folder).client == CLIENT
    assert (folder / "secrets.json").exists() is not found


_IMPORTS = """
import gc
from velora_core.storage.system_keyring import Keyring

class Caller: pass

def call():
    caller = Caller()
    Keyring.detect()

call()
gc.collect()
print(sum(type(one) is Caller for one in gc.get_objects()))
"""


def test_system_keyring__does_not_keep_who_asked_for_it_first() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTS], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "0"


def test_default_folder__is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if os.name == "posix":
        assert default_folder().name == "velora-obs"


def test_default_folder__macos__the_same_from_a_terminal_and_from_the_dock(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A model: only what the system is called."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    expected = tmp_path / "Library" / "Application Support" / "velora-obs"
    assert default_folder() == expected
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    assert default_folder() == expected


@pytest.mark.parametrize(
    ("variables", "sandboxed"),
    [
        ({"FLATPAK_ID": "com.obsproject.Studio"}, True),
        ({"SNAP_NAME": "obs-studio"}, True),
        ({"FLATPAK_ID": "com.example.Terminal", "SNAP_NAME": "terminal"}, False),
        ({}, False),
    ],
)
def test_sandboxed_obs__has_no_keyring(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], sandboxed: bool
) -> None:
    """A model of Flatpak and Snap: only their variables."""
    for name in ("FLATPAK_ID", "SNAP_NAME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("keyring.get_keyring", MemoryKeyring)
    assert (Keyring.detect() is None) is sandboxed


# -- the services to go back to ----------------------------------------------------------------


def service(number: int) -> Service:
    return Service("rtmp_custom", {"server": f"rtmp://{number}.test", "key": f"live_test_{number}"})


def numbers(storage: Storage, profile: str = "Main") -> list[int]:
    servers = [setup_of(one.snapshot)[0].server for one in storage.previous.get(profile, ())]
    return [int(one.removeprefix("rtmp://").removesuffix(".test")) for one in servers]


def test_kept_services__the_newest_first_each_once_the_last_ten(folder: Path) -> None:
    storage = Storage(folder)
    for number in [*range(12), 5]:
        keep(storage, "Main", service(number))
    keep(storage, "Second", service(1))
    for one in (storage, Storage(folder)):
        assert numbers(one) == [5, 11, 10, 9, 8, 7, 6, 4, 3, 2]
        assert numbers(one, "Second") == [1]
    storage.keep_service("Main", snapshot_of(service(20), AUDIO), last=True)
    assert len(numbers(storage)) == 10
    assert len(json.loads((folder / "secrets.json").read_text())["previous_services"]) == 11


@pytest.mark.parametrize("with_keyring", [False, True])
def test_kept_services__of_two_programs_in_one_profile_stay(
    folder: Path, backend: MemoryKeyring, with_keyring: bool
) -> None:
    keyring = Keyring(backend) if with_keyring else None
    one, other = Storage(folder, keyring), Storage(folder, keyring)
    keep(one, "Main", service(1))
    keep(other, "Main", service(2))
    drop(one, "Main")
    assert numbers(Storage(folder, keyring)) == [2]
    keep(one, "Main", service(3))
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
    for one in (storage, Storage(folder)):
        assert kept_in(one) == {"/obs/Main": [KEPT], "Second": [KEPT]}
        assert one.audio_before_whip == {"/obs/Main": AUDIO}
        assert one.has_applied("/obs/Main", with_key("live_test_given"))
        assert one.has_pinned("/obs/Main", with_key("live_test_chosen"))
        assert not one.has_applied("Main", with_key("live_test_given"))
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


def test_keyring__backends_of_other_systems_are_not_imported(mocker: MockerFixture) -> None:
    foreign = [
        f"keyring.backends.{name}"
        for name, system in (("Windows", "win32"), ("macOS", "darwin"))
        if system != sys.platform
    ]
    for name in foreign:
        mocker.patch.dict(sys.modules)
        sys.modules.pop(name, None)
    refused = []

    def look() -> MemoryKeyring:
        for name in foreign:
            with pytest.raises(ImportError):
                importlib.import_module(name)
            refused.append(name)
        return MemoryKeyring()

    mocker.patch("keyring.get_keyring", look)
    assert Keyring.detect() is not None
    assert refused == foreign
    assert not set(foreign) & set(sys.modules)  # another script may have use for them
