"""Files that are damaged, foreign or unreadable."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from tests.unit.examples import EXAMPLES
from tests.unit.fakes import CATEGORIES, TOKEN
from tests.unit.storage.storage.contents import (
    ADDRESSES,
    KEPT,
    SIGN_IN,
    MemoryKeyring,
    Storage,
    applied,
    contents,
    fill,
    keep,
    kept_in,
    to,
)
from velora_core.auth.token_refresh import Grant
from velora_core.errors import StorageError
from velora_core.secret import Secret
from velora_core.storage.private_file import PrivateFile
from velora_core.storage.shared_file import SharedFile
from velora_core.storage.system_keyring import Keyring
from velora_hosts.companion.settings import CompanionSettings


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


def test_forgotten__what_hosts_keep_beside_it_as_well(folder: Path) -> None:
    settings = CompanionSettings(folder)
    settings.agree("unencrypted", "studio")
    SharedFile(folder / "streamlabs.json").change(lambda texts: texts.update(Title="Game night"))
    with settings.serving("studio").held(0.0):
        pass
    Storage(folder).forget_everything()
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
    for item in (storage, Storage(folder, keyring)):
        assert item.sign_in == SIGN_IN
        assert kept_in(item) == {"Main": [KEPT]}
        assert applied(item) == {"Main": ("live_test_1",), "Second": ("live_test_2",)}
        assert item.addresses == ADDRESSES._replace(rtmp="rtmp://new")
        assert item.is_velora(to(ADDRESSES.rtmp))
        assert item.categories == CATEGORIES


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


@EXAMPLES
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


@EXAMPLES
@given(st.dictionaries(FIELDS, JSON))
def test_whatever_is_in_the_fields__is_survived(tmp_path_factory: Any, data: Any) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "secrets.json").write_text(json.dumps({"version": 1, **data}))
    storage = Storage(folder)
    storage.save_token(Secret(TOKEN))
    assert Storage(folder).token == Secret(TOKEN)


@EXAMPLES
@given(JSON)
def test_sign_in__from_whatever_was_stored(data: object) -> None:
    found = Grant.from_json(data)
    assert found is None or Grant.from_json(found.to_json()) == found
