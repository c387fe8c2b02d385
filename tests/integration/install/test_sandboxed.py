"""Models of OBS from Flatpak and Snap: their secrets are in their own file, not in the keyring."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from velora_install import config_dirs, doctor

from tests.unit.install.machine import ROOT
from tests.unit.install.test_neighbours import Several

KEYRING = """
import pathlib
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 1

    def _note(self, *_):
        (pathlib.Path(__file__).parent / "touched").touch()

    get_password = set_password = delete_password = _note
"""
SECRETS = {"version": 1, "access_token": "test_token_of_the_sandbox"}


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Several:
    several = Several(tmp_path / "home", monkeypatch, capsys)
    (tmp_path / "keyring").mkdir()
    (tmp_path / "keyring" / "its_keyring.py").write_text(KEYRING)
    # What is installed here is three files; what forgets and checks is this package itself.
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "keyring"), prepend=os.pathsep)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "its_keyring.Keyring")
    monkeypatch.setenv("VELORA_API_URL", "http://127.0.0.1:9")  # nobody answers
    monkeypatch.delenv("VELORA_ACCESS_TOKEN", raising=False)
    return several


def secrets_of(several: Several, which: str) -> Path:
    return several.configs[which].parent / "velora-obs" / "secrets.json"


@pytest.fixture(params=["flatpak", "snap"])
def which(request: Any, several: Several) -> str:
    name: str = request.param
    for item in ("native", name):
        several.at(item)
        file = secrets_of(several, item)
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(SECRETS))
    logs = several.configs[name] / "logs"
    logs.mkdir()
    (logs / "2026-01-01.txt").write_text("Loaded python script: velora_obs.py\n")
    return name


def test_check__neither_reads_the_keyring_nor_moves_anything(
    several: Several, which: str, tmp_path: Path
) -> None:
    before = several.everything()
    _, said = several.run("--config-dir", str(several.configs[which]), "--check")
    assert "Velora" in said
    assert "has its own Python, which only OBS can look at" in said
    assert several.everything() == before
    assert not (tmp_path / "keyring" / "touched").exists()


def test_forget__its_own_secrets_and_no_others(
    several: Several, which: str, tmp_path: Path
) -> None:
    assert "are forgotten" in several.at(which, "--uninstall", "--forget")
    assert not secrets_of(several, which).parent.exists()
    assert json.loads(secrets_of(several, "native").read_text()) == SECRETS
    assert not (tmp_path / "keyring" / "touched").exists()
    # The usual OBS has the keyring, and shares it with nobody.
    assert "are forgotten" in several.at("native", "--uninstall", "--forget")
    assert not secrets_of(several, "native").parent.exists()
    assert (tmp_path / "keyring" / "touched").exists()


def test_forget__no_empty_folder_is_left(several: Several) -> None:
    several.at("native")
    secrets_of(several, "native").parent.mkdir(parents=True)
    assert several.run("--uninstall", "--forget", "--config-dir", str(several.config))[0] == 0
    assert sorted(path.name for path in (several.home / ".config").iterdir()) == ["obs-studio"]
    assert list((several.home / ".local" / "share").iterdir()) == []


@pytest.mark.parametrize("system", ["Windows", "Darwin"])
def test_keyring__is_kept_from_sandboxed_ones_only(tmp_path: Path, system: str) -> None:
    place = config_dirs._native(system, {}, tmp_path)
    assert doctor.settings_environment(place, system) == {}
