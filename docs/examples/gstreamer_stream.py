"""Stream a file to Velora with GStreamer, with title and category set before the first picture.

Usage: python3 gstreamer_stream.py FILE TITLE [CATEGORY-SLUG]

The access token comes from VELORA_ACCESS_TOKEN. It takes GStreamer 1.18 or later with its "good",
"bad" and "ugly" plug-ins. The pipeline has the stream key in it, so other programs on this computer
may see it in the list of processes; a program that makes the pipeline itself (`parse_launch`) keeps
it to itself.
"""

import os
import subprocess
import sys
from pathlib import Path

from velora_core import VeloraClient, VeloraError

FRAMES_PER_SECOND = 30

# Keyframes every two seconds and no B-frames: so WebRTC players start soon and play smoothly.
VIDEO = (f"queue ! videoconvert ! videorate ! video/x-raw,framerate={FRAMES_PER_SECOND}/1 ! "
         f"x264enc bitrate=4500 key-int-max={2 * FRAMES_PER_SECOND} bframes=0 speed-preset=veryfast"
         " tune=zerolatency ! video/x-h264,profile=main ! h264parse ! mux.")  # fmt: skip
AUDIO = ("queue ! audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=2 ! "
         "voaacenc bitrate=160000 ! aacparse ! mux.")  # fmt: skip


def pipeline(file: str, target: str) -> list[str]:
    """Return the pipeline in the words of gst-launch-1.0; a name may have spaces in it."""
    source = ["uridecodebin", f"uri={Path(file).absolute().as_uri()}", "name=file"]
    sink = ["flvmux", "name=mux", "streamable=true", "!", "rtmp2sink", f"location={target}"]
    return [*source, *sink, "file.", "!", *VIDEO.split(), "file.", "!", *AUDIO.split()]


def main(file: str, title: str, category: str | None = None) -> int:
    token = os.environ["VELORA_ACCESS_TOKEN"]
    try:
        with VeloraClient(token, application="gstreamer-example/1.0") as velora:
            setup = velora.get_stream_setup()
            velora.update_stream_info(title=title, category_slug=category)
    except VeloraError as error:
        print(error, file=sys.stderr)
        return 1
    target = f"{setup.rtmp_url.rstrip('/')}/{setup.stream_key.reveal()}"
    command = ["gst-launch-1.0", "--quiet", "--eos-on-shutdown", *pipeline(file, target)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
