"""Paste a token, press Configure Velora, press Start Streaming: in a real OBS, to a real ingest."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.e2e.world import SCRIPT, World
from tests.harness import Display, Profile, wait_until


def test_from_the_token_to_a_stream_with_the_right_info(world: World) -> None:
    obs, panel, velora = world.start(token=False), world.panel, world.velora
    key = velora.account.stream_key
    assert "Step 1 of 2" in world.status

    panel.paste("Access token", f"  {world.token} ")
    status = world.press("Configure Velora")
    assert status.startswith(f"OBS will stream to {world.rtmp.url} with key ••••{key[-4:]} in")
    assert panel.text("Access token") == ""
    service = obs.service_json()
    assert service is not None
    assert service["type"] == "rtmp_custom"
    assert service["settings"]["server"] == world.rtmp.url
    assert service["settings"]["key"] == key

    world.press("Refresh")
    assert "Just Chatting" in panel.items("Category")
    panel.set_text("Title", "Hello")
    panel.type_in_choice("Category", "Music")
    panel.set_text("Tags", "english, English")
    obs.start_stream()
    media = world.rtmp.wait_for_media()
    obs.wait_for_sent(2)
    updates = velora.journal.wait_for("PUT", "/stream/info", timeout=30)
    assert [update.json for update in updates] == [
        {"title": "Hello", "categorySlug": "music", "tags": ["english"]}
    ]
    assert media.first_media_at is not None
    assert updates[0].monotonic < media.first_media_at
    assert velora.account.is_live
    said = world.press("Refresh").splitlines()[-1]
    expected = (
        "You are live on Velora with the title “Hello”, the category Music and the tag english"
    )
    assert said.startswith(expected)
    before = obs.service_json()
    assert "OBS is streaming: stop the stream first" in world.press("Configure Velora")
    assert obs.service_json() == before

    obs.stop_stream()
    world.rtmp.wait_for_end()
    assert world.rtmp.keys == [key]
    probe = world.rtmp.probe()
    assert (probe.video_codec, probe.width, probe.height) == ("h264", 320, 180)
    assert probe.video_frames > 30
    world.quit_clean()
    saved = obs.script_settings(SCRIPT)
    assert saved["title"] == "Hello"
    assert saved["category"] == "music"
    assert [tag["value"] for tag in saved["tags"]] == ["english", "English"]
    everything = str(obs.collection_json())
    assert world.token not in everything
    assert key not in everything
    private = obs.home / ".config" / "velora-obs"
    assert private.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in private.iterdir()} == {0o600}


def test_srt__the_key_is_the_stream_id(display: Display, tmp_path: Path) -> None:
    with World(display, tmp_path, srt=True) as world:
        obs = world.start({"protocol": "srt", "title": "By SRT"})
        assert "srt://" in world.press("Configure Velora")
        obs.start_stream()
        world.srt.wait_for_media()
        obs.wait_for_sent(2)
        wait_until(world.updates, what="the title")
        obs.stop_stream()
        world.srt.wait_for_end()
        assert world.srt.stream_ids[0] == world.velora.account.stream_key
        assert world.srt.probe().video_frames > 10
        assert world.updates() == [{"title": "By SRT"}]
        world.quit_clean(exit_code_counts=False)


def test_whip__is_offered_only_where_obs_has_it(world: World) -> None:
    world.start()
    has_whip = "obs-webrtc.so" in world.obs.log_text()  # of which Debian's OBS has none
    assert ("WHIP" in world.panel.items("Protocol")) is has_whip
    world.quit_clean()


def test_previous_service__is_kept_whole_and_brought_back(world: World) -> None:
    other = {
        "type": "rtmp_custom",
        "settings": {
            "server": "rtmp://127.0.0.1:9/other",
            "key": "live_test_other_key",
            "use_auth": True,
            "username": "somebody",
            "password": "test_password",
        },
    }
    obs = world.start(profiles=[Profile(service=other)])
    assert world.panel.find("Restore previous service") is None
    world.press("Configure Velora")
    assert obs.service_json() != other
    status = world.press("Restore previous service")
    assert status == (
        "OBS streams to your previous service again in the profile “Main”: "
        "rtmp://127.0.0.1:9/other with key ••••_key."
    )
    assert obs.service_json() == other
    world.press("Refresh")
    assert world.panel.find("Restore previous service") is None
    world.quit_clean()


def test_another_platform__is_left_alone(world: World) -> None:
    foreign = world.velora_service()
    foreign["settings"]["server"] = world.rtmp.url.replace("127.0.0.1", "127.0.0.2")
    obs = world.start({"title": "Not for them"}, profiles=[Profile(service=foreign)])
    obs.start_stream(wait=False)
    world.panel.answer("OK")  # nobody takes streams there, which OBS says
    time.sleep(2)
    assert world.updates() == []
    world.quit_clean()


def test_nothing_set__nothing_sent(world: World) -> None:
    world.start(profiles=[Profile(service=world.velora_service())])
    world.stream()
    assert world.updates() == []
    world.quit_clean()


@pytest.mark.parametrize("on", [True, False])
def test_update_on_start__does_what_the_box_says(world: World, on: bool) -> None:
    settings = {"title": "Hello", "update_on_start": on}
    world.start(settings, profiles=[Profile(service=world.velora_service())])
    world.stream(until=world.updates if on else None)
    assert world.updates() == ([{"title": "Hello"}] if on else [])
    world.quit_clean()


def test_script_saves_survive_a_category_typed_by_name(world: World) -> None:
    obs = world.start({"category": "music"})
    world.press("Refresh")
    assert world.panel.text("Category") == "Music"
    world.panel.type_in_choice("Category", "just chatting")
    world.quit_clean()
    assert obs.script_settings(SCRIPT)["category"] == "just-chatting"
