"""What every test starts from."""

from __future__ import annotations

import pytest

from tests.tooling.temporary_files import keep_in_memory
from velora_core.messages.program import Program, speak_for


def pytest_configure() -> None:
    """No test waits for a disk."""
    keep_in_memory()


@pytest.fixture(autouse=True)
def _panel() -> None:
    """The sentences are the panel's, whichever test came before."""
    speak_for(Program.PANEL)
