"""The benchmark: what the script costs OBS, measured in a real one.

Run it from the folder of the project, in an environment that has what the tests need.
tests/run.py makes one:

    .cache/venv-3.11/bin/python -m tests.benchmarks

It prints its tables; with --write it puts them into tests/benchmarks/RESULTS.md as well. With the
usual 60 seconds for each case in which frames are counted it takes half an hour. Leave the computer
alone meanwhile. With --footprint it measures what OBS uses in ten minutes in which nothing happens,
which goes into tests/benchmarks/FOOTPRINT.md. With --against COMMIT it measures the script of that
commit and the present one by turns, which goes into tests/benchmarks/COMPARED.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from tests import harness
from tests.benchmarks import frames, report
from tests.benchmarks.callbacks import measure_calls, measure_loads, measure_quits
from tests.benchmarks.footprint import measure_footprint
from tests.benchmarks.frames import FrameCount
from tests.benchmarks.scene import Scene
from tests.benchmarks.side_by_side import compare
from tests.harness import Display, ObsInstallation
from tests.tooling.command import command_parser
from tests.tooling.document import publish

__all__ = ["main"]

PARTS = ("load", "calls", "quit", "frames")
FOOTPRINT, COMPARED = "footprint", "compared"
_RESULTS = Path(__file__).with_name("RESULTS.md")
_FOOTPRINT = Path(__file__).with_name("FOOTPRINT.md")
_COMPARED = Path(__file__).with_name("COMPARED.md")
_TIMES = {"load": 10, "calls": 40, "quit": 5}

_ABOUT = {
    "frames": """\
Each case runs for {seconds:g} s, {repeat} × in turn, each time in a fresh OBS; counting starts
just before a real stream to a real RTMP ingest does. With *Velora*, a button is pressed every
{press:g} s: *Refresh* and *Update now* alternate. *url-text.py* is the example that comes with OBS.
It polls every {poll} s, the shortest interval its panel allows, and is spared responses too big to
draw as text, because OBS hangs with them. *{busy}*: in mid-stream the script is reloaded with
everything it imports, the user signs in, {many} categories arrive, and {updates} updates are sent
in a row. *Not drawn* are the frames that were due but never came. OBS's own count only includes
skipped frames once it draws again, so a frozen picture looks fine in it. In every case one source
is renamed every {press:g} s, which makes OBS save; this is how the buttons are pressed without a
mouse.
""",
    "footprint": """\
Three instances of OBS run side by side and are left alone for {idle:g} s: one without a script,
one with a script that only imports `requests`, and one with ours. All of them keep drawing their
preview.
""",
    "compared": """\
The script of commit {against} and the current one alternate, {repeat} × each, every time in a fresh
OBS and with the libraries that are pinned now. Frames are counted for {seconds:g} s, starting just
before a stream does, and a button is pressed every {press:g} s.
""",
    "load": """\
Time spent on OBS's UI thread, each time in a fresh OBS, including `script_defaults` and
`script_load`.
""",
    "calls": """\
Measured inside a real OBS, around every function that OBS calls; all of them run on its UI thread.
The buttons' functions and `script_properties` are called there as OBS would, but not through the
accessibility interface, which would add its own time.
""",
    "quit": """\
From the signal to the end of the process; the two cases alternate. The request without a response
is that of *Refresh*, pressed just before. The process is checked every 50 ms.
""",
}
_TITLES = {
    "frames": "Frames",
    "load": "Loading (ms)",
    "calls": "Callbacks, buttons, going live",
    "quit": "Quitting",
    "footprint": "Footprint",
    "compared": "Side by side",
}


def main() -> int:
    """Return the exit code: 0 when it could be measured, whatever came out; 2 without an OBS."""
    parser = command_parser("tests.benchmarks", __doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each case of the frames")
    parser.add_argument("--repeat", type=int, default=1, help="how often each of these cases")
    parser.add_argument("--idle", type=float, default=600.0, help="seconds for the footprint")
    parser.add_argument("--only", choices=PARTS, action="append", help="leave out the other parts")
    parser.add_argument("--footprint", action="store_true", help="measure the footprint instead")
    parser.add_argument("--write", action="store_true", help="write the results into their file")
    parser.add_argument("--against", metavar="COMMIT", help="measure that one's script, too")
    options = parser.parse_args()
    missing = harness.available()
    if missing:
        print(missing)
        return 2
    text = _measure(options)
    file = _FOOTPRINT if options.footprint else _COMPARED if options.against else _RESULTS
    publish(text, file, write=options.write)
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _measure(options: argparse.Namespace) -> str:
    facts = _Facts()
    sections: dict[str, report.Section] = {}
    with Display() as display, Scene(display) as scene:
        for part in _parts(options):
            _say(f"{_TITLES[part]} …")
            if part == "load":
                sections[part] = report.loads_section(measure_loads(scene, _TIMES[part]))
            elif part == "calls":
                sections[part] = report.calls_section(measure_calls(scene, _TIMES[part]))
            elif part == "quit":
                sections[part] = report.quits_section(measure_quits(scene, _TIMES[part]))
            elif part == COMPARED:
                sections[part] = compare(
                    scene, options.against, options.seconds, options.repeat, _say
                )
            elif part == FOOTPRINT:
                found = measure_footprint(scene, options.idle)
                sections[part] = report.footprint_section(found)
            else:
                counts = _count_frames(scene, options.seconds, options.repeat)
                sections[part] = report.frames_section(counts)
    return _page(sections, facts, options)


def _parts(options: argparse.Namespace) -> Sequence[str]:
    if options.footprint:
        return [FOOTPRINT]
    if options.against:
        return [COMPARED]
    return options.only or PARTS


def _count_frames(scene: Scene, seconds: float, repeat: int) -> list[FrameCount]:
    counts = []
    cases = list(frames.CASES)
    if frames.installed_url_text() is None:
        _say("   without url-text.py, which is not where Debian puts it")
        cases = [case for case in cases if case.script != frames.THEIRS]
    for turn in range(repeat):
        first = turn % len(cases)  # whoever runs after whom changes with each turn
        for case in cases[first:] + cases[:first]:
            count = frames.count_frames(scene, case, seconds)
            _say(f"   {count}")
            counts.append(count)
    return counts


class _Facts:
    """What it was measured on."""

    def __init__(self) -> None:
        self._load = os.getloadavg()[0]
        self._began = datetime.now(timezone.utc)

    def lines(self) -> str:
        obs = ObsInstallation()
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            models = [line.partition(":")[2] for line in file if line.startswith("model name")]
        system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
        lines = [
            f"OBS {'.'.join(map(str, obs.version))}, its scripts on Python "
            f"{'.'.join(map(str, obs.python_version))}, {system}",
            f"{os.cpu_count()} cores ({models[0].strip() if models else platform.machine()}), "
            "no graphics card: OBS draws in software, on the same cores that encode",
            f"{self._began:%Y-%m-%d %H:%M} UTC; load average of the system {self._load:.2f} "
            f"before and {os.getloadavg()[0]:.2f} after (the benchmark itself included)",
        ]
        return "".join(f"- {line}\n" for line in lines)


def _command(options: argparse.Namespace) -> str:
    if options.footprint:
        return f"--footprint --idle {options.idle:g}"
    against = f"--against {options.against} " if options.against else ""
    return f"{against}--seconds {options.seconds:g} --repeat {options.repeat}"


def _page(sections: dict[str, report.Section], facts: _Facts, options: argparse.Namespace) -> str:
    parts = [
        "# What the script costs OBS\n",
        f"Measured with `python3 -m tests.benchmarks {_command(options)} --write` in the "
        "environment that `tests/run.py` makes.\n",
        facts.lines(),
        "## Targets\n",
        report.table(
            ("Target", "Measured", "Met"),
            [
                [target.wanted, target.measured, "yes" if target.met else "**no**"]
                for _, targets in sections.values()
                for target in targets
            ],
        ),
    ]
    for name in ("frames", "load", "calls", "quit", FOOTPRINT, COMPARED):
        if name in sections:
            about = _ABOUT[name].format(
                seconds=options.seconds,
                repeat=options.repeat,
                busy=frames.BUSY,
                many=f"{frames.MANY:,}",
                updates=frames.UPDATES,
                idle=options.idle,
                press=frames.PRESS_EVERY,
                poll=frames.POLL_EVERY,
                against=options.against,
            )
            parts += [f"## {_TITLES[name]}\n", about, sections[name][0]]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
