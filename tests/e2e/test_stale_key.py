"""A stream key that was changed on the website, in a real OBS with an ingest that refuses it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.e2e.world import World
from tests.harness import Display, Profile, WaitTimeout, wait_until
from tests.harness.closing_ingest import ClosingIngest
from tests.simulator import Fault

OLD = "live_test_key_old1"
SETUP = ("GET", "/stream/setup")


def key_in_obs(world: World) -> object:
    service = world.obs.service_json()
    assert service is not None
    return service["settings"]["key"]


def start_refused(world: World, sentence: str) -> None:
    """Start a stream that can't start, and wait until the script has said this about it."""
    with pytest.raises(WaitTimeout):
        world.obs.start_stream(timeout=3)
    world.wait_for_log(sentence)
    world.panel.answer("OK")


def test_obs_starts__the_key_is_put_right(world: World) -> None:
    obs = world.start()
    world.press("Configure Velora")
    obs.quit()
    world.velora.account.regenerate()
    again = world.start_again()
    world.wait_for_log("Your stream key had changed on Velora: OBS now has the new one (••••0001).")
    assert key_in_obs(world) == world.velora.account.stream_key
    world.stream()
    assert world.rtmp.keys == [world.velora.account.stream_key]
    assert world.rtmp.refused_keys == []
    assert again is world.obs
    world.quit_clean()


def test_after_a_stream__the_key_is_put_right(world: World) -> None:
    obs = world.start()
    world.press("Configure Velora")
    obs.start_stream()
    world.rtmp.wait_for_media()
    world.velora.account.regenerate()
    world.panel.press("Refresh")
    assert key_in_obs(world) != world.velora.account.stream_key
    obs.stop_stream()
    world.wait_for_log("Your stream key had changed on Velora: OBS now has the new one (••••0001).")
    assert key_in_obs(world) == world.velora.account.stream_key
    world.quit_clean()


def test_start_refused__old_key__the_next_start_works(world: World) -> None:
    world.start()
    world.press("Configure Velora")
    world.velora.account.regenerate()
    start_refused(
        world,
        "Press Start Streaming again: the stream key was not the right one, and OBS now has yours "
        "(••••0001).",
    )
    assert len(world.rtmp.refused_keys) == 1
    world.stream()
    assert world.rtmp.keys == [world.velora.account.stream_key]
    world.quit_clean()


def test_start_refused__right_key__says_what_else(world: World) -> None:
    world.start(profiles=[Profile(service=world.velora_service())])
    world.press("Refresh")  # so that it is known where Velora takes streams
    world.velora.account.go_live = lambda key: False  # type: ignore[method-assign]
    start_refused(world, "although OBS has the right key")
    world.wait_for_script_log()
    world.quit_clean()


def test_ingest_unreachable__right_key__says_so(world: World) -> None:
    world.velora.account.rtmp_url = "rtmp://127.0.0.1:9/live"
    service = {"server": "rtmp://127.0.0.1:9/live", "key": world.velora.account.stream_key}
    world.start(profiles=[Profile(service={"type": "rtmp_custom", "settings": service})])
    world.press("Refresh")
    start_refused(world, "ingest can't be reached, although OBS has the right address")
    world.quit_clean()


def test_ingest_that_closes__says_how_far_it_went(world: World) -> None:
    """OBS tells of a closed connection as of a refused key, once it could ask to connect."""
    with ClosingIngest("accepted") as ingest:
        world.velora.account.rtmp_url = ingest.url
        service = {"server": ingest.url, "key": world.velora.account.stream_key}
        world.start(profiles=[Profile(service={"type": "rtmp_custom", "settings": service})])
        world.press("Refresh")
        start_refused(world, "ingest can't be reached, although OBS has the right address")
        assert ingest.connections == 1
        ingest.moment = "connect"
        start_refused(world, "Velora did not take the stream, although OBS has the right key")
        assert ingest.connections == 2
    world.quit_clean()


def test_start_refused__velora_does_not_answer_either(world: World) -> None:
    world.start(profiles=[Profile(service=world.velora_service())])
    world.press("Refresh")
    world.velora.account.regenerate()
    world.velora.faults.add(Fault.status("GET", "/stream/setup", status=500))
    start_refused(world, "your stream key could not be checked")
    world.quit_clean()


def test_other_platform_refuses__is_none_of_our_business(world: World) -> None:
    service = {"server": "rtmp://127.0.0.1:9/other", "key": "live_test_other"}
    world.start(profiles=[Profile(service={"type": "rtmp_custom", "settings": service})])
    world.press("Refresh")
    before = world.log()
    with pytest.raises(WaitTimeout):
        world.obs.start_stream(timeout=2)
    world.panel.answer("OK")
    assert world.log() == before
    assert key_in_obs(world) == "live_test_other"
    world.quit_clean()


ASKED = "The stream key in OBS is not your channel's"


def test_another_channels_key__is_asked_about_and_kept(world: World) -> None:
    world.start(profiles=[Profile(service=world.velora_service(OLD))])
    world.wait_for_log(ASKED)
    world.press("Refresh")
    assert sum(ASKED in text for text in world.panel.texts()) >= 1
    assert key_in_obs(world) == OLD
    world.press("Keep this key")
    assert world.panel.find("Keep this key") is None
    assert key_in_obs(world) == OLD
    world.obs.quit()
    compared = len(world.velora.journal.find(*SETUP))
    world.start_again()
    wait_until(lambda: len(world.velora.journal.find(*SETUP)) > compared, what="the comparison")
    world.press("Refresh")
    assert world.panel.find("Keep this key") is None
    assert key_in_obs(world) == OLD
    world.quit_clean()


def test_another_channels_key__is_replaced_when_asked_and_can_come_back(world: World) -> None:
    world.start(profiles=[Profile(service=world.velora_service(OLD))])
    world.wait_for_log(ASKED)
    world.press("Refresh")
    world.press("Use my channel's key")
    assert key_in_obs(world) == world.velora.account.stream_key
    line = f": {world.rtmp.url} with key ••••old1."
    assert [text for text in previous_line(world) if text.endswith(line)]
    world.press("Restore previous service")
    assert key_in_obs(world) == OLD
    world.panel.close()
    world.open_panel()
    time.sleep(1)
    assert key_in_obs(world) == OLD
    assert world.panel.find("Use my channel's key") is None
    world.quit_clean()


def test_srt__what_was_added_to_the_address_stays(display: Display, tmp_path: Path) -> None:
    with World(display, tmp_path, srt=True) as world:
        obs = world.start({"protocol": "srt"})
        world.press("Configure Velora")
        obs.quit()
        file = obs.installation.config_folder(obs.home) / "basic/profiles/Main/service.json"
        data = json.loads(file.read_text())
        data["settings"]["server"] += "?latency=2000000"
        added = data["settings"]["server"]
        file.write_text(json.dumps(data))
        obs = world.start_again()
        world.press("Refresh")
        assert obs.service_json() == data
        world.velora.account.regenerate()
        obs.start_stream()
        world.srt.wait_for_media()
        obs.stop_stream()
        world.wait_for_log("Your stream key had changed on Velora")
        service = obs.service_json()
        assert service is not None
        assert service["settings"]["server"] == added
        assert key_in_obs(world) == world.velora.account.stream_key
        assert "OBS will stream to" in world.press("Configure Velora")
        service = obs.service_json()
        assert service is not None
        assert service["settings"]["server"] == added
        world.quit_clean(exit_code_counts=False)


# -- whose it is: profiles that are renamed, and those of another OBS -----------------------------

ELSEWHERE = {"server": "rtmp://127.0.0.1:9/first", "key": "live_test_first"}


def previous_line(world: World) -> list[str]:
    world.panel.press("Refresh")  # the panel is drawn anew
    world.panel.find("Regenerate stream key")  # which is where it is said
    return [text for text in world.panel.texts() if text.startswith("Previous service")]


def test_renamed_profile__has_its_way_back_and_its_key(world: World) -> None:
    service = {"type": "rtmp_custom", "settings": ELSEWHERE}
    obs = world.start(profiles=[Profile(service=service)])
    world.press("Configure Velora")
    world.panel.close()
    world.panel.rename_profile("New name")
    world.open_panel()
    assert "rtmp://127.0.0.1:9/first" in previous_line(world)[0]
    world.panel.close()
    obs.quit()
    world.velora.account.regenerate()
    obs = world.start_again()
    world.wait_for_log("Your stream key had changed on Velora")
    assert world.press("Restore previous service").startswith("OBS streams to your previous")
    saved = obs.service_json("New name")
    assert saved is not None
    assert saved["settings"]["key"] == "live_test_first"
    obs.create_profile("Main")
    assert previous_line(world) == [], "a new profile with the old name"
    world.quit_clean()


def test_second_obs__with_a_profile_of_the_same_name(world: World) -> None:
    obs = world.start(profiles=[Profile(service={"type": "rtmp_custom", "settings": ELSEWHERE})])
    world.press("Configure Velora")
    obs.quit()
    second = {"type": "rtmp_custom", "settings": {**ELSEWHERE, "key": "live_test_second"}}
    # The same user, with another configuration folder: a portable OBS, or --config-dir.
    home = obs.home / "second"
    (home / ".config").mkdir(parents=True)
    (home / ".config" / "velora-obs").symlink_to(obs.home / ".config" / "velora-obs")
    other = world.start(profiles=[Profile(service=second)], home=home, visible_folders=[obs.home])
    assert previous_line(world) == []
    world.press("Configure Velora")
    assert "••••cond" in previous_line(world)[0]
    assert world.press("Restore previous service").startswith("OBS streams to your previous")
    saved = other.service_json()
    assert saved is not None
    assert saved["settings"]["key"] == "live_test_second"
    world.quit_clean()
    world.start_again(home=obs.home)
    assert "••••irst" in previous_line(world)[0]
    world.quit_clean()
