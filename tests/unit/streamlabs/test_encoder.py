"""What Streamlabs's output settings say of the encoder."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.model_streamlabs import ModelStreamlabs
from tests.unit.streamlabs.conftest import Companion
from velora_core.host.encoder import Encoder
from velora_hosts.streamlabs.encoder import encoder_of

OPTIONS = "bframes=0 keyint=60"
SIMPLE = {"Mode": "Simple", "StreamEncoder": "x264", "VBitrate": 4500, "Preset": "veryfast"}
ADVANCED = {"Mode": "Advanced", "Encoder": "obs_x264", "rate_control": "VBR", "bitrate": 6000}


@pytest.mark.parametrize(
    ("fields", "b_frames", "interval", "automatic"),
    [
        (SIMPLE, True, None, True),
        ({**SIMPLE, "Preset": "ultrafast"}, False, None, True),
        ({**SIMPLE, "x264Settings": OPTIONS}, True, None, True),  # and not in use
        (
            {**SIMPLE, "UseAdvanced": True, "x264Settings": OPTIONS},
            False,
            None,
            False,
        ),
        ({**SIMPLE, "StreamEncoder": "nvenc"}, None, None, False),
        ({**ADVANCED, "keyint_sec": 2, "tune": "zerolatency"}, False, 2, False),
        ({**ADVANCED, "keyint_sec": 0, "preset": "fast"}, True, None, True),
        ({**ADVANCED, "keyint_sec": 2, "x264opts": "bframes=2"}, True, 2, False),
        ({**ADVANCED, "Encoder": "jim_nvenc", "bf": 2, "keyint_sec": 4}, True, 4, False),
        ({**ADVANCED, "Encoder": "jim_nvenc", "bf": 0, "keyint_sec": 0}, False, None, True),
        ({**ADVANCED, "Encoder": "other"}, None, None, False),
    ],
)
def test_encoder(
    fields: dict[str, Any], b_frames: bool | None, interval: float | None, automatic: bool
) -> None:
    read = encoder_of(fields)
    assert read
    there = (read.b_frames, read.keyframe_interval, read.automatic_keyframes)
    assert there == (b_frames, interval, automatic)


def test_rest_of_it() -> None:
    read = encoder_of({**ADVANCED, "Encoder": "jim_hevc_nvenc"})
    assert read == Encoder("hevc", rate_control="VBR", bitrate=6000)
    assert encoder_of({}) is None


@pytest.mark.parametrize("odd", [None, [], {}, True, -1, 2.5, "x", "9" * 30])
def test_values_of_another_kind__are_not_known(odd: Any) -> None:
    fields = dict.fromkeys(("bf", "keyint_sec", "bitrate", "rate_control", "x264opts"), odd)
    for name in ("obs_x264", "jim_nvenc"):
        read = encoder_of({"Mode": "Advanced", "Encoder": name, **fields})
        assert read
        assert read.bitrate is None
        assert read.keyframe_interval is None


def test_recording__is_not_the_streams(connected: Companion, model: ModelStreamlabs) -> None:
    host = connected.app._host
    read = connected.on_link(host.encoder)
    assert read
    assert (read.bitrate, read.video_codec) == (4500, "h264")
    assert "B-frames" in connected.configure() + " ".join(connected.said) + (
        connected.app.state.encoder_advice
    )
    model.missing.add("state")
    assert connected.on_link(host.encoder) is None
