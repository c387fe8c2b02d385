"""Which code a script has that is loaded again."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

import pytest

from tests.unit.fake_obspython import FakeObs
from tests.unit.fakes import wait_for
from tests.unit.obs_script.script import PACKAGES, ROOT, Script


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the script, whose files may be changed."""
    folder = tmp_path_factory.mktemp("scripts")
    without = shutil.ignore_patterns("__pycache__", "assets")
    for package in PACKAGES[:2]:
        shutil.copytree(ROOT / package, folder / package, ignore=without)
    shutil.copy(ROOT / "velora_obs.py", folder)
    return folder


@pytest.fixture
def copied(obs: FakeObs, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """The script in that folder, loaded for the first time."""
    monkeypatch.syspath_prepend(str(folder))
    setattr(obs, "_velora_code", None)  # noqa: B010 - where the script looks for it
    script = Script(obs, {"title": "Hello"}, path=f"{folder}{os.sep}").load()
    assert Path(str(script.module.__file__)).parent == folder
    return script


def change(file: Path) -> None:
    file.write_text(file.read_text("utf-8") + "\nCHANGED = True\n", "utf-8")


def replace_by_an_older_one(file: Path) -> None:
    os.utime(file, ns=(10**18, 10**18))


def add_beside(file: Path) -> None:
    (file.parent / "new.py").write_text("", "utf-8")


def remove(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize(
    ("how", "name"),
    [
        (change, "velora_core/app/windows_clipboard"),
        (replace_by_an_older_one, "velora_core/messages/en/streamlabs"),
        (add_beside, "velora_hosts/obs_script/host"),
        (remove, "velora_hosts/meld_studio/host"),
    ],
)
def test_changed_code__is_loaded(
    copied: Script, folder: Path, how: Callable[[Path], None], name: str
) -> None:
    before = sys.modules["velora_core.application"]
    copied.unload()
    how(folder / f"{name}.py")
    importlib.invalidate_caches()
    copied.load()
    assert sys.modules["velora_core.application"] is not before
    assert copied.panel().find("configure")
    before = sys.modules["velora_core.application"]
    copied.unload()
    copied.load()
    assert sys.modules["velora_core.application"] is before


def test_code_that_changes_after_a_reload_kept_it__is_known_as_older(
    copied: Script, folder: Path
) -> None:
    code = copied.module._session.code
    copied.unload()
    copied.load()
    kept = copied.module._session.code
    assert kept is code  # looked at again, it would count as what is loaded
    change(folder / "velora_core/app/windows_clipboard.py")
    assert not kept.is_current(str(folder))


def test_new_sentence__is_said(copied: Script, folder: Path) -> None:
    before = copied.description
    file = folder / "velora_core/messages/en/__init__.py"
    copied.unload()
    file.write_text(file.read_text("utf-8").replace("<b>Velora", "<b>New"), "utf-8")
    copied.load()
    assert copied.description == before.replace("<b>Velora", "<b>New") != before


def test_code_that_is_being_replaced__is_loaded_anew(copied: Script, folder: Path) -> None:
    before = sys.modules["velora_core.application"]
    copied.unload()
    (folder / "velora_hosts/streamlabs").rename(folder / "gone")
    importlib.invalidate_caches()
    copied.load()
    assert sys.modules["velora_core.application"] is not before


@pytest.mark.usefixtures("obs")
def test_sentences__while_a_thread_of_the_script_before_wants_more_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in sys.modules if name.startswith("velora_core.messages")]:
        del sys.modules[name]
    main = threading.current_thread()
    worker = threading.Thread(
        target=importlib.import_module, args=["velora_core.messages.en.stream"]
    )
    waiting = sys.modules["_frozen_importlib"]._blocking_on

    def create(_: ModuleSpec) -> None:
        """Stand at the only moment at which the package is locked and nobody can have it."""
        worker.start()  # it locks what is in the package, then wants the package
        wait_for(lambda: waiting.get(worker.ident))

    def find(name: str, path: Sequence[str] | None, _: object = None) -> ModuleSpec | None:
        if name != "velora_core.messages" or threading.current_thread() is not main:
            return None
        spec = PathFinder.find_spec(name, path)
        assert spec
        spec.loader.create_module = create  # type: ignore[union-attr,method-assign]
        return spec

    finder = type("Finder", (), {"find_spec": staticmethod(find)})
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    messages = importlib.import_module("velora_core.messages")
    assert messages.message("script.description")
    worker.join()
    assert "velora_core.messages.en.stream" in sys.modules
