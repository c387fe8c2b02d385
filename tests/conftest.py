"""What every test starts from."""

from __future__ import annotations

import pytest

from velora_core.messages import Program, speak_for


@pytest.fixture(autouse=True)
def _panel() -> None:
    """The sentences are the panel's, whichever test came before."""
    speak_for(Program.PANEL)
