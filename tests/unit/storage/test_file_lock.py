"""A lock that one holds, in this program or another, and that dies with its holder."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from velora_core.errors import Cancelled
from velora_core.storage.file_lock import FileLock

HOLD = """
import sys, time
from pathlib import Path
from velora_core.storage.file_lock import FileLock
with FileLock(Path(sys.argv[1])).held(5) as alone:
    print(alone, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "test.lock"


def test_lock__is_held_by_one_and_free_afterwards(path: Path) -> None:
    with FileLock(path).held(0) as first, FileLock(path).held(0) as second:
        assert (first, second) == (True, False)
    with FileLock(path).held(0) as third:
        assert third


def test_lock__is_waited_for(path: Path) -> None:
    got: list[bool] = []

    def wait() -> None:
        with FileLock(path).held(5) as alone:
            got.append(alone)

    with FileLock(path).held(0):
        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.1)
        assert got == []
    thread.join(5)
    assert got == [True]


def test_lock__of_another_program_dies_with_it(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with FileLock(path).held(0.1) as alone:
            assert not alone
        other.kill()
        with FileLock(path).held(5) as alone:
            assert alone


def test_waiting__can_be_ended(path: Path) -> None:
    def poll() -> None:
        raise Cancelled

    with FileLock(path).held(0), pytest.raises(Cancelled), FileLock(path).held(5, poll):
        pytest.fail("nobody may hold it twice")


def test_lock__that_can_not_be_had_stops_nobody(path: Path, mocker: MockerFixture) -> None:
    mocker.patch("os.open", side_effect=OSError(30, "Read-only file system"))
    with FileLock(path).held(0) as alone:
        assert alone
    mocker.stopall()
    mocker.patch("velora_core.storage.file_lock._lock", side_effect=OSError(95, "Not supported"))
    with FileLock(path).held(0) as alone:
        assert alone


def test_file__is_empty_its_owners_and_can_be_removed(path: Path) -> None:
    with FileLock(path).held(0):
        assert (path.stat().st_mode & 0o777, path.stat().st_size) == (0o600, 0)
    FileLock(path).remove()
    FileLock(path).remove()
    assert not path.exists()
