"""Presets of programs: windows that a real OBS captures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.test_presets import save, sent
from tests.e2e.world import World
from tests.harness import Profile, ToyWindows, capture_window

CHESS, RACING = "Chess Master", "Racer 2: Return"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which there is a preset for a program already, while live as well."""
    folder = tmp_path / "home" / ".config" / "velora-obs"
    folder.mkdir(parents=True)
    racing = {"id": "racing_1", "name": "Racing", "title": "On {game}", "programs": ["Racer *"]}
    kept = {"version": 1, "presets": [{**racing, "while_live": True}]}
    (folder / "presets.json").write_text(json.dumps(kept))
    return tmp_path / "home"


def test_captured_windows__apply_their_presets(world: World, home: Path) -> None:
    profiles = [Profile(service=world.velora_service())]
    with ToyWindows(world.display) as windows:
        obs = world.start({"title": "By hand"}, profiles=profiles, home=home)
        scene = obs.request("GetCurrentProgramScene")["currentProgramSceneName"]
        world.press("More …")
        save(world, "Chess", Title="Chess")
        world.panel.set_text("For programs", "chess")
        assert "your scenes capture one of these programs: chess." in world.press("Save programs")
        world.panel.set_text("Title", "By hand: {game}")
        capture_window(obs, scene, CHESS, "chess")
        capture_window(obs, scene, RACING, "racer")
        told = world.installation.version >= (30, 0, 0)
        windows.open(CHESS, "chess")
        if told:
            world.wait_for_log("“chess” is captured, so the fields now hold the preset “Chess”.")
        obs.start_stream()
        world.rtmp.wait_for_media()
        # OBS 29 says nothing, and gets no picture of a window from this display.
        assert sent(world, 1) == ["Chess" if told else "By hand:"]
        windows.open(RACING, "racer")
        if told:
            assert sent(world, 2)[1:] == ["On Racing"]
            windows.close(RACING)  # the preset of the other one waits until the stream is over
            windows.close(CHESS)
        obs.stop_stream()
    world.quit_clean()
