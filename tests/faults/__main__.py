"""Goes through every fault and every moment, and prints the table.

Usage: python -m tests.faults [--write] [--found] [name of a fault ...]

With `--write` it becomes MATRIX.md. It takes half an hour in the environment that tests/run.py
makes; with names, only those are gone through, and the others are as they were found the last time.
With `--found` none is: the table is of what tests/run.py found, which goes through all of them,
too. `VELORA_TEST_OBS` chooses another OBS than the system's own.
"""

from __future__ import annotations

import datetime
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.found import remember, remembered
from tests.faults.rows import ROWS, FaultCase
from tests.faults.session import MOMENTS, Seen, Session
from tests.harness import Display
from tests.tooling.command import command_parser

_TABLE = Path(__file__).with_name("MATRIX.md")


def _go_through(display: Display, row: FaultCase) -> tuple[Seen, str]:
    """Go through all moments of a fault; return what was seen, and what was wrong."""
    with (
        tempfile.TemporaryDirectory(prefix="velora-faults-") as folder,
        Session(display, Path(folder), row) as session,
    ):
        for moment in MOMENTS:
            try:
                session.run(moment)
            except Exception as error:
                return session.seen, f"{moment}: {type(error).__name__}: {error}".strip()
        return session.seen, ""


def _table(found: dict[str, tuple[Seen, str]]) -> str:
    versions = sorted({seen.version for seen, _ in found.values() if seen.version})
    now = datetime.datetime.now(datetime.timezone.utc)
    lines = [
        "# Every fault at every moment",
        "",
        f"Filled in on {now:%Y-%m-%d}, in OBS {', '.join(versions)}. Every whole run of",
        "`python3 tests/run.py` goes through all faults, each in the OBS that comes to it",
        "first, and says which; `python -m tests.faults --found --write` then writes this table.",
        "",
        "Each row is one run of a real OBS that was set up for Velora beforehand. The fault lasts",
        "from before OBS starts until it ends, and OBS streams to a real ingest meanwhile. ✓:",
        "OBS responds, the stream continues under the right key, the streamer's fields and both",
        "profiles' services are unchanged, the log has no exception, no secret is in the log, in",
        "the panel, or in any file of OBS but its service's, and the message is right. *Sign-in*",
        "does not touch OBS; it runs in its own process, with the browser's page and the redirect",
        "server. *Presets*: one is applied by hand, one by a hotkey and one by a scene while live;",
        "in OBS 30 the stream starts with one that a captured program has applied.",
        "",
        "| Fault | OBS | " + " | ".join(MOMENTS) + " |",
        "| --- | --- |" + " :-: |" * len(MOMENTS),
    ]
    for name, (seen, wrong) in found.items():
        cells = [
            "✓" if moment in seen.moments else "✗" if wrong.startswith(f"{moment}:") else "–"
            for moment in MOMENTS
        ]
        lines.append(f"| {name} | {seen.version} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "## What the streamer is told, and what the fault costs",
        "",
        "*Frames*: how many OBS skipped while live, of those that were due, on two cores without a",
        "graphics card that also ran the ingest, Velora and the screen; the benchmark is precise.",
        "*Recovered*: seconds from the fault's end, in mid-stream, until Velora had the latest",
        "title without anyone doing anything (—: it takes a button or a restart).",
        "*Quit*: seconds that quitting took with a request in progress.",
        "",
        "| Fault | message when going live | frames | recovered | quit |",
        "| --- | --- | --: | --: | --: |",
    ]
    for name, (seen, _) in found.items():
        recovered = "—" if seen.recovered is None else f"{seen.recovered:.0f} s"
        said = seen.moments.get("going live", "").replace("|", "\\|")
        frames = f"{seen.skipped} of {seen.frames}"
        lines.append(f"| {name} | {said} | {frames} | {recovered} | {seen.quit:.2f} s |")
    failures = [f"- {name}: {wrong}" for name, (_, wrong) in found.items() if wrong]
    if failures:
        lines += ["", "## What went wrong", "", *failures]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Return the exit code: 0 when every cell is as it should be."""
    parser = command_parser("tests.faults", __doc__)
    parser.add_argument("--write", action="store_true", help="put the table into MATRIX.md")
    parser.add_argument("--found", action="store_true", help="only show what was found last")
    parser.add_argument("faults", nargs="*", help="only these")
    options = parser.parse_args()
    rows = [row for row in ROWS if not options.faults or row.name in options.faults]
    with Display() as display:
        for row in [] if options.found else rows:
            started = time.monotonic()
            seen, wrong = _go_through(display, row)
            remember(row.name, seen, wrong)
            say = wrong or "as it should be"
            print(f"{row.name} ({time.monotonic() - started:.0f} s): {say}", flush=True)
    found = remembered()
    table = _table(found)
    print(table)
    if options.write:
        _TABLE.write_text(table)
    return 1 if any(wrong for _, wrong in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
