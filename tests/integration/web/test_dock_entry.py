"""What the installer puts into OBS's settings: an address that lets a dock in, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from velora_core.storage.page_access import PageAccess
from velora_core.web import dock_entry
from velora_core.web.server import PORT


def test_address__opens_the_page_at_the_usual_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("velora_core.web.dock_entry.default_folder", lambda: tmp_path)
    monkeypatch.setattr("velora_core.web.dock_entry.PORT", 17655)
    monkeypatch.setattr("sys.argv", ["dock_entry"])
    assert dock_entry.main() == 0
    address = capsys.readouterr().out.strip()
    assert address.startswith("http://127.0.0.1:17655/?ticket=")
    access = PageAccess(tmp_path)
    access.load(make=False)
    assert access.use_entry(address.partition("=")[2], 17655)


def test_address__of_a_dock_that_gets_another_one__opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("velora_core.web.dock_entry.default_folder", lambda: tmp_path)
    for dock in ("first", "second", "first"):
        monkeypatch.setattr("sys.argv", ["dock_entry", dock])
        assert dock_entry.main() == 0
    entries = [line.partition("=")[2] for line in capsys.readouterr().out.split()]
    access = PageAccess(tmp_path)
    access.load(make=False)
    opens = [access.use_entry(entry, PORT) for entry in entries]
    assert opens == [False, True, True]


def test_no_disk_space__says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("velora_core.web.dock_entry.default_folder", lambda: tmp_path / "file")
    monkeypatch.setattr("sys.argv", ["dock_entry"])
    assert dock_entry.main() == 1
    assert capsys.readouterr().out == ""
