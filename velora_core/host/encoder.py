"""The encoder of a stream, as far as the broadcasting software tells."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

__all__ = ["Encoder", "EncoderFit"]


class Encoder(NamedTuple):
    """What a stream is encoded with; None where that isn't known.

    Attributes:
        video_codec: such as ``h264``.
        b_frames: whether there are frames that are predicted from later ones.
        keyframe_interval: the longest time between two keyframes, in seconds.
        automatic_keyframes: whether the encoder chooses that interval by itself.
        rate_control: such as ``CBR``.
        bitrate: of the video, in kilobits per second.
        audio_codec: such as ``aac``.
        audio_sample_rate: in hertz.
    """

    video_codec: str | None = None
    b_frames: bool | None = None
    keyframe_interval: float | None = None
    automatic_keyframes: bool = False
    rate_control: str | None = None
    bitrate: int | None = None
    audio_codec: str | None = None
    audio_sample_rate: int | None = None


class EncoderFit(Enum):
    """What became of the wish for other settings."""

    DONE = "done"
    SHARED = "shared"
    """Something beside the stream uses the encoder, such as a recording: it stays as it is."""
    UNKNOWN = "unknown"
    """There is no such encoder, or nobody knows how to set it."""
