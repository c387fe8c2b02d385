"""A keyring in memory."""

from __future__ import annotations

import pytest

from tests.unit.storage.storage.contents import MemoryKeyring


@pytest.fixture
def backend() -> MemoryKeyring:
    return MemoryKeyring()
