"""Which Python an OBS uses, and which it could use."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple, Sequence

OLDEST = (3, 10)

# PY_MINOR_VERSION_MAX in OBS's obs-scripting-python-import.c: on Windows and macOS OBS loads no
# newer Python than its version knows.
_NEWEST_FOR_OBS = (((30, 1), 12), ((29, 1), 11), ((0, 0), 10))

# From this OBS on it looks into Versions/3.x on macOS, before it into Versions/Current.
_BY_VERSION = (31, 1)

_PROBE = (
    "import json, platform, struct, sys; print(json.dumps([list(sys.version_info[:2]), "
    "platform.machine(), struct.calcsize('P') * 8, sys.base_prefix]))"
)
_LIBRARY = re.compile(rb"libpython3\.(\d+)")
_OBS_LIBRARIES = (
    "/usr/lib/*/libobs-scripting.so*",
    "/usr/lib/*/obs-scripting/_obspython.so",
    "/usr/lib/*/obs-scripting/*/_obspython.so",
    "/usr/lib/libobs-scripting.so*",
    "/usr/lib64/libobs-scripting.so*",
    "/usr/lib64/obs-scripting/_obspython.so",
)


class Python(NamedTuple):
    """An interpreter.

    Attributes:
        path: its program.
        version: major and minor.
        machine: as `platform.machine` says it.
        bits: 32 or 64.
        prefix: its folder.
    """

    path: str
    version: tuple[int, int]
    machine: str
    bits: int
    prefix: str

    @property
    def name(self) -> str:
        """For people."""
        return "Python {}.{} ({}, {} bits)".format(*self.version, self.machine, self.bits)


def probe(program: str) -> Python | None:
    """Return what an interpreter is; None when it can't be started."""
    try:
        done = subprocess.run(
            [program, "-I", "-c", _PROBE],  # nothing from the current folder
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=True,
        )
        version, machine, bits, prefix = json.loads(done.stdout.decode("utf-8"))
        return Python(program, (version[0], version[1]), machine, bits, prefix)
    except (OSError, ValueError, TypeError, subprocess.SubprocessError):
        return None


def newest_for(obs_version: tuple[int, int]) -> tuple[int, int]:
    """Return the newest Python that an OBS for Windows or macOS can load."""
    return (3, next(minor for first, minor in _NEWEST_FOR_OBS if obs_version >= first))


def unfit(python: Python, obs_version: tuple[int, int], system: str) -> str | None:
    """Return why an OBS can't use this Python, in a sentence; None when it can."""
    if python.version < OLDEST:
        return "{} is too old: Python {}.{} or later is needed.".format(python.name, *OLDEST)
    if system == "Linux":
        return None
    newest = newest_for(obs_version)
    if python.version > newest:
        return (
            "{} is too new for this OBS, which loads Python {}.{} at most: install that one "
            "from python.org.".format(python.name, *newest)
        )
    if of_store(python.prefix):
        return f"{python.name} is the Microsoft Store's: install one from python.org."
    if python.bits != 64:
        return f"{python.name} does not fit OBS, which needs a 64-bit one."
    return None


def of_linux(patterns: Sequence[str] = _OBS_LIBRARIES) -> str | None:
    """Return the program of the Python that this system's OBS is linked with."""
    for pattern in patterns:
        root, _, _rest = pattern.partition("*")
        base = Path(root) if root.endswith("/") else Path(root).parent
        relative = os.path.relpath(pattern, str(base))
        for path in sorted(base.glob(relative)) if base.is_dir() else []:
            try:
                found = _LIBRARY.search(path.read_bytes())
            except OSError:
                continue
            if found:
                name = "python3." + found.group(1).decode("ascii")
                return shutil.which(name, path="/usr/bin:/usr/local/bin") or shutil.which(name)
    return None


def setting(python: Python, system: str, obs_version: tuple[int, int]) -> str | None:
    """Return the folder to enter under *Python Settings* in OBS; None if it has no library.

    On Windows it is the folder with ``python3*.dll``, on macOS the one with ``Python.framework``.
    """
    prefix = Path(python.prefix)
    if system == "Windows":
        there = library(prefix, python.version, obs_version, system).exists()
        return prefix.as_posix() if there else None
    for folder in prefix.parents:
        if (folder / "Python.framework").is_dir():
            there = library(folder, python.version, obs_version, system).exists()
            return str(folder) if there else None
    return None


def library(
    folder: Path, version: tuple[int, int], obs_version: tuple[int, int], system: str
) -> Path:
    """Return where an OBS looks for a Python's library below the folder that it is told."""
    if system == "Windows":
        return folder / "python{}{}.dll".format(*version)
    stated = "{}.{}".format(*version)
    versions = folder / "Python.framework" / "Versions"
    below = versions / (stated if obs_version >= _BY_VERSION else "Current")
    return below / "lib" / f"libpython{stated}.dylib"


def program_beside(library: Path, version: tuple[int, int], system: str) -> Path:
    """Return the interpreter that came with a library."""
    if system == "Windows":
        return library.parent / "python.exe"
    return library.parent.parent / "bin" / "python{}.{}".format(*version)


def of_store(path: str) -> bool:
    """Return whether a program or a folder belongs to the Microsoft Store's Python.

    Windows puts what that one writes where no other program sees it.
    """
    parts = path.replace("\\", "/").lower().split("/")
    return "windowsapps" in parts or any(
        part == "packages" and following.startswith("pythonsoftwarefoundation.")
        for part, following in zip(parts, parts[1:])
    )


def candidates(system: str) -> list[str]:
    """Return programs to look at, the likeliest first."""
    minors = [12, 11, 10, 13, 14]
    if system == "Windows":
        found = _listed_by_py() + [path for path in (shutil.which("python"),) if path]
        # Not even looked at: where the Store's isn't installed, its link opens the Store.
        return [path for path in found if not of_store(path)]
    names = [f"python3.{minor}" for minor in minors] + ["python3"]
    folders = (
        [f"/Library/Frameworks/Python.framework/Versions/3.{minor}/bin" for minor in minors]
        if system == "Darwin"
        else []
    )
    search = os.pathsep.join([*folders, os.environ.get("PATH", "")])
    return [path for path in (shutil.which(name, path=search) for name in names) if path]


def _listed_by_py() -> list[str]:
    """Return what Windows's launcher knows."""
    try:
        done = subprocess.run(
            ["py", "-0p"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    # The launcher of Python 3.10 puts a star behind the default one, and quotes around spaces.
    pattern = re.compile(r"([A-Z]:\\.*\.exe)\"?(\s+\*)?\s*$", re.IGNORECASE)
    return [found.group(1) for found in map(pattern.search, lines) if found]
