"""What OBS is told: proved to load, on models of Windows and macOS."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytest_mock import MockerFixture
from velora_install import binaries, config_dirs, obs_python, pythons

from tests.unit.install.models import mac_binary, mac_python, windows_binary, windows_python

BOTH = frozenset(("x86_64", "arm64"))


def problem(folder: Path, system: str = "Windows", version: tuple[int, int] = (32, 0)) -> str:
    return obs_python.examine(str(folder), version, system, frozenset(("x86_64",)))[1] or ""


def test_windows__library_is_there_and_fits(tmp_path: Path) -> None:
    windows_python(tmp_path)
    found, wrong = obs_python.examine(str(tmp_path), (32, 0), "Windows", BOTH)
    assert wrong is None
    assert found
    assert found.name == "Python 3.12 (x86_64, 64 bits)"


def test_windows__what_is_wrong_with_it(tmp_path: Path) -> None:
    assert problem(tmp_path / "gone") == "there is no Python in that folder"
    too_new = windows_python(tmp_path / "new", 13)
    assert problem(too_new) == "that is Python 3.13, and this OBS loads Python 3.12 at most"
    assert "loads Python 3.10 at most" in problem(windows_python(tmp_path / "a"), version=(29, 0))
    too_old = windows_python(tmp_path / "old", 9)
    assert problem(too_old) == "that is Python 3.9, and Python 3.10 or later is needed"
    small = windows_python(tmp_path / "small", 12, "x86")
    assert problem(small) == "that Python is made for x86, and OBS for x86_64"
    assert "made for arm64" in problem(windows_python(tmp_path / "arm", 12, "arm64"))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "python312.dll").write_bytes(b"")
    assert problem(tmp_path / "broken") == "its library python312.dll is damaged"


def test_two_libraries_in_a_folder__the_one_that_obs_takes(tmp_path: Path) -> None:
    windows_python(tmp_path, 11)
    windows_python(tmp_path, 13)
    (tmp_path / "python3.dll").touch()
    found, wrong = obs_python.examine(str(tmp_path), (32, 0), "Windows", BOTH)
    assert wrong is None
    assert found
    assert found.version == (3, 11)


def test_program_beside_it__is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    windows_python(tmp_path)
    program = tmp_path / "python.exe"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    assert problem(tmp_path) == "that Python can't be started"
    works = pythons.Python(str(program), (3, 12), "AMD64", 64, str(tmp_path))
    monkeypatch.setattr(pythons, "probe", lambda _: works)
    assert problem(tmp_path) == ""


def test_macos__framework(tmp_path: Path) -> None:
    assert problem(mac_python(tmp_path / "both"), "Darwin") == ""
    assert problem(mac_python(tmp_path / "both"), "Darwin", (30, 1)) == ""
    assert "made for arm64" in problem(mac_python(tmp_path / "arm", 12, "arm64"), "Darwin")
    # A newer one was installed later: OBS 30 looks into Current, and finds no 3.12 there.
    mac_python(tmp_path / "both", 13)
    assert "Python 3.13, and this OBS" in problem(tmp_path / "both", "Darwin", (30, 1))
    assert problem(tmp_path / "both", "Darwin") == ""


def test_processors__of_what_there_is(tmp_path: Path) -> None:
    assert binaries.processors(windows_binary(tmp_path / "a.exe", "arm64")) == {"arm64"}
    assert binaries.processors(mac_binary(tmp_path / "b", "x86_64", "arm64")) == BOTH
    assert binaries.processors(mac_binary(tmp_path / "c", "x86_64")) == {"x86_64"}
    assert binaries.processors(Path(sys.executable)) == frozenset()  # neither system's
    assert binaries.processors(tmp_path / "nothing") == frozenset()
    for content in (b"MZ", b"MZ" + b"\xff" * 100, b"\xca\xfe\xba\xbe\0\0\0\5"):
        (tmp_path / "d").write_bytes(content)
        assert binaries.processors(tmp_path / "d") == frozenset()


def test_obs_itself__says_for_which_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portable OBS for ARM beside a Python for it, on a model of Windows."""
    program = tmp_path / "OBS"
    config = program / "config" / "obs-studio"
    (config / "basic").mkdir(parents=True)
    windows_binary(program / "bin" / "64bit" / "obs64.exe", "arm64")
    folder = windows_python(tmp_path / "Python", 12, "arm64")
    (config / "global.ini").write_text(f"[Python]\nPath64bit={folder.as_posix()}\n")
    monkeypatch.setattr(pythons, "candidates", lambda _: [])
    place = config_dirs.at(config, "Windows", {}, tmp_path)
    found = obs_python.find(place, "Windows", tmp_path)
    assert found.told
    windows_binary(program / "bin" / "64bit" / "obs64.exe", "x86_64")
    found = obs_python.find(place, "Windows", tmp_path)
    assert not found.told
    assert found.problem == "that Python is made for arm64, and OBS for x86_64"


# -- the Microsoft Store's --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "of_store"),
    [
        (r"C:\Users\J\AppData\Local\Microsoft\WindowsApps\python.exe", True),
        (r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_1\python.exe", True),
        (
            r"C:\Users\J\AppData\Local\Packages\PythonSoftwareFoundation.Python.3.12_q\LocalCache",
            True,
        ),
        (r"C:\Users\J\AppData\Local\Programs\Python\Python312\python.exe", False),
        (r"C:\Users\J\AppData\Local\Packages\Other_q\LocalCache", False),
        ("/home/windowsapps-fan/python", False),
    ],
)
def test_of_store(path: str, of_store: bool) -> None:
    assert pythons.of_store(path) is of_store


def test_candidates__windows__never_the_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    good = r"C:\Python312\python.exe"
    listed = [r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.13\p.exe", good]
    monkeypatch.setattr(pythons, "_listed_by_py", lambda: listed)
    link = r"C:\Users\J\AppData\Local\Microsoft\WindowsApps\python.exe"
    monkeypatch.setattr("velora_install.pythons.shutil.which", lambda *_, **__: link)
    assert pythons.candidates("Windows") == [good]


@pytest.mark.parametrize(
    ("line", "program"),
    [
        (r" -V:3.12 *        C:\Python312\python.exe", r"C:\Python312\python.exe"),
        (r" -3.10-64        C:\Python310\python.exe *", r"C:\Python310\python.exe"),
        (r' -3.10-64 "C:\Program Files\Py\python.exe" *', r"C:\Program Files\Py\python.exe"),
        (r" -3.10-64        c:\PYTHON310\PYTHON.EXE", r"c:\PYTHON310\PYTHON.EXE"),
        ("Installed Pythons found by py.exe Launcher for Windows", None),
    ],
)
def test_candidates__windows__each_launchers_list_is_read(
    mocker: MockerFixture, line: str, program: str | None
) -> None:
    listed = subprocess.CompletedProcess([], 0, stdout=f"{line}\r\n".encode())
    mocker.patch("velora_install.pythons.subprocess.run", return_value=listed)
    mocker.patch("velora_install.pythons.shutil.which", return_value=None)
    assert pythons.candidates("Windows") == ([program] if program else [])


def test_unfit__the_stores_by_its_prefix() -> None:
    prefix = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_1"
    found = pythons.Python(r"C:\venv\python.exe", (3, 12), "AMD64", 64, prefix)
    assert "Microsoft Store's" in (pythons.unfit(found, (32, 0), "Windows") or "")
