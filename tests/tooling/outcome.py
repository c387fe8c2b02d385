"""How a run of the tests went: what pytest has counted, and what may be missing."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

MAY_BE_MISSING = Path(__file__).resolve().parents[1] / "may_be_missing.txt"
_NOTHING_COLLECTED = 5  # pytest's exit code for that


@dataclass
class Outcome:
    """Of one part of the run.

    Attributes:
        name: what the part is called.
        passed: how many tests have; a check that is none counts as no test.
        failed: names of the tests that have not, or what else went wrong.
        skipped: names of the tests that skipped themselves, each with the reason.
        seconds: how long it took.
        detail: what else is worth a word in the sum, such as a number that was measured.
    """

    name: str
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    seconds: float = 0.0
    detail: str = ""

    def __str__(self) -> str:
        counted = {
            "failed": len(self.failed),
            "passed": self.passed,
            "skipped": len(self.skipped),
        }
        parts = [f"{number} {word}" for word, number in counted.items() if number]
        if self.detail:
            parts.append(self.detail)
        return f"{self.name}: {', '.join(parts) or 'all is well'} in {self.seconds:.0f} s"


def of_pytest(
    name: str, report: Path, exit_code: int, *, chosen: bool, may_be_none: bool = False
) -> Outcome:
    """Read what pytest has written.

    Args:
        name: what the part is called.
        report: pytest's file in JUnit's format.
        exit_code: pytest's.
        chosen: whether the tests were chosen by options, so that none may be left.
        may_be_none: whether another run may have taken all the tests before.
    """
    outcome = Outcome(name)
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        cases = []
        if exit_code not in (0, _NOTHING_COLLECTED):
            outcome.failed.append(f"pytest ended with {exit_code} before it had counted anything")
    for case in cases:
        test = f"{case.get('classname')}::{case.get('name')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed.append(test)
        elif skipped is not None:
            outcome.skipped.append(f"{test}: {skipped.get('message')}")
        else:
            outcome.passed += 1
    nothing = not (outcome.passed or outcome.failed)
    if (
        nothing
        and not (may_be_none and exit_code == 0)
        and not (chosen and exit_code == _NOTHING_COLLECTED)
    ):
        outcome.failed.append("no test has run")
    if exit_code not in (0, _NOTHING_COLLECTED) and not outcome.failed:
        outcome.failed.append(f"pytest ended with {exit_code}")
    return outcome


def reason_to_miss(what: str, allowed: Path = MAY_BE_MISSING) -> str | None:
    """Return why this may be missing from a whole run, or None."""
    for line in allowed.read_text(encoding="utf-8").splitlines():
        begins, colon, reason = line.partition(": ")
        if colon and not line.startswith("#") and what.startswith(begins):
            return reason
    return None
