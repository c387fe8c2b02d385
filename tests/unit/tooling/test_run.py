"""What a run of all tests makes of a failure, of nothing at all, and of what can't be run."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.tooling import outcome, real_obs
from tests.tooling.environment import ROOT
from tests.tooling.outcome import Outcome, of_pytest, reason_to_miss

SUITE = '<testsuites><testsuite name="pytest">{}</testsuite></testsuites>'
PASSED = '<testcase classname="tests.x" name="test_good"/>'
FAILED = '<testcase classname="tests.x" name="test_bad"><failure message="no"/></testcase>'
ERROR = '<testcase classname="tests.x" name="test_worse"><error message="no"/></testcase>'
SKIPPED = '<testcase classname="tests.x" name="test_not"><skipped message="why"/></testcase>'


@pytest.fixture
def command() -> ModuleType:
    """tests/run.py, whose name the standard library has taken."""
    spec = importlib.util.spec_from_file_location("run_all_tests", ROOT / "tests" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(tmp_path: Path, *cases: str, code: int = 0, chosen: bool = False) -> Outcome:
    report = tmp_path / "report.xml"
    report.write_text(SUITE.format("".join(cases)), encoding="utf-8")
    return of_pytest("part", report, code, chosen=chosen)


def test_counts(tmp_path: Path) -> None:
    found = read(tmp_path, PASSED, FAILED, ERROR, SKIPPED, code=1)
    assert found.passed == 1
    assert found.failed == ["tests.x::test_bad", "tests.x::test_worse"]
    assert found.skipped == ["tests.x::test_not: why"]
    assert str(found) == "part: 2 failed, 1 passed, 1 skipped in 0 s"


@pytest.mark.parametrize("cases", [(), (SKIPPED,), (SKIPPED, SKIPPED)])
@pytest.mark.parametrize("code", [0, 5])
def test_nothing_run__is_a_failure(tmp_path: Path, cases: tuple[str, ...], code: int) -> None:
    assert read(tmp_path, *cases, code=code).failed == ["no test has run"]


def test_nothing_chosen__is_none_in_this_part_alone(tmp_path: Path) -> None:
    assert read(tmp_path, code=5, chosen=True).failed == []
    assert read(tmp_path, SKIPPED, chosen=True).failed == ["no test has run"]


@pytest.mark.parametrize("code", [2, 3, 4, -11])
def test_pytest_ended_otherwise__is_a_failure(tmp_path: Path, code: int) -> None:
    assert read(tmp_path, PASSED, code=code).failed == [f"pytest ended with {code}"]
    assert of_pytest("part", tmp_path / "none", code, chosen=True).failed


@pytest.mark.parametrize(
    ("outcome", "missing", "code", "last"),
    [
        (Outcome("a", passed=3), [], 0, "3 passed, 0 failed"),
        (Outcome("a", passed=3, failed=["b"]), [], 1, "3 passed, 1 failed"),
        (Outcome("a", passed=3), ["explained: x"], 0, "3 passed, 0 failed, 1 skipped"),
        (Outcome("a", passed=3), ["other: x"], 2, "3 passed, 1 failed, 1 skipped"),
        (Outcome("a", passed=3, skipped=["b: why"]), [], 2, "3 passed, 1 failed, 1 skipped"),
        (Outcome("a"), [], 1, "0 passed, 1 failed"),
    ],
)
def test_sum(
    outcome: Outcome,
    missing: list[str],
    code: int,
    last: str,
    command: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(
        command, "reason_to_miss", lambda what: "so" if what.startswith("explained") else None
    )
    run = command.Run([])
    run._outcomes.append(outcome)
    run._not_run += missing
    assert run.sum_up() == code
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_no_obs__is_missing_and_not_all_well(
    command: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    run = command.Run([])
    run._outcomes.append(Outcome("unit", passed=1))
    run.in_obs(["29", "30"], "This system has no apt-get.", whole=True)
    assert run.sum_up() == 2
    assert "NOT RUN: tests in OBS 30: This system has no apt-get." in capsys.readouterr().out


def test_may_be_missing__has_reasons_and_no_obs() -> None:
    lines = outcome.MAY_BE_MISSING.read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert all(len(line.partition(": ")[2]) > 20 for line in entries)
    for version in real_obs.VERSIONS:
        assert reason_to_miss(f"tests in OBS {version}: it is not there") is None
    assert reason_to_miss("known vulnerabilities: the database could not be asked")


def test_other_pythons__unit_in_all_integration_in_oldest_and_newest(
    command: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part is called what it runs, and one that can't run is missed by that name."""
    ran: dict[str, list[str]] = {}
    monkeypatch.setattr(
        command.interpreters, "command", lambda version: None if version == "3.10" else [version]
    )
    monkeypatch.setattr(
        command.Run, "_tests", lambda self, name, folders, python: ran.update({name: folders})
    )
    run = command.Run([])
    for kind, versions in command.IN_OTHER_PYTHONS.items():
        for version in versions:
            run._other_python(kind, version)
    assert {name: folders[-1] for name, folders in ran.items()} == {
        "integration tests in Python 3.14": "tests/integration",
        **{f"unit tests in Python 3.{minor}": "tests/unit" for minor in range(11, 15)},
    }
    assert run._not_run == [
        "integration tests in Python 3.10: it is not installed",
        "unit tests in Python 3.10: it is not installed",
    ]
    assert all(map(reason_to_miss, run._not_run))


def test_faults__one_that_no_obs_has_met_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(real_obs, "_CLAIMS", tmp_path)
    (tmp_path / "one").write_text("29")
    (tmp_path / "two").write_text("32")
    assert real_obs._faults(["one", "two"]).failed == []
    assert real_obs._faults(["one", "two", "x"]).failed == ["x: no OBS has met this fault"]


def test_runs__take_each_fault_in_some_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No share is lost with a version that is not there."""
    monkeypatch.setattr(real_obs, "_CLAIMS", tmp_path / "faults")
    monkeypatch.setattr(real_obs, "_FILES", tmp_path / "files")
    started: list[tuple[str, str]] = []

    def start(self: real_obs.ObsRun) -> None:
        started.append((self.name, self._environment["VELORA_TEST_FAULTS"]))

    monkeypatch.setattr(real_obs.ObsRun, "start", start)
    monkeypatch.setattr(real_obs.ObsRun, "finished", lambda self: Outcome(self.name, passed=1))
    monkeypatch.setattr(real_obs.ObsRun, "printed", "")
    real_obs.run(["32"], ["-q"], whole=False)
    assert [name for name, _ in started] == ["OBS 32", "OBS 32, faults", "OBS 32, more faults"]
    assert len({folder for _, folder in started}) == 1


def test_whole_run__leaves_nothing_out_but_faults_in_the_newest() -> None:
    everything = ["tests/e2e", "tests/faults"]
    oldest, newest = real_obs.VERSIONS[0], real_obs.VERSIONS[-1]
    assert real_obs.tests_in(oldest, whole=True) == everything
    without = real_obs.tests_in(newest, whole=True)
    assert without == ["tests/e2e", f"--ignore={real_obs.NOT_OBS}"]
    assert "tests/faults" in real_obs.tests_in(real_obs.IN_BETWEEN, whole=True)
    between = real_obs.tests_in(real_obs.IN_BETWEEN, whole=True)
    files = [name.partition("::")[0] for name in [*between, real_obs.NOT_OBS]]
    assert all((ROOT / name).exists() for name in files)
    assert len(set(files)) == len(files)
    for chosen in real_obs.AND_ONE:
        file, _, name = chosen.partition("::")
        assert f"def {name}(" in (ROOT / f"tests/e2e/test_{file}").read_text(encoding="utf-8")
    for version in real_obs.VERSIONS:
        assert real_obs.tests_in(version, whole=False) == everything


def test_run_that_ends__is_followed_by_one_that_helps_a_longer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(real_obs, "_CLAIMS", tmp_path / "faults")
    monkeypatch.setattr(real_obs, "_FILES", tmp_path / "files")
    monkeypatch.setattr("tests.tooling.real_obs.time.sleep", lambda _: None)
    monkeypatch.setattr(real_obs, "_fault_ids", list)
    monkeypatch.setattr(real_obs, "_faults", lambda _: Outcome("faults"))
    started: list[str] = []
    order = ["OBS 30", "OBS 29, faults", "OBS 29, more faults", "OBS 29", "OBS 32"]
    first = sorted(order)

    def finished(run: real_obs.ObsRun) -> Outcome | None:
        if not run.helps and run.name != order[0]:
            return None
        if not run.helps:
            order.pop(0)
        return Outcome(run.name, passed=1)

    monkeypatch.setattr(real_obs.ObsRun, "start", lambda run: started.append(run.name))
    monkeypatch.setattr(real_obs.ObsRun, "finished", finished)
    monkeypatch.setattr(real_obs.ObsRun, "printed", "")
    outcomes = real_obs.run(real_obs.VERSIONS, [], whole=True)
    assert sorted(started[:5]) == first
    assert started[5:] == ["OBS 32, from the end", "OBS 29, from the end"]
    assert sorted(outcome.name for outcome in outcomes[:-1]) == sorted(started)
    assert (tmp_path / "files" / "32").is_dir()


def test_helper__has_the_files_of_the_run_that_it_helps() -> None:
    for version in (real_obs.VERSIONS[0], real_obs.VERSIONS[-1]):
        longer = real_obs.ObsRun(version, real_obs.tests_in(version, whole=True), [])
        helper = real_obs._helper([longer], set(), whole=True)
        assert helper is not None
        mine, its = helper._environment, longer._environment
        assert mine.pop("VELORA_TEST_FROM_END") == "1"
        assert mine == its
        assert set(helper._command) >= set(real_obs.tests_in(version, whole=True)) - {
            "tests/faults"
        }
        assert real_obs._helper([longer], {version}, whole=True) is None
        assert real_obs._helper([helper], set(), whole=True) is None


def test_nothing_left__is_no_failure_of_a_helper(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(SUITE.format(""), encoding="utf-8")
    assert of_pytest("part", report, 0, chosen=False, may_be_none=True).failed == []
    assert of_pytest("part", report, 1, chosen=False, may_be_none=True).failed
    assert of_pytest("part", tmp_path / "none", 0, chosen=False).failed
