"""Runs every test, and sets up all they need.

Usage: python3 tests/run.py [unit | integration | obs [29] [30] [32]] [pytest options]

With `unit` only the unit tests, style and types run, which takes half a minute. With `integration`
only what needs sockets, processes of its own or long random walks, but no OBS. With `obs` only
those in a real OBS, all of them, in the versions that are named. A whole run takes all of them
through OBS 29 and 32, and through OBS 30 what is about OBS itself. It runs the unit tests in all
Pythons that are supported, and the integration tests in the oldest and the newest. It also measures
which lines and branches all tests without OBS reach, and fails below the floor in pyproject.toml.

A test that fails fails the run; none gets a second try. What can't be run here, or skips itself,
is named, and fails the run as well unless tests/may_be_missing.txt says why it may be missing. The
exit code is 0 when all is well, 1 when something failed, and 2 when only something is missing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.tooling import audit, coverage, environment, interpreters, real_obs
from tests.tooling.environment import CACHE, ROOT, CannotPrepare, say
from tests.tooling.outcome import Outcome, of_pytest, reason_to_miss

SOURCES = ["velora_core", "velora_hosts", "velora_obs.py", "tests", "install"]
AT_ONCE = 3
"""Parts on two cores: most wait half their time, for processes, sockets and a browser."""
LEAN = ("-p", "no:schemathesis")  # which takes a second to load, and is for the contract
_HALF = tuple(f"tests/unit/{room}" for room in ("features", "panel", "storage"))
UNIT = {
    "unit, features and storage": _HALF,
    "unit, all else": ("tests/unit", *(f"--ignore={folder}" for folder in _HALF)),
}
"""The unit tests in two halves that take about as long as each other."""
IN_OTHER_PYTHONS = {
    "integration": (interpreters.SUPPORTED[0], interpreters.SUPPORTED[-1]),
    "unit": interpreters.SUPPORTED,
}
"""What a whole run tests in which Pythons, the longest first.

Syntax and what the standard library has differ from version to version, and the unit tests reach
nearly all lines: they pass through each. What the integration tests add are sockets, processes and
threads that really run. Those change rarely and then stay as they are, so that what works in the
oldest and in the newest works in between; 3.11 and 3.13 also run the script in OBS 29 and 30.
"""


def main() -> int:
    """Return the exit code."""
    if sys.argv[1:2] in (["-h"], ["--help"]):
        say(__doc__.strip())
        return 0
    try:
        no_obs = environment.enter(__file__, sys.argv[1:])
    except CannotPrepare as error:
        say(str(error))
        return 1
    options = sys.argv[1:]
    what = options.pop(0) if options[:1] in (["unit"], ["integration"], ["obs"]) else "all"
    named = []
    while what == "obs" and options and options[0] in real_obs.VERSIONS:
        named.append(options.pop(0))
    run = Run(options)
    if what != "obs":
        run.without_obs(what)
    if what in ("all", "obs"):
        run.in_obs(named or real_obs.VERSIONS, no_obs, whole=what == "all")
    return run.sum_up()


class Run:
    """What has been run, and how it went."""

    def __init__(self, options: list[str]) -> None:
        """
        Args:
            options: for pytest.
        """
        self._options = options
        self._measured = False
        self._preparing = threading.Lock()
        self._outcomes: list[Outcome] = []
        self._not_run: list[str] = []
        self._notes: list[str] = []

    def without_obs(self, what: str) -> None:
        """Check style and types, and run the tests that need no OBS, some at a time.

        With options they come one after another, on this terminal: somebody looks for something.
        Coverage is measured in a whole run alone, since it makes the tests a third slower.
        """
        self._measured = what == "all" and not self._options
        parts: list[Callable[[], None]] = []  # those that wait, and the longest, come first
        at_once = AT_ONCE if what == "all" else AT_ONCE - 1  # the unit tests hardly wait
        if what == "all":
            parts += [lambda: self._tests("contract", ["tests/contract"]), self._page]
        if what != "unit":
            parts.append(lambda: self._tests("integration", [*LEAN, "tests/integration"]))
        if what != "integration":
            parts += [partial(self._tests, name, [*LEAN, *UNIT[name]]) for name in UNIT]
            parts += [
                lambda: self._check("style", ["ruff", "check", *SOURCES]),
                lambda: self._check("format", ["ruff", "format", "--check", *SOURCES]),
                lambda: self._check("types", ["mypy"]),
            ]
        if what == "all":
            here = "{}.{}".format(*sys.version_info)
            parts.append(self._audit)
            parts += [
                partial(self._other_python, kind, version)
                for kind, versions in IN_OTHER_PYTHONS.items()
                for version in versions
                if version != here
            ]
        if self._measured:
            coverage.clear()
        with ThreadPoolExecutor(1 if self._options else at_once) as pool:
            for done in [pool.submit(part) for part in parts]:
                done.result()
        if self._measured:
            self._outcomes.append(coverage.outcome())

    def _call(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> int:
        """Run a command, and print what it said in one piece."""
        if self._options:
            say(f"\n== {name} ==")
            return subprocess.call(command, cwd=ROOT, env=environment)
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        say(f"\n== {name} ==\n{done.stdout.rstrip()}")
        return done.returncode

    def _check(self, name: str, command: list[str]) -> None:
        started = time.monotonic()
        outcome = Outcome(name)
        if self._call(name, [sys.executable, "-m", *command]):
            outcome.failed.append("see above")
        self._note(outcome, started)

    def _tests(self, name: str, folders: list[str], python: Sequence[str] = ()) -> None:
        """Run tests, in another Python if one is given."""
        started = time.monotonic()
        file = name.replace(", ", "-").replace(" ", "-")
        report = CACHE / f"{file}.xml"
        report.unlink(missing_ok=True)
        command = [*(python or [sys.executable]), "-m", "pytest", "-q", f"--junitxml={report}"]
        environment = None
        if self._measured and not python:
            command += coverage.OPTIONS
            environment = coverage.environment(file)
        code = self._call(name, [*command, *folders, *self._options], environment)
        self._note(of_pytest(name, report, code, chosen=bool(self._options)), started)

    def _note(self, outcome: Outcome, started: float) -> None:
        outcome.seconds = time.monotonic() - started
        self._outcomes.append(outcome)

    def _page(self) -> None:
        """Test the web page in a real browser, where there is one."""
        if shutil.which("chromedriver"):
            self._tests("page", [*LEAN, "tests/page"])
        else:
            self._not_run.append("tests of the page: Chromium and its driver are not installed")

    def _audit(self) -> None:
        """Look for known vulnerabilities in what runs inside OBS."""
        started = time.monotonic()
        vulnerable, unchecked = audit.audit()
        if unchecked:
            self._not_run.append(f"known vulnerabilities: {unchecked}")
        if vulnerable or not unchecked:
            self._note(Outcome("known vulnerabilities", failed=vulnerable), started)

    def _other_python(self, kind: str, version: str) -> None:
        """Run the tests of a kind in another Python, if it is there.

        Args:
            kind: `unit` or `integration`.
            version: of Python.
        """
        name = f"{kind} tests in Python {version}"
        try:
            with self._preparing:  # what both kinds need in there is got once
                python = interpreters.command(version)
        except CannotPrepare as error:
            self._not_run.append(f"{name}: {error}")
            return
        if python is None:
            self._not_run.append(f"{name}: it is not installed")
            return
        self._tests(name, ["-p", "no:cacheprovider", f"tests/{kind}"], python)

    def in_obs(self, versions: Sequence[str], no_obs: str | None, *, whole: bool) -> None:
        """Run the tests in real OBS versions.

        Args:
            versions: which.
            no_obs: why there is none here at all, or None.
            whole: all else is tested as well; then one version has only what is about OBS itself.
        """
        there = []
        for version in versions:
            reason = no_obs or real_obs.why_not(version)
            if reason:
                self._not_run.append(f"tests in OBS {version}: {reason}")
            else:
                there.append(version)
        if there:
            self._outcomes += real_obs.run(there, self._options, whole=whole)
            self._notes += real_obs.notes()

    def sum_up(self) -> int:
        """Say how it went; return the exit code."""
        say("\n== in short ==")
        missing = list(self._not_run)
        for outcome in self._outcomes:
            say(str(outcome))
            for failure in outcome.failed:
                say(f"  FAILED: {failure}")
            missing += outcome.skipped
        unexplained = 0
        for package in missing:
            reason = reason_to_miss(package)
            unexplained += reason is None
            say(f"NOT RUN: {package}" + (f" (may be missing: {reason})" if reason else ""))
        for note in self._notes:
            say(f"NOTE: {note}")
        if unexplained:
            say("What is not run counts as a failure unless tests/may_be_missing.txt explains it.")
        passed = sum(outcome.passed for outcome in self._outcomes)
        failed = sum(len(outcome.failed) for outcome in self._outcomes)
        if not passed and not failed:
            say("No test has run.")
            failed = 1
        rest = f", {len(missing)} skipped" if missing else ""
        say(f"{passed} passed, {failed + unexplained} failed{rest}")
        return 1 if failed else 2 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
