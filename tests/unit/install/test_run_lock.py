"""The lock that keeps a second installer out, as Windows has it: a folder has none there."""

from __future__ import annotations

import fcntl
import runpy
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from velora_install import run_lock


def _locking(handle: int, mode: int, size: int) -> None:
    assert (mode, size) == (2, 1)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.fixture
def on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module as it is there."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=_locking, LK_NBLCK=2))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return SimpleNamespace(**runpy.run_path(run_lock.__file__))


def test_windows__nothing_is_left_behind(on_windows: Any, tmp_path: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        with on_windows.alone(tmp_path / "obs-studio", said.append):
            [file] = (tmp_path / "temporary").iterdir()
            with file.open() as other, pytest.raises(BlockingIOError):
                _locking(other.fileno(), 2, 1)
        assert list((tmp_path / "temporary").iterdir()) == []
    assert said == []
