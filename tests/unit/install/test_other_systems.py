"""Windows and macOS, on a file system that is neither: OBS's folder and its Python."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from velora_install import pythons
from velora_install.exit_codes import Exit

from tests.unit.install.machine import (
    Machine,
)
from tests.unit.install.models import mac_python, windows_python


@pytest.fixture
def elsewhere(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Turn the machine into another system's; return OBS's folder there."""

    def become(system: str) -> Path:
        machine.system(system)
        shutil.rmtree(machine.config)
        folder = {
            "Windows": machine.home / "AppData" / "Roaming" / "obs-studio",
            "Darwin": machine.home / "Library" / "Application Support" / "obs-studio",
        }[system]
        machine.scenes = folder / "basic" / "scenes"
        machine.scenes.mkdir(parents=True)
        (folder / "global.ini").write_bytes(b"[General]\r\nLastVersion=536870912\r\n")
        return folder

    return become


class Pythons:
    """Models of what is installed on Windows or macOS: 3.12, which fits, and 3.14."""

    def __init__(self, root: Path, system: str, monkeypatch: pytest.MonkeyPatch) -> None:
        make = windows_python if system == "Windows" else mac_python
        self.folders = {minor: make(root / f"Python 3{minor}", minor) for minor in (12, 14)}
        found = {}
        for minor, folder in self.folders.items():
            prefix = folder
            if system == "Darwin":
                prefix = folder / "Python.framework" / "Versions" / f"3.{minor}"
            path = str(folder / "python")
            found[path] = pythons.Python(path, (3, minor), "x86_64", 64, str(prefix))
        monkeypatch.setattr(pythons, "candidates", lambda _: list(reversed(found)))
        monkeypatch.setattr(pythons, "probe", found.get)
        monkeypatch.setattr("velora_install.installation.subprocess.call", lambda *_, **__: 0)

    @property
    def fitting(self) -> str:
        return self.folders[12].as_posix()


@pytest.fixture
def installed_pythons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Pythons]:
    return lambda system: Pythons(tmp_path / "Programs", system, monkeypatch)


@pytest.mark.parametrize("system", ["Windows", "Darwin"])
def test_other_systems__script_and_python_are_set(
    machine: Machine,
    elsewhere: Callable[[str], Path],
    installed_pythons: Callable[[str], Pythons],
    system: str,
) -> None:
    config = elsewhere(system)
    machine.collection()
    there = installed_pythons(system)
    before = machine.everything()
    code, said = machine.run()
    assert code == Exit.DONE
    assert "OBS now uses Python 3.12" in said
    line = f"\r\n[Python]\r\nPath64bit={there.fitting}\r\n"
    assert line.encode() in (config / "global.ini").read_bytes()
    (script,) = machine.scripts()
    assert "\\" not in script
    assert Path(script).exists()
    machine.run("--uninstall")
    after = machine.everything()
    name = str((config / "global.ini").relative_to(machine.home))
    assert after.pop(name) != before.pop(name)  # OBS's Python is not ours to take away
    assert after == before


def test_windows__no_fitting_python__says_which_one(
    machine: Machine, elsewhere: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere("Windows")
    machine.collection()
    monkeypatch.setattr(pythons, "candidates", lambda _: [])
    code, said = machine.run()
    assert code == Exit.FINDINGS
    assert "install version 3.12 from python.org" in said
    assert "OBS can't load the script until that is done." in said
    assert "Done." not in said


def tell_python(config: Path, folder: str) -> bytes:
    text = f"[General]\r\nLastVersion=536870912\r\n[Python]\r\nPath64bit={folder}\r\n".encode()
    (config / "global.ini").write_bytes(text)
    return text


@pytest.mark.parametrize("system", ["Windows", "Darwin"])
def test_python_that_is_set_and_loads__stays(
    machine: Machine,
    elsewhere: Callable[[str], Path],
    installed_pythons: Callable[[str], Pythons],
    tmp_path: Path,
    system: str,
) -> None:
    config = elsewhere(system)
    machine.collection()
    installed_pythons(system)
    make = windows_python if system == "Windows" else mac_python
    text = tell_python(config, make(tmp_path / "Mine", 11).as_posix())
    code, said = machine.run("--replace-python")
    assert code == Exit.DONE, said
    assert (config / "global.ini").read_bytes() == text
    assert "ok    OBS has Python 3.11" in machine.run("--check", "--offline")[1]


@pytest.mark.parametrize("system", ["Windows", "Darwin"])
def test_python_that_is_set_and_gone__is_replaced_only_when_that_is_wanted(
    machine: Machine,
    elsewhere: Callable[[str], Path],
    installed_pythons: Callable[[str], Pythons],
    system: str,
) -> None:
    config = elsewhere(system)
    machine.collection()
    there = installed_pythons(system)
    text = tell_python(config, "C:/Python39-uninstalled")
    problem = (
        "OBS is told to use the Python in C:/Python39-uninstalled, but there is no Python in that "
        "folder"
    )
    code, said = machine.run()
    assert code == Exit.FINDINGS
    assert problem in said
    assert "Run this again with --replace-python" in said
    assert "Done." not in said
    assert (config / "global.ini").read_bytes() == text
    code, said = machine.run("--check", "--offline")
    assert code == Exit.FINDINGS
    assert f"WRONG {problem}: run the installer again." in said
    code, said = machine.run("--replace-python")
    assert code == Exit.DONE, said
    assert f"Path64bit={there.fitting}\r\n".encode() in (config / "global.ini").read_bytes()
    assert "ok    OBS has Python 3.12" in machine.run("--check", "--offline")[1]


def test_python_that_is_set_and_gone__is_asked_about(
    machine: Machine,
    elsewhere: Callable[[str], Path],
    installed_pythons: Callable[[str], Pythons],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = elsewhere("Windows")
    machine.collection()
    there = installed_pythons("Windows")
    text = tell_python(config, "C:/gone")
    asked = machine.answers("n", "y")
    assert machine.run()[0] == Exit.FINDINGS
    assert (config / "global.ini").read_bytes() == text
    code, said = machine.run()
    assert code == Exit.DONE
    assert f"Shall OBS use Python 3.12 (x86_64, 64 bits) in {there.fitting} instead?" in said
    assert asked.read() == ""
    assert f"Path64bit={there.fitting}\r\n".encode() in (config / "global.ini").read_bytes()


def test_check__windows__nothing_is_set(
    machine: Machine, elsewhere: Callable[[str], Path], installed_pythons: Callable[[str], Pythons]
) -> None:
    elsewhere("Windows")
    installed_pythons("Windows")
    assert "WRONG OBS isn't told which Python to use" in machine.run("--check", "--offline")[1]


def test_windows__read_only_settings__a_sentence_not_a_traceback(
    machine: Machine,
    elsewhere: Callable[[str], Path],
    installed_pythons: Callable[[str], Pythons],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = elsewhere("Windows")
    machine.collection()
    installed_pythons("Windows")
    real = os.replace

    def replace(source: str, target: str) -> None:
        if str(target) == str(config / "global.ini"):
            raise PermissionError(13, "Permission denied", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    code, said = machine.run()
    assert code == Exit.FINDINGS
    assert "OBS can't be told to use Python 3.12 (x86_64, 64 bits) (Permission denied)" in said
    assert str(config / "global.ini") in said


@pytest.mark.parametrize("arguments", [(), ("--check",), ("--uninstall",)])
def test_microsoft_stores_python__is_refused_with_the_reason(
    machine: Machine,
    elsewhere: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    """A model of Windows, where it would put the files out of OBS's sight."""
    elsewhere("Windows")
    machine.collection()
    before = machine.everything()
    store = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_q"
    monkeypatch.setattr(sys, "base_prefix", store)  # in an environment made of it, too
    monkeypatch.setattr(pythons, "candidates", lambda _: [])
    code, said = machine.run(*arguments)
    assert code == Exit.FAILED
    assert "This is the Microsoft Store's Python" in said
    assert "install version 3.12 from python.org" in said
    monkeypatch.setattr(pythons, "candidates", lambda _: [r"C:\Python312\python.exe"])
    assert r'run this instead: "C:\Python312\python.exe" "' in machine.run(*arguments)[1]
    assert machine.everything() == before


def test_microsoft_stores_folder__is_refused(
    machine: Machine,
    elsewhere: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere("Windows")
    local = machine.home / "AppData/Local/Packages/PythonSoftwareFoundation.Python.3.12_q/Local"
    monkeypatch.setenv("LOCALAPPDATA", str(local))
    code, said = machine.run()
    assert code == Exit.FAILED
    assert "OBS can't see" in said
