"""The command ``velora`` for terminals: one small file that starts what is installed for an OBS.

It names the Python and the folder with the installed parts, and is written anew at each update.
What somebody else has put at its place (pip, for example) stays as it is.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path, PurePath
from typing import Mapping

from .config_dirs import FOLDER
from .files import write_whole

__all__ = ["PACKAGE", "Foreign", "exists", "file_for", "is_of", "put", "remove", "to_type"]

PACKAGE = "velora_hosts"
_MARK = "Put here by the installer of Velora for OBS (--uninstall takes it out again) for "


class Foreign(Exception):
    """Somebody else's file is there, and was left alone."""


def file_for(system: str, environment: Mapping[str, str], home: Path) -> Path:
    """Return where the command is for this user.

    On Windows no folder of the user's is on the path by default, so it is one of ours.

    Args:
        system: ``Windows``, ``Darwin`` or ``Linux``.
        environment: the process's.
        home: the user's own folder.
    """
    if system != "Windows":
        return home / ".local" / "bin" / "velora"
    local = environment.get("LOCALAPPDATA") or str(home / "AppData" / "Local")
    return Path(local) / FOLDER / "bin" / "velora.cmd"


def exists(file: Path) -> bool:
    """Return whether anything is there, be it a link to nowhere."""
    return os.path.lexists(str(file))


def is_of(file: Path, script_folder: Path) -> bool:
    """Return whether it starts what is installed in this folder."""
    return _owner(file) == str(script_folder)


def put(file: Path, system: str, python: str, parts: Path, environment: Mapping[str, str]) -> None:
    """Write the command, or have it start this from now on.

    Args:
        file: from `file_for`.
        system: ``Windows``, ``Darwin`` or ``Linux``.
        python: what is to run it.
        parts: the folder with the installed packages, in the folder with the script.
        environment: the process's.

    Raises:
        Foreign: somebody else's file is there.
        OSError: it can't be written.
    """
    if exists(file) and _owner(file) is None:
        raise Foreign
    package = parts / PACKAGE
    if system == "Windows":
        lines = [
            "@echo off",
            f"rem {_MARK}{parts.parent}",
            f'"{_without_the_name(python, environment)}" "{_beside(package, file)}" %*',
        ]
        text = "".join(line + "\r\n" for line in lines)
    else:
        start = f"exec {shlex.quote(python)} {shlex.quote(str(package))}"
        text = f'#!/bin/sh\n# {_MARK}{parts.parent}\n{start} "$@"\n'
    write_whole(file, text.encode("utf-8", "surrogateescape"), 0o755)


def remove(file: Path, script_folder: Path) -> bool:
    """Take the command out if it is of this installation; say whether it was.

    Args:
        file: from `file_for`.
        script_folder: where `velora_obs.py` is installed.

    Raises:
        OSError: it can't be removed.
    """
    if not is_of(file, script_folder):
        return False
    file.unlink()
    if file.parent.parent.name == FOLDER and not any(file.parent.iterdir()):
        file.parent.rmdir()
    return True


def to_type(file: Path, environment: Mapping[str, str]) -> str:
    """Return what is to be typed in a terminal: the name alone where the search path has it."""
    here = os.path.realpath(str(file.parent))
    folders = environment.get("PATH", "").split(os.pathsep)
    if any(folder and os.path.realpath(folder) == here for folder in folders):
        return file.stem
    return f'"{file}"' if " " in str(file) else str(file)


def _owner(file: Path) -> str | None:
    """Return the folder that the command is for; None if the file is not ours."""
    if file.is_symlink() or not file.is_file():  # a pipe would be waited for
        return None
    try:
        lines = file.read_bytes().decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    marked = lines[1].partition(_MARK) if len(lines) > 1 else ("", "", "")
    return marked[2] if marked[1] and marked[0] in ("# ", "rem ") else None


def _without_the_name(path: str, environment: Mapping[str, str]) -> str:
    """Return a path for a batch file, which is read in the console's own encoding.

    A user's name may not be in that: the system's variables have it.
    """
    for variable in ("LOCALAPPDATA", "APPDATA", "USERPROFILE"):
        folder = environment.get(variable, "")
        if folder and path.lower().startswith(folder.lower() + os.sep):
            return f"%{variable}%" + path[len(folder) :].replace("%", "%%")
    return path.replace("%", "%%")


def _beside(package: PurePath, file: Path) -> str:
    """Return a path as seen from the batch file's own folder, which has the user's name in it."""
    relative = os.path.relpath(str(package), str(file.parent))
    return "%~dp0" + relative.replace("%", "%%")
