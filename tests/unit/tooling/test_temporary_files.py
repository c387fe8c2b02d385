"""Temporary files are kept in memory where that works."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests.tooling.temporary_files import keep_in_memory


@pytest.fixture(autouse=True)
def none_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", "")  # which puts back what this run itself has
    monkeypatch.delenv("TMPDIR")


def test_room__this_process_and_others_use_it(tmp_path: Path) -> None:
    assert keep_in_memory(tmp_path, 1)
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(tmp_path)


def test_chosen_folder__stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/chosen")
    assert not keep_in_memory(tmp_path, 1)
    assert os.environ["TMPDIR"] == "/chosen"


@pytest.mark.parametrize("problem", ["no room", "no folder", "no programs"])
def test_folder_that_will_not_do__is_left(
    problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "none" if problem == "no folder" else tmp_path
    if problem == "no programs":
        real = os.statvfs(tmp_path)
        flags = (*real[:8], real.f_flag | os.ST_NOEXEC, *real[9:])
        monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(flags))
    assert not keep_in_memory(folder, 1 << 60 if problem == "no room" else 1)
    assert "TMPDIR" not in os.environ
