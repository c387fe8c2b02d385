"""The companion beside a model of OBS: connections come and go, the streamer does things in OBS."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import KEY, RTMP, WHIP, FakeVelora, wait_for
from tests.unit.model_obs import OTHER, ModelObs
from tests.unit.obs_websocket.conftest import Companion
from velora_hosts.companion import connected_link
from velora_hosts.obs_websocket import link as module
from velora_hosts.obs_websocket.link import SCRIPT_HOTKEY


def velora_is_set(obs: ModelObs) -> bool:
    kind, settings = obs.services[obs.profile]
    return kind == "rtmp_custom" and (settings["server"], settings["key"]) == (RTMP, KEY)


# -- configure, restore --------------------------------------------------------------------------


def test_configure_and_restore__leave_nothing_behind(connected: Companion, obs: ModelObs) -> None:
    before = obs.services["Main"]
    status = connected.press(lambda app: app.actions.configure())
    assert "will stream to rtmp://ingest.test:1935/live" in status
    assert velora_is_set(obs)
    assert KEY not in " ".join(connected.said)
    connected.press(lambda app: app.actions.restore_previous())
    assert obs.services["Main"] == before


def test_restore__service_of_the_same_type_leaves_nothing_of_ours(
    connected: Companion, obs: ModelObs
) -> None:
    theirs = {"server": "rtmp://other.test/app", "key": "live_test_other"}
    obs.services["Main"] = ("rtmp_custom", dict(theirs))
    connected.press(lambda app: app.actions.configure())
    assert obs.services["Main"][1]["use_auth"] is False
    connected.press(lambda app: app.actions.restore_previous())
    assert obs.services["Main"] == ("rtmp_custom", theirs)


def test_whip__audio_encoders_and_the_restart(connected: Companion, obs: ModelObs) -> None:
    def whip(app: Any) -> Any:
        app.edit({"protocol": "whip"})
        return app.actions.configure()

    assert "before you stream: until then it keeps using" in connected.press(whip)
    assert obs.services["Main"][1]["server"] == WHIP
    assert obs.parameters["Main", "AdvOut", "AudioEncoder"] == "ffmpeg_opus"
    connected.press(lambda app: app.actions.restore_previous())
    assert obs.services["Main"] == ("rtmp_common", OTHER)
    assert obs.parameters["Main", "AdvOut", "AudioEncoder"] == "ffmpeg_aac"
    assert obs.parameters["Main", "SimpleOutput", "StreamAudioEncoder"] == "aac"


def test_streaming__nothing_is_changed(connected: Companion, obs: ModelObs) -> None:
    obs.stream("STARTING", "STARTED")
    assert "OBS" in connected.press(lambda app: app.actions.configure())
    assert obs.services["Main"] == ("rtmp_common", OTHER)


def test_key_typed_by_hand_meanwhile__is_not_lost(
    connected: Companion, obs: ModelObs, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    app = connected.app
    connected.on_link(lambda: app.actions.configure())
    obs.services["Main"] = ("rtmp_custom", {"server": "rtmp://mine.test/a", "key": "live_test_m"})
    velora.block.set()
    connected.run_until_idle()
    connected.run_until_idle()
    assert velora_is_set(obs)
    connected.press(lambda app: app.actions.restore_previous())
    assert obs.services["Main"][1]["key"] == "live_test_m"


@pytest.mark.parametrize("told", [True, False])
def test_profile_switched_meanwhile__no_service_is_changed(
    connected: Companion, obs: ModelObs, velora: FakeVelora, told: bool
) -> None:
    velora.block = threading.Event()
    app = connected.app
    others = dict(OTHER, server="rtmp://others.test/app")
    obs.services["Other"] = ("rtmp_common", others)
    connected.on_link(lambda: app.actions.configure())
    if told:
        obs.switch("Other")
        wait_for(lambda: app._host.profile().name == "Other")
    else:  # the event is on its way still
        obs.profile = "Other"
    velora.block.set()
    connected.run_until_idle()
    connected.run_until_idle()
    said = "switched to the profile “Other”" if told else "has just changed to another profile"
    assert said in app.state.status
    if not told:
        kept = app._session.storage.previous[app._host.profile().id]
        assert [each.snapshot.destination.url.reveal() for each in kept] == [OTHER["server"]]
    assert obs.services == {"Main": ("rtmp_common", OTHER), "Other": ("rtmp_common", others)}


# -- the connection ------------------------------------------------------------------------------


def test_obs_that_starts_later__is_found(companion: Companion, obs: ModelObs) -> None:
    obs.stop()
    companion.start()
    companion.hears("start OBS, choose Tools")
    obs.start()
    companion.hears("is connected to OBS")
    assert len([sentence for sentence in companion.said if "start OBS" in sentence]) == 1


def test_obs_that_is_updated__is_found(companion: Companion, obs: ModelObs) -> None:
    obs.hello = {"rpcVersion": 0}
    companion.start()
    companion.hears("update OBS to 29 or later")
    obs.stop()
    obs.hello = {}
    obs.start()
    companion.hears("is connected to OBS")


def test_obs_restarted_in_mid_stream__goes_on(
    connected: Companion, obs: ModelObs, velora: FakeVelora
) -> None:
    connected.press(lambda app: app.actions.configure())
    app = connected.app
    connected.on_link(lambda: app.edit({"title": "Hello"}))
    obs.stream("STARTING", "STARTED")
    wait_for(lambda: velora.named("update"))
    obs.stop()
    connected.hears("Velora lost the connection to OBS")
    obs.streaming = False
    obs.start()
    wait_for(lambda: connected.link.connected)
    wait_for(lambda: not app._host.streaming())
    connected.on_link(lambda: app.edit({"title": "Again"}))
    obs.stream("STARTING", "STARTED")
    wait_for(lambda: velora.named("update")[-1] == {"title": "Again"})
    assert connected.made == [app]


def test_without_a_connection__nothing_is_set(connected: Companion, obs: ModelObs) -> None:
    obs.stop()
    connected.hears("Velora lost the connection")
    wait_for(lambda: not connected.link.connected)
    assert "Velora lost the connection" in connected.press(lambda app: app.actions.configure())
    obs.start()


def test_connection_lost_in_mid_stream__the_stream_goes_on(
    connected: Companion, obs: ModelObs, velora: FakeVelora
) -> None:
    connected.press(lambda app: app.actions.configure())
    obs.stream("STARTING", "STARTED")
    wait_for(lambda: connected.app._host.streaming())
    obs.overridden["GetStreamStatus"] = lambda _: {"outputActive": True, "outputDuration": 9e6}
    updates = len(velora.named("update"))
    obs.drop()
    wait_for(lambda: len(obs.identified) == 1 and connected.link.connected)
    connected.run_until_idle()
    assert connected.app._host.streaming()
    assert len(velora.named("update")) == updates


def test_another_stream_since__is_another_one(
    connected: Companion, obs: ModelObs, velora: FakeVelora
) -> None:
    connected.press(lambda app: app.actions.configure())
    obs.stream("STARTING", "STARTED")
    wait_for(lambda: connected.app._host.streaming())
    connected.on_link(lambda: connected.app.edit({"title": "Second"}))
    obs.overridden["GetStreamStatus"] = lambda _: {"outputActive": True, "outputDuration": 0}
    assert connected.link._events
    connected.link._events._followed.began -= 60.0  # of the first one OBS would know some by now
    obs.drop()
    wait_for(lambda: {"title": "Second"} in velora.named("update"))


@pytest.mark.parametrize(("away", "same"), [(4.0, True), (20.0, False)])
def test_stream_of_a_busy_obs__is_the_same_one_though_obs_counts_less(
    connected: Companion, away: float, same: bool
) -> None:
    """It had run for 2.5 s, and says after a time without connection that it runs for 2."""
    events = connected.link._events
    assert events
    lost_at = time.monotonic() - away
    events._followed.began = lost_at - 2.5
    assert (events._least_seconds(lost_at) <= 2.0) == same
    events._followed.began = lost_at - 0.6  # then it says 0, as seen of OBS 32
    assert (events._least_seconds(lost_at) <= 0.0) == same
    events._followed.began = float("-inf")  # it ran before we came
    assert (events._least_seconds(lost_at) <= 2.0) == same


def test_another_obs_at_the_same_port__has_another_stream(
    connected: Companion, obs: ModelObs, velora: FakeVelora
) -> None:
    connected.press(lambda app: app.actions.configure())
    obs.stream("STARTING", "STARTED")
    wait_for(lambda: connected.app._host.streaming())
    connected.on_link(lambda: connected.app.edit({"title": "Of the other"}))
    obs.overridden["GetStreamStatus"] = lambda _: {"outputActive": True, "outputDuration": 9e6}
    obs.slots.clear()
    obs.drop()
    wait_for(lambda: {"title": "Of the other"} in velora.named("update"))


def test_quit__is_said_as_such(connected: Companion, obs: ModelObs) -> None:
    obs.tell("ExitStarted")
    obs.stop()
    connected.hears("has quit")


def test_kicked__comes_back_when_asked_to(connected: Companion, obs: ModelObs) -> None:
    obs.kick()
    connected.hears("ended Velora's connection in OBS")
    wait_for(lambda: not obs.identified)
    connected.on_link(lambda: None)
    assert not connected.link.connected
    connected.link.connect()
    wait_for(lambda: connected.link.connected)


def test_wrong_password__waits_for_the_right_one(companion: Companion, obs: ModelObs) -> None:
    obs.password, companion.password = "right", "wrong"
    companion.start()
    companion.hears("does not accept the password")
    companion.password = "right"
    companion.link.connect()
    companion.hears("is connected")
    assert "right" not in " ".join(companion.said).replace("right ", "")


def test_obs_that_hangs__is_left_and_sought_again(
    connected: Companion, obs: ModelObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from velora_hosts.obs_websocket import connection

    with monkeypatch.context() as hurry:
        hurry.setattr(connection.Connection.request, "__kwdefaults__", {"seconds": 0.01})
        obs.silent.add("GetHotkeyList")
        connected.link.post(connected.link._poll)
        connected.hears("has not answered in time")
        obs.silent.clear()
    wait_for(lambda: connected.link.connected)


@pytest.mark.parametrize(
    "lie",
    [
        {"GetProfileList": {"currentProfileName": 5, "profiles": []}},
        {"GetProfileList": {"currentProfileName": "Main"}},
        {"GetStreamServiceSettings": {"streamServiceType": [], "streamServiceSettings": {}}},
        {"GetStreamServiceSettings": {"streamServiceType": "x", "streamServiceSettings": []}},
        {"GetHotkeyList": {"hotkeys": "all"}},
        {"GetStreamStatus": {"outputDuration": "long"}},
        {"GetStreamStatus": {"outputDuration": -1}},
        {"GetCurrentProgramScene": {"currentProgramSceneName": {}}},
    ],
)
def test_answer_of_the_wrong_shape__is_another_program(
    companion: Companion, obs: ModelObs, lie: dict[str, dict[str, Any]]
) -> None:
    ((name, answer),) = lie.items()
    obs.overridden[name] = lambda _: answer
    companion.start()
    companion.hears("is not OBS's WebSocket server")
    del obs.overridden[name]
    companion.hears("is connected")


# -- the script in the same OBS ------------------------------------------------------------------


def test_script_hotkey__is_the_scripts() -> None:
    file = Path(module.__file__).parents[1] / "obs_script" / "hotkeys.py"
    written = file.read_text("utf-8")
    assert re.findall('^UPDATE_NOW: .* = "(.*)"$', written, re.MULTILINE) == [SCRIPT_HOTKEY]


def test_script_loaded__it_acts(companion: Companion, obs: ModelObs, velora: FakeVelora) -> None:
    obs.hotkeys.append(SCRIPT_HOTKEY)
    companion.start()
    companion.hears("script is loaded in OBS")
    obs.stream("STARTING", "STARTED")
    companion.on_link(companion.link._poll)
    assert companion.made == []
    assert velora.calls == []
    assert "SetPersistentData" in obs.names()  # which OBS this is, and nothing else
    assert "SetStreamServiceSettings" not in obs.names()


def test_script_comes_and_goes(connected: Companion, obs: ModelObs, velora: FakeVelora) -> None:
    connected.press(lambda app: app.actions.configure())
    first = connected.app
    obs.hotkeys.append(SCRIPT_HOTKEY)
    obs.stream("STARTING", "STARTED")
    connected.hears("script is loaded in OBS")
    assert first._runtime.closed
    assert velora.named("update") == []
    obs.hotkeys.remove(SCRIPT_HOTKEY)
    connected.link.post(connected.link._poll)
    connected.hears("no longer loaded")
    assert connected.app is not first


# -- profiles, scenes, sources -------------------------------------------------------------------


def test_profiles__each_has_its_own(connected: Companion, obs: ModelObs) -> None:
    connected.press(lambda app: app.actions.configure())
    main = connected.on_link(connected.app._host.profile)
    obs.switch("Other")
    wait_for(lambda: connected.app._host.profile().name == "Other")
    assert main.id != connected.app._host.profile().id
    status = connected.press(lambda app: app.actions.restore_previous())
    assert "there is no" in status.lower() or "nothing" in status.lower()
    assert velora_is_set_in(obs, "Main")


def velora_is_set_in(obs: ModelObs, profile: str) -> bool:
    return obs.services[profile][1].get("key") == KEY


def test_renamed_profile__keeps_what_it_goes_back_to(connected: Companion, obs: ModelObs) -> None:
    connected.press(lambda app: app.actions.configure())
    obs.services["New"] = obs.services.pop("Main")
    obs.profile = "New"
    obs.tell("ProfileListChanged", profiles=["Other", "New"])
    wait_for(lambda: connected.app._host.profile().name == "New")
    connected.run_until_idle()
    connected.press(lambda app: app.actions.restore_previous())
    assert obs.services["New"] == ("rtmp_common", OTHER)


def test_identity__is_kept_in_obs(connected: Companion, obs: ModelObs) -> None:
    identity = obs.slots["velora_identity"]
    assert connected.app._host.profile().id == f"obs:{identity}/Main"
    obs.drop()
    wait_for(lambda: obs.names().count("GetVersion") == 2)
    assert obs.slots["velora_identity"] == identity


def test_scene__is_followed(connected: Companion, obs: ModelObs) -> None:
    obs.tell("CurrentProgramSceneChanged", sceneName="Game", sceneUuid="c-d")
    wait_for(lambda: connected.app._host.scene().name == "Game")
    obs.tell("SceneNameChanged", oldSceneName="Other", sceneName="Else")
    obs.tell("SceneNameChanged", oldSceneName="Game", sceneName="Play", sceneUuid="c-d")
    wait_for(lambda: connected.app._host.scene().name == "Play")


def test_source_renamed__its_text_follows(connected: Companion, obs: ModelObs) -> None:
    connected.on_link(
        lambda: connected.app.edit({"text_source": "Count", "text_templates": '{"Count": "x"}'})
    )
    obs.tell("InputNameChanged", oldInputName="Count", inputName="Counter")
    wait_for(lambda: dict(connected.app.settings.texts) == {"Counter": "x"})


def test_event_with_lies__ends_the_connection(connected: Companion, obs: ModelObs) -> None:
    obs.tell("CurrentProgramSceneChanged", sceneName=["Game"])
    connected.hears("is not OBS's WebSocket server")
    wait_for(lambda: connected.link.connected)


def test_presets__by_hand_and_by_the_scene(
    connected: Companion, obs: ModelObs, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.features.scene_presets.PAUSE", 0.01)
    connected.press(lambda app: app.actions.configure())
    library, scenes = connected.app.features.preset_library, connected.app.features.scene_presets
    connected.on_link(lambda: connected.app.edit({"title": "At {scene}"}))
    connected.press(lambda _: library.save("Game"))
    obs.tell("CurrentProgramSceneChanged", sceneName="Game")
    wait_for(lambda: connected.app._host.scene().name == "Game")
    connected.press(lambda app: scenes.tie(app.settings.preset))
    obs.tell("CurrentProgramSceneChanged", sceneName="Start")
    wait_for(lambda: connected.app._host.scene().name == "Start")
    connected.on_link(lambda: connected.app.edit({"title": "Begin"}))
    obs.stream("STARTING", "STARTED")
    wait_for(lambda: velora.named("update") == [{"title": "Begin"}])
    obs.tell("CurrentProgramSceneChanged", sceneName="Game")
    wait_for(lambda: velora.named("update")[-1] == {"title": "At Game"})
    obs.tell("SceneNameChanged", oldSceneName="Game", sceneName="Play")
    wait_for(lambda: [scene.name for scene in connected.app.state.presets[0].scenes] == ["Play"])


def test_text_on_the_picture__comes_and_goes(
    connected: Companion, obs: ModelObs, velora: FakeVelora
) -> None:
    templates = {"text_source": "Count", "text_templates": '{"Count": "scene {scene}"}'}
    connected.press(lambda app: app.actions.configure())
    connected.on_link(lambda: connected.app.edit(dict(templates)))
    velora.info = velora.info._replace(is_live=True)
    obs.stream("STARTING", "STARTED")
    wait_for(lambda: obs.texts["Count"] == "scene Scene")
    assert obs.slots["velora_texts/Main"] == {"Count": ["soon", "scene Scene"]}
    obs.stream("STOPPING", "STOPPED")
    wait_for(lambda: obs.texts["Count"] == "soon")


def test_flood_of_events__ends_the_connection(
    connected: Companion, obs: ModelObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected_link, "_MAX_WAITING", 20)
    busy = threading.Event()

    def hold() -> None:
        busy.wait(5)

    connected.link.post(hold)
    for _ in range(100):
        obs.tell("InputNameChanged")
    wait_for(lambda: not obs.identified)
    busy.set()
    connected.hears("is not OBS's WebSocket server")
    wait_for(lambda: connected.link.connected)
