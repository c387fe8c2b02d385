"""What a thousand scene switches in a minute cost, of which half have a preset.

    .cache/venv-3.11/bin/python -m tests.benchmarks.scene_switches

A real OBS streams to a real RTMP ingest and switches between two scenes, without a script and with
ours, which notes how long OBS's UI thread waits for each of its functions. VELORA_TEST_OBS names
the OBS, as for the tests. It prints a table; with --write it puts it into
tests/benchmarks/SCENE_SWITCHES.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.benchmarks.live_obs import Frames, FrameWatch, circumstances, make_obs
from tests.benchmarks.report import ms, percentile, table
from tests.benchmarks.scene import Call, Measured
from tests.e2e.world import World
from tests.harness import Display
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish

__all__ = ["main"]

_RESULT = Path(__file__).with_name("SCENE_SWITCHES.md")
_OTHER: Final = "Second"
_WARM_UP = 3.0
_AFTERWARDS = 35.0  # seconds in which the last preset wanted is sent
_ABOUT = """\
# A thousand scene switches in a minute

Made by `python -m tests.benchmarks.scene_switches`: OBS {obs}, {at} UTC, load average {load}.
Each line is an OBS of its own that streams 640x360 at 30 frames a second and meanwhile switches
{count} times in {seconds:g} s between two scenes, each of which has a preset, by *Cut*: OBS tells
nothing of a transition that the next switch interrupts. *Updates* are the `PUT /stream/info` in
that time, and those in the {after:g} s after it: the last preset wanted is sent when the pause of
30 s is over. *UI thread*: for how long OBS waited for a function of the script in that time, and
how long the function itself computed; the rest is what the computer did meanwhile. Frames are
those that OBS should have drawn and did not.

"""
_HEAD = (
    *("", "frames due", "not drawn", "updates", "after it"),
    *("UI thread waits (ms, p99)", "max", "computes (ms, p99)", "max", "calls"),
)


class _Row(NamedTuple):
    frames: Frames
    updates: int
    late: int
    calls: list[Call]

    def cells(self) -> list[Any]:
        cells: list[Any] = [self.frames.due, self.frames.missing, self.updates, self.late]
        for times in (
            [call.seconds for call in self.calls],
            [call.processor for call in self.calls],
        ):
            cells += [ms(percentile(times, 0.99)), ms(max(times))] if times else "––"
        return [*cells, len(self.calls) or "–"]


def _presets() -> list[dict[str, Any]]:
    return [
        {"id": name.lower(), "name": name, "title": name, "scenes": [{"name": name}]}
        for name in ("Scene", _OTHER)
    ]


def _measure(display: Display, folder: Path, count: int, seconds: float, *, ours: bool) -> _Row:
    with World(display, folder) as world:
        measured = Measured(folder / "measured")
        script = measured.path if ours else None
        with make_obs(world, folder / "home", script, _presets()) as obs:
            time.sleep(_WARM_UP)  # OBS hangs where a scene is made while it still starts
            obs.request("CreateScene", {"sceneName": _OTHER})
            obs.request("SetCurrentSceneTransition", {"transitionName": "Cut"})
            obs.start_stream()
            world.rtmp.wait_for_media()
            time.sleep(_WARM_UP)
            before, watch = len(world.updates()), FrameWatch(obs)
            for turn in range(count):
                name = ("Scene", _OTHER)[(turn + 1) % 2]
                obs.request("SetCurrentProgramScene", {"sceneName": name})
                time.sleep(max(0.0, watch.began + (turn + 1) * seconds / count - time.monotonic()))
            frames, ended = watch.count(), time.monotonic()
            updates = len(world.updates()) - before
            if ours:
                time.sleep(_AFTERWARDS)
            late = len(world.updates()) - before - updates
            obs.stop_stream()
            world.rtmp.wait_for_end()
            obs.quit()
        calls = measured.notes().calls if ours else []
    calls = [call for call in calls if watch.began <= call.monotonic <= ended]
    return _Row(frames, updates, late, calls)


def main() -> int:
    """Measure both, and print them side by side."""
    parser = command_parser("tests.benchmarks.scene_switches", __doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each stream")
    parser.add_argument("--count", type=int, default=1000, help="of switches in that time")
    add_write_option(parser, _RESULT)
    options = parser.parse_args()
    run = circumstances()
    rows = []
    with Display() as display, tempfile.TemporaryDirectory() as folder:
        for name, ours in (("no script", False), ("Velora", True)):
            place = Path(folder) / name
            place.mkdir()
            row = _measure(display, place, options.count, options.seconds, ours=ours)
            print(name, row.cells(), file=sys.stderr, flush=True)
            rows.append([name, *row.cells()])
    text = _ABOUT.format(**run, count=options.count, seconds=options.seconds, after=_AFTERWARDS)
    text += table(_HEAD, rows)
    publish(text, _RESULT, write=options.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
