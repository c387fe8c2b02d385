"""Known vulnerabilities fail the build; a database that can't be asked is said and does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.tooling.audit import Audit, audit

GOOD = {"name": "requests", "version": "2.34.2", "vulns": []}
BAD = {"name": "urllib3", "version": "2.8.0", "vulns": [{"id": "TEST-1"}, {"id": "TEST-2"}]}
SKIPPED = {"name": "idna", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "found"),
    [
        ([GOOD], Audit([], "")),
        ([GOOD, BAD], Audit(["urllib3 2.8.0: TEST-1, TEST-2"], "")),
        ([GOOD, SKIPPED], Audit([], "the database did not tell of 1 of 2 packages")),
        (
            [BAD, SKIPPED],
            Audit(
                ["urllib3 2.8.0: TEST-1, TEST-2"], "the database did not tell of 1 of 2 packages"
            ),
        ),
    ],
)
def test_outcomes(packages: list[Any], found: Audit) -> None:
    assert audit(lambda _: json.dumps({"dependencies": packages})) == found


@pytest.mark.parametrize("printed", ["", "no connection", "[]", "{}", "null"])
def test_database_unreachable__is_said(printed: str) -> None:
    assert audit(lambda _: printed) == Audit([], "the database could not be asked")


def test_command__asks_for_what_runs_inside_obs() -> None:
    asked: list[str] = []

    def run(command: Any) -> str:
        asked.extend(command)
        return ""

    audit(run)
    assert asked[asked.index("--requirement") + 1].endswith("install/requirements.txt")
    assert "--require-hashes" in asked
