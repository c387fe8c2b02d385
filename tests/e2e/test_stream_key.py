"""Regenerate stream key, in a real OBS against an ingest that refuses dead keys."""

from __future__ import annotations

from tests.e2e.world import World
from tests.harness import Profile
from tests.simulator import Fault

REGENERATE = ("POST", "/stream/key/regenerate")
YES, NO = "Yes, make a new key", "No, keep it"


def _start(world: World) -> str:
    """OBS set up for Velora; the old key."""
    old = world.velora.account.stream_key
    world.start({"title": "Hello"}, profiles=[Profile(service=world.velora_service())])
    world.press("Configure Velora")
    return old


def _key_in_obs(world: World) -> str:
    service = world.obs.service_json()
    assert service is not None
    return str(service["settings"]["key"])


def test_two_presses__and_the_stream_goes_out_with_the_new_key(world: World) -> None:
    old = _start(world)
    assert world.panel.find(YES) is None
    assert "will stop working immediately" in world.press("Regenerate stream key")
    assert "stays as it is" in world.press(NO)
    assert world.velora.account.stream_key == old
    world.press("Regenerate stream key")
    status = world.press(YES)
    new = world.velora.account.stream_key
    assert new != old
    assert status == (
        f"OBS will stream with your new key ••••{new[-4:]} in the profile “Main”; the old one "
        "no longer works."
    )
    assert _key_in_obs(world) == new
    assert world.panel.find(YES) is None
    world.stream()
    assert world.rtmp.keys == [new]
    assert len(world.velora.journal.find(*REGENERATE)) == 1
    world.quit_clean()


def test_while_live__nothing_happens(world: World) -> None:
    old = _start(world)
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    world.press("Regenerate stream key")
    assert "OBS is streaming" in world.press(YES)
    assert world.velora.account.stream_key == old
    world.obs.stop_stream()
    world.quit_clean()


def test_answer_lost__the_key_is_found_and_made_only_once(world: World) -> None:
    _start(world)
    world.velora.faults.add(Fault.reset(*REGENERATE, after=True))
    world.press("Regenerate stream key")
    assert "your new key" in world.press(YES)
    assert _key_in_obs(world) == world.velora.account.stream_key
    assert len(world.velora.journal.find(*REGENERATE)) == 1
    world.quit_clean()
