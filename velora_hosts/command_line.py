"""The command ``velora`` with what reaches broadcasting software: the core's knows none."""

from __future__ import annotations

from collections.abc import Sequence

from velora_core.cli.main import main as core_main

from .companion.arguments import COMPANION
from .page.arguments import PAGE

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; see `velora_core.cli.main.main`."""
    return core_main(arguments, more=(COMPANION, PAGE))
