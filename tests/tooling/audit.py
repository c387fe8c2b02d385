"""Looks the pinned packages up in the database of known vulnerabilities."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from velora_install import libraries


class Audit(NamedTuple):
    """What was found.

    Attributes:
        vulnerable: packages with what is known against them.
        unchecked: why some or all could not be looked up; empty when all were.
    """

    vulnerable: list[str]
    unchecked: str


def audit(run: Callable[[Sequence[str]], str] = lambda command: _run(command)) -> Audit:
    """Ask for what runs inside OBS.

    Args:
        run: gives a command's standard output.
    """
    command = ["-m", "pip_audit", "--requirement", str(libraries.REQUIREMENTS), "--disable-pip"]
    options = ["--require-hashes", "--format", "json", "--progress-spinner", "off"]
    printed = run([sys.executable, *command, *options])
    try:
        packages = json.loads(printed)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Audit([], "the database could not be asked")
    vulnerable = [
        f"{package['name']} {package['version']}: "
        + ", ".join(found["id"] for found in package["vulns"])
        for package in packages
        if package.get("vulns")
    ]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    reason = f"the database did not tell of {len(skipped)} of {len(packages)} packages"
    return Audit(vulnerable, reason if skipped else "")


def _run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
