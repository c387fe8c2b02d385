"""The stream's audio encoder: by WHIP it has to be Opus, else AAC."""

from __future__ import annotations

from typing import Any, Final

import obspython as obs

from velora_hosts.obs.audio import encoder_of_codec

from .service import audio_encoders

__all__ = ["match_audio_encoder", "release_encoder"]

_ENCODER: Final = "_velora_encoder"
"""The one that was made for a stream, while its output does not hold it itself."""


def match_audio_encoder() -> None:
    """Have the stream's audio encoded as the profile says, and as the protocol can carry it.

    OBS makes its audio encoders when it starts and when the profile is changed or set up by hand,
    and nothing has it do that for a script. Without this, a stream after a change from or to WHIP
    would go out with the encoder of before: AAC announced as Opus, which is noise, or Opus where
    AAC is expected; and OBS would not mention it (measured, 30 and 32).
    """
    release_encoder()
    if not hasattr(obs, "config_get_string"):  # OBS 29, which has no WHIP
        return
    output = obs.obs_frontend_get_streaming_output()
    if output is None:
        return
    present = obs.obs_output_get_audio_encoder(output, 0)  # borrowed
    codecs = obs.obs_output_get_supported_audio_codecs(output)
    if present is not None and codecs:
        kind, track = _encoder_in_profile()
        if obs.obs_get_encoder_codec(kind) not in codecs.split(";"):
            kind = encoder_of_codec(codecs.split(";")[0])
        if obs.obs_encoder_get_codec(present) != obs.obs_get_encoder_codec(kind):
            made = _encoder_like(present, kind, track)
            if made is not None:
                obs.obs_output_set_audio_encoder(output, made, 0)
                setattr(obs, _ENCODER, made)
                if obs.obs_get_version() >> 24 >= 31:  # whose outputs hold their encoders
                    release_encoder()
    obs.obs_output_release(output)


def _encoder_in_profile() -> tuple[str, int]:
    """Return its id, and the number of the track that it encodes."""
    config = obs.obs_frontend_get_profile_config()
    simple, advanced = audio_encoders()
    if obs.config_get_string(config, "Output", "Mode") == "Advanced":
        return advanced, obs.config_get_int(config, "AdvOut", "TrackIndex") - 1
    return encoder_of_codec(simple), 0


def _encoder_like(other: Any, kind: str, track: int) -> Any:
    """Return a new one of another kind, with the same bit rate; None where OBS has no such kind."""
    before = obs.obs_encoder_get_settings(other)
    data = obs.obs_data_create()
    obs.obs_data_set_int(data, "bitrate", obs.obs_data_get_int(before, "bitrate"))
    made = obs.obs_audio_encoder_create(kind, "velora_stream_audio", data, track, None)
    obs.obs_data_release(data)
    obs.obs_data_release(before)
    if made is not None:
        obs.obs_encoder_set_audio(made, obs.obs_get_audio())
    return made


def release_encoder() -> None:
    """Let go of the encoder that was made.

    While it still works OBS would crash (30 does): then the next copy of this script lets go of it.
    """
    encoder = getattr(obs, _ENCODER, None)
    if encoder is not None and (
        obs.obs_get_version() >> 24 >= 31 or not obs.obs_encoder_active(encoder)
    ):
        setattr(obs, _ENCODER, None)
        obs.obs_encoder_release(encoder)
