"""The parts of a run are added up, and the sum is held against the floor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tooling import coverage

REPORT = "Name  Stmts Miss Branch BrPart Cover\n{rows}TOTAL  90 3 10 1 {percent}%\n{end}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "coverage"
    coverage.clear(folder)
    for part in ("unit", "contract"):
        (folder / part).touch()
    return folder


def ends_with(monkeypatch: pytest.MonkeyPatch, code: int, printed: str) -> list[list[str]]:
    calls: list[list[str]] = []

    def call(arguments: list[str], data: Path) -> tuple[int, str]:
        calls.append(arguments)
        return code, printed

    monkeypatch.setattr(coverage, "_coverage", call)
    return calls


def test_enough__the_sum_tells_how_much(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = ends_with(monkeypatch, 0, REPORT.format(rows="", percent="98.1", end=""))
    found = coverage.outcome(folder)
    assert found.failed == []
    assert str(found) == "coverage: 98.1 % of lines and branches in 0 s"
    assert calls[0][-2:] == [str(folder / "contract"), str(folder / "unit")]


def test_too_little__fails_and_tells_where_to_look(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = "Coverage failure: total of 96.2 is less than fail-under=97.5\n"
    ends_with(monkeypatch, 2, REPORT.format(rows="x.py 9 3 0 0 60% 1-3\n", percent="96.2", end=end))
    found = coverage.outcome(folder)
    assert found.failed == [f"{end.strip()}; see {folder / 'report.txt'}"]
    assert "x.py" in (folder / "report.txt").read_text(encoding="utf-8")


def test_nothing_measured__is_a_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends_with(monkeypatch, 1, "No data to report.\n")
    assert coverage.outcome(folder).failed == ["nothing was measured: No data to report."]


def test_clear__forgets_earlier_runs(folder: Path) -> None:
    coverage.clear(folder)
    assert list(folder.iterdir()) == []


def test_environment__each_part_has_its_own_file(folder: Path) -> None:
    files = {coverage.environment(part, folder)["COVERAGE_FILE"] for part in ("unit", "contract")}
    assert len(files) == 2
