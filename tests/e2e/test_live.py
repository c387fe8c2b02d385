"""The running stream, in the panel and on the picture of a real OBS, as far as it is polled."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.e2e.world import SCRIPT, World
from tests.harness import Profile, SceneCollection, wait_until
from tests.simulator import Fault


@pytest.fixture
def live_world(world: World) -> World:
    """Set up for Velora, looking every five seconds: nothing is pushed."""
    world.velora.events.there = False
    world.velora.account.viewers = 7
    world.start(
        {"title": "Hello", "live_interval": 5},
        profiles=[Profile(service=world.velora_service())],
        more_collections=[SceneCollection("Other", colour=None)],
    )
    return world


def looks(world: World) -> int:
    return len(world.velora.journal.find("GET", "/stream/info"))


def live_line(world: World) -> str:
    """As it stands now: the panel is drawn anew."""
    world.panel.press("Regenerate stream key")
    world.panel.press("No, keep it")
    world.panel.find("Title")  # which is where it is said
    below = world.panel.texts()[1:]
    others = ("/140", "in all scene collections")  # the title's length, and whose settings count
    return next((text for text in below if not any(other in text for other in others)), "")


def wait_for_line(world: World, part: str) -> str:
    """Wait until the line has this in it; it is drawn anew for each look."""
    return wait_until(
        lambda: next((line for line in [live_line(world)] if part in line), None), what=part
    )


def text_of(world: World, source: str) -> Any:
    answer = world.obs.request("GetInputSettings", {"inputName": source})
    return answer["inputSettings"].get("text")


def add_text(world: World, source: str, text: str) -> None:
    world.obs.request(
        "CreateInput",
        {
            "sceneName": "Scene",
            "inputName": source,
            "inputKind": "text_ft2_source_v2",
            "inputSettings": {"text": text},
        },
    )


def show_on(world: World, source: str, template: str) -> None:
    """Choose a text source in the panel and type its template."""
    world.panel.select(SCRIPT)
    world.panel.reload()  # the list of sources is made when the panel is
    world.panel.choose("Text source", source)
    world.panel.set_text("Text to show", template)


def test_viewers__now_peak_and_average_then_a_summary(live_world: World) -> None:
    world = live_world
    assert live_line(world) == ""
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    line = wait_for_line(world, "with 7 viewers (peak 7, average 7), titled “Hello” (as of ")
    assert line.startswith("You have been live for 0:0")
    world.velora.account.viewers = 1
    wait_for_line(world, "with 1 viewer (peak 7, average ")
    world.obs.stop_stream()
    world.rtmp.wait_for_end()
    world.wait_for_log("with a peak of 7 viewers and an average of ")
    assert live_line(world).startswith("Your stream lasted 0:0")
    after = looks(world)
    time.sleep(7)
    assert looks(world) == after
    world.quit_clean()


def test_not_shown_within_a_minute__is_said_once(live_world: World) -> None:
    world = live_world
    world.velora.account.go_live = lambda key: True  # type: ignore[method-assign]
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    world.wait_for_log("does not show your stream, a minute after its start", timeout=120)
    world.wait_for_script_log()
    time.sleep(6)
    assert len([line for line in world.log() if "a minute after its start" in line]) == 1
    assert live_line(world).startswith("Velora does not show your stream yet (as of ")
    world.obs.stop_stream()
    world.quit_clean()


def test_velora_fails_while_live__the_stream_goes_on(live_world: World) -> None:
    world = live_world
    world.velora.faults.add(Fault.status("GET", "/stream/info", status=500))
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    world.wait_for_log("The last status check failed. Velora has a server problem (500)")
    assert world.obs.stream_status().active
    assert "The last status check failed" in live_line(world)
    world.obs.stop_stream()
    world.quit_clean()


def test_collection_switched_while_live__goes_on_watching_when_back(live_world: World) -> None:
    world = live_world
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    wait_for_line(world, "with 7 viewers")
    world.obs.switch_collection("Other")
    time.sleep(0.5)
    away = looks(world)
    time.sleep(6)
    assert looks(world) == away
    world.obs.switch_collection("Main")
    wait_until(lambda: looks(world) > away, what="another look at the stream")
    world.panel.select(SCRIPT)
    wait_for_line(world, "You have been live for 0:0")
    world.obs.stop_stream()
    world.wait_for_log("Your stream lasted 0:0")
    world.quit_clean(leaks=3)


def test_text_on_the_picture__only_while_live(live_world: World) -> None:
    world = live_world
    add_text(world, "Count", "starting soon")
    add_text(world, "Name", "my stream")
    show_on(world, "Count", "{viewers} watching")
    show_on(world, "Name", "{title} {uptime}")
    assert text_of(world, "Count") == "starting soon"
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    wait_until(lambda: text_of(world, "Count") == "7 watching", what="the viewers")
    wait_until(lambda: text_of(world, "Name") == "Hello 0:00", what="the title beside it")
    world.obs.stop_stream()
    wait_until(lambda: text_of(world, "Count") == "starting soon", what="the old text")
    wait_until(lambda: text_of(world, "Name") == "my stream", what="the old text beside it")
    world.quit_clean()


def test_text_on_the_picture__survives_switch_reload_and_turning_off(live_world: World) -> None:
    world = live_world
    add_text(world, "Count", "starting soon")
    show_on(world, "Count", "{viewers}")
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    wait_until(lambda: text_of(world, "Count") == "7", what="the viewers")
    # Turned off while live, and on again.
    world.panel.set_text("Text to show", "off")
    wait_until(lambda: text_of(world, "Count") == "off", what="the new template")
    world.panel.set_text("Text to show", "")
    wait_until(lambda: text_of(world, "Count") == "starting soon", what="the old text")
    world.panel.set_text("Text to show", "{viewers}")
    wait_until(lambda: text_of(world, "Count") == "7", what="the viewers")
    # The scenes are saved with what they held.
    world.obs.switch_collection("Other")
    saved = world.obs.collection_json("Main")
    texts = [source["settings"]["text"] for source in saved["sources"] if source["name"] == "Count"]
    assert texts == ["starting soon"]
    world.obs.switch_collection("Main")
    wait_until(lambda: text_of(world, "Count") == "7", what="the viewers")
    world.panel.select(SCRIPT)
    world.panel.reload()
    wait_until(lambda: text_of(world, "Count") == "7", what="the viewers")
    assert world.obs.exceptions() == []
    world.obs.stop_stream()
    world.quit_clean(leaks=3)


def test_text_on_the_picture__renamed_while_live__gets_back_what_it_held(
    live_world: World,
) -> None:
    world = live_world
    add_text(world, "Count", "starting soon")
    show_on(world, "Count", "{viewers}")
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    wait_until(lambda: text_of(world, "Count") == "7", what="the viewers")
    world.obs.request("SetInputName", {"inputName": "Count", "newInputName": "Crowd"})
    world.velora.account.viewers = 8
    wait_until(lambda: text_of(world, "Crowd") == "8", what="the viewers")
    world.panel.press("Refresh")
    assert world.panel.choice("Text source") == "Crowd"
    assert world.panel.text("Text to show") == "{viewers}"
    world.obs.stop_stream()
    wait_until(lambda: text_of(world, "Crowd") == "starting soon", what="the old text")
    world.quit_clean()
    settings = world.obs.script_settings(SCRIPT)
    assert settings["text_source"] == "Crowd"
    assert settings["text_templates"] == '{"Crowd": "{viewers}"}'


@pytest.mark.parametrize("token", [True, False])
def test_stream_to_another_platform__not_a_request_and_not_a_word(
    world: World, token: bool
) -> None:
    """Also while nobody knows where Velora is."""
    key = world.velora.account.stream_key  # which the one ingest here accepts
    twitch = {"service": "Twitch", "server": world.rtmp.url, "key": key}
    world.start(
        {"title": "Hello", "live_interval": 5},
        token=token,
        profiles=[Profile(service={"type": "rtmp_common", "settings": twitch})],
    )
    status = world.status
    asked, said = asked_at_last(world), world.log()
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    time.sleep(9.0)
    if token:  # signed out, the panel has no part about the running stream
        assert live_line(world) == ""
    world.obs.stop_stream()
    time.sleep(1.0)
    assert len(requests(world)) == asked
    assert world.log() == said
    assert not world.panel.script_log_shown
    pressed = "Your stream key stays as it is."  # by `live_line`
    assert world.status == (pressed if token else status)
    world.quit_clean()


def asked_at_last(world: World) -> int:
    """Return how many requests there were, once those of loading and opening have come."""
    before = -1
    while len(requests(world)) != before:
        before = len(requests(world))
        time.sleep(2.0)
    return before


def requests(world: World) -> list[str]:
    """Return what the script asked of Velora; the ingest asks, too."""
    return [
        request.path for request in world.velora.journal.find() if "_ingest" not in request.path
    ]


def test_text_on_the_picture__survives_a_power_cut(live_world: World) -> None:
    world = live_world
    add_text(world, "Count", "starting soon")
    show_on(world, "Count", "{viewers}")
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    wait_until(lambda: text_of(world, "Count") == "7", what="the viewers")

    def saved() -> list[str]:
        sources = world.obs.collection_json("Main")["sources"]
        return [source["settings"]["text"] for source in sources if source["name"] == "Count"]

    wait_until(lambda: saved() == ["7"], what="OBS to save the scenes")
    world.obs.kill()
    world.rtmp.wait_for_end()
    world.obs.start()
    wait_until(lambda: text_of(world, "Count") == "starting soon", what="the old text")
    # And it is what the next stream's end brings back.
    world.obs.start_stream()
    wait_until(lambda: text_of(world, "Count") == "7", what="the viewers")
    world.obs.stop_stream()
    wait_until(lambda: text_of(world, "Count") == "starting soon", what="the old text")
    world.quit_clean()
