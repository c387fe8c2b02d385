"""The Python packages that lie beside this one in a bundle, and where the installer has been."""

from __future__ import annotations

import os
import sys

__all__ = ["use_bundled_packages"]


def use_bundled_packages() -> None:
    """Let them be imported where this Python has none of its own."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folder = os.path.join(os.path.dirname(package), "velora_lib")
    if os.path.isdir(folder):
        sys.path.append(folder)
