"""What OBS calls while the script's modules are still being imported."""

from __future__ import annotations

import _thread
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.fake_obspython import Data, FakeObs, Source
from tests.unit.fakes import KEY, RTMP, FakeVelora, wait_for
from tests.unit.obs_script.script import ROOT, Script, rename

_LOAD = """
import _thread
import os
import sys

sys.path[:0] = [{root!r}, {fake!r}]
sys.path += {packages!r}
import obspython

_thread.start_new_thread = lambda *_: 0  # what it would import is not the UI thread's
before = set(sys.modules)
import velora_obs

velora_obs.script_path = lambda: {root!r} + "/"
velora_obs.script_description()
velora_obs.script_load(None)
velora_obs.script_update(None)
assert velora_obs._session
print(*sorted(set(sys.modules) - before))
"""
_THREADING = """
import sys
import time

sys.path[:0] = [{root!r}, {fake!r}]
sys.path += {packages!r}
import velora_obs

velora_obs.script_path = lambda: {root!r} + "/"
velora_obs.script_load(None)
assert "threading" not in sys.modules
ends = time.monotonic() + 30
while "threading" not in sys.modules and time.monotonic() < ends:
    time.sleep(0.01)
    velora_obs.{call}
import threading

print(threading.main_thread() is threading.current_thread())
print(type(threading.__loader__).__name__, threading.__spec__.loader is threading.__loader__)
velora_obs.script_unload()
"""
_FAKE = """
def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    return 0 if name.isupper() else lambda *_: ""
"""


class Held:
    """The thread that imports, which goes on when it is let."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.go = threading.Event()

    def sleep(self, _: float) -> None:
        self.began.set()
        assert self.go.wait(10)


@pytest.fixture
def held(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> Held:
    held = Held()
    monkeypatch.setattr("velora_hosts.obs_script.loading.time", held)
    return held


@pytest.fixture
def unready(obs: FakeObs, velora: FakeVelora, held: Held) -> Iterator[Script]:
    yield Script(obs, {"title": "Hello", "category": "music"}).load(ready=False)
    held.go.set()


@pytest.fixture
def source(sources: dict[str, Source]) -> Source:
    return sources["Count"]


def saves(script: Script) -> int:
    return script.obs.frontend.saves


def test_load__the_ui_thread_imports_next_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "obspython.py").write_text(_FAKE)
    packages = [path for path in sys.path if path.endswith("-packages")]
    code = _LOAD.format(root=str(ROOT), fake=str(tmp_path), packages=packages)
    assert run_alone(code, tmp_path) == [
        *("velora_core", "velora_core.messages", "velora_core.messages.en"),
        *("velora_hosts", "velora_hosts.obs_script"),
        *("velora_hosts.obs_script.hotkeys", "velora_hosts.obs_script.loading"),
    ]


@pytest.mark.parametrize("call", ["script_save(None)", "on_event(26)"])
def test_threading__knows_obs_main_thread(tmp_path: Path, call: str) -> None:
    (tmp_path / "obspython.py").write_text(_FAKE)
    packages = [path for path in sys.path if path.endswith("-packages")]
    code = _THREADING.format(root=str(ROOT), fake=str(tmp_path), packages=packages, call=call)
    assert run_alone(code, tmp_path) == ["True", "SourceFileLoader", "True"]


def run_alone(code: str, folder: Path) -> list[str]:
    """Return the words that a Python of its own prints, without `site`, which imports much."""
    command = [sys.executable, "-S", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    assert run.stderr == ""
    return run.stdout.split()


def test_turn__makes_the_session(unready: Script, held: Held) -> None:
    before = saves(unready)
    unready.call("script_save", unready.settings)
    assert not made(unready)
    held.go.set()
    wait_for(lambda: saves(unready) > before)
    unready.call("script_save", unready.settings)
    assert made(unready)


def test_turn__is_asked_for_again_while_obs_does_not_hear(
    unready: Script, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_hosts.obs_script.importing._WAKE_RETRY_DELAY", 0.01)
    held.go.set()
    wait_for(lambda: saves(unready) > 2)
    unready.call("script_save", unready.settings)
    assert made(unready)


def test_stream__that_starts_at_once_has_its_info(
    unready: Script, held: Held, velora: FakeVelora
) -> None:
    frontend = unready.obs.frontend
    frontend.service_kind, frontend.service = "rtmp_custom", Data({"server": RTMP, "key": KEY})
    held_open = threading.Timer(0.05, held.go.set)
    held_open.start()
    unready.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    wait_for(lambda: velora.named("update"))
    assert velora.named("update") == [{"title": "Hello", "category_slug": "music"}]
    held_open.join()


@pytest.mark.parametrize("event", ["FINISHED_LOADING", "SCENE_COLLECTION_CHANGED"])
def test_scenes__that_were_loaded_before_are_put_right(
    unready: Script, held: Held, source: Source, event: str
) -> None:
    unready.settings.values["covered_texts"] = json.dumps({"Count": ["soon", "4"]})
    source.settings.values["text"] = "4"
    unready.event(getattr(FakeObs, f"OBS_FRONTEND_EVENT_{event}"))
    assert not made(unready)
    hear(unready, held)
    assert source.settings.values["text"] == "soon"


def test_source__renamed_before_keeps_its_template(
    unready: Script, held: Held, source: Source
) -> None:
    unready.settings.values["text_templates"] = json.dumps({"Count": "{viewers}"})
    rename(unready, unready.obs.frontend.sources, "Count", "Viewers")
    hear(unready, held)
    unready.call("script_save", unready.settings)
    assert json.loads(unready.settings.values["text_templates"]) == {"Viewers": "{viewers}"}


def test_panel__opened_before_the_imports__is_computed_by_no_other_thread(
    unready: Script, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take Python from the UI thread, which draws it at that moment."""
    prepared: list[None] = []
    monkeypatch.setattr("velora_hosts.obs_script.script.prepare", lambda: prepared.append(None))
    assert held.began.wait(10)
    assert unready.panel()
    held.go.set()
    wait_for(lambda: unready.module._session.imported.is_set)
    assert not prepared


def test_hotkey__pressed_before_updates(unready: Script, held: Held, velora: FakeVelora) -> None:
    hotkey = unready.obs.frontend.hotkeys[0]
    assert hotkey
    hotkey[2](True)
    hear(unready, held)
    wait_for(lambda: unready.call("script_save", None) or velora.named("update"))
    assert velora.named("update") == [{"title": "Hello", "category_slug": "music"}]


def test_secret__in_the_settings_is_taken_out_at_once(unready: Script, held: Held) -> None:
    held.go.set()
    unready.type(access_token="test_secret")
    assert "access_token" not in unready.settings.values


@pytest.mark.parametrize("end", ["unload", "exit"])
def test_ended__before_there_is_a_session(unready: Script, held: Held, end: str) -> None:
    ended: dict[str, Callable[[], object]] = {
        "unload": unready.unload,
        "exit": lambda: unready.event(FakeObs.OBS_FRONTEND_EVENT_EXIT),
    }
    before = saves(unready)
    assert held.began.wait(10)  # or it would not be counted
    threads = _thread._count()  # without the one that follows
    loaded = unready.module._session
    closing = threading.Thread(target=lambda: go_on(held, when=lambda: loaded.closed))
    closing.start()
    ended[end]()
    closing.join()
    wait_for(lambda: _thread._count() < threads)
    unready.call("script_save", unready.settings)
    assert saves(unready) == before  # OBS may be gone
    assert end == "unload" or not made(unready)


def test_session_that_cannot_be_made__is_tried_once_and_leaves_nothing(
    unready: Script, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[None] = []

    def fail(*_: object) -> None:
        tried.append(None)
        raise ValueError("for once")

    before = saves(unready)
    held.go.set()
    wait_for(lambda: saves(unready) > before)
    with monkeypatch.context() as broken:
        broken.setattr("velora_hosts.obs_script.fields.Fields.open", fail)
        with pytest.raises(ValueError, match="for once"):  # OBS logs it
            unready.call("script_save", unready.settings)
        wait_for(lambda: "velora-worker" not in {thread.name for thread in threading.enumerate()})
        unready.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
        unready.call("script_update", unready.settings)
        unready.call("script_save", unready.settings)
        assert "reload this script" in unready.panel()[0].text
    assert tried == [None]
    unready.unload()
    assert "reload this script" not in unready.load().panel()[0].text


def go_on(held: Held, when: Callable[[], object]) -> None:
    wait_for(when)
    held.go.set()


def made(script: Script) -> bool:
    return bool(script.module._session.is_made)


def hear(script: Script, held: Held) -> None:
    """OBS calls for the turn that it is asked for."""
    before = saves(script)
    held.go.set()
    wait_for(lambda: saves(script) > before)
    script.call("script_save", script.settings)
