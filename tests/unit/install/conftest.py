"""The installer's own package, which lies beside what it installs, and a machine for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.unit.install.machine import Machine

INSTALL = Path(__file__).parents[3] / "install"
sys.path.insert(0, str(INSTALL))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Machine:
    from tests.unit.install.machine import Machine

    return Machine(tmp_path / "Jürgen 🎮", monkeypatch, capsys)
