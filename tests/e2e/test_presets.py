"""Presets in the panel of a real OBS, by hotkey, and in two OBS of one user."""

from __future__ import annotations

import json

from tests.e2e.world import SCRIPT, World
from tests.harness import Profile, wait_until


def test_preset__saved_applied_sent_and_by_hotkey(world: World) -> None:
    obs = world.start(
        {"title": "Evening: {scene}", "tags": [{"value": "late"}]},
        profiles=[Profile(service=world.velora_service())],
    )
    world.press("More …")
    world.panel.set_text("Name", "Evening 🌙")
    assert world.press("Save as preset") == "The preset “Evening 🌙” is saved."
    world.panel.set_text("Name", "evening 🌙")
    assert world.press("Save as preset").startswith("You already have a preset")
    world.panel.set_text("Title", "Morning")
    world.panel.set_text("Name", "Morning")
    assert world.press("Save as preset") == "The preset “Morning” is saved."
    presets = json.loads(
        (obs.home / ".config" / "velora-obs" / "presets.json").read_text(encoding="utf-8")
    )["presets"]
    names = [f"velora_preset_{one['id']}" for one in presets]
    assert names[0].startswith("velora_preset_evening_")
    listed = obs.request("GetHotkeyList")["hotkeys"]
    assert {*names, "velora_put_back"} <= set(listed)

    obs.start_stream()
    world.rtmp.wait_for_media()
    wait_until(lambda: len(world.updates()) == 1, what="the update of the start")
    world.panel.choose("Preset", "Evening 🌙")
    world.press("Apply")
    wait_until(lambda: len(world.updates()) == 2, what="the preset")
    obs.request("TriggerHotkeyByName", {"hotkeyName": names[1]})
    wait_until(lambda: len(world.updates()) == 3, what="the preset by hotkey")
    obs.request("TriggerHotkeyByName", {"hotkeyName": "velora_put_back"})
    wait_until(lambda: len(world.updates()) == 4, what="what Velora had before")
    scene = obs.request("GetCurrentProgramScene")["currentProgramSceneName"]
    titles = [one.get("title") for one in world.updates()]
    assert titles == ["Morning", f"Evening: {scene}", "Morning", f"Evening: {scene}"]
    obs.stop_stream()
    world.quit_clean()
    assert obs.script_settings(SCRIPT)["title"] == f"Evening: {scene}"


def test_title__is_shown_as_it_would_be_sent(world: World) -> None:
    world.start({"title": "Day {count}"})
    assert "Sent now: “Day 1” (5/140)" in world.panel.texts()
    world.panel.set_text("Title", "Day {cuont}")
    status = world.press("Update now")
    assert "The title has {cuont}, which stands for nothing: use {date}" in status
    assert world.updates() == []
    world.press("More …")
    world.quit_clean()
