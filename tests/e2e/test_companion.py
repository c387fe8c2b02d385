"""`velora companion` as a process, beside a real OBS and its own files."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.companion import KEY, OWN, PASSWORD, Companion, PageOf, started, tie_to_scene
from tests.e2e.world import World, chosen_installation
from tests.harness import (
    BrowserButton,
    Display,
    Obs,
    ObsConfig,
    Profile,
    RtmpIngest,
    wait_until,
)
from tests.harness.probe import keyframe_times
from tests.simulator import Simulator


def test_configure_go_live_restart_restore(
    display: Display, velora: Simulator, rtmp: RtmpIngest, tmp_path: Path
) -> None:
    with started(display, OWN) as obs, Companion(velora, tmp_path, obs.websocket_port) as companion:
        companion.hears("is connected to OBS")
        before = obs.service_json()
        companion.enter("configure", f"will stream to {rtmp.url}")
        settings = obs.request("GetStreamServiceSettings")["streamServiceSettings"]
        assert (settings["server"], settings["key"]) == (rtmp.url, KEY)
        assert not {"username", "password"} & set(settings)
        if obs.installation.version >= (30, 0, 0) and "obs-webrtc.so" not in obs.log_text():
            companion.enter("protocol whip", "noted")  # as new as this, and without it
            companion.enter("configure", "has no WHIP, so nothing was changed")
            companion.enter("protocol rtmp", "noted")
            companion.enter("configure", f"will stream to {rtmp.url}")
        companion.enter("title From outside", "noted")
        companion.enter("tags a, b", "noted")
        obs.start_stream()
        wait_until(lambda: velora.journal.find("PUT"), what="a PUT")
        put = velora.journal.find("PUT")[0]
        assert put.json == {"title": "From outside", "tags": ["a", "b"]}
        companion.enter("configure", "stop the stream first")
        companion.enter("title Second", "noted")
        obs.stop_stream()
        obs.start_stream()
        wait_until(lambda: len(velora.journal.find("PUT")) == 2, what="a second PUT")
        # OBS is gone in the middle of a stream, and comes back.
        obs.kill()
        companion.hears("Velora lost the connection to OBS")
        obs.start()
        companion.hears("is connected to OBS", times=2)
        companion.enter("restore", "rtmp://mine.test/app")
        assert obs.service_json() == before == OWN


def test_profiles_presets_texts_and_the_page(
    display: Display, velora: Simulator, rtmp: RtmpIngest, tmp_path: Path
) -> None:
    profiles = [Profile(service=OWN), Profile("Other", service=OWN)]
    config = ObsConfig(profiles=profiles)
    button = BrowserButton(tmp_path / "browser")
    with (
        Obs(display, config, installation=chosen_installation()) as obs,
        Companion(velora, tmp_path, obs.websocket_port, **button.environment) as companion,
    ):
        companion.hears("is connected to OBS")
        crowd = {"sceneName": "Scene", "inputName": "Crowd", "inputKind": "text_ft2_source_v2"}
        obs.request("CreateInput", {**crowd, "inputSettings": {"text": "soon"}})
        obs.request("CreateScene", {"sceneName": "Game"})
        companion.enter("configure", f"will stream to {rtmp.url}")
        companion.hears("sends a keyframe as rarely as every 8")
        companion.enter("check", "sends a keyframe as rarely as every 8")
        suit_encoder(obs)
        companion.enter("check", "Your encoder's settings suit Velora (H264, CBR")
        companion.enter("page", "opens as a page")
        page = PageOf(button.wait())
        page.press("presets_more")
        page.put(title="Evening show", preset_name="Evening")
        assert "is saved" in page.press("preset_save")["answer"]
        page.put(title="A game", preset_name="Play")
        assert "is saved" in page.press("preset_save")["answer"]
        tie_to_scene(page, obs, "Game")
        obs.request("SetCurrentProgramScene", {"sceneName": "Scene"})
        page.put(title="Another", text_source="Crowd")
        page.put(text_template="In {scene}")
        companion.enter("preset Evening", "now hold the preset")
        obs.start_stream()
        wait_until(lambda: velora.journal.find("PUT"), what="a PUT")
        assert velora.journal.find("PUT")[0].json == {"title": "Evening show"}
        wait_until(lambda: text(obs) == "In Scene", what="the text on the picture", timeout=40)
        wait_until(lambda: page.state()["live"]["bitrate"], what="a bitrate", timeout=40)
        obs.request("SetCurrentProgramScene", {"sceneName": "Game"})
        wait_until(lambda: len(velora.journal.find("PUT")) == 2, what="the scene's preset")
        assert velora.journal.find("PUT")[1].json["title"] == "A game"
        companion.hears("Velora now has the title “A game”")
        companion.enter("back", "Velora now has the title “Evening show”")
        assert velora.journal.find("PUT")[2].json == {"title": "Evening show"}
        obs.stop_stream()
        wait_until(lambda: text(obs) == "soon", what="the text of before")
        rtmp.wait_for_end()
        assert keyframe_times(rtmp.recordings()[-1])[:2] == [0.0, 2.0]
        assert rtmp.probe().b_frames == 0
        obs.switch_profile("Other")
        wait_until(lambda: not page.offers_service(), what="the other profile")
        companion.enter("restore", "no previous streaming service")
        obs.switch_profile("Main")
        wait_until(page.offers_service, what="the first profile")
        companion.enter("restore", "rtmp://mine.test/app")
        assert obs.service_json() == OWN


def suit_encoder(obs: Obs) -> None:
    """Set the profile's encoder as the check's advice says."""
    for name, value in (("UseAdvanced", "true"), ("x264Settings", "keyint=60 bframes=0")):
        parameter = {"parameterCategory": "SimpleOutput", "parameterName": name}
        obs.request("SetProfileParameter", {**parameter, "parameterValue": value})


def text(obs: Obs) -> str:
    settings = obs.request("GetInputSettings", {"inputName": "Crowd"})["inputSettings"]
    return str(settings["text"])


def test_password__wrong_one_right_one_and_none(
    display: Display, velora: Simulator, tmp_path: Path
) -> None:
    with started(display, None, websocket_password=PASSWORD) as obs:
        with Companion(velora, tmp_path, obs.websocket_port) as companion:
            companion.hears("asks for a password, and none is known")
        folder = tmp_path / ".config" / "obs-studio"
        folder.mkdir(parents=True)
        for password, said in (("wrong", "not accept the password"), (PASSWORD, "is connected")):
            text = f"[OBSWebSocket]\nServerPort={obs.websocket_port}\nServerPassword={password}\n"
            (folder / "global.ini").write_text(text)
            with Companion(velora, tmp_path, obs.websocket_port, "--from-obs") as companion:
                companion.hears(said)


def test_script_loaded_too__the_script_acts(world: World, tmp_path: Path) -> None:
    obs = world.start({"title": "The script's"})
    world.press("Configure Velora")
    arguments = ("--title", "The companion's")
    with Companion(world.velora, tmp_path, obs.websocket_port, *arguments) as companion:
        companion.hears("script is loaded in OBS")
        companion.enter("configure", "Nothing was done")
        obs.start_stream()
        wait_until(lambda: world.velora.journal.find("PUT"), what="a PUT")
        obs.stop_stream()
        assert [put.json["title"] for put in world.velora.journal.find("PUT")] == ["The script's"]
    world.quit_clean()


def test_kicked__stays_away_until_it_is_wanted(
    display: Display, velora: Simulator, rtmp: RtmpIngest, tmp_path: Path
) -> None:
    with started(display, OWN) as obs, Companion(velora, tmp_path, obs.websocket_port) as companion:
        companion.hears("is connected to OBS")
        companion.enter("configure", f"will stream to {rtmp.url}")
        companion.enter("title Kicked", "noted")
        obs.start_stream()
        wait_until(lambda: velora.journal.find("PUT"), what="a PUT")
        newest = re.findall(r"onOpen\].* from (\S+:\d+)", obs.log_text())[-1]
        obs.panel.kick(newest)
        companion.hears("ended Velora's connection in OBS at")
        connections = obs.log_text().count("onOpen]")
        companion.enter("restore", "restore")
        assert obs.log_text().count("onOpen]") == connections
        assert obs.stream_status().active
        companion.enter("connect", "is connected to OBS")
        companion.enter("configure", "stop the stream first")
        obs.stop_stream()
        companion.enter("restore", "rtmp://mine.test/app")  # OBS may not have told of the end
        assert obs.service_json() == OWN
        assert len(velora.journal.find("PUT")) == 1
