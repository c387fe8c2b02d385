"""What running the tests and the demo needs: packages, Pythons, versions of OBS."""

import sys
from pathlib import Path

# The installer's own package, which makes the folder of dependencies here, too.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "install"))
