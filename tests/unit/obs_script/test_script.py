"""velora_obs.py against a fake obspython, loaded and reloaded the way OBS does it."""

from __future__ import annotations

import importlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

import velora_core.api.client  # noqa: F401 - so that it is among the modules that are put back
from tests.unit.fake_obspython import Data, Encoder, FakeObs, Properties, Source
from tests.unit.fakes import KEY, NEW_KEY, RTMP, TOKEN, FakeVelora, wait_for
from velora_core.api.models import Category, StreamInfo
from velora_core.app.live_status import LiveStatus, Viewers
from velora_core.errors import Cancelled, TimedOut
from velora_core.host.destination import Destination
from velora_core.secret import Secret

ROOT = Path(__file__).parents[3]
PACKAGES = ("velora_core", "velora_hosts", "velora_obs")


class Script:
    """One copy of the script, as OBS holds it."""

    def __init__(self, obs: FakeObs, settings: dict[str, Any], path: str = "/scripts/") -> None:
        self.obs = obs
        self.settings = Data(settings)
        self.path = path
        self.module: Any = None

    def load(self, *, ready: bool = True) -> Script:
        """With `ready` it comes back when OBS has been called for the turn that it was asked for,
        else while the script's modules are still being imported."""
        if self.module is None:
            self.module = importlib.import_module("velora_obs")
        else:
            self.module = importlib.reload(self.module)
        self.module.script_path = lambda: self.path
        self.description = self.call("script_description")
        saves = self.obs.frontend.saves
        self.call("script_load", self.settings)
        self.call("script_update", self.settings)
        if ready and self.module._session:
            wait_for(lambda: self.obs.frontend.saves > saves)  # all of it is imported
            self.call("script_save", self.settings)
        return self

    def unload(self) -> None:
        self.call("script_unload")
        self.obs.frontend.callbacks.clear()

    def call(self, name: str, *arguments: Any) -> Any:
        return getattr(self.module, name)(*arguments)

    def panel(self) -> Properties:
        properties: Properties = self.call("script_properties")
        return properties

    def press(self, props: Properties, button: str) -> str:
        found = props.find(button)
        assert found
        assert found.callback(props, found) is True
        status = props.find("status")
        assert status
        return status.text

    def type(self, **fields: Any) -> None:
        self.settings.values.update(fields)
        self.call("script_update", self.settings)

    def event(self, number: int) -> None:
        for callback in self.obs.frontend.callbacks:
            callback(number)


@pytest.fixture
def obs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeObs]:
    fake = FakeObs()
    kept = {name: module for name, module in sys.modules.items() if name.split(".")[0] in PACKAGES}
    monkeypatch.setitem(sys.modules, "obspython", fake)
    monkeypatch.setattr("ctypes.PyDLL", lambda _: fake.library)
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("VELORA_ACCESS_TOKEN", TOKEN)
    # Reloading brings the real client back; nothing listens there.
    monkeypatch.setenv("VELORA_API_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    # The script drops velora_core when it is imported; the fakes belong to the one that is there.
    monkeypatch.setattr(fake, "_velora_session", object(), raising=False)
    for name in [name for name in sys.modules if name.split(".")[0] in PACKAGES[1:]]:
        del sys.modules[name]
    importlib.import_module("velora_obs")
    setattr(fake, "_velora_session", None)  # noqa: B010 - the slot of the copy that works
    yield fake
    session = getattr(fake, "_velora_session", None)
    if session:
        session.app.close()
    # First the threads: what one still imports would end up in the modules that come back.
    deadline = time.monotonic() + 5
    while any(one.name.startswith("velora") for one in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    assert fake.references == 0
    for name in [name for name in sys.modules if name.split(".")[0] in PACKAGES]:
        del sys.modules[name]
    sys.modules.update(kept)


@pytest.fixture
def script(obs: FakeObs, velora: FakeVelora) -> Script:
    return Script(obs, {"title": "Hello", "category": "music"}).load()


def test_load__shows_a_panel_with_the_names_that_stay(script: Script) -> None:
    props = script.panel()
    captions = {one.text for group in props if group.content for one in group.content}
    assert {
        "Configure Velora",
        "Update now",
        "Refresh",
        "Restore previous service",
        "Sign in with Velora",
        "Sign out",
    } <= captions
    for key in ("status", "title", "tags", "protocol", "update_on_start", "access_token"):
        assert props.find(key), key
    assert script.settings.defaults == {
        "protocol": "rtmp",
        "update_on_start": True,
        "suit_encoder": False,
        "redirect_port": 17653,
        "live_interval": 30,
        "stream_number": 1,
        "sign_in_address": "",
        "redirect_address": "http://localhost:17653/",
    }
    assert "<b>Velora for OBS</b>" in script.description
    protocol = props.find("protocol")
    assert protocol
    assert protocol.items == [("RTMP", "rtmp"), ("SRT", "srt"), ("WHIP", "whip")]


def test_every_control__has_help_or_explains_itself(script: Script) -> None:
    for group in script.panel():
        for one in group.content or []:
            speaks = one.kind in ("text 3", "bool") or not one.visible
            assert one.help or speaks, one.name


def test_configure__through_the_panel(script: Script) -> None:
    status = script.press(script.panel(), "configure")
    assert status == f"OBS will stream to {RTMP} with key ••••z789."
    frontend = script.obs.frontend
    assert frontend.service_kind == "rtmp_custom"
    assert frontend.service.values["key"] == KEY
    assert frontend.saved_services == 1
    assert frontend.config_saves == 0


def test_whip__sets_the_audio_encoder_in_the_profile(script: Script) -> None:
    script.type(protocol="whip")
    script.press(script.panel(), "configure")
    frontend = script.obs.frontend
    assert frontend.service_kind == "whip_custom"
    assert frontend.config["SimpleOutput", "StreamAudioEncoder"] == "opus"
    assert frontend.config_saves == 1


def test_restore__shows_only_when_there_is_something(script: Script) -> None:
    props = script.panel()
    restore = props.find("restore")
    assert restore
    assert not restore.visible
    script.press(props, "configure")
    assert restore.visible
    assert "previous service" in script.press(props, "restore")
    assert script.obs.frontend.service.values["key"] == "live_test_other"


def test_obs_29__has_no_audio_encoders_to_set(script: Script, mocker: MockerFixture) -> None:
    mocker.patch.object(
        FakeObs, "config_get_string", new_callable=mocker.PropertyMock
    ).side_effect = AttributeError
    assert "OBS will stream" in script.press(script.panel(), "configure")


@pytest.mark.parametrize("field", ["access_token", "client_id", "client_secret"])
def test_secret_fields__are_emptied_at_once(script: Script, field: str) -> None:
    for text in ("t", "te", "test_secret"):
        script.type(**{field: text})
        assert field not in script.settings.values
    script.call("script_save", script.settings)
    assert "test_secret" not in str(script.settings.values)


def test_secret_fields__of_a_scene_collection_are_taken_out(
    obs: FakeObs, velora: FakeVelora
) -> None:
    script = Script(obs, {"access_token": "test_access_from_a_file"}).load()
    assert "access_token" not in script.settings.values


def test_category__is_shown_by_name_and_kept_as_slug(script: Script) -> None:
    props = script.panel()
    script.press(props, "refresh")
    assert script.settings.values["category_entry"] == "Music"
    category = props.find("category_entry")
    assert category
    assert ("Just Chatting", "Just Chatting") in category.items
    script.type(category_entry="just chatting")
    assert script.settings.values["category"] == "just-chatting"
    script.type(category_entry="something else")
    assert script.settings.values["category"] == "something else"
    script.type(category_entry="")
    assert script.settings.values["category"] == ""


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


def test_save__is_a_turn_of_the_ui_thread(script: Script) -> None:
    script.press(script.panel(), "configure")
    saves = script.obs.frontend.saves
    assert saves > 0
    script.call("script_save", script.settings)
    assert any("OBS will stream" in text for _, text in script.obs.frontend.log)
    assert all(level == FakeObs.LOG_INFO for level, _ in script.obs.frontend.log)


def test_exit__ends_the_worker(script: Script) -> None:
    script.event(FakeObs.OBS_FRONTEND_EVENT_EXIT)
    wait_for(
        lambda: not any(one.name.startswith("velora") for one in threading.enumerate()),
        "the threads to end",
    )
    script.unload()


def test_reload__takes_new_code_and_keeps_the_fields(script: Script, velora: FakeVelora) -> None:
    names = ("velora_core.application", "velora_hosts.obs_script.host")
    before = [sys.modules[name] for name in names]
    script.unload()
    assert getattr(script.obs, "_velora_session", None) is None
    script.load()
    assert not any(sys.modules[name] in before for name in names)
    title = script.settings.values["title"]
    assert title == "Hello"
    assert script.panel().find("configure")


@pytest.mark.parametrize(("frames_then", "is_sent"), [(120, True), (3, False)])
def test_unsent__is_handed_to_the_next_copy_in_the_same_stream(
    script: Script, obs: FakeObs, mocker: MockerFixture, frames_then: int, is_sent: bool
) -> None:
    frontend = obs.frontend
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    frontend.live, frontend.frames = True, 100
    mocker.patch.object(type(script.module._session.app), "pending_update", {"title": "x"})
    script.unload()
    assert obs._velora_unsent[0] == {"title": "x"}
    frontend.frames = frames_then
    script.load()
    session = script.module._session
    assert session.app._live._unsent == ({"title": "x"} if is_sent else None)
    assert obs._velora_unsent is None


def test_unsent__is_handed_on_while_the_stream_connects(
    script: Script, obs: FakeObs, mocker: MockerFixture
) -> None:
    obs.frontend.frames = 100  # of the last stream: OBS begins to count anew once it is connected
    script.event(FakeObs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    mocker.patch.object(type(script.module._session.app), "pending_update", {"title": "x"})
    script.unload()
    obs.frontend.live, obs.frontend.frames = True, 3
    script.load()
    assert script.module._session.app._live._unsent == {"title": "x"}


def test_second_copy__steps_aside(script: Script, obs: FakeObs) -> None:
    second = Script(obs, {"title": "Second"}, path="/other/").load()
    assert second.module is not script.module
    props = second.panel()
    assert [one.name for one in props] == ["status"]
    assert "already loaded from /scripts/" in props[0].text
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


def test_missing_dependency__is_one_sentence(obs: FakeObs, mocker: MockerFixture) -> None:
    real = importlib.util.find_spec
    mocker.patch(
        "importlib.util.find_spec",
        side_effect=lambda name: None if name == "oauthlib" else real(name),
    )
    script = Script(obs, {}).load()
    status = script.panel()[0]
    assert "needs the Python package “oauthlib”" in status.text
    assert "pip install --target" in status.text
    assert status.info == FakeObs.OBS_TEXT_INFO_ERROR
    assert len([one for one in obs.frontend.log if one[0] == FakeObs.LOG_WARNING]) == 1
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
    obs: FakeObs, mocker: MockerFixture, package: str
) -> None:
    real = importlib.util.find_spec
    mocker.patch(
        "importlib.util.find_spec", side_effect=lambda name: None if name == package else real(name)
    )
    assert f"put the folder {package} beside" in Script(obs, {}).load().panel()[0].text


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
    wait_for(lambda: not any(one.name.startswith("velora") for one in threading.enumerate()))
    assert (obs.frontend.saves, len(obs.frontend.log)) == before
    assert obs.references == 0


def test_new_key__takes_two_presses(script: Script, velora: FakeVelora) -> None:
    props = script.panel()
    first, yes, no = (props.find(f"regenerate{name}") for name in ("", "_yes", "_no"))
    assert first
    assert yes
    assert no
    script.press(props, "configure")
    assert (first.visible, yes.visible, no.visible) == (True, False, False)
    assert "will stop working immediately" in script.press(props, "regenerate")
    assert (first.visible, yes.visible, no.visible) == (False, True, True)
    assert "stays as it is" in script.press(props, "regenerate_no")
    assert velora.named("regenerate") == []
    script.press(props, "regenerate")
    assert "new key ••••new9" in script.press(props, "regenerate_yes")
    assert script.obs.frontend.service.values["key"] == NEW_KEY
    assert (first.visible, yes.visible, no.visible) == (True, False, False)


def test_new_key__is_forgotten_when_the_panel_opens_anew(script: Script) -> None:
    script.press(script.panel(), "regenerate")
    yes = script.panel().find("regenerate_yes")
    assert yes
    assert not yes.visible


def test_other_events__change_nothing(script: Script, velora: FakeVelora) -> None:
    script.press(script.panel(), "configure")
    for number in range(50):
        if number not in (0, 1, 3, 14, 17):
            script.event(number)
    assert "previous service" in script.press(script.panel(), "restore")
    assert {name for name, _ in velora.calls} <= {"setup", "categories"}


def test_whip_and_back__leaves_an_encoder_alone_that_was_never_set(script: Script) -> None:
    props = script.panel()
    for protocol in ("whip", "rtmp"):
        script.type(protocol=protocol)
        script.press(props, "configure")
    frontend = script.obs.frontend
    assert frontend.config["SimpleOutput", "StreamAudioEncoder"] == "aac"
    assert frontend.config_saves == 2
    script.press(props, "configure")
    assert frontend.config_saves == 2


def test_token_field__of_use_without_one(
    obs: FakeObs, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VELORA_ACCESS_TOKEN")
    script = Script(obs, {}).load()
    props = script.panel()
    field, sign_out = props.find("access_token"), props.find("sign_out")
    assert field
    assert sign_out
    assert field.enabled
    assert not sign_out.visible
    script.type(access_token=TOKEN)
    assert "OBS will stream" in script.press(props, "configure")
    assert sign_out.visible


def test_status__shows_how_it_is_meant(script: Script, velora: FakeVelora) -> None:
    props = script.panel()
    status = props.find("status")
    assert status
    for error, kind in (
        (None, FakeObs.OBS_TEXT_INFO_NORMAL),
        (TimedOut(), FakeObs.OBS_TEXT_INFO_ERROR),
        (Cancelled(), FakeObs.OBS_TEXT_INFO_WARNING),
    ):
        if error:
            velora.failures["info"].append(error)
        script.press(props, "refresh")
        assert status.info == kind


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
        assert [one for one in sys.path if one][-1] == str(library)
        script.unload()


def test_sign_in_fields__show_the_address_to_register(script: Script) -> None:
    props = script.panel()
    assert script.settings.get("redirect_address", "") == "http://localhost:17653/"
    script.settings.values["redirect_port"] = 5000
    port = props.find("redirect_port")
    assert port
    assert port.modified(props, port, Data()) is False  # "Reload" hands over empty settings
    assert script.settings.get("redirect_address", "") == "http://localhost:5000/"
    script.type(title="Kept")
    port.modified(props, port, Data())
    assert script.module._session.app.settings.title == "Kept"


def test_sign_in_address__is_shown_while_it_waits_and_never_saved(
    script: Script, mocker: MockerFixture
) -> None:
    address = mocker.patch(
        "velora_core.features.sign_in.SignIn.address",
        new_callable=mocker.PropertyMock,
        return_value="https://velora.test/oauth/authorize?state=test_state",
    )
    props = script.panel()
    group = props.find("group_browser")
    assert group
    assert group.visible
    script.settings.values["sign_in_address"] = "typed in"
    script.press(props, "keep_key" if props.find("keep_key") else "check")
    assert script.settings.get("sign_in_address", "") == address.return_value
    script.module.script_save(script.settings)
    assert "test_state" not in json.dumps(script.settings.values)
    address.return_value = ""
    script.module.script_save(script.settings)
    assert script.settings.get("sign_in_address", "") == ""
    script.press(props, "check")
    assert not group.visible


# -- the title's count ------------------------------------------------------------------------


class Typing:
    """Keys in the field for the title, as OBS tells of them."""

    def __init__(self, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
        self.script, self.props, self.now = script, script.panel(), 100.0
        monkeypatch.setattr("velora_hosts.obs_script.panel.time", self)

    def monotonic(self) -> float:
        return self.now

    def key(self, title: str, *, after: float = 1.0) -> bool:
        """Return whether the view is to be built anew."""
        self.now += after
        field = self.props.find("title")
        assert field
        self.script.type(title=title)
        return bool(field.modified(self.props, field, Data()))

    @property
    def count(self) -> tuple[str, bool]:
        line = self.props.find("title_count")
        assert line
        return line.text, line.visible


@pytest.fixture
def typing(script: Script, monkeypatch: pytest.MonkeyPatch) -> Typing:
    script.type(title="")
    return Typing(script, monkeypatch)


def test_count__follows_what_is_typed(typing: Typing) -> None:
    assert not typing.count[1]
    assert typing.key("H")
    assert typing.count == ("1/140", True)
    assert typing.key("Hello")
    assert typing.key("Hell")
    assert typing.count == ("4/140", True)
    assert typing.key("")
    assert not typing.count[1]


def test_count__too_long__is_a_warning(typing: Typing, script: Script) -> None:
    typing.key("x" * 140)
    line = typing.props.find("title_count")
    assert line
    assert line.info == script.obs.OBS_TEXT_INFO_NORMAL
    typing.key("x" * 152)
    assert line.info == script.obs.OBS_TEXT_INFO_ERROR
    assert line.text == "152/140: 12 too many, Velora will not accept it"


def test_count__two_letters_in_a_rush__one_rebuild(typing: Typing) -> None:
    assert typing.key("H")
    assert not typing.key("He", after=0.001)
    assert typing.key("Hel", after=0.06)


def test_count__in_the_middle_of_a_text__leaves_the_cursor_alone(typing: Typing) -> None:
    typing.key("Hello")
    assert not typing.key("HXello")
    assert typing.key("Ho")  # a part was cut out


def test_count__many_categories__no_rebuild_while_typing(typing: Typing, script: Script) -> None:
    app = script.module._session.app
    many = tuple(Category(f"music-{number}", f"Music {number}") for number in range(301))
    wait_for(lambda: app.state.categories)  # those that the opened panel has asked for
    app._runtime.change(categories=many)
    assert not typing.key("Hello")


def test_count__after_unloading__does_nothing(typing: Typing, script: Script) -> None:
    script.unload()
    field = typing.props.find("title")
    assert field
    assert script.call("on_modified", typing.props, field, Data()) is False


# -- how a stream ended -----------------------------------------------------------------------


@pytest.mark.parametrize("signal_first", [True, False])
@pytest.mark.parametrize(
    ("code", "sentence"),
    [(-3, "Press Start"), (-2, "Press Start"), (0, "Your stream key had")],
)
def test_stop_code__reaches_the_application_in_any_order(
    script: Script, velora: FakeVelora, code: int, sentence: str, signal_first: bool
) -> None:
    script.press(script.panel(), "configure")
    velora.regenerate_stream_key()
    obs, frontend = script.obs, script.obs.frontend
    for _ in range(2):
        script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert len(frontend.on_stop) == 1

    def signal() -> None:
        thread = threading.Thread(target=frontend.on_stop[0], args=({"code": code},))
        thread.start()
        thread.join()

    if signal_first:
        signal()
        script.call("script_save", None)
    script.event(obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED)
    if not signal_first:
        signal()
    wait_for(lambda: script.call("script_save", None) or frontend.service.values["key"] == NEW_KEY)
    status = script.module._session.app.state.status
    assert sentence in status.splitlines()[-1]


def test_no_output__the_stream_starts_all_the_same(script: Script) -> None:
    script.obs.frontend.has_output = False
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert script.obs.frontend.on_stop == []
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED)


def test_stop_after_unloading__does_nothing(script: Script) -> None:
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    script.unload()
    script.obs.frontend.on_stop[0]({"code": -3})


@pytest.mark.parametrize(
    ("mode", "simple", "advanced", "codecs", "present", "wanted", "track"),
    [
        ("Simple", "opus", "ffmpeg_opus", "opus", "CoreAudio_AAC", "ffmpeg_opus", 0),
        ("Advanced", "opus", "ffmpeg_opus", "opus", "ffmpeg_aac", "ffmpeg_opus", 2),
        ("Advanced", "aac", "CoreAudio_AAC", "aac", "ffmpeg_opus", "CoreAudio_AAC", 2),
        ("Simple", "aac", "CoreAudio_AAC", "aac", "ffmpeg_opus", "ffmpeg_aac", 0),
        ("Simple", "aac", "ffmpeg_aac", "aac;opus", "ffmpeg_opus", "ffmpeg_aac", 0),
        ("Simple", "opus", "ffmpeg_opus", "aac", "ffmpeg_opus", "ffmpeg_aac", 0),
    ],
)
def test_audio_encoder_of_before__is_replaced_for_the_stream(
    script: Script,
    mode: str,
    simple: str,
    advanced: str,
    codecs: str,
    present: str,
    wanted: str,
    track: int,
) -> None:
    frontend = script.obs.frontend
    frontend.config = {
        ("Output", "Mode"): mode,
        ("SimpleOutput", "StreamAudioEncoder"): simple,
        ("AdvOut", "AudioEncoder"): advanced,
        ("AdvOut", "TrackIndex"): "3",
    }
    for _ in range(2):  # OBS hands out its own encoder at each start
        frontend.audio_codecs, frontend.audio_encoder = codecs, Encoder(present, 128)
        script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
        made = frontend.audio_encoder
        assert (made.kind, made.track, made.has_audio) == (wanted, track, True)
        assert made.settings.values == {"bitrate": 128}
    script.unload()


@pytest.mark.parametrize("codecs", ["aac", "aac;opus", "", None])
def test_audio_encoder_that_fits__stays(script: Script, codecs: str | None) -> None:
    frontend = script.obs.frontend
    frontend.audio_codecs, before = codecs, frontend.audio_encoder
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert frontend.audio_encoder is before


def test_audio_encoder_that_obs_lacks__the_old_one_stays(script: Script) -> None:
    frontend = script.obs.frontend
    frontend.audio_codecs, before = "vorbis", frontend.audio_encoder
    script.event(script.obs.OBS_FRONTEND_EVENT_STREAMING_STARTING)
    assert frontend.audio_encoder is before


# -- text sources -----------------------------------------------------------------------------


@pytest.fixture
def sources(obs: FakeObs) -> dict[str, Source]:
    found = {
        "Count": Source("Count", "text_ft2_source", text="soon"),
        "Banner": Source("Banner", "text_gdiplus", text="mine"),
        "Camera": Source("Camera", "v4l2_input"),
    }
    obs.frontend.sources = found
    return found


def choose_source(script: Script, props: Properties, name: str) -> None:
    combo = props.find("text_source")
    assert combo
    script.settings.values["text_source"] = name
    assert combo.modified(props, combo, Data()) is True
    script.type()


def test_text_sources__only_those_are_offered(script: Script, sources: dict[str, Source]) -> None:
    combo = script.panel().find("text_source")
    assert combo
    assert combo.items == [("(none)", ""), ("Banner", "Banner"), ("Count", "Count")]


def test_template__belongs_to_its_source(script: Script, sources: dict[str, Source]) -> None:
    props = script.panel()
    field = props.find("text_template")
    assert field
    assert not field.visible
    choose_source(script, props, "Count")
    assert field.visible
    script.type(text_template="{viewers}")
    choose_source(script, props, "Banner")
    assert script.settings.values["text_template"] == ""
    script.type(text_template="{title}")
    choose_source(script, props, "Count")
    assert script.settings.values["text_template"] == "{viewers}"
    app = script.module._session.app
    assert app.settings.texts == {"Count": "{viewers}", "Banner": "{title}"}
    script.type(text_template="")
    assert app.settings.texts == {"Banner": "{title}"}


def test_templates__survive_a_reload(script: Script, sources: dict[str, Source]) -> None:
    choose_source(script, script.panel(), "Count")
    script.type(text_template="{viewers}")
    script.unload()
    script.load()
    app = script.module._session.app
    assert app.settings.texts == {"Count": "{viewers}"}
    assert script.settings.values["text_template"] == "{viewers}"


def test_host__writes_and_gives_back(script: Script, sources: dict[str, Source]) -> None:
    from velora_core.host.host import ReplacedText

    host = script.module._session.host
    assert host.text("Count") == "soon"
    assert host.text("Camera") is None
    assert host.text("Nothing") is None
    host.set_text("Count", "4")
    host.set_text("Camera", "4")
    host.set_text("Nothing", "4")
    assert sources["Count"].settings.values["text"] == "4"
    assert sources["Camera"].updates == 0
    host.save_replaced_texts({"Count": ReplacedText("soon", "4")})
    assert host.covered() == {"Count": ReplacedText("soon", "4")}


@pytest.mark.parametrize(
    "damaged", ["", "[", "[]", "null", '{"Count": 1}', '{"Count": ["a"]}', '{"Count": ["a", 1]}']
)
def test_damaged_settings__count_as_none(script: Script, damaged: str) -> None:
    script.settings.values.update(covered_texts=damaged, text_templates=damaged)
    assert script.module._session.host.covered() == {}
    script.type()
    assert script.module._session.app.settings.texts == {}


def test_text_source__added_later__is_offered_after_any_press(
    script: Script, sources: dict[str, Source]
) -> None:
    props = script.panel()
    sources["Late"] = Source("Late", "text_ft2_source", text="")
    script.press(props, "refresh")
    combo = props.find("text_source")
    assert combo
    assert ("Late", "Late") in combo.items


def rename(script: Script, sources: dict[str, Source], before: str, after: str) -> None:
    """As obs-websocket does it: on a thread of its own."""
    sources[after] = sources.pop(before)
    sources[after].name = after
    data = {"prev_name": before, "new_name": after}
    for callback in script.obs.frontend.on_rename:
        thread = threading.Thread(target=callback, args=(data,))
        thread.start()
        thread.join()


def test_text_source__renamed_while_live__gets_back_what_it_held(
    script: Script, sources: dict[str, Source]
) -> None:
    choose_source(script, script.panel(), "Count")
    script.type(text_template="{viewers}")
    app = script.module._session.app
    assert app._opening.wait(5)
    script.call("script_save", None)
    text_overlay = app._on_picture
    text_overlay.show(LiveStatus(True, Viewers().with_sample(4), 1.0))
    assert sources["Count"].settings.values["text"] == "4"
    rename(script, sources, "Count", "Tmp")
    rename(script, sources, "Banner", "Count")  # the names change places
    rename(script, sources, "Tmp", "Banner")
    script.call("script_save", None)
    values = script.settings.values
    assert values["text_source"] == "Banner"
    assert json.loads(values["text_templates"]) == {"Banner": "{viewers}"}
    assert json.loads(values["covered_texts"]) == {"Banner": ["soon", "4"]}
    text_overlay.show(LiveStatus(True, Viewers().with_sample(5), 2.0))
    assert sources["Banner"].settings.values["text"] == "5"
    text_overlay.give_back()
    assert sources["Banner"].settings.values["text"] == "soon"
    assert sources["Count"].settings.values["text"] == "mine"


def test_source_renamed__after_unloading__does_nothing(
    script: Script, sources: dict[str, Source]
) -> None:
    script.unload()
    before = list(script.obs.frontend.log)
    rename(script, sources, "Count", "Other")
    assert script.obs.frontend.log == before


def test_tags_emptied__are_removed_from_velora__never_entered_are_not(
    script: Script, velora: FakeVelora
) -> None:
    script.type(title="One", category_entry="", tags=[])
    script.press(script.panel(), "update_now")
    assert velora.named("update") == [{"title": "One"}]
    velora.info = StreamInfo("One", None, None, is_live=False, tags=("a",))
    script.press(script.panel(), "load")
    script.type(tags=[])
    assert script.press(script.panel(), "update_now").splitlines()[-1] == "Velora now has no tags."
    assert velora.named("update")[1:] == [{"tags": ()}]
    assert script.settings.values["tags_on_velora"] is False
    script.press(script.panel(), "load")
    script.unload()
    script.load()  # it is remembered with the fields
    script.type(tags=[{"value": " "}])
    assert script.module._session.app.settings.clear_tags


def test_status__unseen_lines_are_lines_of_the_label(script: Script) -> None:
    app = script.module._session.app
    script.panel()
    app._runtime.show("A <b>result</b>")
    app._runtime.show("another")
    status = script.panel().find("status")
    assert status
    assert status.text == "<span>A &lt;b&gt;result&lt;/b&gt;<br>another</span>"
    app._runtime.show("next")
    status = script.panel().find("status")
    assert status
    assert status.text == "next"


@pytest.mark.parametrize("event", ["FINISHED_LOADING", "SCENE_COLLECTION_CHANGED"])
def test_scenes_loaded__what_a_crash_left_is_put_right(
    script: Script, sources: dict[str, Source], event: str
) -> None:
    script.unload()
    script.settings.values["covered_texts"] = '{"Count": ["soon", "4"]}'
    sources["Count"].settings.values["text"] = "4"
    script.load()
    script.event(getattr(script.obs, f"OBS_FRONTEND_EVENT_{event}"))
    assert sources["Count"].settings.values["text"] == "soon"
    assert script.settings.values["covered_texts"] == "{}"


def test_load_button__fills_the_fields(script: Script, velora: FakeVelora) -> None:
    velora.info = StreamInfo("Theirs", "Music", "music", is_live=False, tags=("a", "b"))
    script.press(script.panel(), "load")
    values = script.settings.values
    assert (values["title"], values["category"], values["category_entry"]) == (
        "Theirs",
        "music",
        "Music",
    )
    assert values["tags"] == [{"value": "a"}, {"value": "b"}]
    velora.info = velora.info._replace(tags=None)
    script.press(script.panel(), "load")
    assert values["tags"] == [{"value": "a"}, {"value": "b"}]


# -- the profile, and whose key is in it ----------------------------------------------------------


def test_profile__is_told_by_its_folder(
    script: Script, obs: FakeObs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    host = script.module._session.host
    obs.frontend.profile_folder = "../config/obs-studio/basic/profiles/Main"
    references = obs.references
    portable = host.profile()
    assert obs.references == references
    assert portable.id == str(Path("../config/obs-studio/basic/profiles/Main").resolve())
    assert (portable.name, portable.inherits) == ("Main", False)
    obs.frontend.profile_folder = f"{tmp_path}/obs-studio/basic/profiles/../profiles/Main/"
    native = host.profile()
    assert (native.id, native.inherits) == (f"{tmp_path}/obs-studio/basic/profiles/Main", True)


def test_profile__without_a_folder_counts_by_its_name_and_that_is_said_once(
    script: Script, obs: FakeObs
) -> None:
    obs.frontend.profile_folder = None
    host = script.module._session.host
    for _ in range(3):
        profile = host.profile()
        assert (profile.id, profile.name, profile.inherits) == ("Main", "Main", False)
    said = [text for _, text in obs.frontend.log if "in which folder its profile is" in text]
    assert len(said) == 1


def rename_profile(script: Script, obs: FakeObs, name: str, *, tells_before: bool) -> None:
    frontend = obs.frontend
    frontend.profile = name
    frontend.profile_folder = f"/home/somebody/obs-studio/basic/profiles/{name}"
    if tells_before:  # from 31 on
        script.event(FakeObs.OBS_FRONTEND_EVENT_PROFILE_CHANGED)
    script.event(FakeObs.OBS_FRONTEND_EVENT_PROFILE_RENAMED)


@pytest.mark.parametrize("tells_before", [True, False])
def test_profile_renamed__keeps_the_way_back(
    script: Script, obs: FakeObs, tells_before: bool
) -> None:
    panel = script.panel()
    script.press(panel, "configure")
    for name in ("Second", "Third"):
        rename_profile(script, obs, name, tells_before=tells_before)
    script.press(panel, "refresh")
    assert panel.find("restore").visible
    obs.frontend.other_profiles = ["Third"]
    rename_profile(script, obs, "Fourth", tells_before=True)  # one that is still there: only chosen
    script.press(panel, "refresh")
    assert not panel.find("restore").visible


def test_another_channels_key__two_buttons_and_a_line(script: Script, obs: FakeObs) -> None:
    names = ("key_question", "use_my_key", "keep_this_key")
    panel, app = script.panel(), script.module._session.app
    script.press(panel, "configure")
    assert not any(panel.find(name).visible for name in names)
    foreign = {"server": "rtmp://ingest.test:1935/live", "key": "live_test_foreign"}
    obs.frontend.service = Data(foreign)
    for button, key in (("keep_this_key", "live_test_foreign"), ("use_my_key", KEY)):
        if button == "use_my_key":
            obs.frontend.service = Data({**foreign, "key": "live_test_foreign_2"})
        app._key_check.check_anew()
        wait_for(lambda: app.asking)
        script.press(panel, "refresh")
        assert all(panel.find(name).visible for name in names)
        assert "is not your channel" in panel.find("key_question").text
        script.press(panel, button)
        assert not any(panel.find(name).visible for name in names)
        assert obs.frontend.service.values["key"] == key


def test_current_folder__is_looked_at_last(obs: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", ["", *sys.path, ""])
    Script(obs, {}).load()
    assert sys.path.index("") == len(sys.path) - 1


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


def test_service__is_read_again_only_when_it_has_changed(script: Script) -> None:
    host, frontend = script.module._session.host, script.obs.frontend
    frontend.service_kind, frontend.service = "rtmp_custom", Data({"server": RTMP, "key": KEY})
    before = host.destination()
    assert before == Destination("rtmp", Secret(RTMP), Secret(KEY))
    assert host.destination() is before
    frontend.service.values["key"] = NEW_KEY
    assert host.destination().key == Secret(NEW_KEY)
    frontend.service_kind = "rtmp_common"
    assert not host.destination().is_custom


def test_profile__is_made_again_only_when_it_has_changed(script: Script, obs: FakeObs) -> None:
    host = script.module._session.host
    before = host.profile()
    assert host.profile() is before
    obs.frontend.profile_folder = "/elsewhere/basic/profiles/Main"
    assert host.profile().id == "/elsewhere/basic/profiles/Main"
    obs.frontend.profile = "Renamed"
    assert host.profile().name == "Renamed"
    obs.frontend.profile_folder = None
    assert host.profile() == ("Renamed", "Renamed", False)


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


def test_file__is_used_once_it_is_chosen_and_not_kept(script: Script, tmp_path: Path) -> None:
    file = tmp_path / "presets.json"
    file.write_text('{"version": 1, "presets": [{"id": "a", "name": "A"}]}', encoding="utf-8")
    props = script.panel()
    field = props.find("preset_import")
    assert field
    script.settings.values["preset_import"] = str(file)
    assert script.call("on_modified", props, field, script.settings) is True
    status = props.find("status")
    assert status
    assert "1 added" in status.text
    assert not script.settings.values.get("preset_import")
