"""The Python that an OBS for Windows or macOS is told: whether it loads, else which one would."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from . import binaries, config_dirs, obs_settings, pythons

_NEWEST = (99, 0)  # OBS's version, where it is not known
_MINORS = range(6, 30)
_BOTH = frozenset(("x86_64", "arm64"))


class ObsPython(NamedTuple):
    """What there is for an OBS.

    Attributes:
        python: what it uses, where that is all right; else what it could be told to use.
        stated: the folder that it is told; None when it is told none.
        problem: why it can't use that one, as half a sentence; None when it can.
    """

    python: pythons.Python | None
    stated: str | None = None
    problem: str | None = None

    @property
    def told(self) -> bool:
        """Whether OBS is told to use `python`."""
        return self.stated is not None and self.problem is None


def find(place: config_dirs.ObsConfigDir, system: str, home: Path) -> ObsPython:
    """Look at what OBS is told first, then for one that fits."""
    if system == "Linux":
        program = pythons.of_linux() or shutil.which("python3")
        return ObsPython(pythons.probe(program) if program else None)
    version = obs_settings.version(place.config) or _NEWEST
    wanted = _processors(place, system, home)
    stated = obs_settings.python_path(place.config)
    problem = None
    if stated:
        python, problem = examine(stated, version, system, wanted)
        if problem is None:
            return ObsPython(python, stated)
    return ObsPython(_fitting(version, system, wanted), stated, problem)


def examine(
    folder: str, version: tuple[int, int], system: str, wanted: frozenset[str]
) -> tuple[pythons.Python | None, str | None]:
    """Return whether OBS can load the Python in a folder; it is run as well where it can be run.

    Args:
        folder: as it stands in OBS's settings.
        version: OBS's.
        system: ``Windows``, ``Darwin`` or ``Linux``.
        wanted: for which processors the library may be.

    Returns:
        The Python, and what is wrong with it.
    """
    found = _libraries(folder, version, system)
    newest = pythons.newest_for(version)[1]
    loadable = [minor for minor in found if minor <= newest]
    if not found:
        return None, "there is no Python in that folder"
    if not loadable:
        return None, f"that is Python 3.{min(found)}, and this OBS loads Python 3.{newest} at most"
    minor = max(loadable)
    oldest = pythons.OLDEST[1]
    if minor < oldest:
        return None, f"that is Python 3.{minor}, and Python 3.{oldest} or later is needed"
    library = found[minor]
    made_for = binaries.processors(library)
    if not made_for:
        return None, f"its library {library.name} is damaged"
    if not made_for & wanted:
        return None, "that Python is made for {}, and OBS for {}".format(
            " and ".join(sorted(made_for)), " or ".join(sorted(wanted))
        )
    python = pythons.Python("", (3, minor), "/".join(sorted(made_for & wanted)), 64, folder)
    program = pythons.program_beside(library, (3, minor), system)
    if not program.exists():
        return python, None
    probed = pythons.probe(str(program))
    if probed is None or probed.version != (3, minor):
        return None, "that Python can't be started"
    return probed, None


def _libraries(folder: str, version: tuple[int, int], system: str) -> dict[int, Path]:
    """Return the libraries that are where OBS looks for Python, by minor version."""
    looked_for = {
        minor: pythons.library(Path(folder), (3, minor), version, system) for minor in _MINORS
    }
    return {minor: path for minor, path in looked_for.items() if path.exists()}


def _fitting(
    version: tuple[int, int], system: str, wanted: frozenset[str]
) -> pythons.Python | None:
    for program in pythons.candidates(system):
        python = pythons.probe(program)
        if python is None or pythons.unfit(python, version, system):
            continue
        folder = pythons.setting(python, system, version)
        if folder and examine(folder, version, system, wanted)[1] is None:
            return python
    return None


def _processors(place: config_dirs.ObsConfigDir, system: str, home: Path) -> frozenset[str]:
    """Return the processors that OBS is made for; both that there are when it isn't found."""
    for path in config_dirs.programs(place, system, home, config_dirs.program_from_registry()):
        found = binaries.processors(path)
        if found:
            return found
    return _BOTH
