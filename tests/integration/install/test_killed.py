"""The installer is killed at any step."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from velora_install import payload
from velora_install.exit_codes import Exit

from tests.integration.install.killing import each_step
from tests.unit.install.machine import (
    Machine,
    small_source,
)


@pytest.mark.parametrize("what", ["install", "update", "--uninstall"])
@pytest.mark.parametrize("options", [(), ("--command",)])
def test_killed_anywhere__everything_is_old_or_new_and_the_next_run_ends_it(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    what: str,
    options: tuple[str, ...],
) -> None:
    names = ["One", "Two"]
    old, new = small_source(tmp_path / "old", "1.0.0"), small_source(tmp_path / "new", "2.0.0")
    monkeypatch.setattr(
        "velora_install.obs_files.time.strftime", lambda _: "now"
    )  # the backups' folder

    def run(source: Path, *arguments: str) -> int:
        machine.installs_from(source)
        return machine.run(*arguments)[0]

    def nothing() -> None:
        shutil.rmtree(machine.home)
        machine.scenes.mkdir(parents=True)
        for name in names:
            machine.collection(name)

    def before() -> None:
        nothing()
        if what != "install":
            run(old, *options)

    def act() -> int:
        return run(new, "--uninstall") if what == "--uninstall" else run(new, *options)

    before()
    allowed = [{name: (machine.scenes / f"{name}.json").read_bytes() for name in names}]
    act()
    allowed.append({name: (machine.scenes / f"{name}.json").read_bytes() for name in names})
    after = machine.everything()
    steps = 0
    for steps in each_step(machine.home, before, act):
        there = payload.installed(machine.script.parent)
        assert there is None or there.damaged == [], steps
        for name in names:
            content = (machine.scenes / f"{name}.json").read_bytes()
            assert content in [item[name] for item in allowed], (steps, name)
            if machine.scripts(name):
                assert there, steps  # what OBS would load is there
        assert act() == Exit.DONE, steps
        assert machine.everything() == after, steps
    assert steps > 10
