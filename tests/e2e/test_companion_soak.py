"""The short version of `python -m tests.soak.companion`."""

from __future__ import annotations

from pathlib import Path

from tests.harness import Display
from tests.soak.companion import live_through


def test_streams__each_has_its_title_and_nothing_grows(display: Display, tmp_path: Path) -> None:
    assert live_through(display, tmp_path, 6).problems == []
