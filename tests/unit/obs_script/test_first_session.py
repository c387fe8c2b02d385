"""What OBS's UI thread does while the session is made: as little as it can, and counted."""

from __future__ import annotations

import builtins
import threading
from collections.abc import Callable
from importlib.util import resolve_name
from typing import Any

import pytest

from tests.unit.fake_obspython import FakeObs
from tests.unit.fakes import FakeVelora, wait_for
from tests.unit.obs_script.script import Script
from velora_core.panel.elements import Panel

_ALWAYS = {"sys", "time"}  # which are a part of Python itself


@pytest.fixture
def unmade(obs: FakeObs, velora: FakeVelora, imports: dict[int, set[str]]) -> Script:
    """All modules are there, and nothing is made of them yet."""
    script = Script(obs, {"title": "Hello", "category": "music"})
    script.load(ready=False)
    wait_for(lambda: obs.frontend.saves > 0)
    return script


@pytest.fixture
def makers(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The threads that make an application, each time."""
    from velora_core.application import Application

    found: list[int] = []
    original = Application.__init__

    def record(*arguments: Any, **named: Any) -> None:
        found.append(threading.get_ident())
        original(*arguments, **named)

    monkeypatch.setattr(Application, "__init__", record)
    return found


@pytest.fixture
def called(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> dict[int, set[str]]:
    """The functions of OBS that are called, by thread."""
    found: dict[int, set[str]] = {}

    def recorded(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            found.setdefault(threading.get_ident(), set()).add(name)
            return original(*arguments)

        return call

    for name in dir(type(obs)):
        if name.startswith(("obs_", "signal_", "config_", "calldata_")):
            monkeypatch.setattr(obs, name, recorded(name, getattr(obs, name)))
    return found


@pytest.fixture
def imports(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> dict[int, set[str]]:
    """The modules of the import statements that are carried out, by thread."""
    found: dict[int, set[str]] = {}
    original: Callable[..., Any] = builtins.__import__

    def record(name: str, within: Any = None, *arguments: Any, **named: Any) -> Any:
        level = arguments[2] if len(arguments) > 2 else 0
        whole = resolve_name("." * level + name, within["__package__"]) if level else name
        found.setdefault(threading.get_ident(), set()).add(whole)
        return original(name, within, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", record)
    return found


def test_session__is_made_by_the_thread_that_imports(makers: list[int], unmade: Script) -> None:
    unmade.event(FakeObs.OBS_FRONTEND_EVENT_FINISHED_LOADING)
    assert unmade.module._session.is_made
    assert len(makers) == 1
    assert threading.get_ident() not in makers


def test_session__that_is_wanted_at_once_is_made_once(
    makers: list[int], obs: FakeObs, velora: FakeVelora
) -> None:
    script = Script(obs, {"title": "Hello"}).load(ready=False)
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert script.module._session.is_made
    wait_for(lambda: script.module._session.imported.is_set)
    assert len(makers) == 1


def test_session__is_made_with_nothing_of_obs_that_another_thread_may_change(
    called: dict[int, set[str]], unmade: Script
) -> None:
    """OBS's settings are no two threads' at once."""
    here = threading.get_ident()
    assert unmade.module._session.made
    elsewhere = {name for thread, names in called.items() if thread != here for name in names}
    assert elsewhere == {
        "obs_frontend_save",
        "obs_output_get_display_name",
        "obs_service_get_display_name",
    }


@pytest.mark.parametrize("end", ["unload", "exit"])
def test_session__that_nobody_has_asked_for_ends_with_the_script(unmade: Script, end: str) -> None:
    made = unmade.module._session.made
    if end == "exit":
        unmade.event(FakeObs.OBS_FRONTEND_EVENT_EXIT)
    unmade.unload()
    assert made.app._runtime.closed
    wait_for(lambda: not made.app._runtime.worker.alive)


def test_session__is_made_of_what_another_thread_has_imported(
    unmade: Script, imports: dict[int, set[str]]
) -> None:
    here = threading.get_ident()
    elsewhere = {name for thread, names in imports.items() if thread != here for name in names}
    imports.pop(here)
    unmade.event(FakeObs.OBS_FRONTEND_EVENT_FINISHED_LOADING)
    assert unmade.module._session.is_made
    assert imports.get(here, set()) - elsewhere - _ALWAYS == set()


@pytest.mark.parametrize("call", ["save", "event"])
def test_session__takes_no_panel(
    unmade: Script, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The fields are read by one that another thread has made, and written when more is known."""
    from velora_core.panel.build import build_panel

    built: list[None] = []

    def build(*arguments: Any) -> Any:
        built.append(None)
        return build_panel(*arguments)

    monkeypatch.setattr("velora_core.panel.last.build_panel", build)
    if call == "save":
        unmade.call("script_save", unmade.settings)
    else:
        unmade.event(FakeObs.OBS_FRONTEND_EVENT_FINISHED_LOADING)
    assert unmade.module._session.is_made
    assert built == []


def test_session__is_made_before_the_worker_begins(
    unmade: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take Python from the UI thread for each module that it imports."""
    from velora_hosts.obs_script.fields import Fields

    held: list[int] = []
    original = Fields.open

    def open_fields(fields: Fields, defaults: Panel) -> None:
        held.append(fields.app._runtime.worker._gathering)
        original(fields, defaults)

    monkeypatch.setattr(Fields, "open", open_fields)
    unmade.event(FakeObs.OBS_FRONTEND_EVENT_FINISHED_LOADING)
    assert held == [1]
    assert not unmade.module._session.app._runtime.worker._gathering


def test_session__finds_done_what_takes_longest_the_first_time(unmade: Script) -> None:
    from velora_core.app import local_time
    from velora_hosts.obs_script import profile

    assert profile._functions
    assert local_time._c_library.cache_info().currsize == 1
