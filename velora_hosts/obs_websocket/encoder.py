"""How a stream would be encoded, as far as OBS's profile tells from outside.

The advanced output's settings are in a file that no request reads: of those only the codec and the
sound are known.
"""

from __future__ import annotations

from typing import Final

from velora_core.host.encoder import Encoder
from velora_hosts.obs.encoder_options import (
    KEYFRAMES,
    codec_of,
    has_b_frames,
    parsed_options,
    whole_number,
)

from .remote import RemoteObs

__all__ = ["read_encoder"]

_AUTOMATIC: Final = 250
"""Frames between two keyframes that x264 permits where no interval is set."""
_X264: Final = ("x264", "x264_lowcpu")


def read_encoder(remote: RemoteObs) -> Encoder:
    """Return what is known of the stream's encoders; raises `ObsError`."""
    advanced = remote.parameter("Output", "Mode") == "Advanced"
    rate = remote.parameter("Audio", "SampleRate")
    if advanced:
        name = remote.parameter("AdvOut", "Encoder")
        audio = remote.parameter("AdvOut", "AudioEncoder")
        read = Encoder(video_codec=codec_of(name))
    else:
        audio = remote.parameter("SimpleOutput", "StreamAudioEncoder") or "aac"
        read = _simple(remote, remote.parameter("SimpleOutput", "StreamEncoder"))
    codec = "opus" if "opus" in audio.lower() else "aac" if "aac" in audio.lower() else None
    return read._replace(audio_codec=codec, audio_sample_rate=whole_number(rate) or None)


def _simple(remote: RemoteObs, name: str) -> Encoder:
    encoder = Encoder(
        video_codec=codec_of(name),
        rate_control="CBR",
        bitrate=whole_number(remote.parameter("SimpleOutput", "VBitrate")) or None,
    )
    if name not in _X264:
        return encoder  # what a graphics card's encoder does by default is not in the profile
    written = ""
    if remote.parameter("SimpleOutput", "UseAdvanced") == "true":
        written = remote.parameter("SimpleOutput", "x264Settings")
    options = dict(parsed_options(written))
    options.setdefault("preset", remote.parameter("SimpleOutput", "Preset"))
    interval, automatic = _AUTOMATIC, True
    for option in KEYFRAMES:
        frames = whole_number(options.get(option, ""))
        if frames is not None:
            interval, automatic = frames, False
    frame = remote.frame_seconds()
    return encoder._replace(
        b_frames=has_b_frames(options),
        keyframe_interval=interval * frame if frame else None,
        automatic_keyframes=automatic,
    )
