"""Several OBS of one user: what is done to one leaves the others whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from velora_install import config_dirs, payload
from velora_install.exit_codes import Exit

from tests.unit.install.machine import Machine, small_source


class Several(Machine):
    """A home with the usual OBS, one in another folder, one from Flatpak and one from Snap."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
        super().__init__(home, monkeypatch, capsys)
        self.configs = {
            "native": self.config,
            "portable": home / "stick" / "config" / "obs-studio",
            "flatpak": home / config_dirs.FLATPAK / "config" / "obs-studio",
            "snap": home / config_dirs.SNAP / "common" / ".config" / "obs-studio",
        }
        for config in self.configs.values():
            scenes = config / "basic" / "scenes"
            scenes.mkdir(parents=True, exist_ok=True)
            content = {"name": "Main", "modules": {"scripts-tool": []}, "of": str(config)}
            (scenes / "Main.json").write_text(json.dumps(content))

    def at(self, which: str, *arguments: str) -> str:
        code, said = self.run("--config-dir", str(self.configs[which]), *arguments)
        assert code == Exit.DONE, said
        return said

    def script_of(self, which: str) -> Path | None:
        """Return what that OBS loads; it is whole."""
        data = json.loads((self.configs[which] / "basic" / "scenes" / "Main.json").read_text())
        paths = [item["path"] for item in data["modules"]["scripts-tool"]]
        if not paths:
            return None
        (path,) = paths
        there = payload.installed(Path(path).parent)
        assert there, path
        assert there.damaged == []
        return Path(path)

    def as_0_1_0_left_it(self, *which: str) -> Path:
        """Have one folder for the usual and the named ones; nothing in it says whose it is."""
        self.at("native")
        script = self.script_of("native")
        assert script
        there = payload.installed(script.parent)
        assert there
        manifest = json.loads((there.parts / "manifest.json").read_text())
        del manifest["configuration"], manifest["shared"]
        (there.parts / "manifest.json").write_text(json.dumps(manifest))
        for item in which:
            path = self.configs[item] / "basic" / "scenes" / "Main.json"
            data = json.loads(path.read_text())
            data["modules"]["scripts-tool"] = [{"path": str(script), "settings": {"title": item}}]
            path.write_text(json.dumps(data))
        return script


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Several:
    return Several(tmp_path / "home", monkeypatch, capsys)


NAMES = ("native", "portable", "flatpak", "snap")


def test_each__has_its_own(several: Several) -> None:
    for name in NAMES:
        several.at(name)
    assert len({several.script_of(name) for name in NAMES}) == 4


@pytest.mark.parametrize("gone", NAMES)
def test_uninstalling_one__leaves_the_others_and_their_backups(several: Several, gone: str) -> None:
    before = several.everything()
    for name in NAMES:
        several.at(name)
    scripts = {name: several.script_of(name) for name in NAMES}
    backups = sorted(several.home.rglob("backup/*/Main.json"))
    assert len(backups) == 4
    several.at(gone, "--uninstall")
    assert several.script_of(gone) is None
    for name in NAMES:
        if name != gone:
            assert several.script_of(name) == scripts[name]
    assert len([path for path in backups if path.exists()]) == 3
    for name in NAMES:
        several.at(name, "--uninstall")
    assert several.everything() == before
    assert not (several.home / ".local" / "share" / "velora-obs").exists()


def test_updating_one__leaves_the_others_version(several: Several, tmp_path: Path) -> None:
    for name in NAMES:
        several.at(name)
    several.installs_from(small_source(tmp_path / "new", "99.0.0"))
    several.at("portable")
    versions = {}
    for name in NAMES:
        script = several.script_of(name)
        assert script
        there = payload.installed(script.parent)
        assert there
        versions[name] = there.version
    assert versions.pop("portable") == "99.0.0"
    assert "99.0.0" not in versions.values()


# -- version 0.1.0 had one folder for all that aren't sandboxed --------------------------------


def test_0_1_0__update_of_one__gives_it_its_own_folder_and_keeps_its_settings(
    several: Several,
) -> None:
    shared = several.as_0_1_0_left_it("portable")
    several.at("portable")
    own = several.script_of("portable")
    assert own
    assert own != shared
    text = (several.configs["portable"] / "basic" / "scenes" / "Main.json").read_text()
    assert json.loads(text)["modules"]["scripts-tool"][0]["settings"] == {"title": "portable"}
    assert several.script_of("native") == shared
    several.at("portable", "--uninstall")
    assert several.script_of("native") == shared
    several.at("native")
    assert several.script_of("native") == shared


@pytest.mark.parametrize("updated", [(), ("native",), ("portable",), ("native", "portable")])
@pytest.mark.parametrize("gone", ["native", "portable"])
def test_0_1_0__uninstalling_one__leaves_the_other(
    several: Several, updated: tuple[str, ...], gone: str
) -> None:
    several.as_0_1_0_left_it("portable")
    for name in updated:
        several.at(name)
    left = "portable" if gone == "native" else "native"
    script = several.script_of(left)
    several.at(gone, "--uninstall")
    assert several.script_of(gone) is None
    assert several.script_of(left) == script
    assert list((several.script.parent.parent / "backup").glob("*/Main.json"))


def test_0_1_0__shared_files__go_when_nobody_else_has_them(several: Several) -> None:
    before = several.everything()
    shared = several.as_0_1_0_left_it()
    said = several.at("native", "--uninstall")
    assert "stay: an earlier version used them for every OBS" in said
    assert shared.exists()
    several.as_0_1_0_left_it()
    several.answers("y")
    said = several.at("native", "--uninstall")
    assert "Has no other OBS of yours the script" in said
    assert several.everything() == before


def test_0_1_0__only_a_portable_one__update_says_what_is_left_over(several: Several) -> None:
    shared = several.as_0_1_0_left_it("portable")
    shutil.rmtree(several.configs["native"])
    assert "If no other OBS of yours has the script" in several.at("portable")
    assert shared.exists()
    several.at("portable", "--yes")
    assert not shared.parent.exists()
    assert not (shared.parent.parent / "backup").exists()
    assert several.script_of("portable")


def test_0_1_0__obs_runs__says_that_it_has_to_be_closed(several: Several) -> None:
    shared = several.as_0_1_0_left_it("portable")
    several.running = True
    code, said = several.run("--config-dir", str(several.configs["portable"]))
    assert code == Exit.OBS_RUNNING
    assert "Close OBS, then run this again: its script gets a folder of its own." in said
    assert several.script_of("portable") == shared


def test_used_by_hand_elsewhere__the_files_stay(several: Several) -> None:
    """The old folder of a snap that has moved to the new one names the same script."""
    old = several.home / config_dirs.SNAP / "current" / ".config" / "obs-studio"
    shutil.copytree(several.configs["snap"], old)
    several.at("snap")
    script = several.script_of("snap")
    assert script
    shutil.copytree(several.configs["snap"], old, dirs_exist_ok=True)
    said = several.at("snap", "--uninstall")
    assert f"because the OBS with its settings in {old} uses them" in said
    assert payload.installed(script.parent)
    assert list(several.home.rglob("backup/*/Main.json"))


@pytest.mark.parametrize("content", [b"{", b"\xff"])
def test_used_in_a_collection_that_is_damaged__the_files_stay(
    several: Several, content: bytes
) -> None:
    script = several.as_0_1_0_left_it("snap")
    path = several.configs["snap"] / "basic" / "scenes" / "Main.json"
    path.write_bytes(path.read_bytes() + content)
    assert "stay, because" in several.at("native", "--uninstall")
    assert script.exists()


def test_forget__not_while_another_has_the_same_secrets(several: Several) -> None:
    several.at("native")
    several.at("portable")
    before = several.everything()
    for name in ("native", "portable"):
        code, said = several.run(
            "--config-dir", str(several.configs[name]), "--uninstall", "--forget"
        )
        assert code == Exit.USAGE
        assert "may use the same sign-in and keys: run this without --forget" in said
    assert several.everything() == before
    several.at("portable", "--uninstall")
    code, said = several.run("--config-dir", str(several.configs["native"]), "--uninstall")
    assert code == Exit.DONE
