"""What a recorded stream really holds, as ffprobe sees it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.harness.processes import system_environment
from tests.harness.waiting import HarnessError

__all__ = ["MediaProbe", "keyframe_times", "probe_media"]


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
    b_frames: int
    """How many frames a player has to hold back to put them in order; 0 without B-frames."""


def keyframe_times(path: Path) -> list[float]:
    """Return when the keyframes of a recording are shown, in seconds since the first one."""
    done = subprocess.run(
        [
            *("ffprobe", "-v", "error", "-select_streams", "v", "-of", "csv=p=0"),
            *("-show_entries", "packet=pts_time,flags", str(path)),
        ],
        env=system_environment(Path("/nonexistent")),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    packets = [line.split(",") for line in done.stdout.split()]
    times = [float(at) for at, flags, *_ in packets if flags.startswith("K")]
    return [round(at - times[0], 3) for at in times]


def probe_media(path: Path) -> MediaProbe:
    """Look into a recording, counting its packets.

    Raises:
        HarnessError: it holds no video.
    """
    done = subprocess.run(
        [
            *("ffprobe", "-v", "error", "-count_packets", "-of", "json"),
            *(
                "-show_entries",
                "stream=codec_type,codec_name,width,height,nb_read_packets,has_b_frames",
            ),
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
        b_frames=int(video.get("has_b_frames", 0)),
    )
