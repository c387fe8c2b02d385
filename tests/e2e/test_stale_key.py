"""A stream key that was changed on the website, in a real OBS with an ingest that refuses it."""

from __future__ import annotations

import time

import pytest

from tests.e2e.world import SCRIPT, World
from tests.harness import Profile, WaitTimeout
from tests.simulator import Fault

OLD = "live_test_key_old1"


def key_in_obs(world: World) -> object:
    service = world.obs.service_json()
    assert service is not None
    return service["settings"]["key"]


def start_refused(world: World, sentence: str) -> None:
    """Starts a stream that can't start, and waits until the script has said this about it."""
    with pytest.raises(WaitTimeout):
        world.obs.start_stream(timeout=3)
    world.wait_for_log(sentence)
    world.panel.answer("OK")


def test_obs_starts__the_key_is_put_right(world: World) -> None:
    world.start(profiles=[Profile(service=world.velora_service(OLD))])
    world.wait_for_log("Your stream key had changed on Velora: OBS now has the new one (••••0000).")
    assert key_in_obs(world) == world.velora.account.stream_key
    world.stream()
    assert world.rtmp.keys == [world.velora.account.stream_key]
    assert world.rtmp.refused_keys == []
    world.quit_clean()


def test_after_a_stream__the_key_is_put_right(world: World) -> None:
    obs = world.start(profiles=[Profile(service=world.velora_service())])
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
    world.start(profiles=[Profile(service=world.velora_service())])
    time.sleep(1)
    world.velora.account.regenerate()
    start_refused(
        world,
        "Velora: Velora refused the old stream key; OBS now has the right one (••••0001): "
        "press Start Streaming again.",
    )
    assert len(world.rtmp.refused_keys) == 1
    world.stream()
    assert world.rtmp.keys == [world.velora.account.stream_key]
    world.quit_clean()


def test_start_refused__right_key__says_what_else(world: World) -> None:
    world.start(profiles=[Profile(service=world.velora_service())])
    time.sleep(1)
    world.velora.account.go_live = lambda key: False  # type: ignore[method-assign]
    start_refused(world, "although OBS has the right key")
    assert world.panel.script_log_shown
    world.quit_clean()


def test_ingest_unreachable__right_key__says_so(world: World) -> None:
    world.velora.account.rtmp_url = "rtmp://127.0.0.1:9/live"
    service = {"server": "rtmp://127.0.0.1:9/live", "key": world.velora.account.stream_key}
    world.start(profiles=[Profile(service={"type": "rtmp_custom", "settings": service})])
    time.sleep(1)
    start_refused(world, "ingest can't be reached, and OBS has the right address")
    world.quit_clean()


def test_start_refused__velora_does_not_answer_either(world: World) -> None:
    world.start(profiles=[Profile(service=world.velora_service())])
    time.sleep(1)
    world.velora.account.regenerate()
    world.velora.faults.add(Fault.status("GET", "/stream/setup", status=500))
    start_refused(world, "your stream key could not be checked")
    world.quit_clean()


def test_other_platform_refuses__is_none_of_our_business(world: World) -> None:
    service = {"server": "rtmp://127.0.0.1:9/other", "key": "live_test_other"}
    world.start(profiles=[Profile(service={"type": "rtmp_custom", "settings": service})])
    time.sleep(1)
    before = world.log()
    with pytest.raises(WaitTimeout):
        world.obs.start_stream(timeout=2)
    world.panel.answer("OK")
    assert world.log() == before
    assert key_in_obs(world) == "live_test_other"
    world.quit_clean()


def test_panel_opened__a_key_set_by_hand_can_come_back(world: World) -> None:
    world.start(profiles=[Profile(service=world.velora_service(OLD))])
    world.wait_for_log("OBS now has the new one")
    world.panel.select(SCRIPT)
    world.press("Refresh")
    assert f"Before Velora: {world.rtmp.url} with key ••••old1." in world.panel.texts()
    world.press("Restore previous service")
    assert key_in_obs(world) == OLD
    world.panel.close()
    world.open_panel()
    time.sleep(1)
    assert key_in_obs(world) == OLD
    world.quit_clean()
