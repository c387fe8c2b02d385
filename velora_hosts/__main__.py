"""``python -m velora_hosts`` is the command ``velora``."""

from __future__ import annotations

import sys

from velora_core.cli.bundled_packages import use_bundled_packages
from velora_hosts.command_line import main

if __name__ == "__main__":
    use_bundled_packages()
    sys.exit(main())
