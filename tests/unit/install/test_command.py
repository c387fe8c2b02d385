"""The command line, against an OBS configuration in a folder of the test's own."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from velora_install import command, libraries, payload, places, pythons, scene_collections
from velora_install.outcome import Exit, Failure

from tests.unit.install.killing import each_step
from tests.unit.install.models import mac_python, windows_python

ROOT = Path(__file__).parents[3]
COLLECTION = {"name": "Main", "modules": {"scripts-tool": []}}


PROBE, COMPILE = cache(pythons.probe), command._compile


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Machine:
    """A user's home with an OBS in it."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
        self.home, self._capsys, self._patch = home, capsys, monkeypatch
        self.config = home / ".config" / "obs-studio"
        self.scenes = self.config / "basic" / "scenes"
        self.scenes.mkdir(parents=True)
        self.running = False
        self.script = home / ".local" / "share" / "velora-obs" / "script" / "velora_obs.py"
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setattr(Path, "home", lambda: home)
        monkeypatch.setattr(command, "obs_is_running", lambda *_, **__: self.running)
        monkeypatch.setattr(libraries, "build", self._build)
        monkeypatch.setattr(sys, "stdin", None)
        # What would be the same each time is asked once.
        monkeypatch.setattr(pythons, "of_linux", lambda: sys.executable)
        monkeypatch.setattr(pythons, "probe", lambda _: PROBE(sys.executable))
        monkeypatch.setattr(libraries, "_says", lambda *_: True)  # there is a pip
        monkeypatch.setattr(command, "_compile", lambda *_: None)

    def _build(self, folder: Path, python: str) -> None:
        folder.mkdir()
        (folder / "requests.py").write_text("x = 1\n")

    def system(self, name: str) -> None:
        self._patch.setattr("velora_install.command.platform.system", lambda: name)

    def collection(self, name: str = "Main", content: Any = None) -> Path:
        path = self.scenes / f"{name}.json"
        path.write_text(json.dumps(content or {**COLLECTION, "name": name}, indent=4))
        return path

    def run(self, *arguments: str) -> tuple[int, str]:
        code = command.main(arguments)
        captured = self._capsys.readouterr()
        return code, captured.out + captured.err

    def answers(self, *lines: str) -> io.StringIO:
        """Have somebody sit there and answer questions."""
        terminal = Terminal("".join(line + "\n" for line in lines))
        self._patch.setattr(sys, "stdin", terminal)
        return terminal

    def scripts(self, name: str = "Main") -> list[str]:
        data = json.loads((self.scenes / f"{name}.json").read_text())
        return [one["path"] for one in data["modules"]["scripts-tool"]]

    def everything(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.home)): path.read_bytes()
            for path in self.home.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Machine:
    return Machine(tmp_path / "Jürgen 🎮", monkeypatch, capsys)


def test_install_and_uninstall__leave_no_trace(machine: Machine) -> None:
    machine.collection()
    machine.collection("Zweite Sammlung äöü")
    before = machine.everything()
    code, said = machine.run()
    assert code == Exit.DONE, said
    assert "Start OBS, open Tools → Scripts" in said
    assert machine.scripts() == machine.scripts("Zweite Sammlung äöü") == [str(machine.script)]
    assert payload.installed(machine.script.parent)
    code, said = machine.run("--uninstall")
    assert code == Exit.DONE
    assert "is removed" in said
    assert machine.everything() == before
    assert "was not installed" in machine.run("--uninstall")[1]


def test_again__updates_in_place(machine: Machine) -> None:
    machine.collection()
    machine.run()
    first = machine.everything()
    assert machine.run()[0] == Exit.DONE
    assert machine.everything() == first


def test_chosen_collections__only_those(machine: Machine) -> None:
    machine.collection("One")
    machine.collection("Two")
    assert machine.run("--collection", "Two")[0] == Exit.DONE
    assert (machine.scripts("One"), machine.scripts("Two")) == ([], [str(machine.script)])
    code, said = machine.run("--collection", "Three")
    assert code == Exit.USAGE
    assert "There is no scene collection “Three”: there are “One”, “Two”." in said


def test_foreign_scripts_and_damaged_collections__stay(machine: Machine) -> None:
    foreign = {"path": "/opt/other.py", "settings": {"a": 1}}
    machine.collection(content={"name": "Main", "modules": {"scripts-tool": [foreign]}})
    (machine.scenes / "Broken.json").write_text("{")
    code, said = machine.run()
    assert code == Exit.DONE
    assert "“Broken” is damaged" in said
    assert (machine.scenes / "Broken.json").read_text() == "{"
    assert machine.scripts() == ["/opt/other.py", str(machine.script)]
    machine.run("--uninstall")
    assert machine.scripts() == ["/opt/other.py"]


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
    monkeypatch.setattr(command, "obs_is_running", lambda *_, **__: next(answers, False))
    monkeypatch.setattr("velora_install.command.time.sleep", lambda _: None)
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
    monkeypatch.setattr(command, "obs_is_running", lambda *_, **__: next(answers, True))
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
    monkeypatch.setattr(command, "obs_is_running", lambda *_, **__: len(changed) >= after)
    code, said = machine.run()
    if after == 3:
        assert code == Exit.DONE
        return
    assert code == Exit.OBS_RUNNING
    assert "saves its own settings over what was changed: close OBS, then run this again" in said
    assert "Done." not in said
    assert [bool(machine.scripts(name)) for name in names] == [True, after == 2]
    monkeypatch.setattr(command, "obs_is_running", lambda *_, **__: False)
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


def test_collection_that_cannot_be_read__a_sentence_and_the_others_go_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.collection("One")
    machine.collection("Two")
    real = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.name == "One.json":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    for arguments in ((), ("--check", "--offline"), ("--uninstall",)):
        code, said = machine.run(*arguments)
        assert code == Exit.DONE, said
        if not arguments:
            assert "“One” can't be read (Permission denied): give yourself access to" in said
            assert machine.scripts("Two") == [str(machine.script)]


def test_file_that_cannot_be_used__a_sentence_not_a_traceback(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.collection()

    def refuse(*_: Any) -> Any:
        raise PermissionError(13, "Permission denied", "/some/file")

    monkeypatch.setattr(payload, "older", refuse)
    machine.run()
    code, said = machine.run()
    assert code == Exit.FAILED
    assert said.endswith(
        "/some/file can't be used (Permission denied): give yourself access to it, then run this "
        "again.\n"
    )


# -- the app that a distributor has registered -------------------------------------------------

APP = '{"client_id": "c", "client_secret": "test_secret"}'


def test_distributors_app__is_installed_kept_private_and_goes(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = small_source(tmp_path / "source", "1.0.0")
    (source / "velora_app.json").write_text(APP)
    monkeypatch.setattr(command, "ROOT", source)
    machine.collection()
    before = machine.everything()
    assert machine.run()[0] == Exit.DONE
    app = machine.script.parent / "velora_app.json"
    assert app.read_text() == APP
    assert app.stat().st_mode & 0o777 == 0o600
    # Another version without one leaves it; another one replaces it.
    (source / "velora_app.json").unlink()
    assert machine.run()[0] == Exit.DONE
    assert app.read_text() == APP
    (source / "velora_app.json").write_text("{}")
    assert machine.run()[0] == Exit.DONE
    assert app.read_text() == "{}"
    assert machine.run("--uninstall")[0] == Exit.DONE
    assert machine.everything() == before
    assert not machine.script.parent.parent.exists()


def test_app_that_was_put_there_by_hand__goes_with_uninstall(machine: Machine) -> None:
    machine.collection()
    machine.run()
    (machine.script.parent / "velora_app.json").write_text(APP)
    machine.run("--uninstall")
    assert not machine.script.parent.parent.exists()


def test_no_obs__says_so(machine: Machine) -> None:
    shutil.rmtree(machine.config)
    code, said = machine.run()
    assert code == Exit.NO_OBS
    assert "start OBS once" in said


def test_several_obs__asks_for_the_folder(machine: Machine) -> None:
    machine.collection()
    flatpak = machine.home / places.FLATPAK / "config" / "obs-studio"
    (flatpak / "basic" / "scenes").mkdir(parents=True)
    code, said = machine.run()
    assert code == Exit.USAGE
    assert "OBS Studio (Flatpak)" in said
    assert "--config-dir" in said
    assert machine.run("--config-dir", str(flatpak))[0] == Exit.DONE
    script = machine.home / places.FLATPAK / "data" / "velora-obs" / "script"
    assert payload.installed(script)
    assert machine.scripts() == []


def test_wrong_folder__says_what_is_wanted(machine: Machine, tmp_path: Path) -> None:
    code, said = machine.run("--config-dir", str(tmp_path))
    assert code == Exit.USAGE
    assert "is not OBS's settings folder" in said


def test_no_collection_yet__says_what_to_do(machine: Machine) -> None:
    code, said = machine.run()
    assert code == Exit.DONE
    assert "no scene collection yet" in said


def test_read_only_scenes__says_so_and_goes_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.collection("One")
    machine.collection("Two")
    real = os.replace

    def replace(source: str, target: str) -> None:
        if str(target).endswith("One.json") and "scenes" in str(target):
            raise PermissionError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    _, said = machine.run()
    assert "“One” can't be changed (Permission denied)" in said
    assert machine.scripts("Two") == [str(machine.script)]
    assert sorted(path.name for path in machine.scenes.iterdir()) == ["One.json", "Two.json"]


def test_long_names(machine: Machine) -> None:
    name = "ß🎮 " * 20 + "x" * 50
    machine.collection(name)
    assert machine.run()[0] == Exit.DONE
    assert machine.scripts(name) == [str(machine.script)]


def test_downgrade__refused_unless_allowed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine.collection()
    machine.run()
    monkeypatch.setattr(command, "ROOT", small_source(tmp_path / "old", "0.0.1"))
    code, said = machine.run()
    assert code == Exit.USAGE
    assert "this is the older 0.0.1" in said
    assert machine.run("--allow-downgrade")[0] == Exit.DONE
    there = payload.installed(machine.script.parent)
    assert there
    assert there.version == "0.0.1"


def small_source(folder: Path, version: str) -> Path:
    for name in ("velora_core", "velora_hosts"):
        (folder / name).mkdir(parents=True)
    (folder / "velora_obs.py").write_text('PARTS = ""\n')
    (folder / "velora_core" / "_version.py").write_text(f'__version__ = "{version}"\n')
    return folder


@pytest.mark.parametrize("what", ["install", "update", "--uninstall"])
def test_killed_anywhere__everything_is_old_or_new_and_the_next_run_ends_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    names = ["One", "Two"]
    old, new = small_source(tmp_path / "old", "1.0.0"), small_source(tmp_path / "new", "2.0.0")
    monkeypatch.setattr(
        "velora_install.command.time.strftime", lambda _: "now"
    )  # the backups' folder

    def run(source: Path, *arguments: str) -> int:
        monkeypatch.setattr(command, "ROOT", source)
        return machine.run(*arguments)[0]

    def nothing() -> None:
        shutil.rmtree(machine.home)
        machine.scenes.mkdir(parents=True)
        for name in names:
            machine.collection(name)

    def before() -> None:
        nothing()
        if what != "install":
            run(old)

    def act() -> int:
        return run(new, "--uninstall") if what == "--uninstall" else run(new)

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
            assert content in [one[name] for one in allowed], (steps, name)
            if machine.scripts(name):
                assert there, steps  # what OBS would load is there
        assert act() == Exit.DONE, steps
        assert machine.everything() == after, steps
    assert steps > 10


def make_bundle(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("velora-obs-9.0.0/velora_obs.py", 'PARTS = ""\n')
        archive.writestr("velora-obs-9.0.0/velora_core/_version.py", '__version__ = "9.0.0"\n')
        archive.writestr("velora-obs-9.0.0/velora_hosts/__init__.py", "")
        archive.writestr("velora-obs-9.0.0/velora_lib/requests.py", "bundled = True\n")


def test_bundle__needs_no_pip(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_pip(_: Any) -> str:
        raise Failure("This Python has no pip.")

    monkeypatch.setattr(libraries, "choose", no_pip)
    machine.collection()
    code, said = machine.run()
    assert code == Exit.FAILED
    assert "no pip" in said
    assert machine.scripts() == []
    make_bundle(tmp_path / "b.zip")
    assert machine.run("--bundle", str(tmp_path / "b.zip"))[0] == Exit.DONE
    there = payload.installed(machine.script.parent)
    assert there
    assert (there.parts / "velora_lib" / "requests.py").read_text() == "bundled = True\n"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense"])
def test_bundle__damaged(machine: Machine, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    code, said = machine.run("--bundle", str(tmp_path / "b.zip"))
    assert code == Exit.FAILED
    assert "can't be read" in said


def test_compiled__for_the_python_that_loads_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_compile", COMPILE)
    machine.collection()
    machine.run()
    there = payload.installed(machine.script.parent)
    assert there
    tag = f"cpython-{sys.version_info[0]}{sys.version_info[1]}"
    for module in ("velora_core/application", "velora_hosts/obs_script/script"):
        file = there.parts / module
        assert (file.parent / "__pycache__" / f"{file.name}.{tag}.pyc").exists()


def test_forget__without_uninstall__is_a_usage_error(machine: Machine) -> None:
    assert machine.run("--forget")[0] == Exit.USAGE


def test_forget__not_possible__says_so(machine: Machine) -> None:
    code, said = machine.run("--uninstall", "--forget")
    assert code == Exit.FAILED
    assert "press Sign out in the panel" in said


# -- Windows and macOS, on a file system that is neither --------------------------------------


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
        monkeypatch.setattr("velora_install.command.subprocess.call", lambda *_, **__: 0)

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


# -- the check --------------------------------------------------------------------------------


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
    names = [one["name"] for one in report["checks"]]
    assert names == ["obs", "python", "files", "imports", "registered", "last_load"]
    found = {one["name"]: one["ok"] for one in report["checks"]}
    assert found.pop("obs") is None  # it has never run
    assert set(found.values()) == {True}
    assert report["ok"] is True
    assert code == Exit.DONE


def test_check__packages_that_cannot_be_loaded(machine: Machine) -> None:
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
    place = places.find("Linux", {}, machine.home)[0]
    found = doctor._last_load(place)
    assert found.ok is ok
    assert part in found.sentence


def test_double_click_files__start_the_installer() -> None:
    batch = (ROOT / "install" / "install.bat").read_bytes()
    assert batch.count(b"\r\n") == batch.count(b"\n")
    # "py … || python …" would run it again whenever it ends with a code, such as 4.
    assert batch.count(b"install.py") == 1
    assert b"||" not in batch
    assert b"exit /b %code%" in batch
    # The Store's python.exe, which may be no more than a link to the Store, is passed over.
    assert b"findstr /v /i WindowsApps" in batch
    shell = ROOT / "install" / "install.command"
    assert shell.stat().st_mode & 0o111
    assert "exec python3 install/install.py" in shell.read_text()


# -- the chat as a dock ----------------------------------------------------------------------------

DOCK = "https://velora.tv/dashboard/stream/popout/{}/obs-chat"


def dock_settings(machine: Machine) -> str:
    path = machine.config / "user.ini"
    return path.read_text() if path.exists() else ""


def test_chat_dock__by_option__and_taken_out_again(machine: Machine) -> None:
    machine.collection()
    (machine.config / "user.ini").write_text("[BasicWindow]\nDockState=AAAA\n")
    before = machine.everything()
    code, said = machine.run("--chat-dock", "somebody")
    assert code == Exit.DONE
    assert "Your chat is in OBS under Docks → Velora chat now." in said
    assert DOCK.format("somebody") in dock_settings(machine)
    assert machine.run("--uninstall")[0] == Exit.DONE
    assert machine.everything() == before


def test_chat_dock__is_offered_once(machine: Machine) -> None:
    machine.collection()
    machine.answers("somebody")
    assert "to have its chat in OBS as a dock" in machine.run()[1]
    assert (
        DOCK.format("somebody")
        in dock_settings(machine) + (machine.config / "global.ini").read_text()
    )
    machine.answers("")
    assert "as a dock (Enter" not in machine.run()[1]


@pytest.mark.parametrize("answer", ["", "not a channel"])
def test_chat_dock__that_nobody_wants(machine: Machine, answer: str) -> None:
    machine.collection()
    machine.answers(answer)
    code, said = machine.run()
    assert code == Exit.DONE
    assert ("is no channel's name" in said) is bool(answer)
    assert not (machine.config / "global.ini").exists()


def test_chat_dock__while_obs_runs_nothing_is_written(machine: Machine) -> None:
    machine.collection()
    machine.running = True
    assert machine.run("--chat-dock", "somebody")[0] == Exit.OBS_RUNNING
    assert not (machine.config / "global.ini").exists()
