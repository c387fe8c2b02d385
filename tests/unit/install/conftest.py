"""The installer's own package, which lies beside what it installs."""

from __future__ import annotations

import sys
from pathlib import Path

INSTALL = Path(__file__).parents[3] / "install"
sys.path.insert(0, str(INSTALL))
