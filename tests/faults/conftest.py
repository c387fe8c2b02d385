"""The screen that all faults share, and how runs side by side share the faults."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rows import FaultCase
from tests.harness import Display


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
    with Display() as display:
        yield display


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """With a folder in `VELORA_TEST_FAULTS`, a fault is left to the run that came to it first."""
    folder = os.environ.get("VELORA_TEST_FAULTS")
    parameters = getattr(item, "callspec", None)
    row = parameters.params.get("row") if parameters is not None else None
    if not folder or not isinstance(row, FaultCase):
        return None
    try:
        with (Path(folder) / row.id).open("x") as claim:
            claim.write(os.environ.get("VELORA_TEST_OBS") or "29")
    except FileExistsError:
        return True  # as good as run: that is reported there
    return None
