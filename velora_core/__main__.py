"""``python -m velora_core`` is the command ``velora``."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    try:  # before all that takes time
        from velora_core.cli.interruption import ignore_interrupts, quit_on_interrupt

        quit_on_interrupt()
    except KeyboardInterrupt:
        os._exit(130)

    from velora_core.cli.bundled_packages import use_bundled_packages
    from velora_core.cli.main import main

    use_bundled_packages()
    code = main()
    ignore_interrupts()  # Python's own end is short, and would have a trace
    sys.exit(code)
