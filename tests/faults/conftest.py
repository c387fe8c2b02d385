"""The screen that all faults share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness import Display


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
    with Display() as display:
        yield display
