"""``python -m velora_hosts`` is the command ``velora``; so is ``python FOLDER/velora_hosts``."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    if not __package__:  # by its folder, as the installer's launcher starts it
        sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

    try:
        from velora_core.cli.bundled_packages import use_bundled_packages
        from velora_hosts.command_line import start

        use_bundled_packages()
    except KeyboardInterrupt:  # nothing has begun
        os._exit(130)

    sys.exit(start())
