"""The other Pythons of this machine, each with what the unit tests need.

Beside those that are installed there are the ones in the folders that have OBS versions of their
own: the very Pythons that those OBS run scripts with.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.tooling.environment import CACHE, ROOT, TEST_REQUIREMENTS, CannotPrepare

SUPPORTED = ("3.10", "3.11", "3.12", "3.13", "3.14")
OF_OBS = {"3.13": "30", "3.14": "32"}
"""Which version of OBS has which Python, in Debian's releases."""
_FOREIGN = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
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
        "truststore",
        "typing-extensions",
        "urllib3",
        "websocket-client",
        "zipp",
    ]
)


def command(version: str) -> list[str] | None:
    """Return what runs this Python with all that the unit tests need; None where there is none.

    Raises:
        CannotPrepare: it is there, and can't be made ready.
    """
    program = _find(version)
    if program is not None:
        return [str(_ensure_environment(program, version))]
    if version not in OF_OBS:
        return None
    from tests.harness import ObsChroot

    chroot, name = ObsChroot(OF_OBS[version]), f"python{version}"
    if chroot.missing():
        return None
    outside = ["env", *(word for item in _FOREIGN for word in ("-u", item)), f"--chdir={ROOT}"]
    packages = _ensure_packages(version)
    inside = chroot.command(*outside, f"PYTHONPATH={packages}", name, folders=[ROOT])
    check = subprocess.run([*inside, "-c", ""], capture_output=True, check=False)
    return inside if check.returncode == 0 else None


def _find(version: str) -> str | None:
    """Return a program that is this Python, or None."""
    name = f"python{version}"
    managed = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/{name}"))
    for program in (shutil.which(name), *map(str, managed)):
        if program and _works(program, version):
            return program
    return None


def _ensure_environment(program: str, version: str) -> Path:
    """Return the Python of an environment that has what the unit tests need."""
    folder = CACHE / f"unit-{version}"
    python = folder / "bin" / "python"
    if not _is_current(folder):
        shutil.rmtree(folder, ignore_errors=True)
        _run([program, "-m", "venv", str(folder)])
        _fill(folder, str(python))
    return python


def _ensure_packages(version: str) -> Path:
    """Return a folder with what the unit tests need, got by this Python for another one."""
    folder = CACHE / f"unit-{version}"
    packages = folder / "packages"
    if not _is_current(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        there = ["--only-binary=:all:", "--python-version", version, "--target", str(packages)]
        _fill(folder, sys.executable, *there)
    return packages


def _pins() -> str:
    entries = re.split(r"\n(?=[a-z])", TEST_REQUIREMENTS.read_text(encoding="utf-8").strip())
    return (
        "\n".join(entry for entry in entries if entry.partition("==")[0].lower() in _WANTED) + "\n"
    )


def _digest() -> str:
    return hashlib.sha256(_pins().encode()).hexdigest()


def _is_current(folder: Path) -> bool:
    stamp = folder / "pins.sha256"
    return stamp.exists() and stamp.read_text() == _digest()


def _fill(folder: Path, python: str, *options: str) -> None:
    pins = folder / "pins.txt"
    pins.write_text(_pins(), encoding="utf-8")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--require-hashes", "--no-deps", "-r", str(pins), *options])
    (folder / "pins.sha256").write_text(_digest())


def _run(step: list[str]) -> None:
    done = subprocess.run(step, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines() or ["it failed"]
        raise CannotPrepare(lines[-1])


def _works(program: str, version: str) -> bool:
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    try:
        done = subprocess.run(
            [program, "-c", code], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.stdout.strip() == version
