"""velora_obs.py against a fake obspython, loaded and reloaded the way OBS does it."""

from __future__ import annotations

import sys
import threading
from types import ModuleType
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fake_obspython import FakeObs, Source
from tests.unit.fakes import FakeVelora, wait_for
from tests.unit.obs_script.script import PACKAGES, Script


def test_load__shows_a_panel_with_the_names_that_stay(script: Script) -> None:
    props = script.panel()
    captions = {prop.text for prop in props}
    assert {
        "Configure Velora",
        "Update now",
        "Refresh",
        "Restore previous service",
        "Sign in with Velora",
        "Sign out",
    } <= captions
    for key in ("status", "title", "tags_entry", "protocol", "update_on_start", "access_token"):
        assert props.find(key), key
    assert script.settings.defaults == {
        "protocol": "rtmp",
        "update_on_start": True,
        "suit_encoder": False,
        "by_plugin": False,
        "redirect_port": 17653,
        "live_interval": 30,
        "stream_number": 1,
        "programs_live": False,
        "page_kept": False,
        "page_address": "",
        "program_token": "",
        "chat_address": "",
        "sign_in_address": "",
        "redirect_address": "http://localhost:17653/",
    }
    assert "<b>Velora for OBS</b>" in script.description
    protocol = props.find("protocol")
    assert protocol
    script.choose(props, "section", "setup")
    assert protocol.items == [("RTMP", "rtmp"), ("SRT", "srt"), ("WHIP", "whip")]


def test_going_live__sends_title_category_and_tags(script: Script, velora: FakeVelora) -> None:
    script.press(script.panel(), "configure")
    script.type(tags=[{"value": "one"}, {"value": "two"}])
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    script.obs.frontend.live = True
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTED)
    wait_for(lambda: velora.named("update"))
    assert velora.named("update") == [
        {"title": "Hello", "category_slug": "music", "tags": ("one", "two")}
    ]
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STOPPED)
    script.event(FakeObs.OBS_FRONTEND_EVENT_PROFILE_CHANGED)


def test_going_live__a_save_before_the_title_draws_no_state(
    script: Script, velora: FakeVelora, mocker: MockerFixture
) -> None:
    """OBS saves as it starts a stream, when the title waits for Python."""
    from velora_hosts.obs_script.fields import Fields

    script.press(script.panel(), "configure")
    script.call("script_save", script.settings)
    velora.block = on_its_way = threading.Event()  # the title
    write = mocker.spy(Fields, "write")
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    counts = []
    for _ in range(2):
        script.call("script_save", script.settings)
        counts.append(write.call_count)
    on_its_way.set()
    assert counts == [0, 1]


@pytest.mark.parametrize("when", ["before", "in", "after"])
def test_going_live__what_was_edited_elsewhere_is_saved_at_once(script: Script, when: str) -> None:
    """OBS may be killed in the stream, and would tell of the next letter with what was there."""
    script.press(script.panel(), "configure")
    script.call("script_save", script.settings)
    app = script.module._session.app
    edit = {"title": "Changed elsewhere"}
    if when == "before":  # by a turn that did not write
        app.edit(edit)
    elif when == "in":
        app.call_on_ui(lambda: app.edit(edit))
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    if when == "after":
        app.edit(edit)
    script.call("script_save", script.settings)
    assert script.settings.values["title"] == "Changed elsewhere"


def test_going_live__what_is_edited_elsewhere_meanwhile_outlasts_the_script(script: Script) -> None:
    script.press(script.panel(), "configure")
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    script.module._session.app.edit({"title": "Changed elsewhere"})
    script.unload()
    assert script.settings.values["title"] == "Changed elsewhere"


def test_event__asks_obs_once_for_profile_and_service(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.press(script.panel(), "configure")
    asked: list[str] = []
    for name in ("obs_frontend_get_current_profile", "obs_frontend_get_streaming_service"):
        original = getattr(script.obs, name)

        def ask(name: str = name, original: Any = original) -> Any:
            asked.append(name)
            return original()

        monkeypatch.setattr(script.obs, name, ask)
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert sorted(asked) == [
        "obs_frontend_get_current_profile",
        "obs_frontend_get_streaming_service",
    ]


def test_save__is_a_turn_of_the_ui_thread(script: Script) -> None:
    script.press(script.panel(), "configure")
    saves = script.obs.frontend.saves
    assert saves > 0
    script.call("script_save", script.settings)
    assert any("OBS will stream" in text for _, text in script.obs.frontend.log)
    assert all(level == FakeObs.LOG_INFO for level, _ in script.obs.frontend.log)


def test_event__is_handled_before_the_worker_begins_with_what_comes_of_it(
    script: Script, mocker: MockerFixture
) -> None:
    """It would take Python from OBS's UI thread in the middle of the event."""
    app, held = script.module._session.app, list[int]()
    mocker.patch.object(
        app, "scene_changed", side_effect=lambda: held.append(app._runtime.worker._gathering)
    )
    script.event(FakeObs.OBS_FRONTEND_EVENT_SCENE_CHANGED)
    assert held == [1]
    assert not app._runtime.worker._gathering


def test_exit__ends_the_worker(script: Script) -> None:
    script.event(FakeObs.OBS_FRONTEND_EVENT_EXIT)
    wait_for(
        lambda: not any(thread.name.startswith("velora") for thread in threading.enumerate()),
        "the threads to end",
    )
    script.unload()


def test_reload__keeps_the_code_and_the_fields(script: Script, velora: FakeVelora) -> None:
    before = dict(sys.modules)
    script.unload()
    assert getattr(script.obs, "_velora_session", None) is None
    script.load()
    names = [name for name in before if name.split(".")[0] in PACKAGES[:2]]
    assert "velora_core.application" in names
    assert [name for name in names if sys.modules[name] is not before[name]] == []
    title = script.settings.values["title"]
    assert title == "Hello"
    assert script.panel().find("configure")


def test_reload_of_other_code__while_another_thread_imports(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Name(str):
        """Of a module; while it is looked at, another one comes."""

        def split(self, *arguments: Any) -> list[str]:
            monkeypatch.setitem(sys.modules, "imported_meanwhile", ModuleType("meanwhile"))
            return super().split(*arguments)

    monkeypatch.setitem(sys.modules, Name("imported_before"), ModuleType("before"))
    before = sys.modules["velora_core.application"]
    loaded = sys.modules["velora_hosts.obs_script.loaded_code"]
    script.module._session.code = loaded.LoadedCode()
    script.unload()
    monkeypatch.setattr("os.path.samefile", lambda *_: False)
    script.load()
    assert script.panel().find("configure")
    assert sys.modules["velora_core.application"] is not before
    assert "imported_meanwhile" in sys.modules


PENDING = {"title": "x", "category": "", "tags": []}


def handed_on(script: Script) -> str | None:
    """The title that the stream is still to have, whether it has been taken up by now or not."""
    updater = script.module._session.app.features.stream_info
    if updater._handed_over is not None:
        return str(updater._handed_over["title"])
    return updater._latest.settings.title if updater._latest else None


@pytest.mark.parametrize(("frames_then", "title"), [(120, "x"), (3, None)])
def test_pending_update__is_handed_to_the_next_copy_in_the_same_stream(
    script: Script, obs: FakeObs, mocker: MockerFixture, frames_then: int, title: str | None
) -> None:
    frontend = obs.frontend
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    frontend.live, frontend.frames = True, 100
    mocker.patch.object(type(script.module._session.app), "pending_update", PENDING)
    script.unload()
    assert obs._velora_unsent[0] == PENDING
    frontend.frames = frames_then
    script.load()
    assert handed_on(script) == title
    assert obs._velora_unsent is None


def test_pending_update__is_handed_on_while_the_stream_connects(
    script: Script, obs: FakeObs, mocker: MockerFixture
) -> None:
    obs.frontend.frames = 100  # of the last stream: OBS begins to count anew once it is connected
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    mocker.patch.object(type(script.module._session.app), "pending_update", PENDING)
    script.unload()
    obs.frontend.live, obs.frontend.frames = True, 3
    script.load()
    assert handed_on(script) == "x"


BUTTONS = (
    "configure",
    "update_now",
    "refresh",
    "restore",
    "sign_in",
    "sign_out",
    "regenerate",
    "regenerate_yes",
    "regenerate_no",
)


def test_buttons_of_a_script_that_is_gone__do_nothing(script: Script) -> None:
    props = script.panel()
    script.unload()
    for button in BUTTONS:
        found = props.find(button)
        assert found
        assert found.callback(props, found) is False
    port = props.find("redirect_port")
    assert port
    assert port.modified(props, port, script.settings) is False
    script.call("on_event", FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    script.call("script_save", script.settings)
    script.call("script_update", script.settings)
    assert "reload this script" in script.panel()[0].text
    script.unload()
    script.load()


def test_unload__leaves_no_thread_and_nothing_of_ours(script: Script, obs: FakeObs) -> None:
    script.press(script.panel(), "configure")
    before = obs.frontend.saves, len(obs.frontend.log)
    script.unload()
    wait_for(lambda: not any(thread.name.startswith("velora") for thread in threading.enumerate()))
    assert (obs.frontend.saves, len(obs.frontend.log)) == before
    assert obs.references == 0


def test_other_events__change_nothing(script: Script, velora: FakeVelora) -> None:
    script.press(script.panel(), "configure")
    for number in range(50):
        if number not in (0, 1, 3, 14, 17):
            script.event(number)
    assert "previous service" in script.press(script.panel(), "restore")
    assert {name for name, _ in velora.calls} <= {"setup", "categories"}


@pytest.mark.parametrize(("scene", "title"), [("Café", "Live in Café"), (None, "Live in")])
def test_title__names_the_scene(
    obs: FakeObs, velora: FakeVelora, scene: str | None, title: str
) -> None:
    obs.frontend.scene = Source(scene, "scene") if scene else None
    script = Script(obs, {"title": "Live in {scene}"}).load()
    props = script.panel()
    before = obs.references
    script.press(props, "update_now")
    assert velora.named("update") == [{"title": title}]
    assert obs.references == before
