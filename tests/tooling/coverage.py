"""Which lines and branches the unit and contract tests reach, taken together.

Each part of the run writes a file of its own, as they run side by side; the floor is in
pyproject.toml.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.tooling.environment import CACHE, ROOT
from tests.tooling.outcome import Outcome

FOLDER = CACHE / "coverage"
OPTIONS = ("--cov", "--cov-report=", "--cov-fail-under=0")
"""For pytest. The floor holds for all parts together, and for none alone."""
_TOTAL = re.compile(r"^TOTAL .* ([\d.]+)%$", re.MULTILINE)


def clear(folder: Path = FOLDER) -> None:
    """Delete what earlier runs have measured."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def environment(part: str, folder: Path = FOLDER) -> dict[str, str]:
    """Return the variables with which a part of the run measures into its own file."""
    return {**os.environ, "COVERAGE_FILE": str(folder / part)}


def outcome(folder: Path = FOLDER) -> Outcome:
    """Add the parts up, and hold the total against the floor.

    What is not reached is listed in `report.txt` beside the parts.
    """
    started = time.monotonic()
    found = Outcome("coverage")
    parts = sorted(str(file) for file in folder.iterdir() if file.is_file())
    total = folder / "total" / "all"
    total.parent.mkdir()
    _coverage(["combine", "--keep", "--quiet", *parts], total)
    code, report = _coverage(["report", "--show-missing", "--skip-covered"], total)
    (folder / "report.txt").write_text(report, encoding="utf-8")
    measured = _TOTAL.search(report)
    if measured is None:
        found.failed.append(f"nothing was measured: {report.strip()}")
    else:
        found.detail = f"{measured[1]} % of lines and branches"
        if code:
            found.failed.append(f"{report.strip().splitlines()[-1]}; see {folder / 'report.txt'}")
    found.seconds = time.monotonic() - started
    return found


def _coverage(arguments: list[str], data: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "coverage", *arguments],
        cwd=ROOT,
        env={**os.environ, "COVERAGE_FILE": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
