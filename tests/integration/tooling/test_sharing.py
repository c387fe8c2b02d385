"""Two runs of pytest that share files of tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tooling.environment import ROOT
from tests.tooling.sharing import FOLDER, FROM_END

CONFTEST = """
from tests.tooling.sharing import pytest_collection_modifyitems, pytest_runtest_protocol
"""
TEST = """
import os, pytest
@pytest.fixture(scope="module")
def kept():
    yield
@pytest.mark.parametrize("number", range(3))
def test(kept, number):
    with open(os.environ["RUNS"], "a") as file:
        print(os.environ["WHO"], __file__[-4], number, file=file)
"""


COMMAND = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "suite"]
COMMAND += ["--import-mode=importlib"]


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """The environment of a run in a folder with a suite."""
    claims, runs = tmp_path / "claims", tmp_path / "runs"
    claims.mkdir()
    runs.touch()
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\n")
    for folder in ("one", "one/deep", "two"):
        (tmp_path / "suite" / folder).mkdir(parents=True)
    (tmp_path / "suite" / "conftest.py").write_text(CONFTEST)
    places = ("one/test_a", "one/test_b", "one/deep/test_c", "one/deep/test_d", "two/test_e")
    for number, place in enumerate(places):  # each is longer than the one before
        (tmp_path / "suite" / f"{place}.py").write_text(TEST + "\n" * number)
    return {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "RUNS": str(runs),
        FOLDER: str(claims),
    }


def test_shared_files__are_run_once_and_each_by_one_run(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    taken = tmp_path / "claims" / "suite-one-deep-test_d.py"  # by somebody who is at it
    taken.write_text("0")
    both = [
        subprocess.Popen(
            COMMAND,
            cwd=tmp_path,
            env={**variables, "WHO": who, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for who, more in {"first": {}, "helper": {FROM_END: "1"}}.items()
    ]
    said = [run.communicate()[0] for run in both]
    assert [run.returncode for run in both] == [0, 0], said
    lines = [line.split() for line in (tmp_path / "runs").read_text().splitlines()]
    expected = [(file, str(number)) for file in "abce" for number in range(3)]
    assert sorted((file, number) for _, file, number in lines) == expected
    assert len({(who, file) for who, file, _ in lines}) == 4  # none is divided


def test_order__longest_first_or_shortest_first(tmp_path: Path, variables: dict[str, str]) -> None:
    def files(more: dict[str, str]) -> list[str]:
        listed = subprocess.run(
            [*COMMAND, "--collect-only"],
            cwd=tmp_path,
            env={**variables, "WHO": "", **more},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        tests = [line for line in listed.splitlines() if "::" in line]
        assert [test[-2] for test in tests] == ["0", "1", "2"] * 5
        return list(dict.fromkeys(test.partition("::")[0][-4] for test in tests))

    order = files({})
    assert [file for file in order if file in "ab"] == ["b", "a"]
    assert [file for file in order if file in "cd"] == ["d", "c"]
    assert abs(order.index("d") - order.index("c")) == 1  # a folder stays together
    assert files({FROM_END: "1"}) == order[::-1]
    assert "".join(sorted(order)) == "abcde"
