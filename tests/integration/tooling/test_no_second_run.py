"""A test that fails fails the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import run as command


def test_failed_once__is_a_failure_and_gets_no_second_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take seconds to load
    (tmp_path / "test_unsteady.py").write_text(
        "from pathlib import Path\n"
        "def test_works_the_second_time():\n"
        "    runs = Path(__file__).with_name('runs')\n"
        "    before = runs.read_text() if runs.exists() else ''\n"
        "    runs.write_text(before + 'x')\n"
        "    assert before\n"
    )
    run = command.Run([])
    run._tests("unsteady part", [str(tmp_path), "-p", "no:cacheprovider"])
    assert run.sum_up() == 1
    assert (tmp_path / "runs").read_text() == "x"
