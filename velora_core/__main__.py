"""``python -m velora_core`` is the command ``velora``."""

from __future__ import annotations

import sys

from velora_core.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
