"""Text sources: which are offered, what is written into them, and what comes back."""

from __future__ import annotations

import json

import pytest
from pytest_mock import MockerFixture

from tests.unit.fake_obspython import Properties, Source
from tests.unit.obs_script.script import Script, rename
from velora_core.app.live_status import LiveStatus, Viewers


def choose_source(script: Script, props: Properties, name: str) -> None:
    script.choose(props, "section", "picture")
    script.choose(props, "text_source", name)


def test_text_sources__only_those_are_offered(script: Script, sources: dict[str, Source]) -> None:
    props = script.panel()
    combo = props.find("text_source")
    assert combo
    script.choose(props, "section", "picture")
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
    assert host.replaced_texts() == {"Count": ReplacedText("soon", "4")}


@pytest.mark.parametrize(
    "damaged", ["", "[", "[]", "null", '{"Count": 1}', '{"Count": ["a"]}', '{"Count": ["a", 1]}']
)
def test_damaged_settings__count_as_none(script: Script, damaged: str) -> None:
    script.settings.values.update(covered_texts=damaged, text_templates=damaged)
    assert script.module._session.host.replaced_texts() == {}
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


def test_text_source__renamed_while_live__gets_back_what_it_held(
    script: Script, sources: dict[str, Source]
) -> None:
    choose_source(script, script.panel(), "Count")
    script.type(text_template="{viewers}")
    app = script.module._session.app
    assert app._opening.wait(5)
    script.call("script_save", None)
    text_overlay = app.features.text_overlay
    text_overlay.show(LiveStatus(True, Viewers().with_sample(4, 0.0), 1.0))
    assert sources["Count"].settings.values["text"] == "4"
    rename(script, sources, "Count", "Tmp")
    rename(script, sources, "Banner", "Count")  # the names change places
    rename(script, sources, "Tmp", "Banner")
    script.call("script_save", None)
    values = script.settings.values
    assert values["text_source"] == "Banner"
    assert json.loads(values["text_templates"]) == {"Banner": "{viewers}"}
    assert json.loads(values["covered_texts"]) == {"Banner": ["soon", "4"]}
    text_overlay.show(LiveStatus(True, Viewers().with_sample(5, 0.0), 2.0))
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


@pytest.mark.parametrize(("kind", "scene"), [("scene", True), ("text_ft2_source_v2", False)])
def test_renamed__it_is_told_whether_that_is_a_scene(
    script: Script, sources: dict[str, Source], kind: str, scene: bool, mocker: MockerFixture
) -> None:
    told = mocker.patch.object(script.module._session.app, "source_renamed")
    sources["Game"] = Source("Game", kind)
    rename(script, sources, "Game", "Play")
    script.call("script_save", None)
    told.assert_called_once_with("Game", "Play", scene=scene)
