"""What a recorded stream really holds, as ffprobe sees it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.harness.processes import system_environment
from tests.harness.waiting import HarnessError

__all__ = ["MediaProbe", "probe_media"]


@dataclass(frozen=True)
class MediaProbe:
    """The video (and the audio, when there is some) of a recording."""

    video_codec: str
    """Such as ``h264``."""
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    video_frames: int
    """Frames that arrived."""
    audio_codec: str | None
    """Such as ``aac``; None without audio."""
    audio_frames: int


def probe_media(path: Path) -> MediaProbe:
    """Look into a recording, counting its packets.

    :raises HarnessError: It holds no video.
    """
    done = subprocess.run(
        [
            *("ffprobe", "-v", "error", "-count_packets", "-of", "json"),
            *("-show_entries", "stream=codec_type,codec_name,width,height,nb_read_packets"),
            str(path),
        ],
        env=system_environment(Path("/nonexistent")),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    streams = {s["codec_type"]: s for s in json.loads(done.stdout or "{}").get("streams", [])}
    video, audio = streams.get("video"), streams.get("audio")
    if video is None or not int(video.get("nb_read_packets", 0)):
        raise HarnessError(f"no video in {path.name}: {done.stderr.strip()}")
    return MediaProbe(
        video_codec=video["codec_name"],
        width=int(video["width"]),
        height=int(video["height"]),
        video_frames=int(video["nb_read_packets"]),
        audio_codec=audio["codec_name"] if audio else None,
        audio_frames=int(audio.get("nb_read_packets", 0)) if audio else 0,
    )
