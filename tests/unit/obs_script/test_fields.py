"""The panel's fields in OBS's settings: what is shown, read and taken out of them."""

from __future__ import annotations

import json

import pytest
from pytest_mock import MockerFixture

from tests.unit.fake_obspython import Data, FakeObs, Source
from tests.unit.fakes import FakeVelora
from tests.unit.obs_script.script import ROOT, Script
from velora_core.api.models import StreamInfo

UNTYPED = "\u200a"

FIRST_VERSION = ROOT / "tests" / "unit" / "storage" / "first_version" / "settings.json"


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
    assert (UNTYPED + "Just Chatting", UNTYPED + "Just Chatting") in category.items
    script.type(category_entry="just chatting")
    assert script.settings.values["category"] == "just-chatting"
    script.type(category_entry="something else")
    assert script.settings.values["category"] == "something else"
    script.type(category_entry="")
    assert script.settings.values["category"] == ""


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
    field = props.find("sign_in_address")
    assert field
    script.choose(props, "section", "account")
    assert field.visible
    script.settings.values["sign_in_address"] = "typed in"
    script.press(props, "check")
    assert script.settings.get("sign_in_address", "") == address.return_value
    script.module.script_save(script.settings)
    assert "test_state" not in json.dumps(script.settings.values)
    address.return_value = ""
    script.module.script_save(script.settings)
    assert script.settings.get("sign_in_address", "") == ""
    script.press(props, "check")
    assert not field.visible


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


def test_fields_of_the_first_version__hold_what_they_held(obs: FakeObs, velora: FakeVelora) -> None:
    """Its own code has written these settings (commit 44ebc27)."""
    stored = json.loads(FIRST_VERSION.read_text(encoding="utf-8"))
    obs.frontend.sources = {"Viewers": Source("Viewers", "text_ft2_source_v2", text="soon")}
    script = Script(obs, stored).load()
    settings = script.module._session.app.settings
    assert settings.title == "Evening show"
    assert settings.category == "music"
    assert settings.tags == ("one", "two")
    assert settings.protocol == "srt"
    assert settings.update_on_start is False
    assert settings.redirect_port == 18000
    assert settings.live_interval == 30
    assert dict(settings.texts) == {"Viewers": "{viewers} watching"}
    assert [{"key": "OBS_KEY_F9"}] in obs.frontend.keys.values()
