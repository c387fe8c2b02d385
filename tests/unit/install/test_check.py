"""`--check`: what is found, and what to do about it."""

from __future__ import annotations

import json

import pytest
from velora_install import command, config_dirs, payload
from velora_install.exit_codes import Exit

from tests.unit.install.machine import (
    ROOT,
    Machine,
)


def test_check__says_what_is_missing_and_what_to_do(machine: Machine) -> None:
    machine.collection()
    code, said = machine.run("--check", "--offline")
    assert code == Exit.FINDINGS
    assert "WRONG Velora for OBS is not installed: run the installer." in said
    assert "WRONG The script is in no scene collection" in said


def test_check__json__is_for_programs(machine: Machine) -> None:
    machine.collection()
    machine.run()
    logs = machine.config / "logs"
    logs.mkdir()
    (logs / "2026-01-01.txt").write_text("Loaded python script: velora_obs.py\n")
    code = command.main(["--check", "--offline", "--json"])
    out = machine._capsys.readouterr().out
    report = json.loads(out)
    names = [check["name"] for check in report["checks"]]
    assert names == ["obs", "python", "files", "imports", "registered", "last_load"]
    found = {check["name"]: check["ok"] for check in report["checks"]}
    assert found.pop("obs") is None  # it has never run
    assert set(found.values()) == {True}
    assert report["ok"] is True
    assert code == Exit.DONE


def test_check__packages_that_cannot_be_loaded(machine: Machine) -> None:
    machine.installs_from(ROOT)
    machine.collection()
    machine.run()
    there = payload.installed(machine.script.parent)
    assert there
    core = there.parts / "velora_core" / "__init__.py"
    core.write_text("raise ImportError")
    code, said = machine.run("--check", "--offline")
    assert code == Exit.FINDINGS
    assert "1 files are missing or changed (velora_core/__init__.py)" in said


@pytest.mark.parametrize(
    ("log", "ok", "part"),
    [
        (
            "[Python: velora_obs.py] Traceback (most recent call last):",
            False,
            "failed when OBS ran",
        ),
        (
            "[Python: velora_obs.py] Velora for OBS needs Python 3.10 or later: install it.",
            False,
            "needs Python 3.10",
        ),
        ("Loaded python script: velora_obs.py", True, "without an error"),
        ("nothing of it", None, "does not mention"),
    ],
)
def test_check__last_log(machine: Machine, log: str, ok: bool | None, part: str) -> None:
    from velora_install import doctor

    logs = machine.config / "logs"
    logs.mkdir()
    (logs / "2026-01-01 10-00-00.txt").write_text("[Python: velora_obs.py] Traceback")
    (logs / "2026-01-02 10-00-00.txt").write_text(log)
    place = config_dirs.find("Linux", {}, machine.home)[0]
    found = doctor._last_load(place)
    assert found.ok is ok
    assert part in found.sentence
