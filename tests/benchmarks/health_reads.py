"""What reading the stream's health costs OBS: bitrate, lost frames, congestion, reconnects.

    .cache/venv-3.11/bin/python -m tests.benchmarks.health_reads

A real OBS streams to a real RTMP ingest several times; the script notes how long it takes to take
hold of the output, to read its counters, and to let go of it. VELORA_TEST_OBS names the OBS, as
for the tests. It prints a table; with --write it puts it into tests/benchmarks/HEALTH_READS.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.benchmarks.live_obs import circumstances, make_obs
from tests.benchmarks.report import ms, percentile, table
from tests.benchmarks.scene import Call, Measured
from tests.e2e.world import World
from tests.harness import Display
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish

__all__ = ["main"]

_HERE: Final = Path(__file__).resolve().parent
_RESULT: Final = _HERE / "HEALTH_READS.md"
_WARM_UP: Final = 3.0
_PAUSE: Final = 0.5
_ABOUT: Final = """\
# What reading the stream's health costs OBS

Made by `python -m tests.benchmarks.health_reads`: OBS {obs}, {at} UTC, load average {load}; {count}
streams of {seconds:g} s. OBS's UI thread takes hold of the output when a stream has connected, and
lets go of it at the end; the counters are read on the script's worker, each 5 s, where OBS waits
for nothing but Python meanwhile. *Takes* is by the clock, *computes* without what the computer did
meanwhile, both in milliseconds.

"""
_HEAD: Final = ("", "thread", "times", "takes (median)", "most", "computes (median)", "most")
_READS: Final = (
    ("begin_sampling", "take hold of the output", "UI"),
    ("end_sampling", "let go of it", "UI"),
    ("sample", "read its counters", "worker"),
)


def _measure(display: Display, folder: Path, count: int, seconds: float) -> list[Call]:
    with World(display, folder) as world:
        measured = Measured(folder / "measured")
        added = (_HERE / "stopwatch_health.py").read_text(encoding="utf-8")
        with measured.path.open("a", encoding="utf-8") as script:
            script.write(f"\n\n{added}")
        with make_obs(world, folder / "home", measured.path) as obs:
            time.sleep(_WARM_UP)
            for _ in range(count):
                obs.start_stream()
                time.sleep(seconds)
                obs.stop_stream()
                time.sleep(_PAUSE)
            obs.quit()
        return measured.notes().calls


def _cells(calls: list[Call], name: str) -> list[str]:
    found = [call for call in calls if call.name == name]
    cells = [str(len(found))]
    for times in ([call.seconds for call in found], [call.processor for call in found]):
        cells += [ms(percentile(times, 0.5)), ms(max(times))]
    return cells


def main() -> int:
    """Measure, and print the table."""
    parser = command_parser("tests.benchmarks.health_reads", __doc__)
    parser.add_argument("--seconds", type=float, default=11.0, help="of each stream")
    parser.add_argument("--count", type=int, default=6, help="of streams")
    add_write_option(parser, _RESULT)
    options = parser.parse_args()
    run = circumstances()
    with Display() as display, tempfile.TemporaryDirectory() as folder:
        calls = _measure(display, Path(folder), options.count, options.seconds)
    text = _ABOUT.format(**run, count=options.count, seconds=options.seconds)
    text += table(_HEAD, [[what, thread, *_cells(calls, name)] for name, what, thread in _READS])
    publish(text, _RESULT, write=options.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
