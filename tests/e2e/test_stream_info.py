"""Title, category and tags in the panel of a real OBS."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from tests.e2e.world import SCRIPT, World
from tests.harness import Profile, wait_until
from velora_core.messages.labels import short_labels


def count_line(world: World) -> str:
    return next((text for text in world.panel.texts() if "/140" in text), "")


def test_count__follows_the_title_as_it_is_typed(world: World) -> None:
    world.start()
    assert count_line(world) == ""
    world.panel.set_text("Title", "Hell")
    time.sleep(0.1)  # longer than between two letters in a rush
    world.display.type("o")
    wait_until(lambda: count_line(world) == "5/140", what="the count")
    assert world.panel.text("Title") == "Hello"  # and the field has kept the focus
    world.display.type("!")
    wait_until(lambda: count_line(world) == "6/140", what="the count")
    assert world.panel.text("Title") == "Hello!"
    world.panel.paste("Title", "x" * 152)
    expected = "152/140: 12 too many, Velora will not accept it"
    wait_until(lambda: count_line(world) == expected, what="the warning")
    assert "shorten it by 12" in world.press("Update now")
    assert world.updates() == []
    world.quit_clean()


def test_title__typed_as_fast_as_it_gets__loses_no_letter(world: World) -> None:
    world.start()
    title = "A very good evening to everybody who watches this (part 2 of 3)"
    for _ in range(3):
        world.panel.set_text("Title", title)
        assert world.panel.text("Title") == title
    world.press("Update now")
    assert world.updates() == [{"title": title}]
    world.quit_clean()


def test_load__fills_the_panel(world: World) -> None:
    account = world.velora.account
    account.title, account.category_slug, account.tags = "On Velora", "music", ["one", "two"]
    world.start()
    world.press("Refresh")
    status = world.press("Load from Velora")
    assert status == (
        "The panel now shows what Velora has: the title “On Velora” and the category Music."
    )
    assert world.panel.text("Title") == "On Velora"
    assert world.panel.choice("Category") == "Music"
    assert count_line(world) == "9/140"
    assert "already" in world.press("Update now")
    assert world.updates() == []
    world.panel.set_text("Title", "Mine")
    assert world.press("Update now") == "Velora now has the title “Mine”."
    assert world.updates() == [{"title": "Mine"}]
    world.quit_clean()
    settings = world.obs.script_settings(SCRIPT)
    assert (settings["title"], settings["category"]) == ("Mine", "music")
    assert [tag["value"] for tag in settings["tags"]] == ["one", "two"]


def test_start__old_title__one_set_elsewhere__and_refused_by_obs(
    world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "home" / ".config" / "velora-obs"
    folder.mkdir(parents=True)
    channel = hashlib.blake2b(world.token.encode(), digest_size=16).hexdigest()
    since = time.time() - 2 * 86_400
    kept = {"version": 1, f"title@{world.velora.url}": ["Same", since, "Same", channel]}
    (folder / "channel.json").write_text(json.dumps(kept))
    world.velora.account.title = "Same"
    service = world.velora_service()
    no_encoder = {"SimpleOutput": {"x264Settings": "avcintra-class=7"}}  # x264 refuses that
    profiles = [Profile(service=service), Profile("Broken", service=service, extra=no_encoder)]
    obs = world.start({"title": "Same"}, profiles=profiles, home=tmp_path / "home")
    world.press("Refresh")  # so that it is known where Velora takes streams
    obs.start_stream()
    world.wait_for_log("Your title “Same” has been the same since ")
    world.press("Refresh")
    assert "Your title “Same” has been the same since " in "".join(world.panel.texts())
    obs.stop_stream()
    world.velora.account.title = "On the website"
    obs.start_stream()
    replaced = "“On the website” was your title on Velora, set on its website or elsewhere, and"
    world.wait_for_log(replaced)
    obs.stop_stream()
    assert world.updates() == [{"title": "Same"}] * 2
    assert not any("could not start" in line for line in world.log())
    obs.switch_profile("Broken")
    obs.start_stream(wait=False)
    world.wait_for_log("OBS itself could not start the stream")
    world.panel.answer("OK")
    assert "OBS will stream to" in world.press("Configure Velora")  # nothing is starting any more
    world.quit_clean()


def test_category__that_no_list_has__is_found_chosen_and_gone(world: World) -> None:
    world.start()
    world.press("Refresh")
    world.panel.type_in_choice("Category", "m")
    assert "at least 2 letters" in world.press("Find category")
    assert "Minecraft" not in world.panel.items("Category")
    world.panel.type_in_choice("Category", "100%")
    assert "Velora has no category “100%”" in world.press("Find category")
    world.panel.type_in_choice("Category", "minec")
    assert world.press("Find category") == (
        "Categories on Velora with “minec” in their name: 3. Choose one from the list."
    )
    hits = ["Minecraft", "Minecraft Dungeons", "Minecraft Legends"]
    assert world.panel.items("Category")[1:4] == short_labels(hits)
    world.panel.choose("Category", "Minecraft")
    assert world.press("Update now") == "Velora now has the category Minecraft."
    assert world.updates() == [{"categorySlug": "minecraft"}]
    assert world.press("Star this category").startswith("“Minecraft” is always among the first")
    assert world.panel.choice("Category") == "★ Minecraft"
    world.panel.type_in_choice("Category", "doom eternal")
    assert "Velora has the category “Doom Eternal”" in world.press("Find category")
    left = [category for category in world.velora.categories if category["slug"] != "doom-eternal"]
    world.velora.categories = left
    world.panel.set_text("Title", "Kept")
    assert "Velora no longer has the category “Doom Eternal”" in world.press("Update now")
    assert world.velora.account.title == "Kept"
    world.panel.choose("Category", "★ Minecraft")
    world.quit_clean()
    settings = world.obs.script_settings(SCRIPT)
    assert (settings["category"], settings["category_name"]) == ("minecraft", "Minecraft")


def test_category__a_part_of_a_name_is_a_question__a_whole_one_is_looked_up(world: World) -> None:
    world.start({"category": "Apex"})
    world.press("Refresh")
    assert world.press("Update now") == (
        "Velora has no category “Apex”: choose one from the list. Did you mean “Apex Construct” or "
        "“Apex Legends”?"
    )
    assert world.panel.items("Category")[1:3] == ["Apex Construct", "Apex Legends"]
    world.panel.type_in_choice("Category", "counter-strike 2")
    assert world.press("Update now") == "Velora now has the category Counter-Strike 2."
    world.panel.type_in_choice("Category", "pokemon")
    assert world.press("Update now") == "Velora now has the category Pokémon."
    world.panel.type_in_choice("Category", "doom")
    assert "Velora has 2 categories called “doom”" in world.press("Update now")
    world.velora.searches = False
    world.panel.type_in_choice("Category", "chat")
    assert "Velora's search for categories can't be used now" in world.press("Find category")
    assert "Just Chatting" in world.panel.items("Category")
    sent = [update["categorySlug"] for update in world.updates()]
    assert sent == ["counter-strike-2", "pokemon"]
    world.quit_clean()


def test_update_in_mid_stream__sends_what_changed(world: World) -> None:
    obs = world.start(
        {"title": "First", "tags": [{"value": "a"}]},
        profiles=[Profile(service=world.velora_service())],
    )
    obs.start_stream()
    world.rtmp.wait_for_media()
    world.panel.set_text("Title", "Second")
    assert world.press("Update now").endswith("Velora now has the title “Second”.")
    assert world.updates() == [{"title": "First", "tags": ["a"]}, {"title": "Second"}]
    assert "already" in world.press("Update now")
    obs.stop_stream()
    world.quit_clean()


def test_tags__taken_out_after_loading__are_removed(world: World) -> None:
    account = world.velora.account
    account.title, account.tags = "On Velora", ["one"]
    world.start()
    assert "nothing to send" in world.press("Update now")
    world.press("Load from Velora")
    world.panel.set_text("Tags", "")
    assert world.press("Update now") == "Velora now has no tags."
    assert account.tags == []
    world.quit_clean()
    assert world.updates() == [{"tags": []}]


def test_hotkey__updates_and_is_kept(world: World) -> None:
    keys = [{"key": "OBS_KEY_F9", "control": True}]
    obs = world.start(
        {"title": "By hotkey", "velora_update_now": keys},
        profiles=[Profile(service=world.velora_service())],
    )
    world.panel.reload()
    world.panel.close()
    world.display.focus(obs.main_window())
    # OBS looks every few milliseconds which keys are down.
    world.display.run("xdotool", "keydown", "ctrl", "keydown", "F9")
    wait_until(lambda: world.updates() == [{"title": "By hotkey"}], what="the update")
    world.display.run("xdotool", "keyup", "F9", "keyup", "ctrl")
    world.wait_for_log("Velora now has the title “By hotkey”.")
    world.quit_clean()
    assert obs.script_settings(SCRIPT)["velora_update_now"] == keys


def test_hotkey__is_in_obs_own_list(world: World) -> None:
    obs = world.start({"title": "By name"})
    assert "velora_update_now" in obs.request("GetHotkeyList")["hotkeys"]
    obs.request("TriggerHotkeyByName", {"hotkeyName": "velora_update_now"})
    wait_until(lambda: world.updates() == [{"title": "By name"}], what="the update")
    world.quit_clean()
