"""OBS's audio encoders for streaming: by WHIP they have to be Opus."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["PROFILE_KEYS", "AudioEncoders", "encoder_of_codec", "suited_audio"]

PROFILE_KEYS: Final = (("SimpleOutput", "StreamAudioEncoder"), ("AdvOut", "AudioEncoder"))
"""Section and name of each of the two in the profile's settings."""

_OPUS_SIMPLE: Final = "opus"
_OPUS_ADVANCED: Final = "ffmpeg_opus"


class AudioEncoders(NamedTuple):
    """Those that a profile names, in OBS's simple and advanced output mode."""

    simple: str
    advanced: str

    @property
    def support_whip(self) -> bool:
        """Whether both are Opus, the only audio that WebRTC takes from OBS."""
        return "opus" in self.simple and "opus" in self.advanced

    def suited_to(self, protocol: str) -> AudioEncoders:
        """By WHIP, each replaced by OBS's Opus one unless it is one; else as they are."""
        if protocol != "whip":
            return self
        return AudioEncoders(
            simple=self.simple if "opus" in self.simple else _OPUS_SIMPLE,
            advanced=self.advanced if "opus" in self.advanced else _OPUS_ADVANCED,
        )


def encoder_of_codec(codec: str) -> str:
    """The id of OBS's own encoder for a codec; in simple mode a profile names the codec alone."""
    return f"ffmpeg_{codec}"


def suited_audio(protocol: str, audio: tuple[str, ...]) -> tuple[str, ...]:
    """See `Host.audio_for`."""
    return tuple(AudioEncoders(*audio).suited_to(protocol)) if len(audio) == 2 else audio
