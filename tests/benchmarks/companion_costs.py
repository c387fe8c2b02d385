"""What `velora companion` costs beside a real OBS, and how soon it does what it is for.

    .cache/venv-3.11/bin/python -m tests.benchmarks.companion_costs

It prints its table; with --write it becomes the last part of tests/benchmarks/OUTSIDE_OBS.md. It
takes two minutes. Leave the computer alone meanwhile.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.outside_obs import COMPANION, RESULT
from tests.benchmarks.report import table
from tests.e2e.companion import Companion, PageOf, started, tie_to_scene
from tests.harness import BrowserButton, Display, Obs, ObsInstallation, RtmpIngest, wait_until
from tests.simulator import Simulator
from tests.tooling.command import command_parser

_CONNECTED = "is connected to OBS"
_IDLE = 30.0  # seconds
_SETTLING = 12.0  # seconds after which a companion that has just started is idle
_MIB = 1024  # what /proc counts in, in a MiB
_MAX_START, _MAX_SHARE, _MAX_MEMORY, _MAX_SCENE = 1.0, 0.1, 60.0, 0.1
_ABOUT = """\
{heading}

Made by `python -m tests.benchmarks.companion_costs --repeat {repeat} --write`: {version}, {cores}
cores, {when} UTC; load average of the system {before:.2f} before and {after:.2f} after. Medians of
{repeat} starts and as many streams; the largest in brackets. Velora is simulated, on the same
computer.

{rows}
Start and page count from the start of the process. The page is there when it answers: `page` was
entered as soon as the companion was connected. The change of scene counts from the request to OBS
until Velora has the whole PUT. Idle is a companion that is connected to an OBS in which nothing
happens, for {idle:.0f} s; each ten seconds it asks OBS whether it still answers.
"""


class _Start(NamedTuple):
    """Seconds from the start of the process."""

    connected: float
    page: float
    processor: float
    """Until it was connected."""


class _Idle(NamedTuple):
    share: float
    """Of a core, in percent."""
    memory: float
    """MiB."""
    requests: int
    """To Velora."""


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _start(velora: Simulator, obs: Obs, folder: Path) -> _Start:
    button = BrowserButton(Path(tempfile.mkdtemp(dir=folder)))
    companion = Companion(velora, folder, obs.websocket_port, **button.environment)
    began = time.monotonic()
    with companion:
        _wait_for(companion, _CONNECTED)
        connected, processor = time.monotonic() - began, _processor(companion.process.pid)
        companion.type("page")
        PageOf(button.wait()).state()
        return _Start(connected, time.monotonic() - began, processor)


def _wait_for(companion: Companion, part: str) -> None:
    wait_until(lambda: companion.heard(part), what=part, interval=0.005)


def _idle(velora: Simulator, companion: Companion) -> _Idle:
    pid = companion.process.pid
    time.sleep(_SETTLING)
    velora.journal.clear()
    before = _processor(pid)
    time.sleep(_IDLE)
    share = (_processor(pid) - before) / _IDLE * 100
    status = Path(f"/proc/{pid}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return _Idle(share, int(resident.split()[1]) / _MIB, len(velora.journal.find()))


def _scenes(velora: Simulator, obs: Obs, page: PageOf, repeat: int) -> Iterator[float]:
    """Change the scene once in each of several streams: in one, presets wait for each other."""
    obs.request("CreateScene", {"sceneName": "Game"})
    page.press("presets_more")
    page.put(title="A game", preset_name="Play")
    page.press("preset_save")
    tie_to_scene(page, obs, "Game")
    for number in range(repeat):
        obs.request("SetCurrentProgramScene", {"sceneName": "Scene"})
        page.put(title=f"Stream {number}")
        velora.journal.clear()
        obs.start_stream()
        velora.journal.wait_for("PUT", "")
        began = time.monotonic()
        obs.request("SetCurrentProgramScene", {"sceneName": "Game"})
        yield velora.journal.wait_for("PUT", "", 2)[1].monotonic - began
        obs.stop_stream()


def _measure(repeat: int) -> tuple[list[_Start], _Idle, list[float]]:
    with Simulator() as velora, RtmpIngest() as rtmp, Display() as display:
        velora.account.rtmp_url = rtmp.url
        with started(display, None) as obs, tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _start(velora, obs, folder)  # writes the bytecode
            starts = [_start(velora, obs, folder) for _ in range(repeat)]
            button = BrowserButton(Path(tempfile.mkdtemp(dir=folder)))
            companion = Companion(velora, folder, obs.websocket_port, **button.environment)
            with companion:
                companion.hears(_CONNECTED)
                idle = _idle(velora, companion)
                companion.enter("configure", "will stream to")
                companion.type("page")
                scenes = list(_scenes(velora, obs, PageOf(button.wait()), repeat))
    return starts, idle, scenes


def _row(name: str, found: Sequence[float], most: float) -> tuple[str, str, str]:
    middle = statistics.median(found)
    return name, f"{middle:.3f} ({max(found):.3f})", f"{most:g}"


def main() -> int:
    """Measure all of it, and print it."""
    parser = command_parser("tests.benchmarks.companion_costs", __doc__)
    parser.add_argument("--repeat", type=int, default=7, help="starts, and streams")
    parser.add_argument("--write", action="store_true", help=f"write it into {RESULT.name}")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    starts, idle, scenes = _measure(options.repeat)
    rows = [
        _row("start until connected, s", [start.connected for start in starts], _MAX_START),
        _row("start until connected, s of the processor", [it.processor for it in starts], 1),
        _row("start until the page answers, s", [start.page for start in starts], _MAX_START),
        ("idle: share of a core, %", f"{idle.share:.3f}", f"{_MAX_SHARE:g}"),
        ("idle: resident memory, MiB", f"{idle.memory:.1f}", f"{_MAX_MEMORY:g}"),
        ("idle: requests to Velora", str(idle.requests), "0"),
        _row("a change of scene until the PUT, s", scenes, _MAX_SCENE),
    ]
    text = _ABOUT.format(
        heading=COMPANION,
        version=f"OBS {ObsInstallation().version_text}",
        cores=os.cpu_count(),
        when=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M"),
        before=before,
        after=os.getloadavg()[0],
        repeat=options.repeat,
        rows=table(["", "measured", "wanted, at most"], rows),
        idle=_IDLE,
    )
    print(text)
    if options.write:
        first = RESULT.read_text(encoding="utf-8").partition(COMPANION)[0].rstrip()
        RESULT.write_text(f"{first}\n\n{text}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
