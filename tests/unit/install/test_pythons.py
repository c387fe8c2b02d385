"""Which Python fits which OBS."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from velora_install import libraries, obs_settings, pythons
from velora_install.exit_codes import Failure
from velora_install.pythons import Python


def python(minor: int, bits: int = 64, prefix: str = "C:/Python") -> Python:
    return Python("python", (3, minor), "AMD64", bits, prefix)


def test_probe__this_one() -> None:
    found = pythons.probe(sys.executable)
    assert found
    assert found.version == sys.version_info[:2]
    assert found.prefix == sys.base_prefix
    assert str(found.version[1]) in found.name


@pytest.mark.parametrize("program", ["/nothing/here", "/bin/true"])
def test_probe__no_python(program: str) -> None:
    assert pythons.probe(program) is None


@pytest.mark.parametrize(
    ("obs", "newest"),
    [((28, 0), 10), ((29, 0), 10), ((29, 1), 11), ((30, 0), 11), ((30, 1), 12), ((32, 2), 12)],
)
def test_newest_that_obs_loads(obs: tuple[int, int], newest: int) -> None:
    assert pythons.newest_for(obs) == (3, newest)


@pytest.mark.parametrize(
    ("found", "obs", "system", "problem"),
    [
        (python(9), (32, 0), "Linux", "too old"),
        (python(14), (32, 0), "Linux", None),
        (python(13), (32, 0), "Windows", "loads Python 3.12 at most"),
        (python(12), (32, 0), "Windows", None),
        (python(12), (29, 1), "Darwin", "loads Python 3.11 at most"),
        (python(10), (29, 0), "Windows", None),
        (python(11, bits=32), (31, 0), "Windows", "64-bit"),
    ],
)
def test_unfit(found: Python, obs: tuple[int, int], system: str, problem: str | None) -> None:
    sentence = pythons.unfit(found, obs, system)
    assert (sentence is None) is (problem is None)
    assert (problem or "") in (sentence or "")


def test_setting__windows__folder_with_the_library(tmp_path: Path) -> None:
    prefix = tmp_path / "Programs" / "Python" / "Python312"
    prefix.mkdir(parents=True)
    found = python(12, prefix=str(prefix))
    assert pythons.setting(found, "Windows", (32, 0)) is None
    (prefix / "python312.dll").touch()
    assert pythons.setting(found, "Windows", (32, 0)) == prefix.as_posix()


def test_setting__macos__where_that_obs_looks(tmp_path: Path) -> None:
    """Older ones look into Current, later ones into the version's own folder."""
    versions = tmp_path / "Frameworks" / "Python.framework" / "Versions"
    (versions / "3.12" / "lib").mkdir(parents=True)
    (versions / "3.12" / "lib" / "libpython3.12.dylib").touch()
    (versions / "3.13" / "lib").mkdir(parents=True)
    found = python(12, prefix=str(versions / "3.12"))
    frameworks = str(tmp_path / "Frameworks")
    assert pythons.setting(found, "Darwin", (30, 2)) is None
    assert pythons.setting(found, "Darwin", (31, 1)) == frameworks
    (versions / "Current").symlink_to("3.13")  # a newer one was installed later
    assert pythons.setting(found, "Darwin", (30, 2)) is None
    assert pythons.setting(found, "Darwin", (32, 2)) == frameworks
    (versions / "Current").unlink()
    (versions / "Current").symlink_to("3.12")
    assert pythons.setting(found, "Darwin", (30, 2)) == frameworks
    assert pythons.setting(python(12, prefix="/usr"), "Darwin", (32, 0)) is None


def test_of_linux__the_one_that_obs_is_linked_with(tmp_path: Path) -> None:
    folder = tmp_path / "lib" / "x86_64-linux-gnu"
    folder.mkdir(parents=True)
    library = folder / "libobs-scripting.so.1"
    name = f"libpython3.{sys.version_info[1]}.so.1.0"
    library.write_bytes(b"\x7fELF..." + name.encode() + b"\0")
    found = pythons.of_linux([f"{tmp_path}/lib/*/libobs-scripting.so*"])
    assert found is None or found.endswith(f"python3.{sys.version_info[1]}")
    assert pythons.of_linux([f"{tmp_path}/nothing/*/x.so", f"{tmp_path}/x.so*"]) is None


def test_windows__what_the_launcher_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = (
        " -V:3.13 *        C:\\Users\\J\u00fcrgen\\Python313\\python.exe\r\n"
        " -V:3.12          C:\\Program Files\\Python312\\python.exe\r\n"
        " nonsense\r\n"
    )

    def run(command: Any, **_: Any) -> Any:
        assert command[0] == "py"
        return subprocess.CompletedProcess(command, 0, listed.encode(), b"")

    monkeypatch.setattr(subprocess, "run", run)
    assert pythons.candidates("Windows")[:2] == [
        "C:\\Users\\J\u00fcrgen\\Python313\\python.exe",
        "C:\\Program Files\\Python312\\python.exe",
    ]


# -- OBS's settings ---------------------------------------------------------------------------


def test_version__from_where_it_is_kept(tmp_path: Path) -> None:
    assert obs_settings.version(tmp_path) is None
    (tmp_path / "global.ini").write_text("[General]\nLastVersion=486539266\n")
    assert obs_settings.version(tmp_path) == (29, 0)
    (tmp_path / "user.ini").write_text(f"\ufeff[General]\r\nLastVersion={32 << 24 | 2 << 16}\r\n")
    assert obs_settings.version(tmp_path) == (32, 2)


@pytest.mark.parametrize("name", ["global.ini", "user.ini"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[Python]\nPath64bit=C:/P\n"),
        ("[General]\nA=1\n", "[General]\nA=1\n\n[Python]\nPath64bit=C:/P\n"),
        (
            "[General]\r\nA=ä\r\n\r\n[Python]\r\nPath64bit=\r\n\r\n[Z]\r\nB=2\r\n",
            "[General]\r\nA=ä\r\n\r\n[Python]\r\nPath64bit=C:/P\r\n\r\n[Z]\r\nB=2\r\n",
        ),
        ("[Python]\nOther=1\n[Z]\n", "[Python]\nPath64bit=C:/P\nOther=1\n[Z]\n"),
    ],
)
def test_python_path__is_set_and_nothing_else(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    path = tmp_path / name
    path.write_bytes(before.encode())
    assert obs_settings.python_path(tmp_path) is None
    obs_settings.set_python_path(tmp_path, "C:/P", tmp_path / "backup")
    assert path.read_bytes() == after.encode()
    assert obs_settings.python_path(tmp_path) == "C:/P"
    assert (tmp_path / "backup" / name).read_bytes() == before.encode()


def test_python_path__bytes_that_are_no_text_stay(tmp_path: Path) -> None:
    (tmp_path / "global.ini").write_bytes(b"[A]\nx=\xff\xfe\n")
    obs_settings.set_python_path(tmp_path, "C:/P", tmp_path / "backup")
    assert (tmp_path / "global.ini").read_bytes().startswith(b"[A]\nx=\xff\xfe\n")


# -- the packages -----------------------------------------------------------------------------


def test_universal__one_pin_each_for_the_oldest_python() -> None:
    digest = "--hash=sha256:" + "a" * 64
    text = (
        f"both==1.0 \\\n    {digest}\n"
        f"old==1.2 ; python_full_version < '3.11' \\\n    {digest}\n"
        f"old==2.0 ; python_full_version >= '3.11' \\\n    {digest}\n"
        f"new==3.0 ; python_full_version == '3.11.*' \\\n    {digest}\n"
        f"windows==4.0 ; sys_platform == 'win32' \\\n    {digest} \\\n    {digest}\n"
    )
    assert libraries.universal(text) == (
        f"both==1.0 {digest}\nold==1.2 {digest}\nwindows==4.0 {digest} {digest}\n"
    )


def test_universal__of_the_real_pins__each_once_and_hashed() -> None:
    lines = libraries.universal(libraries.REQUIREMENTS.read_text()).splitlines()
    names = [line.split("==")[0] for line in lines]
    assert len(names) == len(set(names))
    assert {"requests", "urllib3", "oauthlib", "keyring", "platformdirs"} <= set(names)
    assert all("--hash=sha256:" in line for line in lines)


def fake_python(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_choose__the_first_that_is_new_enough_and_has_pip(tmp_path: Path) -> None:
    old = fake_python(tmp_path / "old", "exit 1")
    bare = fake_python(tmp_path / "bare", 'case "$*" in *pip*) exit 1;; esac; exit 0')
    good = fake_python(tmp_path / "good", "exit 0")
    assert libraries.choose([old, bare, "/nothing/here", good]) == good
    with pytest.raises(Failure, match="has no pip"):
        libraries.choose([old, bare])
    with pytest.raises(Failure, match=r"need Python 3\.10 or later, and this is"):
        libraries.choose([old])


def test_build__pip_fails__says_why(tmp_path: Path) -> None:
    fake = fake_python(tmp_path / "python", "echo; echo no network; exit 1")
    with pytest.raises(Failure, match=r"could not be got \(no network\)"):
        libraries.build(tmp_path / "x", python=fake)


def test_probe__answer_of_another_form(tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\necho '{json.dumps([1, 2])}'\n")
    fake.chmod(0o755)
    assert pythons.probe(str(fake)) is None
