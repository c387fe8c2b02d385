"""What is kept on this computer can be forgotten without OBS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import TOKEN
from velora_core import forgetting
from velora_core.secret import Secret
from velora_core.storage.storage import Storage


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The settings of a program that is started by itself."""
    folder = tmp_path / "velora-obs"
    monkeypatch.setattr("velora_core.forgetting.default_folder", lambda: folder)
    monkeypatch.setattr("velora_core.storage.system_keyring.Keyring.detect", lambda **_: None)
    return folder


def test_forgetting__leaves_nothing(folder: Path) -> None:
    storage = Storage(folder)
    storage.save_token(Secret(TOKEN))
    storage.save_categories(())
    assert list(folder.iterdir())
    assert forgetting.main() == 0
    assert not folder.exists()
    assert forgetting.main() == 0


def test_forgetting__what_is_not_ours_stays(folder: Path) -> None:
    Storage(folder).save_token(Secret(TOKEN))
    (folder / "script").mkdir()
    assert forgetting.main() == 0
    assert [path.name for path in folder.iterdir()] == ["script"]


def test_forgetting__not_possible__says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert forgetting.main() == 1
    assert "Permission denied" in capsys.readouterr().err
