"""The system's keyring: its entries, locked, and with two programs."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import TIMEOUT, TOKEN, wait_for
from tests.unit.storage.storage.contents import (
    CLIENT,
    KEPT,
    SIGN_IN,
    MemoryKeyring,
    Storage,
    drop,
    keep,
    kept_in,
)
from velora_core.errors import StorageError
from velora_core.secret import Secret
from velora_core.storage.private_file import PrivateFile
from velora_core.storage.secret_store import SecretStore
from velora_core.storage.system_keyring import Keyring


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


@pytest.mark.parametrize("before", [1, 2])  # so that each generation is the one to be replaced
@pytest.mark.parametrize("part", ["index", "a.0", "a.1", "b.0", "b.1"])
def test_keyring__read_while_another_program_replaces_it__is_the_old_or_the_new(
    backend: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, part: str, before: int
) -> None:
    old, new = {"text": "o" * 1500}, {"text": "n" * 2500}
    other, busy = Keyring(backend), MemoryKeyring()
    for _ in range(before):
        other.write(old)
    busy.entries = backend.entries
    real, writes = busy.get_password, [partial(other.write, new)]

    def get_password(service: str, name: str) -> str | None:
        if name == part and writes:  # just before it is read
            writes.pop()()
        return real(service, name)

    monkeypatch.setattr(busy, "get_password", get_password)
    assert Keyring(busy).read() in (old, new)


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


@pytest.mark.parametrize(
    "index", ["", "nonsense", "a:", "a:x", "c:1", "a:99999999999", "a:٣", "a:" + "9" * 5000]
)
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
    first, other = Storage(folder, keyring), Storage(folder, keyring)
    keep(first, "Main")
    keep(other, "Second")
    first.save_sign_in(SIGN_IN)
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
    keyring = Keyring(backend, timeout=0.05)
    answered = threading.Event()
    keyring.answered = answered.set
    storage = Storage(folder, keyring)
    assert storage.keyring_error == "it has not answered yet"
    storage.save_token(Secret(TOKEN))
    assert backend.asked == 1  # nobody is asked twice
    assert Storage(folder, None).token == Secret(TOKEN)
    backend.open.set()
    assert answered.wait(5)
    keyring._timeout = TIMEOUT
    storage.read_secrets()
    assert storage.token == Secret(TOKEN)
    assert storage.keyring_error is None


def test_keyring_that_asks__and_is_refused__is_not_taken_up(folder: Path) -> None:
    backend = Prompting()
    backend.refuse = True
    keyring = Keyring(backend, timeout=0.05)
    answered = threading.Event()
    keyring.answered = answered.set
    storage = Storage(folder, keyring)
    backend.open.set()
    wait_for(lambda: keyring._call is not None and keyring._call.done)
    keyring._timeout = TIMEOUT
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
