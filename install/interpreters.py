"""The other Pythons of this machine, each with an environment for the unit tests."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from environment import CACHE, TEST_REQUIREMENTS, CannotPrepare

SUPPORTED = ("3.10", "3.11", "3.12", "3.13", "3.14")
_WANTED = frozenset(
    [
        "attrs",
        "backports-tarfile",
        "certifi",
        "charset-normalizer",
        "colorama",
        "exceptiongroup",
        "hypothesis",
        "idna",
        "importlib-metadata",
        "iniconfig",
        "jaraco-classes",
        "jaraco-context",
        "jaraco-functools",
        "keyring",
        "lazy-importer",
        "more-itertools",
        "oauthlib",
        "packaging",
        "platformdirs",
        "pluggy",
        "pygments",
        "pytest",
        "pytest-mock",
        "requests",
        "sortedcontainers",
        "tomli",
        "typing-extensions",
        "urllib3",
        "zipp",
    ]
)


def find(version: str) -> str | None:
    """A program that is this Python, or None."""
    name = f"python{version}"
    managed = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/{name}"))
    for program in (shutil.which(name), *map(str, managed)):
        if program and _works(program, version):
            return program
    return None


def ensure_environment(program: str, version: str) -> Path:
    """An environment with what the unit tests need.

    Args:
        program: the Python.
        version: which one it is.

    Returns:
        The path of the environment's Python.

    Raises:
        CannotPrepare: it can't be made.
    """
    entries = re.split(r"\n(?=[a-z])", TEST_REQUIREMENTS.read_text(encoding="utf-8").strip())
    text = "\n".join(one for one in entries if one.partition("==")[0].lower() in _WANTED) + "\n"
    folder = CACHE / f"unit-{version}"
    python, pins = folder / "bin" / "python", folder / "pins.txt"
    stamp = folder / "pins.sha256"
    digest = hashlib.sha256(text.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    steps = [
        [program, "-m", "venv", str(folder)],
        [
            *(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--no-deps", "-r", str(pins)),
        ],
    ]
    for step in steps:
        if python.exists():
            pins.write_text(text, encoding="utf-8")
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            lines = (done.stdout + done.stderr).strip().splitlines() or ["it failed"]
            raise CannotPrepare(lines[-1])
    stamp.write_text(digest)
    return python


def _works(program: str, version: str) -> bool:
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    try:
        done = subprocess.run(
            [program, "-c", code], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.stdout.strip() == version
