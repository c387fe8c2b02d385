"""Settings that belong to the user: each scene collection has them, or its own."""

from __future__ import annotations

import json

from tests.e2e.world import World
from tests.harness import Profile, SceneCollection, Script, wait_until


def _stored_title(world: World) -> str:
    file = world.obs.home / ".config" / "velora-obs" / "settings.json"
    if not file.exists():
        return ""
    title: str = json.loads(file.read_text(encoding="utf-8"))["settings"]["title"]["title"]
    return title


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
    world.switch_collection("Other")
    assert panel.text("Title") == "Hello again"
    panel.choose("Settings of", "This collection")
    assert panel.text("Title") == "Theirs"
    panel.set_text("Title", "Theirs for ever")
    world.switch_collection("Main")
    assert panel.text("Title") == "Hello again"
    world.switch_collection("Other")
    assert panel.text("Title") == "Theirs for ever"
    assert _stored_title(world) == "Hello again"
    panel.choose("Settings of", "All scenes")
    obs.switch_profile("Own")
    world.press("Refresh")  # nothing else has OBS draw the panel anew
    panel.choose("Settings of", "This profile")
    panel.set_text("Title", "Of the profile")
    obs.switch_profile("Main")
    world.press("Refresh")
    assert panel.text("Title") == "Hello again"
    obs.switch_profile("Own")
    world.press("Refresh")
    assert panel.text("Title") == "Of the profile"
    world.quit_clean(leaks=4)
