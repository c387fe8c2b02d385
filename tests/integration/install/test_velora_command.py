"""The command `velora` that the installer puts where a terminal finds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from velora_install import launcher
from velora_install.exit_codes import Exit

from tests.unit.install.machine import ROOT, Machine, small_source
from velora_core import __version__

LOCAL = r"C:\Users\Jürgen\AppData\Local"


@pytest.fixture
def file(machine: Machine) -> Path:
    """The command, which starts what says its arguments."""
    machine.collection()
    source = small_source(machine.home.parent / "says", __version__)
    (source / "velora_hosts" / "__main__.py").write_text("import sys; print(sys.argv[1:])\n")
    machine.installs_from(source)
    return machine.home / ".local" / "bin" / "velora"


def said_by(file: Path, *arguments: str) -> str:
    return subprocess.run([file, *arguments], capture_output=True, text=True, check=True).stdout


def test_asked_for__works_and_goes_with_the_rest(machine: Machine, file: Path) -> None:
    before = machine.everything()
    code, said = machine.run("--command")
    assert code == Exit.DONE
    assert f'Type "{file}" --help in a terminal.\n' in said
    assert said_by(file, "set", "--title", "a 'b' $c") == "['set', '--title', \"a 'b' $c\"]\n"
    code, said = machine.run("--uninstall")
    assert (code, "The command velora is removed.\n" in said) == (Exit.DONE, True)
    assert machine.everything() == before


def test_folder_on_the_path__the_name_is_enough(
    machine: Machine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"/usr/bin:{file.parent}")
    assert "Type velora --help in a terminal.\n" in machine.run("--command")[1]


def test_update__starts_the_new_parts_without_being_asked_again(
    machine: Machine, file: Path
) -> None:
    machine.run("--command")
    newer = small_source(machine.home.parent / "newer", "99.0")
    (newer / "velora_hosts" / "__main__.py").write_text("print('newer')\n")
    machine.installs_from(newer)
    assert "in a terminal" not in machine.run()[1]
    assert said_by(file) == "newer\n"


@pytest.mark.parametrize("arguments", [(), ("--yes",)])
def test_not_asked_for__is_not_there(
    machine: Machine, file: Path, arguments: tuple[str, ...]
) -> None:
    machine.run(*arguments)
    assert not file.exists()


@pytest.mark.parametrize(("answer", "there"), [("y", True), ("n", False), ("", False)])
def test_somebody_sits_there__is_asked(
    machine: Machine, file: Path, answer: str, there: bool
) -> None:
    machine.answers("", "", answer)  # the first questions are about docks
    assert "Do you want the command velora for terminals, too? [y/N]" in machine.run()[1]
    assert file.exists() == there


@pytest.mark.parametrize("made", ["file", "link to nowhere", "pip's", "unreadable", "pipe"])
def test_somebody_elses__is_never_touched(machine: Machine, file: Path, made: str) -> None:
    file.parent.mkdir(parents=True)
    if made == "link to nowhere":
        file.symlink_to("/nonexistent/velora")
    elif made == "unreadable":
        file.mkdir()
    elif made == "pipe":
        os.mkfifo(file)
    else:
        file.write_text("#!/usr/bin/python3\nimport velora_core\n" if made == "pip's" else "x")
    before = machine.everything()
    code, said = machine.run("--command")
    assert code == Exit.DONE
    assert f"There is another {file} already, which was left as it is" in said
    machine.run("--uninstall")
    assert machine.everything() == before
    assert launcher.exists(file)


def test_of_another_obs__goes_with_that_one_only(machine: Machine, file: Path) -> None:
    machine.run("--command")
    other = machine.home / "portable" / "obs-studio"
    shutil.copytree(machine.config, other)
    asked = ("--config-dir", str(other))
    machine.run(*asked)
    machine.run(*asked, "--uninstall")
    assert said_by(file) == "[]\n"
    machine.run(*asked, "--command")
    assert "The command velora is removed" not in machine.run("--uninstall")[1]
    assert said_by(file) == "[]\n"


def test_folder_that_can_not_be_written__is_said_and_all_else_is_done(
    machine: Machine, file: Path
) -> None:
    file.parent.parent.mkdir(exist_ok=True)
    file.parent.write_text("no folder")
    code, said = machine.run("--command")
    assert code == Exit.DONE
    assert f"{file} can't be written (" in said
    assert machine.scripts() == [str(machine.script)]


def test_windows__batch_file_without_the_users_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """cmd.exe reads it in the console's encoding, which may lack what is in the name."""
    monkeypatch.setattr("os.sep", "\\")
    local = tmp_path / "Jürgen" / "Local"
    file = launcher.file_for("Windows", {"LOCALAPPDATA": str(local)}, tmp_path)
    assert file == local / "velora-obs" / "bin" / "velora.cmd"
    parts = local / "velora-obs" / "script" / "velora-1-abc"
    python = LOCAL + r"\Programs\Python\100%\python.exe"
    launcher.put(file, "Windows", python, parts, {"LOCALAPPDATA": LOCAL})
    lines = file.read_bytes().decode().split("\r\n")
    assert lines[0] == "@echo off"
    assert lines[2] == (
        r'"%LOCALAPPDATA%\Programs\Python\100%%\python.exe" '
        '"%~dp0../script/velora-1-abc/velora_hosts" %*'
    )
    assert launcher.is_of(file, parts.parent)
    assert launcher.remove(file, parts.parent)
    assert not file.parent.exists()


def test_packages_folder__is_the_command(tmp_path: Path) -> None:
    """As the launcher starts it, from anywhere."""
    command = [sys.executable, str(ROOT / "velora_hosts"), "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["velora", __version__]
