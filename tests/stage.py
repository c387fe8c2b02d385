"""Puts the script together the way it lies in a user's folder: file, packages, dependencies."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.harness import ObsInstallation

__all__ = ["ROOT", "stage_script"]

ROOT = Path(__file__).resolve().parent.parent
_DEPENDENCIES = ROOT / ".cache" / "velora_lib"  # made by tests/tooling/environment.py
_LIBRARIES = "velora_lib"
_compiled: dict[str, Path] = {}
"""What is copied, with bytecode, by the name of the OBS whose Python made that."""


def stage_script(
    folder: Path,
    *,
    dependencies: bool = True,
    source: Path = ROOT,
    compiled_for: ObsInstallation | None = None,
) -> Path:
    """Copy the script and all it needs into a folder; return the file to give to OBS.

    Args:
        folder: where it goes.
        dependencies: whether they come along.
        source: where the script and its packages are; the dependencies are from here.
        compiled_for: the OBS whose Python finds bytecode, as after installing. It is made once:
            compiling takes OBS longer than all else that a test has it do at its start. The files
            of the dependencies are the same for all tests then: one may remove them, and no more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if compiled_for is not None:
        made = _made(compiled_for)
        ignored = shutil.ignore_patterns(_LIBRARIES)
        shutil.copytree(made, folder, ignore=ignored, dirs_exist_ok=True)
        shutil.copytree(made / _LIBRARIES, folder / _LIBRARIES, copy_function=_link)
        return folder / "velora_obs.py"
    shutil.copy2(source / "velora_obs.py", folder)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("velora_core", "velora_hosts"):
        if (source / name).exists():  # an older script has the second in itself
            shutil.copytree(source / name, folder / name, ignore=ignored)
    if dependencies:
        shutil.copytree(_DEPENDENCIES, folder / _LIBRARIES, ignore=ignored)
    return folder / "velora_obs.py"


def _link(file: str, link: str) -> None:
    """Make a second name for a file, or a copy where that has to be on another disk."""
    try:
        os.link(file, link)
    except OSError:
        shutil.copy2(file, link)


def _made(installation: ObsInstallation) -> Path:
    if installation.name not in _compiled:
        folder = Path(tempfile.mkdtemp(prefix="velora-compiled-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        stage_script(folder)
        installation.compile(folder)
        _compiled[installation.name] = folder
    return _compiled[installation.name]
