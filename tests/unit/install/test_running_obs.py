"""An OBS that is running, or is started meanwhile, saves its scenes over any change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from velora_install import libraries, obs_files, payload, scene_collections
from velora_install.exit_codes import Exit

from tests.unit.install.machine import (
    Machine,
)


def test_obs_runs__files_only_and_two_clicks(machine: Machine) -> None:
    path = machine.collection()
    before = path.read_bytes()
    machine.running = True
    code, said = machine.run()
    assert code == Exit.OBS_RUNNING
    assert "Two clicks are left" in said
    assert str(machine.script) in said
    assert path.read_bytes() == before
    assert payload.installed(machine.script.parent)
    code, said = machine.run("--uninstall")
    assert code == Exit.OBS_RUNNING
    assert "close OBS" in said
    assert payload.installed(machine.script.parent)


def test_wait__until_obs_is_closed(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.collection()
    answers = iter([True, True, True])
    monkeypatch.setattr(obs_files, "obs_is_running", lambda *_, **__: next(answers, False))
    monkeypatch.setattr("velora_install.obs_files.time.sleep", lambda _: None)
    code, said = machine.run("--wait")
    assert code == Exit.DONE
    assert "Waiting until OBS is closed" in said
    assert machine.scripts() == [str(machine.script)]


def test_obs_is_started_while_packages_are_got__nothing_is_changed_under_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.collection()
    machine.run()
    old = payload.installed(machine.script.parent)
    assert old
    path = machine.collection()  # without the script
    before = path.read_bytes()

    def build(folder: Path, python: str) -> None:
        machine._build(folder, python)
        (folder / "other.py").touch()
        machine.running = True

    monkeypatch.setattr(libraries, "build", build)
    code, said = machine.run()
    assert code == Exit.OBS_RUNNING, said
    assert "Two clicks are left" in said
    assert path.read_bytes() == before
    there = payload.installed(machine.script.parent)
    assert there
    assert there.parts != old.parts
    assert old.parts.exists()  # OBS may have begun to load it


def test_obs_is_started_while_it_is_taken_out__nothing_is_removed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = machine.collection()
    machine.run()
    before = path.read_bytes()
    answers = iter([False])
    monkeypatch.setattr(obs_files, "obs_is_running", lambda *_, **__: next(answers, True))
    code, said = machine.run("--uninstall")
    assert code == Exit.OBS_RUNNING
    assert "close OBS" in said
    assert path.read_bytes() == before
    there = payload.installed(machine.script.parent)
    assert there
    assert there.damaged == []


@pytest.mark.parametrize("after", [1, 2, 3])
def test_obs_is_started_while_collections_are_changed__says_so(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    names = ["A", "B"]
    for name in names:
        machine.collection(name)
    changed = []
    real = scene_collections.change

    def change(*arguments: Any) -> Any:
        changed.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(scene_collections, "change", change)
    monkeypatch.setattr(obs_files, "obs_is_running", lambda *_, **__: len(changed) >= after)
    code, said = machine.run()
    if after == 3:
        assert code == Exit.DONE
        return
    assert code == Exit.OBS_RUNNING
    assert "saves its own settings over what was changed: close OBS, then run this again" in said
    assert "Done." not in said
    assert [bool(machine.scripts(name)) for name in names] == [True, after == 2]
    monkeypatch.setattr(obs_files, "obs_is_running", lambda *_, **__: False)
    assert machine.run()[0] == Exit.DONE
    assert all(machine.scripts(name) for name in names)


def test_obs_runs__update__reload_is_enough(machine: Machine) -> None:
    machine.collection()
    machine.run()
    machine.running = True
    code, said = machine.run()
    assert code == Exit.OBS_RUNNING
    assert "Two clicks are left" in said
    assert "choose velora_obs.py and press Reload" in said
