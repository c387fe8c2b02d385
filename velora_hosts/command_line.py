"""The command ``velora`` with what reaches broadcasting software: the core's knows none."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # Ctrl-C is dealt with before anything that takes time
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "start"]


def start() -> int:
    """Run the command as a process of its own: Ctrl-C ends it without a trace, however early."""
    try:
        from velora_core.cli.interruption import ignore_interrupts, quit_on_interrupt

        quit_on_interrupt()
    except KeyboardInterrupt:
        os._exit(130)
    code = main()
    ignore_interrupts()  # Python's own end is short, and would have a trace
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; see `velora_core.cli.main.main`."""
    from velora_core.cli.main import main as core_main

    from .companion.arguments import COMPANION
    from .page.arguments import PAGE

    return core_main(arguments, more=(COMPANION, PAGE))
