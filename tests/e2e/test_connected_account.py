"""An account of another platform that is connected in OBS, whose key OBS writes over Velora's at
each start. Debian's OBS has no accounts, so a helper script does what OBS does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import harness
from tests.e2e.world import SCRIPT, World
from tests.harness import Profile, Script, wait_until

HELPER = Path(harness.__file__).parent / "toy_scripts" / "account.py"
FOREIGN = "live_test_twitch_key"
ACCOUNT = {"Auth": {"Type": "Twitch"}}
HELD = "The stream was not started: the stream key in OBS is your Twitch account's"
PUT_RIGHT = "The stream key in OBS was your Twitch account's; your stream goes to Velora"


def start(
    world: World,
    service: Mapping[str, Any] | None,
    *,
    settings: Mapping[str, Any] | None = None,
    extra: Mapping[str, Mapping[str, str]] = ACCOUNT,
) -> None:
    """OBS with a connected account."""
    world.start(
        settings,
        profiles=[Profile(service=service, extra=extra)],
        more_scripts=[Script(HELPER, {"key": FOREIGN})],
    )


def key_in_file(world: World) -> object:
    service = world.obs.service_json()
    assert service is not None
    return service["settings"]["key"]


def test_configured__our_key_arrives_at_each_start(world: World) -> None:
    start(world, None)
    status = world.press("Configure Velora")
    assert "OBS has your Twitch account connected" in status
    assert "Disconnect Account" in status
    assert f"OBS will stream to {world.rtmp.url}" in status
    for _ in range(2):
        world.stream()
    key = world.velora.account.stream_key
    assert world.rtmp.keys == [key, key]
    assert world.rtmp.refused_keys == []
    assert key_in_file(world) == key
    world.wait_for_log(PUT_RIGHT)
    assert not world.panel.script_log_shown
    assert FOREIGN not in world.obs.log_text()
    world.quit_clean()


def test_regenerated__the_new_key_arrives(world: World) -> None:
    start(world, None)
    world.press("Configure Velora")
    world.stream()
    old = world.velora.account.stream_key
    world.press("Regenerate stream key")
    world.press("Yes, make a new key")
    new = world.velora.account.stream_key
    assert new != old
    world.stream()
    assert world.rtmp.keys == [old, new]
    assert world.rtmp.refused_keys == []
    world.quit_clean()


def test_set_up_by_hand__that_key_arrives(world: World) -> None:
    start(world, world.velora_service())
    world.stream()
    assert world.rtmp.keys == [world.velora.account.stream_key]
    assert world.rtmp.refused_keys == []
    world.quit_clean()


def test_right_key_not_known__nothing_arrives_and_it_is_said(world: World) -> None:
    """OBS has saved the account's key in a profile that this script has never set up."""
    elsewhere = {"server": "rtmp://127.0.0.1:9/other", "key": "live_test_other"}
    world.start(
        {"title": "Not sent"},
        profiles=[
            Profile("First", service={"type": "rtmp_custom", "settings": elsewhere}),
            Profile("Main", service=world.velora_service(FOREIGN), extra=ACCOUNT),
        ],
        more_scripts=[Script(HELPER, {"key": FOREIGN})],
    )
    known = world.obs.home / ".config" / "velora-obs" / "known.json"
    wait_until(
        lambda: known.exists() and world.rtmp.url in known.read_text(),
        what="the script to learn where Velora takes streams",
    )
    world.velora.account.streaming_enabled = False  # so nothing is put right before the start
    world.obs.switch_profile("Main")
    world.obs.start_stream(wait=False)
    world.wait_for_log(HELD)
    world.wait_for_script_log()
    world.panel.answer("OK")
    assert world.rtmp.keys == []
    assert world.rtmp.refused_keys == []
    assert world.updates() == []
    world.velora.account.streaming_enabled = True
    world.panel.select(SCRIPT)
    assert "OBS will stream to" in world.press("Configure Velora")
    world.stream()
    assert world.rtmp.keys == [world.velora.account.stream_key]
    assert world.rtmp.refused_keys == []
    world.quit_clean()


def test_saved_by_obs__is_still_the_accounts(world: World) -> None:
    start(world, None)
    world.press("Configure Velora")
    world.stream()
    world.panel.select(HELPER.name)
    world.panel.press("Write and save")
    assert key_in_file(world) == FOREIGN
    world.stream()
    key = world.velora.account.stream_key
    assert world.rtmp.keys == [key, key]
    assert world.rtmp.refused_keys == []
    world.quit_clean()


def test_another_platform__is_untouched(world: World) -> None:
    world.velora.account.rtmp_url = "rtmp://127.0.0.1:9/velora"
    world.velora.account.go_live = lambda key: True  # type: ignore[method-assign]
    service = {"server": world.rtmp.url, "key": "live_test_other"}
    start(world, {"type": "rtmp_custom", "settings": service})
    world.stream()
    assert world.rtmp.keys == [FOREIGN]
    ours = [line.text for line in world.obs.script_log() if line.script == "velora_obs.py"]
    assert [line for line in ours if not line.endswith("is loaded.")] == []
    world.quit_clean()


@pytest.mark.parametrize("account", ["Twitch", "YouTube - RTMPS"])
def test_type_in_the_profile__stays_while_obs_runs(world: World, account: str) -> None:
    """What the script reads is there although this OBS can't load the account."""
    start(world, None, extra={"Auth": {"Type": account}})
    status = world.press("Configure Velora")
    assert world.obs.basic_ini()["Auth"]["Type"] == account
    assert ("asks for a YouTube broadcast" in status) is (account != "Twitch")
    world.quit_clean()
