"""The Python packages that the script needs inside OBS: pure Python, the same for every Python.

Each is pinned with its hashes in ``requirements.txt``. They go into a folder of their own; nobody's
site-packages are touched.
"""

from __future__ import annotations

import platform
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Sequence

from .exit_codes import Failure

OLDEST_PYTHON = "3.10"
REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"

_PIN = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
_CONDITION = re.compile(r"python_full_version (<|>=|==) '([0-9.*]+)'")
_PIP = ("-m", "pip", "--disable-pip-version-check")
_NEW_ENOUGH = "import sys; sys.exit(sys.version_info < ({}, {}))".format(*OLDEST_PYTHON.split("."))


def universal(requirements: str) -> str:
    """Return the pins as one list for all Pythons, without conditions.

    They are those for the oldest Python, which fit the newer ones, too.
    """
    lines = []
    for entry in re.split(r"\n(?=[a-z])", requirements.strip()):
        pin = _PIN.match(entry)
        if pin and _for_oldest(entry):
            lines.append(" ".join([pin.group(0), *_HASH.findall(entry)]) + "\n")
    return "".join(lines)


def _for_oldest(entry: str) -> bool:
    """Return whether the entry's condition on the version, if any, holds for the oldest."""
    condition = _CONDITION.search(entry)
    if condition is None:
        return True
    operator, stated = condition.groups()
    oldest, version = _numbers(OLDEST_PYTHON), _numbers(stated)
    holds = {"<": oldest < version, ">=": oldest >= version, "==": oldest == version}
    return holds[operator]


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def choose(programs: Sequence[str]) -> str:
    """Return the first of these Pythons that can get the packages.

    Raises:
        Failure: none can.
    """
    new_enough = [program for program in programs if _says(program, "-c", _NEW_ENOUGH)]
    if not new_enough:
        raise Failure(
            f"The packages need Python {OLDEST_PYTHON} or later, and this is "
            f"{platform.python_version()}: start this with a newer Python, or use the bundle."
        )
    for program in new_enough:
        if _says(program, *_PIP, "--version"):
            return program
    raise Failure(
        "This Python has no pip, which gets the packages: install pip (on Debian and Ubuntu: "
        "sudo apt install python3-pip), or use the bundle, which needs none."
    )


def _says(program: str, *arguments: str) -> bool:
    """Return whether it can be run and ends well."""
    nowhere = subprocess.DEVNULL
    try:
        # In a folder of ours: Python looks for modules in the current one first.
        return not subprocess.call(
            [program, *arguments], stdout=nowhere, stderr=nowhere, cwd=str(REQUIREMENTS.parent)
        )
    except OSError:
        return False


def build(folder: Path, python: str) -> None:
    """Fill `folder` with the packages.

    Args:
        folder: is made.
        python: one that has pip; see `choose`.

    Raises:
        Failure: they can't be had.
    """
    with tempfile.TemporaryDirectory() as temporary:
        pins = Path(temporary) / "pins.txt"
        pins.write_text(universal(REQUIREMENTS.read_text(encoding="utf-8")), encoding="utf-8")
        done = subprocess.run(
            [
                *(python, *_PIP, "install", "--quiet", "--no-compile", "--no-deps"),
                *("--require-hashes", "--only-binary", ":all:", "--platform", "any"),
                *("--implementation", "py", "--abi", "none", "--python-version", OLDEST_PYTHON),
                *("--target", str(folder), "-r", str(pins)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            cwd=temporary,
        )
    if done.returncode:
        last = [line.strip() for line in done.stdout.splitlines() if line.strip()][-1:]
        raise Failure(
            "The packages could not be got ({}): check your internet connection, then run this "
            "again, or use the bundle.".format(" ".join(last) or "pip failed")
        )
