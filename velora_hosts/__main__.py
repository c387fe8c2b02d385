"""``python -m velora_hosts`` is the command ``velora``."""

from __future__ import annotations

import sys

from velora_hosts.command_line import main

if __name__ == "__main__":
    sys.exit(main())
