"""The Python packages that lie beside this one in a bundle, and where the installer has been."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

__all__ = ["use_bundled_packages"]

_FOLDER: Final = "velora_lib"


def use_bundled_packages() -> None:
    """Let them be imported where this Python has none of its own."""
    folder = Path(__file__).resolve().parents[2] / _FOLDER
    if folder.is_dir():
        sys.path.append(str(folder))
