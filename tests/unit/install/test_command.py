"""The command line, against an OBS configuration in a folder of the test's own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from velora_install import config_dirs, doctor, payload
from velora_install.exit_codes import Exit

from tests.unit.install.machine import (
    ROOT,
    Machine,
    small_source,
)


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
        "/some/file can't be used (Permission denied): make room or give yourself access to it, "
        "then run this again.\n"
    )


def test_no_obs__says_so(machine: Machine) -> None:
    shutil.rmtree(machine.config)
    code, said = machine.run()
    assert code == Exit.NO_OBS
    assert "start OBS once" in said


def test_several_obs__asks_for_the_folder(machine: Machine) -> None:
    machine.collection()
    flatpak = machine.home / config_dirs.FLATPAK / "config" / "obs-studio"
    (flatpak / "basic" / "scenes").mkdir(parents=True)
    shutil.copy(machine.scenes / "Main.json", flatpak / "basic" / "scenes")
    code, said = machine.run()
    assert code == Exit.USAGE
    assert "OBS Studio (Flatpak)" in said
    assert "--config-dir" in said
    assert machine.run("--config-dir", str(flatpak))[0] == Exit.DONE
    script = machine.home / config_dirs.FLATPAK / "data" / "velora-obs" / "script"
    assert payload.installed(script)
    assert machine.scripts() == []


def test_wrong_folder__says_what_is_wanted(machine: Machine, tmp_path: Path) -> None:
    code, said = machine.run("--config-dir", str(tmp_path))
    assert code == Exit.USAGE
    assert "is not OBS's settings folder" in said


def test_no_collection_yet__says_what_to_do(machine: Machine) -> None:
    code, said = machine.run()
    assert code == Exit.FINDINGS
    assert "no scene collection yet" in said
    assert "Done." not in said
    assert said.endswith("OBS can't load the script until that is done.\n")


def test_read_only_scenes__says_so_and_goes_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.collection("One")
    machine.collection("Two")
    read_only = {"One.json"}
    real = os.replace

    def replace(source: str, target: str) -> None:
        if os.path.basename(target) in read_only and "scenes" in str(target):
            raise PermissionError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    code, said = machine.run()
    assert code == Exit.FINDINGS
    assert "“One” can't be changed (Permission denied)" in said
    assert "Not every scene collection has the script" in said
    assert "Done." not in said
    assert machine.scripts("Two") == [str(machine.script)]
    assert sorted(path.name for path in machine.scenes.iterdir()) == ["One.json", "Two.json"]
    read_only.clear()
    assert machine.run()[0] == Exit.DONE
    assert machine.scripts("One") == [str(machine.script)]
    # Taken out again, what loads the script keeps the files that it loads.
    read_only.add("Two.json")
    code, said = machine.run("--uninstall")
    assert code == Exit.FAILED
    assert "The script is still in what could not be changed, so its files stay" in said
    assert machine.scripts("Two") == [str(machine.script)]
    there = payload.installed(machine.script.parent)
    assert there
    assert there.damaged == []
    read_only.clear()
    assert machine.run("--uninstall")[0] == Exit.DONE
    assert machine.scripts("Two") == []
    assert not machine.script.exists()


def test_name_that_obs_cannot_store__says_so(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.collection()
    before = machine.everything()
    monkeypatch.setenv("XDG_DATA_HOME", os.fsdecode(os.fsencode(machine.home) + b"/J\xfcrgen"))
    code, said = machine.run()
    assert code == Exit.FAILED
    assert "whose name is not in UTF-8: rename the folder" in said
    assert machine.everything() == before


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
    machine.installs_from(small_source(tmp_path / "old", "0.0.1"))
    code, said = machine.run()
    assert code == Exit.USAGE
    assert "this is the older 0.0.1" in said
    assert machine.run("--allow-downgrade")[0] == Exit.DONE
    there = payload.installed(machine.script.parent)
    assert there
    assert there.version == "0.0.1"


def test_forget__without_uninstall__is_a_usage_error(machine: Machine) -> None:
    assert machine.run("--forget")[0] == Exit.USAGE


def test_forget__not_possible__says_so_and_keeps_what_is_needed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.collection()
    machine.run()
    monkeypatch.setattr(doctor, "run_core", lambda *_: False)
    code, said = machine.run("--uninstall", "--forget")
    assert code == Exit.FAILED
    assert "press Sign out in the panel" in said
    assert payload.installed(machine.script.parent)


def test_forget__nothing_is_installed__says_so_and_removes_what_is_left(machine: Machine) -> None:
    machine.collection()
    machine.run()
    machine.script.unlink()  # as a run that was killed has left it
    code, said = machine.run("--uninstall", "--forget")
    assert code == Exit.FAILED
    assert "Nothing is installed that could forget sign-in and settings" in said
    assert not (machine.home / ".local" / "share" / "velora-obs").exists()


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


@pytest.mark.parametrize(
    ("modules", "possible"),
    [
        ("Loaded Modules:\n  obs-x264.so\n  obs-browser.so\n", True),
        ("Loaded Modules:\n  obs-x264.so\n", False),
        ("", True),  # it ended before it could tell
    ],
)
def test_docks__where_obs_has_no_browser(machine: Machine, modules: str, possible: bool) -> None:
    machine.collection()
    logs = machine.config / "logs"
    logs.mkdir()
    (logs / "2026-01-01 10-00-00.txt").write_text("Loaded Modules:\n")
    (logs / "2026-01-02 10-00-00.txt").write_text(modules)
    said = machine.run("--chat-dock", "somebody")[1]
    assert ("Your chat is in OBS" in said) is possible
    assert ("press “Open chat” in the panel, which opens your browser." in said) is not possible
    assert (machine.config / "global.ini").exists() is possible
    if not possible:
        machine.answers("somebody")
        assert "as a dock" not in machine.run()[1]
        assert "press “Open the dock” in the panel" in machine.run("--dock")[1]


PAGE = "http://127.0.0.1:17655/?ticket=test_entry"


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the installed core prints as the address of a dock, one after the other."""
    entries = [PAGE, PAGE + "_2"]
    monkeypatch.setattr(
        "velora_install.doctor.core_output", lambda *_: entries.pop(0) if entries else None
    )
    return entries


def test_dock__by_option__and_taken_out_again(machine: Machine, entry: list[str]) -> None:
    machine.collection()
    (machine.config / "user.ini").write_text("[BasicWindow]\nDockState=AAAA\n")
    before = machine.everything()
    code, said = machine.run("--dock", "--chat-dock", "somebody")
    assert code == Exit.DONE
    assert "The panel is in OBS under Docks → Velora now." in said
    assert PAGE + '"' in dock_settings(machine)
    machine.run()
    assert PAGE + '"' in dock_settings(machine)
    machine.run("--dock")  # lets it in again
    assert PAGE + '_2"' in dock_settings(machine)
    assert dock_settings(machine).count("ticket") == 1
    assert machine.run("--uninstall")[0] == Exit.DONE
    assert machine.everything() == before


@pytest.mark.parametrize(("answer", "wanted"), [("y", True), ("", False), ("no", False)])
def test_dock__is_asked_about(
    machine: Machine, entry: list[str], answer: str, wanted: bool
) -> None:
    machine.collection()
    machine.answers("", answer)
    assert "Do you want Velora's panel as a dock in OBS?" in machine.run()[1]
    stored = (machine.config / "global.ini").read_text() if wanted else ""
    assert (PAGE in stored) is wanted
    assert len(entry) == (1 if wanted else 2)


def test_dock__is_nothing_that_yes_to_all_adds(machine: Machine, entry: list[str]) -> None:
    machine.collection()
    machine.answers()
    assert machine.run("--yes")[0] == Exit.DONE
    assert len(entry) == 2


def test_dock__in_a_list_that_makes_no_sense__is_left_to_its_owner(
    machine: Machine, entry: list[str]
) -> None:
    machine.collection()
    assert entry
    (machine.config / "user.ini").write_text("[BasicWindow]\nExtraBrowserDocks={\n")
    said = machine.run("--dock")[1]
    assert "left as it is: add the dock yourself, in OBS under Docks → Custom Browser Docks" in said
    assert "The panel is in OBS" not in said


def test_dock__that_can_not_be_let_in__is_not_added(machine: Machine, entry: list[str]) -> None:
    machine.collection()
    entry.clear()
    code, said = machine.run("--dock")
    assert code == Exit.DONE
    assert "copy “Dock address” into OBS's Docks → Custom Browser Docks" in said
    assert not (machine.config / "global.ini").exists()


def test_dock__whose_address_comes_with_something_else__is_not_added(
    machine: Machine, entry: list[str]
) -> None:
    machine.collection()
    entry[:] = ["a line of somebody's sitecustomize\n" + PAGE]
    assert "The dock could not be added" in machine.run("--dock")[1]
    assert not (machine.config / "global.ini").exists()


def test_dock__while_obs_runs_nothing_is_made(machine: Machine, entry: list[str]) -> None:
    machine.collection()
    machine.running = True
    assert machine.run("--dock")[0] == Exit.OBS_RUNNING
    assert len(entry) == 2
