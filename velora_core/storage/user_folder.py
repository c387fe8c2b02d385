"""The folder in which a user's settings are kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

__all__ = ["FOLDER_NAME", "default_folder"]

FOLDER_NAME: Final = "velora-obs"


def default_folder() -> Path:
    """Return the folder for this user's settings on this system."""
    if sys.platform == "darwin":
        # platformdirs follows XDG_CONFIG_HOME there, which a Terminal may have and the Dock not.
        return Path.home() / "Library" / "Application Support" / FOLDER_NAME
    if sys.platform == "linux":
        # What platformdirs says, without its code, which would stay in OBS's memory.
        base, home = os.environ.get("XDG_CONFIG_HOME", ""), os.environ.get("HOME", "")
        if os.path.isabs(base) and base == base.strip():
            return Path(base, FOLDER_NAME)
        if not base and os.path.isabs(home):
            return Path(home, ".config", FOLDER_NAME)
    import platformdirs

    return Path(platformdirs.user_config_dir(FOLDER_NAME, appauthor=False, roaming=False))
