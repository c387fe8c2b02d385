"""How late a picture is at the server when the browser streams: `python -m
tests.benchmarks.browser_latency`.

The page draws a picture that turns from black to white and back, and notes when; the WHIP server
notes when it has decoded that. Both read this computer's clock. With --write the figures go into
tests/benchmarks/BROWSER_LATENCY.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from bisect import bisect_right
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from tests.harness.whip_server import WhipServer
from tests.page.driver import PageBrowser
from tests.page.studio import ALLOWED, MEDIA, open_studio

_RESULT = Path(__file__).with_name("BROWSER_LATENCY.md")
_WARM_UP = 5.0  # seconds until the encoder has found its pace
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


def measure(seconds: float) -> list[float]:
    """Return how many milliseconds each picture took."""
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
    begin = watch.turns[0] + _WARM_UP
    late = []
    for seen in watch.turns:
        place = bisect_right(drawn, seen)
        if seen > begin and place:
            late.append((seen - drawn[place - 1]) * 1000)
    return late


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--write", action="store_true")
    parsed = parser.parse_args()
    late = sorted(measure(parsed.seconds))
    cut = statistics.quantiles(late, n=10)
    text = (
        "# From the picture in the browser to the server\n\n"
        f"By `python -m tests.benchmarks.browser_latency`, {datetime.now(timezone.utc):%Y-%m-%d}, "
        f"{platform.system()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}.\n\n"
        "1280 × 720 by H.264 and WHIP, Chromium to aiortc on the same computer: from drawing a "
        "picture to having it decoded.\n\n"
        "| pictures | least | median | 90 % within | most |\n|---|---|---|---|---|\n"
        f"| {len(late)} | {late[0]:.0f} ms | {statistics.median(late):.0f} ms | {cut[-1]:.0f} ms | "
        f"{late[-1]:.0f} ms |\n"
    )
    print(text)
    if parsed.write:
        _RESULT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
