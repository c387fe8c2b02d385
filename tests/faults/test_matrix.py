"""Each fault, at every moment. `VELORA_TEST_FAULTS=2/3` runs every third of them, from the second.

The moments of one fault follow each other in one OBS, each a test of its own. Faults that take
minutes are left to `python -m tests.faults`, which goes through all of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import harness
from tests.faults.rows import ROWS, Row
from tests.faults.session import MOMENTS, Session
from tests.harness import Display


def _mine() -> list[Row]:
    share, _, of = os.environ.get("VELORA_TEST_FAULTS", "1/1").partition("/")
    return [row for row in ROWS if not row.slow][int(share) - 1 :: int(of)]


@pytest.mark.skipif(harness.available() is not None, reason=str(harness.available()))
@pytest.mark.parametrize("row", _mine(), ids=lambda row: row.id)
def test_fault(row: Row, display: Display, tmp_path: Path, subtests: pytest.Subtests) -> None:
    with Session(display, tmp_path, row) as session:
        for moment in MOMENTS:
            with subtests.test(moment):
                session.run(moment)
