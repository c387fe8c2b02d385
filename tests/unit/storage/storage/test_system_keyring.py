"""Which keyring the system has, and where its user's folder is."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.stage import ROOT
from tests.unit.fakes import TIMEOUT, TOKEN
from tests.unit.storage.storage.contents import CLIENT, MemoryKeyring, Storage
from velora_core.secret import Secret
from velora_core.storage.system_keyring import Keyring


class Panic(BaseException):
    """As packages raise it that are written in Rust."""


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
    get.side_effect = Panic
    assert Keyring.detect(timeout=TIMEOUT) is None


def test_backend_that_panics__is_locked_until_it_does_not(
    folder: Path, backend: MemoryKeyring, mocker: MockerFixture
) -> None:
    Storage(folder, Keyring(backend)).save_token(Secret(TOKEN))
    storage = Storage(folder, keyring := Keyring(backend, timeout=TIMEOUT))
    mocker.patch.object(backend, "get_password", side_effect=Panic)
    storage.read_secrets()
    assert storage.keyring_error == "KeyringBroken"
    mocker.stopall()
    assert keyring.read()
    storage.read_secrets()
    assert storage.keyring_error is None
    assert storage.token == Secret(TOKEN)


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
    keyring = Keyring.detect(timeout=0.05)
    assert keyring
    answered = threading.Event()
    keyring.answered = answered.set
    storage = Storage(folder, keyring)
    storage.save_token(Secret(TOKEN))
    assert storage.keyring_error
    keyring._timeout = TIMEOUT
    go.set()
    if found:
        assert answered.wait(5)
        storage.read_secrets()
        storage.move_to_keyring()
        assert TOKEN in "".join(backend.entries.values())
    else:
        assert answered.wait(5)
        storage.save_client(CLIENT)
        assert Storage(folder).client == CLIENT
        assert storage.keyring_error is None, "there is none that could be locked"
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
