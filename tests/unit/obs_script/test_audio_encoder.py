"""The audio encoder, which has to be another one for WHIP."""

from __future__ import annotations

import pytest
from pytest_mock import MockerFixture

from tests.unit.fake_obspython import Encoder, FakeObs
from tests.unit.obs_script.script import Script


def test_whip__sets_the_audio_encoder_in_the_profile(script: Script) -> None:
    script.type(protocol="whip")
    script.press(script.panel(), "configure")
    frontend = script.obs.frontend
    assert frontend.service_kind == "whip_custom"
    assert frontend.config["SimpleOutput", "StreamAudioEncoder"] == "opus"
    assert frontend.config_saves == 1


def test_obs_29__has_no_audio_encoders_to_set(script: Script, mocker: MockerFixture) -> None:
    mocker.patch.object(
        FakeObs, "config_get_string", new_callable=mocker.PropertyMock
    ).side_effect = AttributeError
    assert "OBS will stream" in script.press(script.panel(), "configure")


def test_whip_and_back__leaves_an_encoder_alone_that_was_never_set(script: Script) -> None:
    props = script.panel()
    for protocol in ("whip", "rtmp"):
        script.type(protocol=protocol)
        script.press(props, "configure")
    frontend = script.obs.frontend
    assert frontend.config["SimpleOutput", "StreamAudioEncoder"] == "aac"
    assert frontend.config_saves == 2
    script.press(props, "configure")
    assert frontend.config_saves == 2


@pytest.mark.parametrize(
    ("mode", "simple", "advanced", "codecs", "present", "wanted", "track"),
    [
        ("Simple", "opus", "ffmpeg_opus", "opus", "CoreAudio_AAC", "ffmpeg_opus", 0),
        ("Advanced", "opus", "ffmpeg_opus", "opus", "ffmpeg_aac", "ffmpeg_opus", 2),
        ("Advanced", "aac", "CoreAudio_AAC", "aac", "ffmpeg_opus", "CoreAudio_AAC", 2),
        ("Simple", "aac", "CoreAudio_AAC", "aac", "ffmpeg_opus", "ffmpeg_aac", 0),
        ("Simple", "aac", "ffmpeg_aac", "aac;opus", "ffmpeg_opus", "ffmpeg_aac", 0),
        ("Simple", "opus", "ffmpeg_opus", "aac", "ffmpeg_opus", "ffmpeg_aac", 0),
    ],
)
def test_audio_encoder_of_before__is_replaced_for_the_stream(
    script: Script,
    mode: str,
    simple: str,
    advanced: str,
    codecs: str,
    present: str,
    wanted: str,
    track: int,
) -> None:
    frontend = script.obs.frontend
    frontend.config = {
        ("Output", "Mode"): mode,
        ("SimpleOutput", "StreamAudioEncoder"): simple,
        ("AdvOut", "AudioEncoder"): advanced,
        ("AdvOut", "TrackIndex"): "3",
    }
    for _ in range(2):  # OBS hands out its own encoder at each start
        frontend.audio_codecs, frontend.audio_encoder = codecs, Encoder(present, 128)
        script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
        made = frontend.audio_encoder
        assert (made.kind, made.track, made.has_audio) == (wanted, track, True)
        assert made.settings.values == {"bitrate": 128}
    script.unload()


@pytest.mark.parametrize("codecs", ["aac", "aac;opus", "", None])
def test_audio_encoder_that_fits__stays(script: Script, codecs: str | None) -> None:
    frontend = script.obs.frontend
    frontend.audio_codecs, before = codecs, frontend.audio_encoder
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert frontend.audio_encoder is before


def test_audio_encoder_that_obs_lacks__the_old_one_stays(script: Script) -> None:
    frontend = script.obs.frontend
    frontend.audio_codecs, before = "vorbis", frontend.audio_encoder
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert frontend.audio_encoder is before
