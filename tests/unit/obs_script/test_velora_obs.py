"""What the door says when the script can't run here, and which copy of it works."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fake_obspython import FakeObs
from tests.unit.fakes import FakeVelora
from tests.unit.obs_script.script import ROOT, Script


def test_second_copy__steps_aside(script: Script, obs: FakeObs) -> None:
    second = Script(obs, {"title": "Second"}, path="/other/").load()
    assert second.module is not script.module
    props = second.panel()
    assert [prop.name for prop in props] == ["status"]
    assert f"already loaded from {script.path}" in props[0].text
    second.type(title="x", access_token="test_secret")
    second.call("script_save", second.settings)
    assert script.panel().find("configure")
    second.unload()
    second.load()
    assert "already loaded" in second.panel()[0].text
    script.unload()
    second.unload()
    second.load()
    assert second.panel().find("configure")
    second.unload()


class WithoutPackage:
    """One of Python's finders, which doesn't find one package."""

    def __init__(self, finder: Any, package: str) -> None:
        self._finder = finder
        self._package = package

    def find_spec(self, name: str, *where: Any) -> Any:
        return None if name == self._package else self._finder.find_spec(name, *where)


class Noting:
    """One of Python's finders, which finds nothing and notes what it is asked for."""

    def __init__(self, asked: list[str]) -> None:
        self._asked = asked

    def find_spec(self, name: str, *where: Any) -> Any:
        self._asked.append(name)


@pytest.fixture
def hide(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has nobody find a package."""
    isdir = os.path.isdir

    def hide(package: str) -> None:
        monkeypatch.setattr(
            "os.path.isdir", lambda path: not path.endswith(package) and isdir(path)
        )
        monkeypatch.delitem(sys.modules, package, raising=False)
        finders = [WithoutPackage(finder, package) for finder in sys.meta_path]
        monkeypatch.setattr(sys, "meta_path", finders)

    return hide


def test_missing_dependency__is_one_sentence(obs: FakeObs, hide: Callable[[str], None]) -> None:
    hide("oauthlib")
    script = Script(obs, {}).load()
    status = script.panel()[0]
    assert "needs the Python package “oauthlib”" in status.text
    assert "pip install --target" in status.text
    assert status.info == FakeObs.OBS_TEXT_INFO_ERROR
    assert len([line for line in obs.frontend.log if line[0] == FakeObs.LOG_WARNING]) == 1
    script.type(access_token="test_secret")
    script.call("script_save", script.settings)
    script.unload()


def test_old_python__is_one_sentence(obs: FakeObs, mocker: MockerFixture) -> None:
    mocker.patch.object(sys, "version_info", (3, 8, 1, "final", 0))
    script = Script(obs, {}).load()
    assert "needs Python 3.10 or later, and this OBS uses 3.8" in script.panel()[0].text
    assert script.settings.defaults == {}
    script.unload()


@pytest.mark.parametrize("package", ["velora_core", "velora_hosts"])
def test_package_that_is_missing__is_one_sentence(
    obs: FakeObs, hide: Callable[[str], None], package: str
) -> None:
    hide(package)
    assert f"put the folder {package} beside" in Script(obs, {}).load().panel()[0].text


def test_packages_beside_the_script__take_no_search(
    obs: FakeObs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking Python's finders for each would be a sixth of what OBS waits for."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)  # OBS isn't started in the script's own folder
    script = Script(obs, {}, path=f"{tmp_path}/")
    script.module = importlib.import_module("velora_obs")
    script.module.script_path = lambda: script.path
    for package in script.module.DEPENDENCIES:
        (tmp_path / "velora_lib" / package).mkdir(parents=True)
        monkeypatch.delitem(sys.modules, package, raising=False)
    searched: list[str] = []
    monkeypatch.setattr(sys, "meta_path", [Noting(searched), *sys.meta_path])
    assert "Help" in script.call("script_description")
    assert not set(script.module.DEPENDENCIES).intersection(searched)


def test_dependencies_beside_the_script__come_after_everyone_elses(
    obs: FakeObs, tmp_path: Path, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)  # OBS isn't started in the script's own folder
    library = tmp_path / "velora_lib"
    library.mkdir()
    for _ in range(2):
        script = Script(obs, {}, path=f"{tmp_path}/").load()
        assert sys.path.count(str(library)) == 1
        assert [folder for folder in sys.path if folder][-1] == str(library)
        script.unload()


def test_current_folder__is_looked_at_last(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", ["", *sys.path, ""])
    Script(obs, {}).load()
    assert not any(sys.path[sys.path.index("") :])


@pytest.mark.usefixtures("velora")
def test_path_that_is_no_string__is_another_scripts_and_stays(
    obs: FakeObs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths: list[Any] = ["", tmp_path, *sys.path]
    monkeypatch.setattr(sys, "path", paths)
    script = Script(obs, {}).load()
    assert script.panel().find("configure")
    assert tmp_path in paths
    assert paths[-1] == ""


def test_unload__that_fails_leaves_the_place_to_the_next_copy(
    script: Script, obs: FakeObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError

    session = script.module._session
    monkeypatch.setattr(session, "close", fail)
    with pytest.raises(RuntimeError):
        script.unload()
    session.app.close()
    obs.frontend.callbacks.clear()
    script.load()
    assert script.panel().find("configure")


def test_loaded_from_where_obs_was_started__is_said(
    obs: FakeObs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    listed = tmp_path / "listed"
    listed.mkdir()
    script = Script(obs, {}, path=f"{listed}/").load()
    status = script.panel().find("status")
    assert status
    assert status.text.startswith(f"OBS was started in {ROOT}, and so has loaded the velora_obs.py")
    assert obs.frontend.log == [(obs.LOG_WARNING, status.text)]
    script.unload()
    monkeypatch.chdir(tmp_path)
    script.load()
    assert getattr(obs, "_velora_session", None) is not None
