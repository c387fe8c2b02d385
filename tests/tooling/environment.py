"""Sets up what the demo and the tests run in: Debian packages, a virtual environment, and the
folder of dependencies that OBS's own Python uses. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from velora_install import libraries
from velora_install.exit_codes import Failure

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
TEST_REQUIREMENTS = ROOT / "tests" / "requirements.txt"
QT_REQUIREMENTS = ROOT / "tests" / "qt-requirements.txt"
OLDEST_PYTHON = (3, 10)
_INSIDE = "VELORA_ENVIRONMENT_READY"


class CannotPrepare(Exception):
    """One sentence: what is missing, and what to do about it."""


def say(text: str) -> None:
    """Print a line at once, so that what takes long is announced before it does."""
    print(text, flush=True)


def check_python() -> None:
    """Raise `CannotPrepare` when this Python is too old."""
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        have = ".".join(map(str, sys.version_info[:2]))
        raise CannotPrepare(
            f"Python {wanted} or later is needed and this is {have}: "
            f"install a newer one and start this with it."
        )


def _missing(packages: Iterable[str]) -> list[str]:
    names = list(packages)
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    there = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in there]


def ensure_debian_packages(packages: Iterable[str]) -> str | None:
    """Install the Debian packages that are missing.

    Returns:
        None when they are there, or the sentence that says why this system can't have them.

    Raises:
        CannotPrepare: it should have worked and didn't.
    """
    if not (shutil.which("apt-get") and shutil.which("dpkg-query")):
        return (
            "This system has no apt-get, so the real OBS is left out: run this on Debian 12 or "
            "later to have that too."
        )
    missing = _missing(packages)
    if not missing:
        return None
    # Without a terminal sudo can't ask for a password, and must not wait for one.
    sudo = ["sudo"] if sys.stdin and sys.stdin.isatty() else ["sudo", "-n"]
    by = [] if os.geteuid() == 0 else sudo
    if by and (not shutil.which("sudo") or subprocess.run([*by, "true"], check=False).returncode):
        return (
            "The real OBS is left out because installing it needs root: run "
            f"'sudo apt-get install --no-install-recommends {' '.join(missing)}', then this again."
        )
    say(f"Installing {len(missing)} Debian packages (about a minute): {' '.join(missing)}")
    # The run level of a system that starts no services: nginx is for the tests alone.
    variables = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    environment = dict(os.environ, **variables)
    if by:
        by += ["env", *(f"{name}={value}" for name, value in variables.items())]
    for arguments in (
        ["update"],
        ["install", "-y", "--no-install-recommends", *missing],
    ):
        done = subprocess.run(
            [*by, "apt-get", "-o", "Acquire::Retries=3", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            say(done.stdout)
            raise CannotPrepare(
                f"apt-get {arguments[0]} failed (see above): "
                "check the network and the package sources, then start this again."
            )
    return None


def ensure_virtual_environment() -> Path:
    """Make the virtual environment for tests and demo if its requirements have changed.

    Returns:
        The path of its Python.

    Raises:
        CannotPrepare: it can't be made.
    """
    stamp_text = hashlib.sha256(TEST_REQUIREMENTS.read_bytes()).hexdigest()
    folder = CACHE / "venv-{}.{}".format(*sys.version_info[:2])
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "requirements.sha256"
    if python.exists() and stamp.exists() and stamp.read_text() == stamp_text:
        return python
    say("Setting up Python packages for tests and demo (about a minute) …")
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)], "make a virtual environment")
    _run(
        [*_pip(python), "-r", str(TEST_REQUIREMENTS)],
        "install the Python packages",
    )
    stamp.write_text(stamp_text)
    return python


def ensure_obs_dependencies(python: Path) -> Path:
    """Make the folder with what the script needs inside OBS, as the installer does.

    Args:
        python: one that has pip.

    Returns:
        The folder's path.

    Raises:
        CannotPrepare: the packages can't be had.
    """
    pins = libraries.universal(libraries.REQUIREMENTS.read_text(encoding="utf-8"))
    stamp_text = hashlib.sha256(pins.encode()).hexdigest()
    folder = CACHE / "velora_lib"
    stamp = folder / "requirements.sha256"
    if stamp.exists() and stamp.read_text() == stamp_text:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    try:
        libraries.build(folder, str(python))
    except Failure as failure:
        raise CannotPrepare(str(failure)) from None
    stamp.write_text(stamp_text)
    return folder


def ensure_qt(python: Path) -> Path:
    """Make the folder with Qt for Python, 400 MB, which one test needs and nothing else.

    Args:
        python: one that has pip.

    Returns:
        The folder's path.

    Raises:
        CannotPrepare: the packages can't be had.
    """
    stamp_text = hashlib.sha256(QT_REQUIREMENTS.read_bytes()).hexdigest()
    folder = CACHE / "qt"
    stamp = folder / "requirements.sha256"
    if stamp.exists() and stamp.read_text() == stamp_text:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    _run(
        [*_pip(python), "--no-compile", "--target", str(folder), "-r", str(QT_REQUIREMENTS)],
        "install Qt for Python",
    )
    stamp.write_text(stamp_text)
    return folder


def _pip(python: Path) -> list[str]:
    quiet = ("--quiet", "--disable-pip-version-check")
    return [str(python), "-m", "pip", "install", *quiet, "--require-hashes", "--no-deps"]


def _run(command: list[str], purpose: str) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        say(done.stdout)
        raise CannotPrepare(
            f"It was not possible to {purpose} (see above): "
            "check the network and the free space on the disk, then start this again."
        )


def debian_packages() -> list[str]:
    """Return what the real OBS and its ingest need, and what Debian's Python leaves out."""
    # By its path: its package needs what isn't installed yet.
    harness = runpy.run_path(str(ROOT / "tests" / "harness" / "requirements.py"))
    extra = []
    if not _has_venv() and Path(sys.executable).resolve().parent == Path("/usr/bin"):
        extra = ["python3-venv"]
    return [*harness["DEBIAN_PACKAGES"], *extra]


def _has_venv() -> bool:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def enter(script: str, arguments: list[str]) -> str | None:
    """Prepare everything and go on inside the virtual environment.

    The first call, in whatever Python the user has, does not return: it starts `script` again with
    the environment's Python and ends with its exit code. The call in there returns.

    Returns:
        None, or the sentence that says why there is no real OBS here.

    Raises:
        CannotPrepare: nothing can be run.
    """
    if _INSIDE in os.environ:
        return os.environ[_INSIDE] or None
    check_python()
    no_obs = ensure_debian_packages(debian_packages())
    python = ensure_virtual_environment()
    ensure_obs_dependencies(python)
    # Bytecode is kept whatever the caller's habit: without it each program of a test run would
    # compile the tests and all they import anew, which takes longer than many of the tests.
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(CACHE / "bytecode")}
    environment = dict(os.environ, **{_INSIDE: no_obs or ""}, **kept)
    os.chdir(ROOT)
    sys.stdout.flush()
    # Not exec, which on Windows would leave the caller's console at once.
    sys.exit(subprocess.call([str(python), script, *arguments], env=environment))
