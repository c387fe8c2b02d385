"""How many frames OBS skips while it streams and scripts ask a server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.benchmarks.scene import Scene
from tests.harness import HarnessError, Obs, Script
from tests.simulator import Fault

__all__ = [
    *("BUSY", "CASES", "NONE", "OURS", "Case", "FrameCount"),
    *("count_frames", "installed_url_text"),
]

PRESS_EVERY = 3.0
POLL_EVERY = 5  # the shortest that the panel of url-text.py allows
UPDATES = 600
MANY = 5000
_WARM_UP = 6.0
_URL_TEXT = Path("/usr/share/obs/obs-plugins/frontend-tools/scripts/url-text.py")
_POLLED = "/polled"

NONE, OURS, THEIRS = "none", "Velora", "url-text.py"
BUSY: Final = "Python at its busiest"


class Case(NamedTuple):
    """What is run side by side with others."""

    fps: int
    answer: str
    """How the server behaves, or `BUSY`."""
    script: str


def _cases() -> Iterator[Case]:
    """Return the cases; without a script there is nothing that a server could do."""
    for fps, answers in ((30, tuple(_ANSWERS)), (60, ("in 300 ms", "never"))):
        yield Case(fps, "", NONE)
        for answer in answers:
            yield Case(fps, answer, OURS)
            if answer not in _TOO_MUCH:
                yield Case(fps, answer, THEIRS)
        yield Case(fps, BUSY, NONE)
        yield Case(fps, BUSY, OURS)


class FrameCount(NamedTuple):
    """How one case went."""

    case: Case
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
    """Return OBS's own example, where it is installed."""
    return _URL_TEXT if _URL_TEXT.exists() else None


def _text() -> Fault:
    """Return what is polled needs no token, unlike all that Velora has."""
    return Fault.answer("GET", _POLLED, b"Now playing", kind="text/plain")


def _late(seconds: float) -> Iterator[Fault]:
    text = _text()

    def late_text(connection: Any, end: threading.Event) -> bool:
        end.wait(seconds)
        return text.act(connection, end)

    yield Fault("GET", _POLLED, late_text)
    yield Fault.latency("*", "", seconds=seconds)


_ANSWERS: Final[dict[str, Callable[[], Iterator[Fault]]]] = {
    "in 300 ms": lambda: _late(0.3),
    "in 3 s": lambda: _late(3.0),
    "never": lambda: iter([Fault.hang("*", "")]),
    "a byte a second": lambda: iter([Fault.trickle("*", "")]),
    "50 MiB": lambda: iter([Fault.answer("*", "", b'"' + b"x" * (50 << 20) + b'"')]),
    "nested 500,000 deep": lambda: iter([Fault.answer("*", "", b"[" * 500_000 + b"]" * 500_000)]),
}

_TOO_MUCH: Final = ("50 MiB", "nested 500,000 deep")
"""url-text.py has OBS draw whatever comes; OBS then answers nobody any more."""

CASES: Final = tuple(_cases())


def _scripts(scene: Scene, case: Case) -> list[Script]:
    if case.script == NONE:
        return []
    if case.script == OURS:
        return [scene.ours]
    settings = {
        "url": scene.velora.url + "/api" + _POLLED,
        "interval": POLL_EVERY,
        "source": "Text",
    }
    return [Script(_URL_TEXT, settings)]


def count_frames(scene: Scene, case: Case, seconds: float) -> FrameCount:
    """Run one case in an OBS of its own.

    The count begins just before the stream is started. Every case has the same text source, and
    the same source is renamed every three seconds, which makes OBS save; that is also what makes
    our script press its buttons.
    """
    usual = scene.velora.categories
    ours = case.script == OURS
    try:
        with scene.obs(_scripts(scene, case), fps=case.fps, sign_in=case.answer == BUSY) as obs:
            obs.request(
                "CreateInput",
                {
                    "sceneName": "Scene",
                    "inputName": "Text",
                    "inputKind": "text_ft2_source_v2",
                    "inputSettings": {"text": "Text"},
                },
            )
            if ours and case.answer != BUSY:
                scene.configure(obs)
            scene.velora.faults.add(_text())
            time.sleep(_WARM_UP)
            scene.velora.journal.clear()
            scene.velora.faults.clear()
            for fault in _ANSWERS[case.answer]() if case.answer in _ANSWERS else ():
                scene.velora.faults.add(fault)
            before, began = obs.stats(), time.monotonic()
            obs.start_stream()
            if case.answer == BUSY:
                presses = _be_busy(scene, obs, ours)
                seconds = max(seconds, time.monotonic() - began)
            else:
                presses = 0
            presses += _press_now_and_then(scene, obs, ours, began + seconds)
            after, elapsed = obs.stats(), time.monotonic() - began
            if not obs.stream_status().active:
                raise HarnessError("the stream has ended by itself")
            count = FrameCount(
                case=case,
                due=round(elapsed * case.fps),
                drawn=(after.render_total_frames - after.render_skipped_frames)
                - (before.render_total_frames - before.render_skipped_frames),
                skipped=after.render_skipped_frames - before.render_skipped_frames,
                output_skipped=after.output_skipped_frames - before.output_skipped_frames,
                presses=presses if ours else 0,
                requests=len(scene.velora.journal.find()),
            )
            _end(scene, obs)
        return count
    finally:
        scene.velora.categories = usual


def _press_now_and_then(scene: Scene, obs: Obs, ours: bool, until: float) -> int:
    presses = 0
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(PRESS_EVERY, left))
        if left < PRESS_EVERY:
            break
        if ours:
            scene.measured.order(("on_refresh", "on_update_now")[presses % 2])
        scene.nudge(obs)
        presses += 1
    return presses


def _be_busy(scene: Scene, obs: Obs, ours: bool) -> int:
    """Load the script, sign in, get 5,000 categories and send 600 updates, all in mid-stream.

    Without our script the same things happen in OBS, as far as they do without it.
    """
    time.sleep(2.0)
    obs.switch_collection("Other")
    obs.switch_collection("Main")  # the script and all it needs is imported anew
    time.sleep(2.0)
    scene.velora.listed = None
    scene.velora.categories = [
        {"slug": f"category-{number}", "name": f"Category {number}", "imageUrl": None}
        for number in range(MANY)
    ]
    steps = ["open panel", "on_sign_in", "on_refresh", "open panel"]
    steps += ["another update"] * UPDATES
    for step in steps:
        if not ours:
            scene.nudge(obs)
            time.sleep(0.02)
            continue
        scene.do(obs, step)
        if step == "on_sign_in":
            scene.allow()
    return UPDATES + 2


def _end(scene: Scene, obs: Obs) -> None:
    """End OBS, also one whose video waits for a server that never answers."""
    with suppress(HarnessError):
        if obs.quit(timeout=5.0).killed:
            return
