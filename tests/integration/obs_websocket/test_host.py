"""What the host tells of OBS: its encoder, its texts, its account."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import wait_for
from tests.unit.model_obs import ModelObs, Refused
from tests.unit.obs_websocket.conftest import Companion
from velora_core.host.destination import Destination
from velora_core.host.encoder import Encoder
from velora_core.host.host import ReplacedText
from velora_core.secret import Secret

VELORA = Destination("rtmp", Secret("rtmp://ingest.test:1935/live"), Secret("live_test_key_z789"))
X264 = {
    ("Output", "Mode"): "Simple",
    ("SimpleOutput", "StreamEncoder"): "x264",
    ("SimpleOutput", "VBitrate"): "6000",
    ("SimpleOutput", "Preset"): "veryfast",
    ("Audio", "SampleRate"): "48000",
}


def encoder(connected: Companion, obs: ModelObs, **changes: str) -> Encoder | None:
    settings = {
        **X264,
        **{(where.split("__")[0], where.split("__")[1]): changes[where] for where in changes},
    }
    for (section, name), value in settings.items():
        obs.parameters["Main", section, name] = value
    obs.overridden["GetVideoSettings"] = lambda _: {"fpsNumerator": 60, "fpsDenominator": 1}
    return connected.on_link(connected.app._host.encoder)


def test_encoder__of_the_simple_output(connected: Companion, obs: ModelObs) -> None:
    assert encoder(connected, obs) == Encoder(
        "h264", True, 250 / 60, True, "CBR", 6000, "aac", 48_000
    )


@pytest.mark.parametrize(
    ("options", "b_frames", "interval"),
    [
        ("keyint=120 bframes=0", False, 2.0),
        ("tune=zerolatency", False, 250 / 60),
        ("preset=ultrafast g=60", False, 1.0),
        ("keyint=infinite", True, 250 / 60),
        ("keyint=²", True, 250 / 60),
        (f"keyint={'9' * 5000}", True, 250 / 60),
    ],
)
def test_encoder__with_options_written_out(
    connected: Companion, obs: ModelObs, options: str, b_frames: bool, interval: float
) -> None:
    read = encoder(
        connected, obs, SimpleOutput__UseAdvanced="true", SimpleOutput__x264Settings=options
    )
    assert read
    assert (read.b_frames, read.keyframe_interval) == (b_frames, interval)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("nvenc", "h264"), ("nvenc_hevc", "hevc"), ("qsv_av1", "av1"), ("", None)],
)
def test_encoder__of_a_graphics_card_is_known_in_part(
    connected: Companion, obs: ModelObs, name: str, codec: str | None
) -> None:
    read = encoder(connected, obs, SimpleOutput__StreamEncoder=name)
    assert read
    assert (read.video_codec, read.b_frames, read.keyframe_interval) == (codec, None, None)


def test_encoder__of_the_advanced_output_is_known_in_part(
    connected: Companion, obs: ModelObs
) -> None:
    read = encoder(connected, obs, Output__Mode="Advanced", AdvOut__Encoder="obs_x264")
    assert read == Encoder(video_codec="h264", audio_codec="aac", audio_sample_rate=48_000)


def test_encoder__without_obs_is_none(connected: Companion, obs: ModelObs) -> None:
    obs.stop()
    wait_for(lambda: not connected.link.connected)
    assert connected.on_link(connected.app._host.encoder) is None
    obs.start()


def test_account__that_overwrites_the_key(connected: Companion, obs: ModelObs) -> None:
    obs.parameters["Main", "Auth", "Type"] = "Twitch"
    host: Any = connected.app._host
    host._account = None
    assert connected.on_link(host.connected_account) == "Twitch"
    notice = host.account_notice("Twitch", VELORA)
    assert "can't change from outside" in notice.sentence
    assert notice.stops_start
    assert "asks for a YouTube broadcast" in host.account_notice("YouTube", VELORA).sentence
    assert host.account_notice("Twitch", VELORA._replace(protocol="whip")) is None


def test_old_obs__has_no_whip(companion: Companion, obs: ModelObs) -> None:
    obs.version = "29.1.3"
    companion.start()
    assert companion.app._host.capabilities().protocols == ("rtmp", "srt")


def test_obs_built_without_whip__is_said(connected: Companion, obs: ModelObs) -> None:
    def refuse(_: dict[str, Any]) -> dict[str, Any]:
        raise Refused(700)

    obs.overridden["SetStreamServiceSettings"] = refuse
    connected.on_link(lambda: connected.app.edit({"protocol": "whip"}))
    status = connected.press(lambda app: app.actions.configure())
    assert "has no WHIP, so nothing was changed" in status
    assert obs.services["Main"][0] == "rtmp_common"


def test_texts__come_back_with_their_collection(connected: Companion, obs: ModelObs) -> None:
    """OBS saves a collection with Velora's text in it before anybody can take that out."""
    host: Any = connected.app._host
    obs.slots["velora_texts/Games"] = {"Score": ["none", "7 viewers"], "damaged": 5}
    obs.tell("CurrentSceneCollectionChanging", sceneCollectionName="Main")
    wait_for(lambda: host.away)
    assert connected.on_link(lambda: host.text("Count")) is None
    obs.texts, obs.collection = {"Score": "7 viewers"}, "Games"
    obs.tell("CurrentSceneCollectionChanged", sceneCollectionName="Games")
    wait_for(lambda: obs.texts == {"Score": "none"})
    connected.run_until_idle()
    assert obs.slots["velora_texts/Games"] == {}
    assert "velora_texts/Main" not in obs.slots


def test_replaced_texts__of_the_wrong_shape_are_none(connected: Companion, obs: ModelObs) -> None:
    obs.slots["velora_texts/Main"] = ["no"]
    assert connected.on_link(connected.app._host.replaced_texts) == {}
    obs.slots["velora_texts/Main"] = {"Count": ["soon", "7"], "Other": [1, 2]}
    assert connected.on_link(connected.app._host.replaced_texts) == {
        "Count": ReplacedText("soon", "7")
    }
