"""The installer and a real OBS: in, used, updated, checked, and out again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.install_world import OTHER, InstallWorld
from tests.e2e.world import SCRIPT
from tests.harness import Display, ObsConfig, Profile, SceneCollection, wait_until


@pytest.fixture
def world(display: Display, tmp_path: Path) -> Iterator[InstallWorld]:
    with InstallWorld(display, tmp_path) as world:
        yield world


def test_from_nothing_to_a_stream_and_back(world: InstallWorld) -> None:
    code, said = world.install("--dock", "--command")
    assert code == 0, said
    assert "in the scene collection “Zweite äöü”" in said
    assert f"http://127.0.0.1:{world.page_port}/?ticket=" in world.docks()
    assert '/.local/bin/velora" --help in a terminal.' in said
    with world.obs as obs:
        world.open_panel()
        world.page_address()
        assert "OBS will stream to" in world.press("Configure Velora")
        world.stream(1.0)
        assert world.rtmp.keys == [world.velora.account.stream_key]
        world.panel.tick("Encoder settings for Velora")
        status = world.press("Check everything")
        assert status.startswith("No problem was found.")
        assert "OBS streams to Velora with your channel's key" in status
        assert "The Streamer" in status
        world.press("Restore previous service")
        assert obs.service_json() == OTHER
        world.quit_clean()
        code, said = world.install("--check", "--json")
        assert code == 0, said
        report = json.loads(said[said.index("{") : said.rindex("}") + 1])
        found = {check["name"]: check["ok"] for check in report["checks"]}
        assert found.pop("scopes") is None  # this token doesn't say
        assert set(found.values()) == {True}, said
        assert {"imports", "last_load", "api", "sign_in", "ingest"} <= set(found)
        assert world.token not in said
        assert world.velora.account.stream_key not in said
        code, said = world.command_line("set", "--title", "From a terminal")
        assert code == 0, said
        assert world.velora.account.title == "From a terminal"
        assert world.mentions()
        assert str(world.page_port) in world.docks()
        before = world.docks()
        assert "This OBS has no browser docks" in world.install("--chat-dock", "somebody")[1]
        assert world.docks() == before
        code, said = world.install("--uninstall", "--forget")
        assert code == 0, said
        assert world.mentions() == []
        assert world.docks() == ""
        assert not world.data.exists()
        assert not (world.home / ".config" / "velora-obs").exists()
        assert list((world.home / ".local" / "bin").iterdir()) == []


def test_update__keeps_everything(world: InstallWorld) -> None:
    world.install()
    with world.obs:
        world.open_panel()
        world.panel.set_text("Title", "Mine")
        world.panel.choose("Protocol", "SRT")
        world.quit_clean()
    (world.source / "velora_core" / "_version.py").write_text('__version__ = "99.0.0"\n')
    code, said = world.install()
    assert code == 0, said
    assert "Installing version 99.0.0" in said
    with world.make_obs() as obs:
        world.open_panel()
        assert world.panel.text("Title") == "Mine"
        assert world.panel.choice("Protocol") == "SRT"
        world.press("Refresh")
        agents = [
            request.headers["User-Agent"]
            for request in world.velora.journal.find("GET", "/stream/categories")
        ]
        assert any("velora-obs/99.0.0" in agent for agent in agents[-1:])
        assert obs.exceptions() == []
        world.quit_clean()


def test_update__while_obs_runs__reload_takes_it_up(world: InstallWorld) -> None:
    world.install()
    with world.obs as obs:
        world.open_panel()
        (world.source / "velora_core" / "_version.py").write_text('__version__ = "99.0.0"\n')
        before = _scripts(world)
        code, said = world.install()
        assert code == 4, said
        assert "Two clicks are left" in said
        assert _scripts(world) == before
        world.press("Refresh")
        world.panel.reload()
        world.press("Refresh")
        agents = [
            request.headers["User-Agent"]
            for request in world.velora.journal.find("GET", "/stream/categories")
        ]
        assert "velora-obs/99.0.0" not in agents[0]
        assert "velora-obs/99.0.0" in agents[-1]
        code, said = world.install("--uninstall")
        assert code == 4, said
        assert obs.exceptions() == []
        world.quit_clean()
    assert len(list((world.data / "script").glob("velora-*"))) == 2
    world.install()
    assert len(list((world.data / "script").glob("velora-*"))) == 1


class Two:
    """Two configurations of one user: the usual one, and one that is named with --config-dir."""

    def __init__(self, world: InstallWorld) -> None:
        self.world = world
        self.homes = [world.home, world.folder / "zweites Zuhause"]
        self.homes[1].mkdir()
        service = Profile(service=OTHER)
        world.make_obs(
            ObsConfig(profiles=[service], collections=[SceneCollection()]), self.homes[1]
        )

    def config(self, number: int) -> Path:
        return self.world.installation.config_folder(self.homes[number])

    def install(self, number: int, *arguments: str) -> str:
        code, said = self.world.install("--config-dir", str(self.config(number)), *arguments)
        assert code == 0, said
        return said

    def collection(self, number: int) -> Path:
        (path,) = (self.config(number) / "basic" / "scenes").glob("Main.json")
        return path

    def scripts(self, number: int) -> list[Any]:
        found = json.loads(self.collection(number).read_text())["modules"].get("scripts-tool")
        return [item["path"] for item in found or []]

    def works(self, number: int) -> None:
        """OBS loads the script, and the script talks to Velora."""
        world = self.world
        with world.make_obs(home=self.homes[number]) as obs:
            world.open_panel()
            status = world.press("Check everything")
            # Velora answered well, and this is all that is wrong.
            assert status.startswith("OBS is not set up for Velora in the profile Main"), status
            assert obs.exceptions() == []
            world.quit_clean()

    def is_without(self, number: int) -> None:
        """OBS starts, and nothing is said of the script."""
        with self.world.make_obs(home=self.homes[number]) as obs:
            assert SCRIPT not in obs.log_text()
            self.world.quit_clean()

    def backups(self) -> list[Path]:
        return sorted(self.world.data.rglob("backup/*/Main.json"))

    def as_0_1_0_left_them(self) -> None:
        """One folder for both, of which it doesn't say whose it is; the second loads it, too."""
        for number in (0, 1):
            self.install(number)
        (own,) = self.world.data.glob("obs-*")
        shared, script = self.scripts(0)[0], self.scripts(1)[0]
        path = self.collection(1)
        path.write_text(path.read_text().replace(script, shared))
        for backup in own.glob("backup/*/Main.json"):
            target = self.world.data / "backup" / "1970-01-01_00-00-00" / backup.name
            target.parent.mkdir(parents=True)
            backup.rename(target)
        shutil.rmtree(own)
        (parts,) = Path(shared).parent.glob("velora-*")
        manifest = json.loads((parts / "manifest.json").read_text())
        del manifest["configuration"], manifest["shared"]
        (parts / "manifest.json").write_text(json.dumps(manifest, indent=1))


@pytest.fixture
def two(world: InstallWorld) -> Two:
    return Two(world)


@pytest.mark.parametrize("gone", [0, 1])
def test_two_configurations__taking_one_out_leaves_the_other_working(two: Two, gone: int) -> None:
    for number in (0, 1):
        two.install(number)
        two.works(number)
    assert two.scripts(0) != two.scripts(1)
    assert len(two.backups()) == 2
    two.install(gone, "--uninstall")
    two.is_without(gone)
    two.works(1 - gone)
    assert len(two.backups()) == 1
    two.install(1 - gone, "--uninstall")
    assert not two.world.data.exists()


def test_two_configurations__one_is_updated_while_the_other_runs(two: Two) -> None:
    world = two.world
    for number in (0, 1):
        two.install(number)
    (world.source / "velora_core" / "_version.py").write_text('__version__ = "99.0.0"\n')
    with world.make_obs(home=two.homes[1]) as obs:
        world.open_panel()
        before = two.scripts(1)  # not the whole file: OBS saves what is in the fields meanwhile
        assert "Done." in two.install(0)  # another OBS of another home
        code, said = world.install("--config-dir", str(two.config(1)))
        assert code == 4, said  # its own: that one runs
        assert "press Reload" in said
        assert two.scripts(1) == before
        world.press("Refresh")
        world.panel.reload()
        said = world.press("Check everything")
        assert said.startswith("OBS is not set up for Velora in the profile Main"), said
        assert obs.exceptions() == []
        world.quit_clean()
    two.works(0)


@pytest.mark.parametrize("updated", [0, 1])
@pytest.mark.parametrize("gone", [0, 1])
def test_update_from_0_1_0__taking_one_out_leaves_the_other_working(
    two: Two, updated: int, gone: int
) -> None:
    two.as_0_1_0_left_them()
    two.install(updated)
    two.works(updated)
    two.install(gone, "--uninstall")
    assert two.scripts(gone) == []
    two.works(1 - gone)
    assert list((two.world.data / "backup").glob("*/Main.json"))


def test_uninstalled_by_hand_while_registered__obs_starts_all_the_same(
    world: InstallWorld,
) -> None:
    world.install()
    shutil.rmtree(world.data / "script")
    code, said = world.install("--check", "--offline")
    assert code == 5
    assert "is not installed: run the installer" in said
    with world.obs:
        pass
    assert world.install()[0] == 0
    with world.make_obs():
        world.open_panel()
        wait_until(lambda: world.panel.texts(), what="the panel")
        world.quit_clean()


def _scripts(world: InstallWorld) -> Any:
    """The paths alone: OBS itself saves what is in the fields whenever a script asks for a turn."""
    text = (world.config / "basic" / "scenes" / "Main.json").read_text(encoding="utf-8")
    return [script["path"] for script in json.loads(text)["modules"]["scripts-tool"]]
