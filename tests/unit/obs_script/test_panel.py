"""The panel as OBS draws it: what shows, what is taken over, and what a press does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.fake_obspython import Data, FakeObs
from tests.unit.fakes import KEY, NEW_KEY, RTMP, TOKEN, FakeVelora, wait_for
from tests.unit.obs_script.script import Script
from velora_core.api.models import StreamInfo
from velora_core.errors import Cancelled, TimedOut


def test_every_control__has_help_or_explains_itself(script: Script) -> None:
    for group in script.panel():
        for element in group.content or [group]:
            speaks = element.kind in ("text 3", "bool") or not element.visible
            assert element.help or speaks or element.name == "category_entry", element.name


def test_hidden_field__has_its_texts_once_it_is_seen(script: Script) -> None:
    props = script.panel()
    protocol = props.find("protocol")
    assert protocol
    assert (protocol.visible, protocol.help, protocol.items) == (False, None, [])
    script.choose(props, "section", "setup")
    assert protocol.visible
    assert protocol.help
    assert protocol.items


def test_configure__through_the_panel(script: Script) -> None:
    status = script.press(script.panel(), "configure")
    assert status.startswith(f"OBS will stream to {RTMP} with key ••••z789 in the profile “Main”.")
    frontend = script.obs.frontend
    assert frontend.service_kind == "rtmp_custom"
    assert frontend.service.values["key"] == KEY
    assert frontend.saved_services == 1
    assert frontend.config_saves == 0


def test_restore__shows_only_when_there_is_something(script: Script) -> None:
    props = script.panel()
    restore = props.find("restore")
    assert restore
    script.choose(props, "section", "setup")
    assert not restore.visible
    script.press(props, "configure")
    assert restore.visible
    assert "previous service" in script.press(props, "restore")
    assert not restore.visible
    assert not props.find("previous").visible
    assert script.obs.frontend.service.values["key"] == "live_test_other"


def test_new_key__takes_two_presses(script: Script, velora: FakeVelora) -> None:
    props = script.panel()
    first, yes, no = (props.find(f"regenerate{name}") for name in ("", "_yes", "_no"))
    assert first
    assert yes
    assert no
    script.press(props, "configure")
    script.choose(props, "section", "setup")
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
    script.choose(props, "section", "account")
    assert sign_out.visible


def test_pasted_token__is_seen_at_once(
    obs: FakeObs, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VELORA_ACCESS_TOKEN")
    script = Script(obs, {}).load()
    props = script.panel()
    assert "You are not signed in" in script.press(props, "configure")
    field, status = props.find("access_token"), props.find("status")
    script.type(access_token=KEY)
    assert field.modified(props, field, Data()) is True
    assert "That is a stream key" in status.text
    assert field.visible  # the next one goes there as well
    script.type(access_token=TOKEN)
    assert field.modified(props, field, Data()) is True
    assert status.text == "Your token is entered. Next: press Configure Velora."
    assert not field.visible
    assert props.find("configure").visible


def test_typed_token__does_not_build_the_view_anew(
    obs: FakeObs, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VELORA_ACCESS_TOKEN")
    script = Script(obs, {}).load()
    props = script.panel()
    field = props.find("access_token")
    for text in ("t", "te", "tes"):
        script.type(access_token=text)
        assert field.modified(props, field, Data()) is False
    script.press(props, "refresh")  # empties the field
    script.type(access_token="x")
    assert field.modified(props, field, Data()) is False


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
        app.features.stream_key_check.check_anew()
        wait_for(lambda: app.actions.asking, meanwhile=app.process_ui_queue)
        script.press(panel, "refresh")
        assert all(panel.find(name).visible for name in names)
        assert "is not your channel" in panel.find("key_question").text
        script.press(panel, button)
        assert not any(panel.find(name).visible for name in names)
        assert obs.frontend.service.values["key"] == key


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
