"""How a stream would be encoded, as far as Streamlabs's settings tell.

They have OBS's names. What a graphics card's encoder does where nothing is set is not in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from velora_core.host.encoder import Encoder
from velora_hosts.obs.encoder_options import (
    KEYFRAMES,
    codec_of,
    has_b_frames,
    parsed_options,
    whole_number,
)

__all__ = ["encoder_of"]

_X264: Final = "x264"


def encoder_of(fields: Mapping[str, Any]) -> Encoder | None:
    """Return what is known of the stream's encoder; None when nothing is.

    Args:
        fields: what is set under Output for streaming, by Streamlabs's names.
    """
    advanced = fields.get("Mode") == "Advanced"
    name = _text(fields, "Encoder" if advanced else "StreamEncoder")
    if not name:
        return None
    read = Encoder(
        video_codec=codec_of(name),
        rate_control=(_text(fields, "rate_control") or None) if advanced else "CBR",
        bitrate=_number(fields, "bitrate" if advanced else "VBitrate") or None,
    )
    if _X264 in name:
        return _x264(read, fields, advanced=advanced)
    if not advanced:
        return read
    b_frames, seconds = _number(fields, "bf"), _number(fields, "keyint_sec")
    return read._replace(
        b_frames=None if b_frames is None else b_frames > 0,
        keyframe_interval=seconds or None,
        automatic_keyframes=seconds == 0,
    )


def _x264(read: Encoder, fields: Mapping[str, Any], *, advanced: bool) -> Encoder:
    written = _text(fields, "x264opts" if advanced else "x264Settings")
    if not advanced and fields.get("UseAdvanced") is not True:
        written = ""
    options = dict(parsed_options(written))
    for option, field in (("preset", "preset" if advanced else "Preset"), ("tune", "tune")):
        options.setdefault(option, _text(fields, field))
    seconds = _number(fields, "keyint_sec") if advanced else None
    by_frames = any(option in options for option in KEYFRAMES)
    return read._replace(
        b_frames=has_b_frames(options),
        keyframe_interval=None if by_frames else seconds or None,
        automatic_keyframes=not by_frames and not seconds,
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _number(fields: Mapping[str, Any], name: str) -> int | None:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return whole_number(str(value))
