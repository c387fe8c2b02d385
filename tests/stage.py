"""Puts the script together the way it lies in a user's folder: file, packages, dependencies."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["ROOT", "stage_script"]

ROOT = Path(__file__).resolve().parent.parent
_DEPENDENCIES = ROOT / ".cache" / "velora_lib"  # made by tests/tooling/environment.py


def stage_script(folder: Path, *, dependencies: bool = True, source: Path = ROOT) -> Path:
    """Copy the script and all it needs into `folder`; return the file to give to OBS.

    With `source`, the script and its packages come from there and the dependencies from here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "velora_obs.py", folder)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("velora_core", "velora_hosts"):
        if (source / name).exists():  # an older script has the second in itself
            shutil.copytree(source / name, folder / name, ignore=ignored)
    if dependencies:
        shutil.copytree(_DEPENDENCIES, folder / "velora_lib")
    return folder / "velora_obs.py"
