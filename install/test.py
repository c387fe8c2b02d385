"""Runs every test, and sets up all they need.

Usage: python3 install/test.py [unit | obs [29] [30] [32]] [pytest options]

With `unit` only the tests with mocks run, which takes seconds. With `obs` only those in a real OBS,
of the versions that are named.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import audit
import environment
import interpreters
from environment import CACHE, ROOT, CannotPrepare, say

SOURCES = ["velora_core", "velora_obs.py", "tests", "install"]
OBS_OF_THIS_SYSTEM = "29"
OBS_IN_CHROOTS = ("30", "32")
TESTS_FAILED = 1  # pytest's exit code for that
MOST_SECOND_RUNS = 3


def main() -> int:
    """Returns the exit code: 0 when all that could be run has passed."""
    try:
        no_obs = environment.enter(__file__, sys.argv[1:])
    except CannotPrepare as error:
        say(str(error))
        return 1
    options = sys.argv[1:]
    what = options.pop(0) if options[:1] in (["unit"], ["obs"]) else "all"
    versions = []
    while what == "obs" and options and options[0] in (OBS_OF_THIS_SYSTEM, *OBS_IN_CHROOTS):
        versions.append(options.pop(0))
    run = Run(options)
    if what != "obs":
        run.check("style", ["ruff", "check", *SOURCES])
        run.check("format", ["ruff", "format", "--check", *SOURCES])
        run.check("types", ["mypy"])
        folders = ["tests/unit"] if what == "unit" else ["tests/unit", "tests/contract"]
        run.check("tests without OBS", ["pytest", *folders, *options])
    versions = versions or [OBS_OF_THIS_SYSTEM, *OBS_IN_CHROOTS]
    if what != "unit":
        obstacles = {version: no_obs or _why_not(version) for version in versions}
    if what == "all":
        run.audit()
        run.other_pythons()
    if what != "unit":
        run.real_obs(versions, obstacles)
    return run.sum_up()


class Run:
    """What has been run, and how it went."""

    def __init__(self, options: list[str]) -> None:
        """
        Args:
            options: for pytest.
        """
        self._options = options
        self._failed: list[str] = []
        self._not_run: list[str] = []
        self._unsteady: list[str] = []

    def check(self, name: str, command: list[str], python: Sequence[str] = ()) -> None:
        """Runs a Python module, in another Python if one is given."""
        say(f"\n== {name} ==")
        started = time.monotonic()
        if subprocess.call([*(python or [sys.executable]), "-m", *command], cwd=ROOT):
            self._failed.append(name)
        say(f"({time.monotonic() - started:.0f} s)")

    def audit(self) -> None:
        """Looks for known vulnerabilities in what runs inside OBS."""
        say("\n== known vulnerabilities ==")
        vulnerable, unchecked = audit.audit()
        for one in vulnerable:
            say(one)
        if vulnerable:
            self._failed.append("known vulnerabilities")
        if unchecked:
            self._not_run.append(f"known vulnerabilities: {unchecked}")

    def other_pythons(self) -> None:
        """The unit tests in each supported Python that is there."""
        here = "{}.{}".format(*sys.version_info)
        for version in interpreters.SUPPORTED:
            if version == here:
                continue
            try:
                python = interpreters.command(version)
            except CannotPrepare as error:
                self._not_run.append(f"unit tests in Python {version}: {error}")
                continue
            if python is None:
                self._not_run.append(f"unit tests in Python {version}: it is not installed")
                continue
            command = ["pytest", "-q", "-p", "no:cacheprovider", "tests/unit", *self._options]
            self.check(f"unit tests in Python {version}", command, python)

    def real_obs(self, versions: list[str], obstacles: Mapping[str, str | None]) -> None:
        """The tests in real OBS versions, side by side: they wait more than they work.

        Args:
            versions: which.
            obstacles: by version, why it can't be had.
        """
        runs = []
        started = time.monotonic()
        for number, version in enumerate(versions, 1):
            reason = obstacles[version]
            if reason:
                self._not_run.append(f"tests in OBS {version}: {reason}")
                continue
            # Of the faults each version takes its share.
            runs.append(ObsRun(version, f"{number}/{len(versions)}", self._options))
        if runs:
            names = ", ".join(run.version for run in runs)
            say(f"\nRunning the tests in OBS {names} (minutes) …")
        for run in runs:
            run.start()
        for run in runs:
            run.wait()
        for run in runs:
            if run.failed and not self._passes_alone(run):
                self._failed.append(f"tests in OBS {run.version}")
        if runs:
            say(f"({time.monotonic() - started:.0f} s)")

    def _passes_alone(self, run: ObsRun) -> bool:
        """Three OBS, their encoders and their ingests share the processors, and OBS has crashes of
        its own. So a few failures get a second run, alone; what passes only then is named."""
        names = run.failures()
        if not 0 < len(names) <= MOST_SECOND_RUNS:
            return False
        say(f"\n== tests in OBS {run.version}, those that failed once more, alone ==")
        if not run.again():
            return False
        self._unsteady += [f"{name} in OBS {run.version}" for name in names]
        return True

    def sum_up(self) -> int:
        """Says how it went; returns the exit code."""
        for one in self._not_run:
            say(f"NOT RUN: {one}")
        for one in self._unsteady:
            say(f"UNSTEADY: {one} failed at first (see above), and passed when it ran alone.")
        failed = ", ".join(self._failed)
        say(f"\nFailed: {failed}" if failed else "\nAll that was run has passed.")
        return 1 if failed else 0


class ObsRun:
    """The tests in one OBS."""

    def __init__(self, version: str, share: str, options: list[str]) -> None:
        """
        Args:
            version: of OBS.
            share: of the faults, such as ``1/3``.
            options: for pytest.
        """
        self.version = version
        self.failed = False
        self._cache = CACHE / f"pytest-obs-{version}"
        self._log = CACHE / f"obs-{version}.txt"
        self._command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={self._cache}"]
        self._command += ["tests/e2e", "tests/faults", *options]
        variables = {} if version == OBS_OF_THIS_SYSTEM else {"VELORA_TEST_OBS": version}
        self._environment = {**os.environ, **variables, "VELORA_TEST_FAULTS": share}

    def start(self) -> None:
        """Returns at once."""
        shutil.rmtree(self._cache, ignore_errors=True)
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Until all of them have run; prints what they said."""
        self.failed = self._process.wait() != 0
        say(f"\n== tests in OBS {self.version} ==\n{self._log.read_text(errors='replace')}")

    def failures(self) -> list[str]:
        """The names of the tests that failed; none where it was not tests that did."""
        try:
            found = (self._cache / "v" / "cache" / "lastfailed").read_text(encoding="utf-8")
            return list(json.loads(found)) if self._process.returncode == TESTS_FAILED else []
        except (OSError, ValueError):
            return []

    def again(self) -> bool:
        """Whether those that failed pass now."""
        command = [*self._command, "--last-failed", "--last-failed-no-failures", "none"]
        return subprocess.call(command, cwd=ROOT, env=self._environment) == 0


def _why_not(version: str) -> str | None:
    """Makes sure that this OBS is there; returns the sentence that says why it can't be."""
    if version == OBS_OF_THIS_SYSTEM:
        return None
    if os.geteuid() != 0:
        return "only root can install it in a folder of its own; run this as root for it."
    reason = environment.ensure_debian_packages(["debootstrap"])
    if reason:
        return reason
    sys.path.insert(0, str(ROOT))
    from tests.harness import HarnessError, install_chroot

    say(f"Making sure that OBS {version} is installed in a folder of its own (a minute) …")
    try:
        install_chroot(version)
    except HarnessError as error:
        return f"it could not be installed ({str(error).strip().splitlines()[-1]})"
    return None


if __name__ == "__main__":
    sys.exit(main())
