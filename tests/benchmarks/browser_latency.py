"""How late a picture is at the server when the browser streams, and beside it by RTMP.

    .cache/venv-3.11/bin/python -m tests.benchmarks.browser_latency

The page draws a picture that turns from black to white and back, and notes when; the WHIP server
notes when it has decoded that. Then such a picture goes to ffmpeg, which is run as `velora stream`
runs it, and from the RTMP ingest to a viewer that decodes it at once. All read this computer's
clock. With --write the figures go into tests/benchmarks/BROWSER_LATENCY.md.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import av

from tests.harness import RtmpIngest
from tests.harness.whip_server import WhipServer
from tests.page.driver import PageBrowser
from tests.page.studio import ALLOWED, MEDIA, open_studio
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish
from velora_core.cli.ffmpeg import arguments, find_ffmpeg
from velora_core.host.destination import Destination
from velora_core.secret import Secret

_RESULT = Path(__file__).with_name("BROWSER_LATENCY.md")
_WARM_UP = 5.0  # seconds until the encoder has found its pace
_SIZE, _RATE, _BITRATE = (1280, 720), 30, 2500  # pixels, frames a second, kbit/s
_KEY = "live_test_key_z789"
# A viewer that waits for nothing.
_AT_ONCE = {"fflags": "nobuffer", "flags": "low_delay", "analyzeduration": "300000"}
_IDLE_TIMEOUT = 3.0  # seconds without a picture after which the stream has ended
_PICTURE = """
window.turns = [];
navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1280, 720];
    const pen = canvas.getContext("2d");
    let white = false;
    const turn = () => {
        white = !white;
        pen.fillStyle = white ? "#fff" : "#000";
        pen.fillRect(0, 0, 1280, 720);
        window.turns.push((performance.timeOrigin + performance.now()) / 1000);
        // At no steady pace: a picture that is late by a whole turn would look punctual.
        setTimeout(turn, 700 + Math.random() * 800);
    };
    turn();
    return canvas.captureStream(30);
};
"""


class _Watch:
    """Notes when the picture that is received turns."""

    def __init__(self) -> None:
        self.turns: list[float] = []
        self._white: bool | None = None

    def look(self, frame: Any) -> None:
        luma = bytes(frame.planes[0])[::997]
        white = sum(luma) / len(luma) > 128
        if white != self._white:
            self._white = white
            self.turns.append(time.time())


def by_whip(seconds: float) -> list[float]:
    """Return how many milliseconds each picture took from the browser."""
    watch = _Watch()
    with (
        tempfile.TemporaryDirectory() as folder,
        WhipServer(watch.look) as whip,
        PageBrowser(*MEDIA, ALLOWED) as browser,
    ):
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", source=_PICTURE)
        with open_studio(browser, whip, Path(folder)) as studio:
            studio.go_live()
            ends = time.monotonic() + _WARM_UP + seconds
            studio.wait(lambda: time.monotonic() > ends, "the end", timeout=seconds + 60.0)
            drawn = [float(turn) for turn in browser.run("return window.turns")]
    return _late(drawn, watch.turns)


def by_rtmp(seconds: float) -> list[float]:
    """Return how many milliseconds each picture took by ffmpeg and the ingest to a viewer."""
    watch = _Watch()
    width, height = _SIZE
    source = ("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{width}x{height}")
    with RtmpIngest() as ingest:
        destination = Destination("rtmp", Secret(ingest.url), Secret(_KEY))
        given = (*source, "-framerate", str(_RATE), "-i", "pipe:0")
        command = [find_ffmpeg("rtmp").path, *arguments(given, destination, _BITRATE)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            viewer = threading.Thread(target=_view, args=(ingest, watch))
            viewer.start()
            drawn = _draw(process, _WARM_UP + seconds)
            viewer.join()
    return _late(drawn, watch.turns)


def _draw(process: subprocess.Popen[bytes], seconds: float) -> list[float]:
    """Give ffmpeg pictures at its rate; return when they turned."""
    assert process.stdin
    pixels = _SIZE[0] * _SIZE[1]
    white, turns = False, list[float]()
    began = time.monotonic()
    turn_at = began
    for number in range(int(seconds * _RATE)):
        time.sleep(max(0.0, began + number / _RATE - time.monotonic()))
        if time.monotonic() >= turn_at:
            white = not white
            turn_at += 0.7 + random.random() * 0.8
            turns.append(time.time())
        process.stdin.write((b"\xff" if white else b"\x00") * pixels)
    process.stdin.close()
    return turns


def _view(ingest: RtmpIngest, watch: _Watch) -> None:
    """Look at the stream until it ends."""
    ingest.wait_for_media()
    with (
        suppress(av.error.FFmpegError),  # the ingest says nothing when a stream ends
        av.open(
            f"{ingest.url}/{_KEY}", options=_AT_ONCE, timeout=(20.0, _IDLE_TIMEOUT)
        ) as container,
    ):
        container.streams.video[0].thread_type = "NONE"  # threads would hold pictures back
        for frame in container.decode(video=0):
            watch.look(frame)


def _late(drawn: Sequence[float], seen: Sequence[float]) -> list[float]:
    """Return how many milliseconds after its drawing each picture was seen."""
    begin = seen[0] + _WARM_UP
    late = []
    for at in seen:
        place = bisect_right(drawn, at)
        if at > begin and place:
            late.append((at - drawn[place - 1]) * 1000)
    return late


def _row(way: str, late: Sequence[float]) -> str:
    least, median, most = min(late), statistics.median(late), max(late)
    within = statistics.quantiles(late, n=10)[-1]
    figures = " | ".join(f"{figure:.0f} ms" for figure in (least, median, within, most))
    return f"| {way} | {len(late)} | {figures} |\n"


def main() -> int:
    """Return the exit code."""
    parser = command_parser("tests.benchmarks.browser_latency", __doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each stream")
    add_write_option(parser, _RESULT)
    parsed = parser.parse_args()
    rows = [
        _row("browser, WHIP", by_whip(parsed.seconds)),
        _row("ffmpeg as `velora stream` runs it, RTMP", by_rtmp(parsed.seconds)),
    ]
    text = (
        "# From the picture in the browser to the server\n\n"
        f"By `python -m tests.benchmarks.browser_latency`, {datetime.now(timezone.utc):%Y-%m-%d}, "
        f"{platform.system()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}.\n\n"
        "1280 × 720 by H.264 at 30 frames a second on one computer, from drawing a picture to "
        "having it\ndecoded: by WHIP from Chromium to aiortc, by RTMP from ffmpeg through nginx to "
        "a viewer that waits for nothing. x264\nlooks some frames ahead, as OBS's does, and no "
        "player's buffer is counted.\n\n"
        "| way | pictures | least | median | 90 % within | most |\n|---|--:|--:|--:|--:|--:|\n"
        + "".join(rows)
    )
    publish(text, _RESULT, write=parsed.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
