"""How many frames OBS skips while it streams and scripts ask a server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.scene import Scene
from tests.harness import HarnessError, Obs, Script
from tests.simulator import Fault

__all__ = ["ANSWERS", "SCRIPTS", "FrameCount", "count_frames", "installed_url_text"]

FPS = 30
PRESS_EVERY = 3.0
POLL_EVERY = 5  # the shortest that the panel of url-text.py allows
ANSWERS: dict[str, float | None] = {"in 300 ms": 0.3, "in 3 s": 3.0, "never": None}
SCRIPTS = ("none", "Velora", "url-text.py")
_WARM_UP = 6.0
_URL_TEXT = Path("/usr/share/obs/obs-plugins/frontend-tools/scripts/url-text.py")
_POLLED = "/polled"


class FrameCount(NamedTuple):
    """One case: a script, and how the server answers."""

    script: str
    answer: str
    due: int
    """Frames that belong to the time measured."""
    drawn: int
    skipped: int
    """As OBS counts them; it only does so once it draws again."""
    output_skipped: int
    """Not encoded in time."""
    presses: int
    requests: int

    @property
    def missing(self) -> int:
        """Frames that should have been drawn and were not; one at each end is chance."""
        return max(self.due - self.drawn, 0)


def installed_url_text() -> Path | None:
    """OBS's own example, where it is installed."""
    return _URL_TEXT if _URL_TEXT.exists() else None


def _text() -> Fault:
    """What is polled needs no token, unlike all that Velora has."""
    return Fault.answer("GET", _POLLED, b"Now playing", kind="text/plain")


def _server(seconds: float | None) -> Iterator[Fault]:
    """How the server behaves while frames are counted."""
    if seconds is None:
        yield Fault.hang("*", "")
        return

    text = _text()

    def late_text(connection: Any, end: threading.Event) -> bool:
        end.wait(seconds)
        return text.act(connection, end)

    yield Fault("GET", _POLLED, late_text)
    yield Fault.latency("*", "", seconds=seconds)


def count_frames(scene: Scene, script: str, answer: str, seconds: float) -> FrameCount:
    """Runs one case in an OBS of its own.

    The count begins just before the stream is started. Every case has the same text source, and
    the same source is renamed every three seconds, which makes OBS save; that is also what makes
    our script press its buttons.
    """
    scripts = {
        "none": [],
        "Velora": [scene.ours],
        "url-text.py": [
            Script(
                _URL_TEXT,
                {
                    "url": scene.velora.url + "/api" + _POLLED,
                    "interval": POLL_EVERY,
                    "source": "Text",
                },
            )
        ],
    }[script]
    with scene.obs(scripts) as obs:
        obs.request(
            "CreateInput",
            {
                "sceneName": "Scene",
                "inputName": "Text",
                "inputKind": "text_ft2_source_v2",
                "inputSettings": {"text": "Text"},
            },
        )
        ours = script == "Velora"
        if ours:
            scene.configure(obs)
        scene.velora.faults.add(_text())
        time.sleep(_WARM_UP)
        scene.velora.journal.clear()
        scene.velora.faults.clear()
        for fault in _server(ANSWERS[answer]):
            scene.velora.faults.add(fault)
        presses = 0
        before, began = obs.stats(), time.monotonic()
        obs.start_stream()
        while (left := began + seconds - time.monotonic()) > 0:
            time.sleep(min(PRESS_EVERY, left))
            if left < PRESS_EVERY:
                break
            if ours:
                scene.measured.order(("on_refresh", "on_update_now")[presses % 2])
            scene.nudge(obs)
            presses += 1
        after, elapsed = obs.stats(), time.monotonic() - began
        if not obs.stream_status().active:
            raise HarnessError("the stream has ended by itself")
        count = FrameCount(
            script=script,
            answer=answer,
            due=round(elapsed * FPS),
            drawn=(after.render_total_frames - after.render_skipped_frames)
            - (before.render_total_frames - before.render_skipped_frames),
            skipped=after.render_skipped_frames - before.render_skipped_frames,
            output_skipped=after.output_skipped_frames - before.output_skipped_frames,
            presses=presses if ours else 0,
            requests=len(scene.velora.journal.find()),
        )
        _end(scene, obs)
    return count


def _end(scene: Scene, obs: Obs) -> None:
    """Ends OBS, also one whose video waits for a server that never answers."""
    with suppress(HarnessError):
        if obs.quit(timeout=5.0).killed:
            return
