"""By WHIP, OBS's audio encoders have to be Opus."""

from __future__ import annotations

import pytest

from velora_hosts.obs.audio import AudioEncoders, suited_audio


@pytest.mark.parametrize(
    ("encoders", "suits", "wanted"),
    [
        (AudioEncoders("aac", "ffmpeg_aac"), False, AudioEncoders("opus", "ffmpeg_opus")),
        (AudioEncoders("opus", "ffmpeg_aac"), False, AudioEncoders("opus", "ffmpeg_opus")),
        (AudioEncoders("aac", "other_opus"), False, AudioEncoders("opus", "other_opus")),
        (AudioEncoders("opus", "other_opus"), True, AudioEncoders("opus", "other_opus")),
        (AudioEncoders("", ""), False, AudioEncoders("opus", "ffmpeg_opus")),
    ],
)
def test_whip__needs_opus_in_both_output_modes(
    encoders: AudioEncoders, suits: bool, wanted: AudioEncoders
) -> None:
    assert encoders.support_whip is suits
    assert suited_audio("whip", encoders) == wanted
    assert wanted.support_whip
    assert suited_audio("rtmp", encoders) == suited_audio("srt", encoders) == encoders


def test_damaged__is_left_as_it_is() -> None:
    assert suited_audio("whip", ("aac",)) == ("aac",)
