"""Frames that OBS skips while the window of a program comes and goes each second.

    .cache/venv-3.11/bin/python -m tests.benchmarks.captures

Five cases by turns, each in an OBS of its own that streams to a real RTMP ingest, all with the same
load beside it: without windows; with windows and no script; the same with OBS saving its scenes at
those moments; with the script; with the script and a preset for that program. VELORA_TEST_OBS names
the OBS, as for the tests: 30 or 32, because OBS 29 gets no picture of a window from the tests'
display. It prints a table; with --write it puts it into tests/benchmarks/CAPTURES.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from tests.benchmarks.live_obs import Frames, FrameWatch, make_obs
from tests.benchmarks.report import table
from tests.e2e.world import World, chosen_installation
from tests.harness import Display, ToyWindows, capture_window
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish

__all__ = ["main"]

_RESULT = Path(__file__).with_name("CAPTURES.md")
_TITLE, _PROGRAM = "Chess Master", "chess"
_PRESET = {"id": "chess", "name": "Chess", "title": "Chess"}
_NAMES = ("Colour", "Color")
_WARM_UP = 3.0
_HALF = 0.5
_BUSY = "while True: pass"
_ABOUT = """\
# A program that comes and goes each second

Made by `python -m tests.benchmarks.captures --seconds {seconds:g} --repeat {repeat} --busy {busy}`:
OBS {obs}, {at} UTC, two cores without a graphics card, and beside it {busy}
processes that only take time of the processor, and what else it had to do. Each line is
{repeat} streams of {seconds:g} s, 640x360, 30 frames a second, each in an OBS of its own, by turns
with the other lines. A window is opened and closed each second, and *Window Capture (Xcomposite)*
is of it. *Not drawn* are frames that were due and never came, *skipped* is OBS's own count. *UI*
and *graphics* are how much processor time OBS's two threads took in a second, the median of the
streams: unlike lost frames, that hardly depends on what else the computer had to do.

"""
_HEAD = (
    *("", "frames due", "not drawn", "skipped", "each stream", "load average"),
    *("UI (ms each s)", "graphics (ms each s)"),
)
_GRAPHICS_THREAD = "libobs: graphic"  # as much of its name as Linux keeps
_TICK = 1000 / os.sysconf("SC_CLK_TCK")


class _Case(NamedTuple):
    name: str
    windows: bool = True
    saves: bool = False
    script: bool = False
    preset: bool = False


_CASES: Final = (
    _Case("no script, no windows", windows=False),
    _Case("no script"),
    _Case("no script, and OBS saves its scenes", saves=True),
    _Case("Velora", script=True),
    _Case("Velora, with a preset for the program", script=True, preset=True),
)


class _Times(NamedTuple):
    """Milliseconds of processor time."""

    ui: float
    graphics: float


class _Count(NamedTuple):
    frames: Frames
    load: float
    each_second: _Times


def _times(process: int) -> _Times:
    """Return what OBS's threads have taken until now."""
    graphics = 0.0
    tasks = Path(f"/proc/{process}/task")
    for task in tasks.iterdir():
        with suppress(FileNotFoundError):  # a thread that has ended meanwhile
            if (task / "comm").read_text().startswith(_GRAPHICS_THREAD):
                graphics += _taken(task)
    return _Times(_taken(tasks / str(process)), graphics)


def _taken(task: Path) -> float:
    fields = (task / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK


@contextmanager
def _busy(count: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(count):
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", _BUSY]))
            stack.callback(process.kill)
        yield


def _load() -> float:
    return float(Path("/proc/loadavg").read_text().split()[0])


def _measure(display: Display, folder: Path, case: _Case, seconds: float) -> _Count:
    preset = {**_PRESET, "programs": [_PROGRAM], "while_live": True}
    with World(display, folder) as world, ToyWindows(display) as windows:
        script = world.script if case.script else None
        with make_obs(world, folder / "home", script, [preset] if case.preset else []) as obs:
            capture_window(obs, "Scene", _TITLE, _PROGRAM)
            obs.start_stream()
            world.rtmp.wait_for_media()
            time.sleep(_WARM_UP)
            watch, turn = FrameWatch(obs), 0
            before = _times(obs.pid)
            while time.monotonic() - watch.began < seconds:
                if case.windows and turn % 2:
                    windows.close(_TITLE)
                elif case.windows:
                    windows.open(_TITLE, _PROGRAM)
                if case.saves:
                    old, new = _NAMES[turn % 2], _NAMES[(turn + 1) % 2]
                    obs.request("SetInputName", {"inputName": old, "newInputName": new})
                turn += 1
                time.sleep(max(0.0, watch.began + turn * _HALF - time.monotonic()))
            taken = [
                (new - old) / (time.monotonic() - watch.began)
                for old, new in zip(before, _times(obs.pid), strict=True)
            ]
            count = _Count(watch.count(), _load(), _Times(*taken))
            obs.stop_stream()
            world.rtmp.wait_for_end()
            obs.quit()
    return count


def _row(case: _Case, counts: list[_Count]) -> list[object]:
    total = [sum(numbers) for numbers in zip(*(count.frames for count in counts), strict=True)]
    each = ", ".join(str(count.frames.missing) for count in counts)
    loads = sorted(count.load for count in counts)
    times = zip(*(count.each_second for count in counts), strict=True)
    taken = [f"{median(thread):.0f}" for thread in times]
    return [case.name, *total, each, f"{loads[0]:.1f} to {loads[-1]:.1f}", *taken]


def main() -> int:
    """Measure each by turns, and print them side by side."""
    parser = command_parser("tests.benchmarks.captures", __doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each stream")
    parser.add_argument("--repeat", type=int, default=4, help="streams of each case")
    parser.add_argument("--busy", type=int, default=0, help="processes that take the processor")
    add_write_option(parser, _RESULT)
    options = parser.parse_args()
    began = datetime.now(timezone.utc)
    counts: dict[_Case, list[_Count]] = {case: [] for case in _CASES}
    with (
        Display() as display,
        tempfile.TemporaryDirectory() as folder,
        _busy(options.busy),
    ):
        for turn in range(options.repeat):
            first = turn % len(_CASES)  # so that no case always follows the same one, or comes late
            for case in (*_CASES[first:], *_CASES[:first])[:: -1 if turn % 2 else 1]:
                place = Path(folder) / f"{turn}-{_CASES.index(case)}"
                place.mkdir()
                count = _measure(display, place, case, options.seconds)
                print(case.name, count, file=sys.stderr, flush=True)
                counts[case].append(count)
    text = _ABOUT.format(
        seconds=options.seconds,
        repeat=options.repeat,
        busy=options.busy,
        obs=chosen_installation().version_text,
        at=f"{began:%Y-%m-%d %H:%M}",
    )
    text += table(_HEAD, [_row(case, counts[case]) for case in _CASES])
    publish(text, _RESULT, write=options.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
