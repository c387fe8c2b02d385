"""What a power cut leaves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import TOKEN
from tests.unit.storage.storage.contents import Storage, drop
from velora_core.errors import StorageError
from velora_core.secret import Secret
from velora_core.storage.private_file import PrivateFile


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
    assert [path.name for path in folder.iterdir()] == ["x.json"]


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
    assert [path.name for path in folder.iterdir()] == ["x.json"]


def test_power_cut__after_the_rename_leaves_the_new(folder: Path, mocker: MockerFixture) -> None:
    file = PrivateFile(folder / "x.json")
    file.write({"a": 1})
    name = str(folder / ".x.json.temporary")
    handle = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
    mocker.patch("tempfile.mkstemp", return_value=(handle, name))
    mocker.patch("os.open", side_effect=OSError(5, "Input/output error"))
    file.write({"a": 2})
    assert file.read()["a"] == 2
    assert [path.name for path in folder.iterdir()] == ["x.json"]


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
