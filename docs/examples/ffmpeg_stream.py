"""Stream a file to Velora with ffmpeg, with title and category set before the first picture.

Usage: python3 ffmpeg_stream.py FILE TITLE [CATEGORY-SLUG]

The access token comes from VELORA_ACCESS_TOKEN. ffmpeg has to be told the address with the
stream key as an argument, so other programs on this computer may see it while ffmpeg runs.
"""

import os
import subprocess
import sys

from velora_core import VeloraClient, VeloraError

FRAMES_PER_SECOND = 30

# Keyframes every two seconds and no B-frames: so WebRTC players start soon and play smoothly.
VIDEO = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-b:v", "4500k",
         "-r", str(FRAMES_PER_SECOND), "-g", str(2 * FRAMES_PER_SECOND), "-bf", "0"]  # fmt: skip
AUDIO = ["-c:a", "aac", "-b:a", "160k", "-ar", "48000"]


def main(file: str, title: str, category: str | None = None) -> int:
    token = os.environ["VELORA_ACCESS_TOKEN"]
    try:
        with VeloraClient(token, application="ffmpeg-example/1.0") as velora:
            setup = velora.get_stream_setup()
            velora.update_stream_info(title=title, category_slug=category)
    except VeloraError as error:
        print(error, file=sys.stderr)
        return 1
    target = f"{setup.rtmp_url.rstrip('/')}/{setup.stream_key.reveal()}"
    source = ["-re", "-i", file]
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", *source, *VIDEO, *AUDIO]
    return subprocess.run([*command, "-f", "flv", target], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
