"""Runs every test, and sets up all they need.

Usage: python3 install/test.py [unit] [pytest options]

With `unit` only the tests with mocks run, which takes seconds.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment
from environment import ROOT, CannotPrepare, say

SOURCES = ["velora_core", "velora_obs.py", "tests", "install"]


def main() -> int:
    """Returns the exit code: 0 when all that could be run has passed."""
    try:
        no_obs = environment.enter(__file__, sys.argv[1:])
    except CannotPrepare as error:
        say(str(error))
        return 1
    options = sys.argv[1:]
    only_unit = options[:1] == ["unit"]
    if only_unit:
        options = options[1:]
    checks = [
        ("style", ["ruff", "check", *SOURCES]),
        ("format", ["ruff", "format", "--check", *SOURCES]),
        ("types", ["mypy"]),
    ]
    folders = ["tests/unit"]
    if not only_unit:
        folders.append("tests/contract")
        if not no_obs:
            folders.append("tests/e2e")
    checks.append(("tests", ["pytest", *folders, *options]))
    failed = [name for name, command in checks if not _passes(name, command)]
    if no_obs and not only_unit:
        say(f"\nNOT RUN: the tests in a real OBS. {no_obs}")
    say(f"\nFailed: {', '.join(failed)}" if failed else "\nAll that was run has passed.")
    return 1 if failed else 0


def _passes(name: str, command: list[str]) -> bool:
    say(f"\n== {name} ==")
    started = time.monotonic()
    code = subprocess.call([sys.executable, "-m", *command], cwd=ROOT)
    say(f"({time.monotonic() - started:.0f} s)")
    return code == 0


if __name__ == "__main__":
    sys.exit(main())
