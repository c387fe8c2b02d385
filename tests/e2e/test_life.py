"""Loading, reloading, switching and quitting: no exception, no thread, no leak, same settings."""

from __future__ import annotations

import shutil
import time
from typing import Any

from tests.e2e.world import AT_ONCE, SCRIPT, World
from tests.harness import Obs, ObsConfig, Profile, SceneCollection, Script, wait_until
from tests.simulator import Fault
from tests.stage import stage_script

SETTINGS = {"title": "Kept", "category": "music", "tags": [{"value": "one"}], "protocol": "srt"}


def _threads(world: World) -> int:
    return len(world.obs.usage().threads)


def _assert_settings_kept(world: World) -> None:
    saved = world.obs.script_settings(SCRIPT)
    assert {name: saved[name] for name in ("title", "category", "protocol")} == {
        name: SETTINGS[name] for name in ("title", "category", "protocol")
    }
    assert [tag["value"] for tag in saved["tags"]] == ["one"]


def test_reload__keeps_settings_and_leaves_no_thread(world: World) -> None:
    world.start(SETTINGS)
    world.press("Refresh")
    before = _threads(world)
    for _ in range(5):
        world.panel.reload()
    world.press("Refresh")
    wait_until(lambda: _threads(world) <= before, what="the old threads to end")
    assert world.panel.text("Title") == "Kept"
    world.quit_clean()
    _assert_settings_kept(world)


def test_reload__with_a_request_in_flight_ends_it(world: World) -> None:
    world.start(SETTINGS)
    world.press("Refresh")
    before = _threads(world)
    world.velora.faults.add(Fault.hang("GET", "/stream/categories", count=1))
    world.panel.press("Refresh")
    world.panel.reload()
    wait_until(lambda: _threads(world) <= before, what="the old threads to end")
    world.quit_clean()


def test_reload__takes_changed_core_code(world: World) -> None:
    world.start()
    sentences = world.script.parent / "velora_core" / "messages" / "en" / "panel.py"
    changed = sentences.read_text().replace('"panel.tags": "Tags"', '"panel.tags": "Markers"')
    sentences.write_text(changed)
    assert world.panel.find("Markers") is None
    world.panel.reload()
    world.panel.wait_for("Markers")
    world.quit_clean()


def test_reload__takes_changed_code_of_the_host(world: World) -> None:
    world.start()
    host = world.script.parent / "velora_hosts" / "obs_script" / "host.py"
    text = host.read_text()
    host.write_text(text.replace("LOG_INFO, sentence)", 'LOG_INFO, sentence + " anew")'))
    assert host.read_text() != text
    world.panel.reload()
    wait_until(
        lambda: any("is loaded. anew" in line for line in world.log()), what="the line in the log"
    )
    world.quit_clean()


def test_reload__a_stream_afterwards_has_the_info(world: World) -> None:
    world.start({"title": "Kept"}, profiles=[Profile(service=world.velora_service())])
    world.panel.reload()
    world.stream(until=world.updates)
    assert world.updates() == [{"title": "Kept"}]
    world.quit_clean()


def test_defaults__clears_the_fields_and_goes_on(world: World) -> None:
    world.start(SETTINGS)
    world.panel.defaults()
    assert world.panel.text("Title") == ""
    assert world.panel.choice("Protocol") == "RTMP"
    assert "Velora" in world.press("Refresh")
    world.quit_clean()


def _leaks_of_switching(world: World, times: int) -> int:
    """Return what OBS loses without any script when scene collections are switched so often."""
    collections = [SceneCollection(colour=None), SceneCollection("Other", colour=None)]
    config = ObsConfig(collections=collections)
    with Obs(world.display, config, installation=world.installation) as obs:
        for _ in range(times):
            obs.switch_collection("Other")
            obs.switch_collection("Main")
        leaks = obs.quit().leaks
    assert leaks is not None
    return leaks


def test_switching_the_scene_collection_and_back(world: World) -> None:
    times = 3
    expected = _leaks_of_switching(world, times)
    obs = world.start(SETTINGS, more_collections=[SceneCollection("Other", colour=None)])
    world.panel.close()
    for _ in range(times):
        obs.switch_collection("Other")
        obs.switch_collection("Main")
    world.open_panel()
    assert world.panel.text("Title") == "Kept"
    world.quit_clean(leaks=expected)
    _assert_settings_kept(world)


def test_switching_the_scene_collection_in_the_middle_of_a_stream(world: World) -> None:
    obs = world.start(
        {"title": "Kept"},
        profiles=[Profile(service=world.velora_service())],
        more_collections=[SceneCollection("Other", colour=None)],
    )
    obs.start_stream()
    world.rtmp.wait_for_media()
    world.wait_for_log("Velora now has")  # else the copy that is loaded next sends it once more
    obs.switch_collection("Other")
    obs.switch_collection("Main")
    time.sleep(1)
    assert obs.stream_status().active
    obs.stop_stream()
    assert world.updates() == [{"title": "Kept"}]
    world.quit_clean(leaks=_leaks_of_switching(world, 1))


def test_switching_the_profile__shows_which_service_is_in_use(world: World) -> None:
    obs = world.start(profiles=[Profile(), Profile("Other")])
    world.press("Configure Velora")
    obs.switch_profile("Other")
    obs.switch_profile("Main")
    world.panel.select(SCRIPT)
    service = obs.service_json("Main")
    assert service is not None
    assert service["settings"]["key"] == world.velora.account.stream_key
    world.quit_clean()


def test_quitting_with_a_request_in_flight__takes_no_longer(world: World) -> None:
    world.start()
    world.velora.faults.add(Fault.hang("GET", "/stream/categories"))
    assert "has not answered yet" in world.press("Refresh", patient=False)
    assert world.quit_clean().seconds < AT_ONCE


def test_more_copies__step_aside(world: World) -> None:
    same_name = stage_script(world.folder / "Second")
    other_name = stage_script(world.folder / "Third").rename(
        world.folder / "Third" / "velora_copy.py"
    )
    world.start(
        {"title": "First"},
        profiles=[Profile(service=world.velora_service())],
        more_scripts=[Script(same_name, {"title": "Second"}), Script(other_name, {"title": "3"})],
    )
    world.stream(until=world.updates)
    assert world.updates() == [{"title": "First"}]
    assert len([line for line in world.log() if "already loaded from" in line]) == 2
    world.panel.select("velora_copy.py")
    assert f"already loaded from {world.script.parent}" in world.status
    world.panel.reload()
    assert f"already loaded from {world.script.parent}" in world.status
    world.quit_clean()
    titles = [saved_script["settings"]["title"] for saved_script in _saved_scripts(world)]
    assert titles == ["First", "Second", "3"]


def _saved_scripts(world: World) -> list[dict[str, Any]]:
    scripts: list[dict[str, Any]] = world.obs.collection_json()["modules"]["scripts-tool"]
    return scripts


def test_missing_dependency__is_one_sentence(world: World) -> None:
    shutil.rmtree(world.script.parent / "velora_lib")
    world.start()
    assert "needs the Python package" in world.status
    assert "pip install --target" in world.status
    world.quit_clean()


def test_missing_package__is_one_sentence(world: World) -> None:
    shutil.rmtree(world.script.parent / "velora_core")
    world.start()
    assert "put the folder velora_core beside velora_obs.py" in world.status
    world.quit_clean()
