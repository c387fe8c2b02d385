"""Each fault, at every moment; the slowest first.

The moments of one fault follow each other in one OBS. Runs side by side share the faults out among
them, see `conftest.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import harness
from tests.faults.found import remember
from tests.faults.rows import ROWS, FaultCase
from tests.faults.session import MOMENTS, Session
from tests.harness import Display

SLOWEST_FIRST = sorted(ROWS, key=lambda row: not row.slow)


@pytest.mark.skipif(harness.available() is not None, reason=str(harness.available()))
@pytest.mark.parametrize("row", SLOWEST_FIRST, ids=lambda row: row.id)
def test_fault(row: FaultCase, display: Display, tmp_path: Path, subtests: pytest.Subtests) -> None:
    with Session(display, tmp_path, row) as session:
        for moment in MOMENTS:
            with subtests.test(moment):
                session.run(moment)
        missing = [moment for moment in MOMENTS if moment not in session.seen.moments]
        remember(row.name, session.seen, f"{missing[0]}: see the test's report" if missing else "")
