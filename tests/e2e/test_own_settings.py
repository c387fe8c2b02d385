"""Settings that belong to the user: each scene collection has them, or its own."""

from __future__ import annotations

import json

from tests.e2e.world import SCRIPT, World
from tests.harness import Profile, SceneCollection, Script, wait_until


def _stored_title(world: World) -> str:
    file = world.obs.home / ".config" / "velora-obs" / "settings.json"
    if not file.exists():
        return ""
    title: str = json.loads(file.read_text(encoding="utf-8"))["settings"]["title"]["title"]
    return title


def _switch(world: World, collection: str) -> None:
    before = len([line for line in world.log() if "is loaded." in line])
    world.obs.switch_collection(collection)
    wait_until(
        lambda: len([line for line in world.log() if "is loaded." in line]) > before,
        what="the script to be loaded again",
    )
    world.panel.open(SCRIPT)


def test_each_collection__has_the_users_settings_or_its_own(world: World) -> None:
    other = SceneCollection(
        "Other", scripts=[Script(world.script, {"title": "Theirs"})], colour=None
    )
    profiles = [Profile(), Profile("Own")]
    obs = world.start({"title": "Hello"}, more_collections=[other], profiles=profiles)
    panel = world.panel
    assert panel.text("Title") == "Hello"
    panel.find("Settings of")
    assert any("taken over from “Main”" in line for line in panel.texts())
    panel.set_text("Title", "Hello again")
    wait_until(lambda: _stored_title(world) == "Hello again", what="the title to be stored")
    _switch(world, "Other")
    assert panel.text("Title") == "Hello again"
    panel.choose("Settings of", "This collection")
    assert panel.text("Title") == "Theirs"
    panel.set_text("Title", "Theirs for ever")
    _switch(world, "Main")
    assert panel.text("Title") == "Hello again"
    _switch(world, "Other")
    assert panel.text("Title") == "Theirs for ever"
    assert _stored_title(world) == "Hello again"
    panel.choose("Settings of", "All scenes")
    obs.switch_profile("Own")
    panel.press("Refresh")  # nothing else has OBS draw the panel anew
    panel.choose("Settings of", "This profile")
    panel.set_text("Title", "Of the profile")
    obs.switch_profile("Main")
    panel.press("Refresh")
    assert panel.text("Title") == "Hello again"
    obs.switch_profile("Own")
    panel.press("Refresh")
    assert panel.text("Title") == "Of the profile"
    world.quit_clean(leaks=4)
