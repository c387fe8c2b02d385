"""Presets in the panel of a real OBS, by hotkey, by scene, and in two OBS of one user."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.e2e.world import SCRIPT, World
from tests.harness import Obs, Profile, SceneCollection, Script, wait_until


def stored(obs: Obs) -> list[dict[str, Any]]:
    """The presets that are kept."""
    file = obs.home / ".config" / "velora-obs" / "presets.json"
    presets: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["presets"]
    return presets


def store_elsewhere(obs: Obs, preset: int, **fields: Any) -> None:
    """Change a preset as another program of the user would."""
    file = obs.home / ".config" / "velora-obs" / "presets.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    data["presets"][preset].update(fields)
    new = file.with_name("presets.new")
    new.write_text(json.dumps(data), encoding="utf-8")
    new.replace(file)


def scenes(obs: Obs) -> list[str]:
    """The scenes that have presets sent, in the order of the presets."""
    return [scene["name"] for preset in stored(obs) for scene in preset.get("scenes", ())]


def save(world: World, name: str, **fields: str) -> str:
    for label, text in {**fields, "Name": name}.items():
        world.panel.set_text(label, text)
    return world.press("Save as preset")


def sent(world: World, count: int) -> list[str]:
    """The titles of the updates, once so many have arrived."""
    wait_until(lambda: len(world.updates()) >= count, what=f"{count} updates")
    return [update.get("title") for update in world.updates()]


def wait_for_file(world: World, part: str) -> None:
    """Wait until this is said of a chosen file: after its dialog has gone, or even later."""
    world.panel.wait_for_text(f"{part}|has not answered yet")
    assert part in world.answer()


def rename_scene(obs: Obs, name: str) -> None:
    """Give it another name, again and again."""
    for before, after in pairwise([name, *(f"{name} {number}" for number in range(1, 21))]):
        obs.request("SetSceneName", {"sceneName": before, "newSceneName": after})


def test_preset__by_hand_hotkey_and_scene(world: World) -> None:
    obs = world.start(
        {"title": "Evening: {scene}", "tags": [{"value": "late"}]},
        profiles=[Profile(service=world.velora_service())],
    )
    scene = obs.request("GetCurrentProgramScene")["currentProgramSceneName"]
    world.press("More …")
    assert save(world, "Evening 🌙") == "The preset “Evening 🌙” is saved."
    assert save(world, "evening 🌙").startswith("You already have a preset")
    assert save(world, "Morning", Title="Morning") == "The preset “Morning” is saved."
    obs.request("CreateScene", {"sceneName": "Game"})
    obs.request("SetCurrentProgramScene", {"sceneName": "Game"})
    assert "when the scene “Game” goes on air" in world.press("Send with this scene")
    obs.request("SetCurrentProgramScene", {"sceneName": scene})
    names = [f"velora_preset_{item['id']}" for item in stored(obs)]
    assert names[0].startswith("velora_preset_evening_")
    assert {*names, "velora_put_back"} <= set(obs.request("GetHotkeyList")["hotkeys"])

    obs.start_stream()
    world.rtmp.wait_for_media()
    wanted = ["Morning", f"Evening: {scene}", "Morning", f"Evening: {scene}", "Morning"]
    assert sent(world, 1) == wanted[:1]
    world.panel.choose("Preset", "Evening 🌙")
    world.press("Apply")
    assert sent(world, 2) == wanted[:2]
    obs.request("TriggerHotkeyByName", {"hotkeyName": names[1]})
    assert sent(world, 3) == wanted[:3]
    obs.request("TriggerHotkeyByName", {"hotkeyName": "velora_put_back"})
    assert sent(world, 4) == wanted[:4]
    obs.request("SetStudioModeEnabled", {"studioModeEnabled": True})
    obs.request("SetCurrentPreviewScene", {"sceneName": "Game"})
    world.press("Refresh")  # by then a preset of the preview would be on its way
    assert sent(world, 4) == wanted[:4]
    obs.request("TriggerStudioModeTransition")
    assert sent(world, 5) == wanted
    obs.request("SetStudioModeEnabled", {"studioModeEnabled": False})
    for _ in range(20):  # back and forth
        obs.request("SetCurrentProgramScene", {"sceneName": scene})
        obs.request("SetCurrentProgramScene", {"sceneName": "Game"})
    obs.request("SetSceneName", {"sceneName": "Game", "newSceneName": "Spiel"})
    wait_until(lambda: stored(obs)[1]["scenes"][0]["name"] == "Spiel", what="the scene's new name")
    assert len(world.updates()) == len(wanted)
    store_elsewhere(obs, 0, title="Last", category={"slug": "gone", "name": "Gone"})
    assert "Velora no longer has the category “Gone”" in world.press("Apply")
    assert sent(world, 7)[5:] == ["Last", "Last"]  # once without the category
    assert any("no longer has this preset's category Gone" in line for line in world.panel.texts())
    obs.stop_stream()
    # OBS 32 loses three or four blocks of its own in every other run when scenes are switched
    # this fast on a busy machine, without any script as well. OBS 30 was not measured.
    world.quit_clean(leaks=None)
    assert len(world.updates()) == 7
    assert obs.script_settings(SCRIPT)["title"] == "Last"


def test_presets__managed_by_pressing_and_there_in_another_collection(world: World) -> None:
    other = SceneCollection("Other", scripts=[Script(world.script, {})], colour=None)
    obs = world.start({"title": "First"}, more_collections=[other])
    panel = world.panel
    world.press("More …")
    save(world, "A")
    save(world, "B", Title="Second")
    panel.set_text("Name", "B 🌙")
    assert world.press("Rename") == "The preset is now called “B 🌙”."
    assert world.press("Move up") == "The preset “B 🌙” has moved."
    assert [item["name"] for item in stored(obs)] == ["B 🌙", "A"]
    panel.set_text("Title", "Third")
    assert world.press("Save changes") == "The preset “B 🌙” now holds what is in the fields."
    assert "“Third”" in world.press("Update now")
    panel.choose("Preset", "A")
    world.press("Apply")
    assert "“First”" in world.press("Update now")
    world.press("Delete")
    world.press("No, keep it")
    assert len(stored(obs)) == 2
    world.press("Delete")
    assert world.press("Yes, delete it") == "The preset “A” is deleted."
    assert [item["title"] for item in stored(obs)] == ["Third"]
    file = obs.home / "My presets 🌙.json"
    panel.choose_file("Export to", file, button="Save")
    wait_for_file(world, "1 preset is in ")
    assert [item["name"] for item in json.loads(file.read_text())["presets"]] == ["B 🌙"]
    panel.choose("Preset", "B 🌙")
    world.press("Delete")
    world.press("Yes, delete it")
    panel.choose_file("Import from", file, button="Open")
    wait_for_file(world, "Presets imported: 1 added")
    assert [item["title"] for item in stored(obs)] == ["Third"]
    panel.choose("Recent title", "Third")
    assert "“Third”" in world.press("Use this title")
    assert panel.text("Title") == "Third"
    assert "“Third”" in world.press("Put back")  # which Velora had before “First”
    assert sent(world, 3) == ["Third", "First", "Third"]
    world.switch_collection("Other")
    panel.choose("Preset", "B 🌙")
    world.press("Apply")
    assert panel.text("Title") == "Third"
    world.quit_clean(leaks=2)


def test_hotkey__stays_with_its_preset_in_another_order(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "home" / ".config" / "velora-obs"
    folder.mkdir(parents=True)
    presets = [{"id": f"p{n}", "name": f"Nr. {n}", "title": f"Title {n}"} for n in range(1, 12)]
    (folder / "presets.json").write_text(json.dumps({"version": 1, "presets": presets}))
    keys = [{"key": "OBS_KEY_F9", "control": True}]
    obs = world.start({"velora_preset_p10": keys}, home=tmp_path / "home")

    def hotkeys() -> set[str]:
        names = obs.request("GetHotkeyList")["hotkeys"]
        return {name.rpartition("_")[2] for name in names if name.startswith("velora_preset_")}

    world.press("More …")
    world.panel.choose("Preset", "Nr. 10")
    world.press("Move down")
    assert hotkeys() == {f"p{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11)}
    for _ in range(3):  # among the first ten again, in another place
        world.press("Move up")
    assert hotkeys() == {f"p{number}" for number in range(1, 11)}
    world.panel.close()
    world.display.focus(obs.main_window())
    world.display.run("xdotool", "keydown", "ctrl", "keydown", "F9")
    # OBS looks every few milliseconds which keys are down.
    world.wait_for_log("The fields now hold the preset “Nr. 10”.")
    world.display.run("xdotool", "keyup", "F9", "keyup", "ctrl")
    world.quit_clean()
    settings = obs.script_settings(SCRIPT)
    assert (settings["title"], settings["velora_preset_p10"]) == ("Title 10", keys)


def test_title__is_shown_as_it_would_be_sent(world: World) -> None:
    world.start({"title": "Day {count}"})
    assert "Your title would now be “Day 1” (5/140)." in world.panel.texts()
    world.press("More …")
    world.panel.set_number("Set it to", 41)
    assert "{count} is now 41" in world.press("Set the count")
    world.panel.find("Title")
    assert "Your title would now be “Day 41” (6/140)." in world.panel.texts()
    world.panel.set_text("Title", "Day {cuont}")
    status = world.press("Update now")
    assert "The title has {cuont}, which stands for nothing: use {date}" in status
    assert world.updates() == []
    world.quit_clean()


def test_two_obs__see_each_others_presets(world: World) -> None:
    first = world.start({"title": "One"})
    world.press("More …")
    save(world, "One")
    home = first.home / "second"
    (home / ".config").mkdir(parents=True)
    (home / ".config" / "velora-obs").symlink_to(first.home / ".config" / "velora-obs")
    second = world.start({"title": "Two"}, home=home, visible_folders=[first.home])
    world.press("More …")
    save(world, "Two", Title="Two")
    world.panel.choose("Preset", "One")
    assert world.press("Apply") == "The fields now hold the preset “One”."
    assert world.panel.text("Title") == "One"
    world.panel.choose("Preset", "Two")
    second.request("SetSceneName", {"sceneName": "Scene", "newSceneName": "Other"})
    world.press("Send with this scene")
    first.panel.press("Send with this scene")
    wait_until(lambda: scenes(first) == ["Scene", "Other"], what="both presets to have a scene")
    with ThreadPoolExecutor() as both:  # each rename is stored with the preset, by two OBS at once
        list(both.map(rename_scene, (first, second), ("Scene", "Other")))
    assert second.exceptions() == []
    renamed = ["Scene 20", "Other 20"]
    wait_until(lambda: scenes(first) == renamed, what="the newest names to be stored")
    world.quit_clean()
    assert scenes(first) == renamed

    first.panel.press("Less")
    first.panel.press("More …")
    first.panel.choose("Preset", "Two")
    first.panel.press("Apply")
    assert first.panel.text("Title") == "Two"
    assert [item["name"] for item in stored(first)] == ["One", "Two"]
    assert first.quit().orderly
