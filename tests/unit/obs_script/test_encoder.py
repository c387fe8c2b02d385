"""The encoders as OBS has them: what is read of each kind, what is set, and how it is undone."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from tests.unit.fake_obspython import Encoder, FakeObs
from velora_core.host.encoder import Encoder as Read
from velora_core.host.encoder import EncoderFit

X264, APPLE = "obs_x264", "com.apple.videotoolbox.videoencoder.ave.avc"
CHOSEN = {"rate_control": "CBR", "preset": "veryfast", "bitrate": 6000}
NOTHING = Read(None, None, None)


@pytest.fixture
def module(obs: FakeObs) -> Any:
    return importlib.import_module("velora_hosts.obs_script.encoder")


def advanced(obs: FakeObs, kind: str, defaults: dict[str, Any], **settings: Any) -> Encoder:
    """Return an encoder that the advanced output has just made."""
    encoder = Encoder(kind)
    encoder.settings.values = dict(settings)
    encoder.settings.defaults = {"keyint_sec": 0, **defaults}
    obs.frontend.encoders = {"advanced_video_stream": encoder}
    obs.frontend.video_encoder = encoder
    return encoder


def simple(obs: FakeObs, **settings: Any) -> Encoder:
    """Return an encoder of the simple output; without `settings` before its first stream."""
    encoder = advanced(obs, X264, {"rate_control": "CBR", "preset": "veryfast"}, **settings)
    obs.frontend.encoders = {"simple_video_stream": encoder}
    return encoder


@pytest.mark.parametrize(
    ("kind", "defaults", "settings", "b_frames", "interval", "automatic"),
    [
        (X264, {}, CHOSEN, True, 10.0, True),
        (X264, {}, {**CHOSEN, "keyint_sec": 2}, True, 2.0, False),
        (X264, {}, {**CHOSEN, "preset": "ultrafast"}, False, 10.0, True),
        (X264, {}, {**CHOSEN, "tune": "zerolatency"}, False, 10.0, True),
        (X264, {}, {**CHOSEN, "profile": "baseline"}, False, 10.0, True),
        (X264, {}, {**CHOSEN, "bf": 0}, False, 10.0, True),
        (X264, {}, {**CHOSEN, "x264opts": "bframes=0 keyint=50"}, False, 2.0, False),
        (X264, {}, {**CHOSEN, "x264opts": "tune=zerolatency keyint=infinite"}, False, 10.0, True),
        (X264, {}, {**CHOSEN, "bf": 0, "x264opts": "bframes=3"}, True, 10.0, True),
        ("obs_nvenc_h264_tex", {"bf": 2}, CHOSEN, True, 10.0, True),
        ("obs_nvenc_h264_tex", {"bf": 2}, {**CHOSEN, "bf": 0, "keyint_sec": 2}, False, 2.0, False),
        ("jim_nvenc", {"bf": 2}, CHOSEN, True, 10.0, True),
        ("h264_texture_amf", {"bf": 0}, CHOSEN, False, 10.0, True),
        ("obs_qsv11_v2", {"bframes": 3}, CHOSEN, True, None, True),
        ("obs_qsv11_v2", {"bframes": 3}, {**CHOSEN, "bf": 0}, False, None, True),
        (APPLE, {"bframes": True}, CHOSEN, True, None, True),
        (APPLE, {"bframes": True}, {**CHOSEN, "bframes": False}, False, None, True),
        ("somebody_else's", {}, CHOSEN, None, None, True),
    ],
)
def test_read__each_kind_in_its_own_words(
    obs: FakeObs,
    module: Any,
    kind: str,
    defaults: dict[str, Any],
    settings: dict[str, Any],
    b_frames: bool | None,
    interval: float | None,
    automatic: bool,
) -> None:
    advanced(obs, kind, defaults, **settings)
    read = module.read_encoder()
    assert (read.b_frames, read.automatic_keyframes) == (b_frames, automatic)
    assert read.keyframe_interval == (interval and pytest.approx(interval))
    assert (read.rate_control, read.bitrate) == ("CBR", 6000)
    assert (read.audio_codec, read.audio_sample_rate) == ("aac", 48_000)


def test_read__before_the_first_stream_of_the_simple_output(obs: FakeObs, module: Any) -> None:
    simple(obs)
    obs.frontend.has_output = False
    obs.frontend.config.update(
        {
            ("SimpleOutput", "Preset"): "ultrafast",
            ("SimpleOutput", "VBitrate"): "2500",
            ("SimpleOutput", "x264Settings"): "keyint=100",
        }
    )
    read = module.read_encoder()
    assert (read.b_frames, read.keyframe_interval, read.bitrate) == (False, 10.0, 2500)
    assert (read.video_codec, read.audio_codec) == ("h264", None)
    obs.frontend.config["SimpleOutput", "UseAdvanced"] = "true"
    assert module.read_encoder().keyframe_interval == pytest.approx(4.0)


def test_read__obs_29_does_not_tell_the_simple_output_s_preset(
    obs: FakeObs, module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    simple(obs)
    monkeypatch.delattr(FakeObs, "config_get_string")
    read = module.read_encoder()
    assert (read.b_frames, read.bitrate) == (None, None)
    simple(obs, **CHOSEN)
    assert module.read_encoder().b_frames is True


def test_read__no_encoder(obs: FakeObs, module: Any) -> None:
    obs.frontend.has_output = False
    assert module.read_encoder() is None
    assert module.fit_encoder(2) is EncoderFit.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "settings", "fitting"),
    [
        (X264, {}, {"bf": 0, "keyint_sec": 2}),
        (X264, {"bf": 3, "keyint_sec": 10}, {"bf": 0, "keyint_sec": 2}),
        (
            X264,
            {"x264opts": "bframes=3  keyint=500 min_keyint=50 rc-lookahead=10"},
            {"bf": 0, "keyint_sec": 2, "x264opts": "rc-lookahead=10"},
        ),
        (X264, {"x264opts": "scenecut=0"}, {"bf": 0, "keyint_sec": 2, "x264opts": "scenecut=0"}),
        ("obs_qsv11_v2", {"bframes": 2}, {"bf": 0, "bframes": 2, "keyint_sec": 2}),
        (APPLE, {}, {"bframes": False, "keyint_sec": 2}),
        ("obs_nvenc_h264_tex", {"opts": "gopLength=9"}, {"bf": 0, "keyint_sec": 2, "opts": ""}),
    ],
)
def test_fit__sets_and_takes_back(
    obs: FakeObs, module: Any, kind: str, settings: dict[str, Any], fitting: dict[str, Any]
) -> None:
    encoder = advanced(obs, kind, {}, **CHOSEN, **settings)
    before = dict(encoder.settings.values)
    assert module.fit_encoder(2) is EncoderFit.DONE
    assert encoder.settings.values == {**CHOSEN, **fitting}
    assert type(encoder.settings.values.get("bframes", 0)) is type(fitting.get("bframes", 0))
    assert encoder.updates == 1
    encoder.active = True  # a recording has joined: its encoder is not set anew
    module.give_back_encoder()
    assert encoder.settings.values == before
    assert encoder.updates == 1
    module.give_back_encoder()
    assert encoder.settings.values == before


def test_what_somebody_has_set_since__stays(obs: FakeObs, module: Any) -> None:
    encoder = advanced(obs, X264, {}, **CHOSEN)
    module.fit_encoder(2)
    encoder.settings.values["keyint_sec"] = 5
    module.give_back_encoder()
    assert encoder.settings.values == {**CHOSEN, "keyint_sec": 5}


def test_an_encoder_in_use__is_left_alone(obs: FakeObs, module: Any) -> None:
    encoder = advanced(obs, X264, {}, **CHOSEN)
    encoder.active = True
    assert module.fit_encoder(2) is EncoderFit.SHARED
    assert encoder.settings.values == CHOSEN


@pytest.mark.parametrize(
    ("mode", "config", "fit"),
    [
        ("simple", {("SimpleOutput", "RecQuality"): "Stream"}, EncoderFit.SHARED),
        ("simple", {("SimpleOutput", "RecQuality"): "HQ"}, EncoderFit.DONE),
        ("advanced", {("AdvOut", "RecEncoder"): "none"}, EncoderFit.SHARED),
        ("advanced", {("AdvOut", "RecEncoder"): "obs_x264"}, EncoderFit.DONE),
        (
            "advanced",
            {("AdvOut", "RecEncoder"): "none", ("AdvOut", "RecType"): "FFmpeg"},
            EncoderFit.DONE,
        ),
    ],
)
@pytest.mark.parametrize("replay", [True, False])
def test_a_recording_that_starts_with_the_stream__counts_as_one(
    obs: FakeObs,
    module: Any,
    mode: str,
    config: dict[tuple[str, str], str],
    fit: EncoderFit,
    replay: bool,
) -> None:
    if mode == "simple":
        simple(obs, **CHOSEN)
    else:
        advanced(obs, X264, {}, **CHOSEN)
    obs.frontend.config.update(config)
    assert module.fit_encoder(2) is EncoderFit.DONE
    module.give_back_encoder()
    name = "ReplayBufferWhileStreaming" if replay else "RecordWhenStreaming"
    obs.frontend.config["BasicWindow", name] = "true"
    if replay:  # which has to be there
        assert module.fit_encoder(2) is EncoderFit.DONE
        module.give_back_encoder()
        section = "SimpleOutput" if mode == "simple" else "AdvOut"
        obs.frontend.config[section, "RecRB"] = "true"
    assert module.fit_encoder(2) is fit
    module.give_back_encoder()
