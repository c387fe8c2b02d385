"""OBS started in a folder that has Python files of the same names: its Python looks there first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.world import World
from tests.stage import stage_script

SENTENCE = "and so has loaded the velora_obs.py there instead of the one in your list of scripts"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where OBS is started."""
    home = tmp_path / "home"
    home.mkdir()
    return home


def test_another_velora_obs__is_said(world: World, home: Path) -> None:
    stage_script(home)
    world.start(home=home)
    assert f"OBS was started in {home}, {SENTENCE}" in world.panel.texts()[0]
    assert any(SENTENCE in line for line in world.log())
    world.quit_clean()


def test_packages_of_the_same_name__are_not_taken(world: World, home: Path) -> None:
    for name in ("requests", "oauthlib", "keyring", "platformdirs", "urllib3", "velora_core"):
        (home / f"{name}.py").write_text("raise RuntimeError('not this one')\n")
    world.start(home=home)
    assert "OBS will stream to" in world.press("Configure Velora")
    world.quit_clean()
