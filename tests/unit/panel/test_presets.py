"""The section for presets, and what stands below a title with variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import FakeVelora, run
from tests.unit.panel.test_build import FACTS, SETTINGS, panel
from velora_core.app.state import State, StatusLevel
from velora_core.application import Application
from velora_core.host.host import HostScene
from velora_core.panel.elements import Action, Option, Panel
from velora_core.panel.presets import presets_section, recent_key
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import Preset

EVENING = Preset("evening_1", "Evening", PresetContent(title="T"))
LONG = Preset("long_2", "A name that is very long", PresetContent(title="T"))
OPEN = SETTINGS._replace(section="presets")
SECTION = {item.key for item in presets_section(State(""), SETTINGS, FACTS)}
RECENT = PresetContent("Day {count}", "music", "Music", ("a",))


def shown(found: Panel) -> set[str]:
    """What is shown of the section."""
    keys = {element.key for element in found.walk()} & SECTION
    return {key for key in keys if found.shows(key)}


def test_section__is_short_until_it_is_opened() -> None:
    assert shown(panel(settings=OPEN)) == {"presets_none", "presets_more"}
    found = panel(settings=OPEN, presets=(EVENING, LONG), recent=(RECENT,), before=RECENT)
    assert shown(found) == {"preset", "put_back", "presets_more"}
    assert found.find("preset").options == (
        Option("(none)", ""),
        Option("Evening", "evening_1"),
        Option("A name that is v…", "long_2"),
    )
    found = panel(presets=(EVENING,), settings=OPEN._replace(preset="evening_1"))
    assert shown(found) == {"preset", "preset_apply", "presets_more"}


def test_section__opened() -> None:
    chosen = OPEN._replace(preset="evening_1", recent=recent_key(RECENT))
    state: Any = {"presets": (EVENING,), "recent": (RECENT,), "managing": True, "streams": 4}
    found = panel(settings=chosen, **state)
    hidden = {"presets_more", "put_back", "preset_delete_yes", "preset_delete_no"}
    hidden |= {"scenes_line", "scene_untie", "preset_warning", "presets_none"}
    assert shown(found) == SECTION - hidden
    assert found.find("count_line").text == "{count} in titles is 5 now."
    deleting = panel(settings=chosen, deleting="evening_1", **state)
    assert shown(deleting) == {"preset_delete_yes", "preset_delete_no"}
    assert not deleting.shows("section"), "the question stands alone with its buttons"
    gone = panel(settings=chosen._replace(preset="gone", recent="gone"), **state)
    assert not shown(gone) & {"preset_apply", "preset_rename", "recent_use"}


def test_preset__whose_category_is_gone__is_marked() -> None:
    lost = Preset("lost_1", "Lost", PresetContent(category="x", category_name="X"))
    found = panel(
        presets=(EVENING, lost), gone=frozenset({"x"}), settings=OPEN._replace(preset="lost_1")
    )
    assert [option.label for option in found.find("preset").options] == [
        "(none)",
        "Evening",
        "⚠ Lost",
    ]
    assert found.find("preset_warning").text.startswith("Velora no longer has this preset's")
    assert "preset_warning" in shown(found)


def test_preset__of_scenes__names_them() -> None:
    tied = EVENING._replace(scenes=(HostScene("Cam"), HostScene("Chat")))
    found = panel(presets=(tied,), managing=True, settings=OPEN._replace(preset="evening_1"))
    assert (
        found.find("scenes_line").text
        == "Scenes that send this preset when they go on air: Cam and Chat."
    )
    assert {"scenes_line", "scene_tie", "scene_untie"} <= shown(found)


@pytest.mark.parametrize(
    ("title", "text", "tone"),
    [
        ("Day {count}", "Your title would now be “Day 7” (5/140).", StatusLevel.NORMAL),
        ("{category}", "Your title would now be “music” (5/140).", StatusLevel.NORMAL),
        ("{scene}", "", StatusLevel.NORMAL),
        ("Plain", "5/140", StatusLevel.NORMAL),
        ("{{x}}", "Your title would now be “{x}” (3/140).", StatusLevel.NORMAL),
    ],
)
def test_title__as_it_would_be_sent(title: str, text: str, tone: StatusLevel) -> None:
    facts = FACTS._replace(variables={"count": "7", "scene": ""})
    line = panel(settings=SETTINGS._replace(title=title, category="music"), facts=facts)
    assert (line.find("title_count").text, line.find("title_count").tone) == (text, tone)


def test_title__too_long_once_it_is_filled_in() -> None:
    facts = FACTS._replace(variables={"scene": "x" * 141})
    line = panel(settings=SETTINGS._replace(title="{scene}"), facts=facts).find("title_count")
    assert line.tone is StatusLevel.ERROR
    assert "141/140: 1 too many" in line.text


def test_unknown_variable__is_named_as_it_is_typed() -> None:
    line = panel(settings=SETTINGS._replace(title="{viewers}")).find("title_count")
    assert line.tone is StatusLevel.ERROR
    assert line.text.startswith("The title has {viewers}, which stands for nothing: use {date}")
    settings = SETTINGS._replace(
        section="picture", text_source="Count", texts={"Count": "{viewers} {x}"}
    )
    drawn = panel(settings=settings)
    line = drawn.find("template_warning")
    assert line.visible
    assert drawn.find("text_template").redraws  # it is said while it is typed
    assert line.text.startswith("The text has {x}, which stands for nothing: use {viewers}")


def test_actions(app: Application, velora: FakeVelora, tmp_path: Path) -> None:
    def press(action: Action, **fields: Any) -> str:
        app.edit(fields)
        app.panel(drawn=True)
        return run(app, app.press(action))

    press(Action.PRESETS_MORE)
    assert app.state.managing
    press(Action.PRESET_SAVE, title="One", preset_name="1")
    assert (app.settings.preset, app.settings.preset_name) == (app.state.presets[0].id, "")
    press(Action.PRESET_SAVE, title="Two", preset_name="2")
    press(Action.PRESET_UP)
    assert [preset.name for preset in app.state.presets] == ["2", "1"]
    press(Action.PRESET_DOWN)
    press(Action.PRESET_RENAME, preset_name="Zwei")
    press(Action.PRESET_OVERWRITE, title="Deux")
    press(Action.PRESET_APPLY, title="Other")
    assert app.settings.title == "Deux"
    press(Action.PRESET_DELETE)
    press(Action.CANCEL_PRESET_DELETE)
    press(Action.CONFIRM_PRESET_DELETE)
    assert [preset.name for preset in app.state.presets] == ["1", "Zwei"]
    press(Action.PRESET_DELETE)
    assert press(Action.CONFIRM_PRESET_DELETE) == "The preset “Zwei” is deleted."
    assert app.settings.preset == ""
    press(Action.UPDATE_NOW, title="Sent")
    assert press(Action.RECENT_USE, title="Other", recent="gone")
    assert app.settings.title == "Other"
    press(Action.RECENT_USE, recent=recent_key(app.state.recent[0]))
    assert app.settings.title == "Sent"
    assert "{count} is now 9" in press(Action.SET_COUNT, stream_number=9)
    press(Action.PRESETS_LESS)
    assert not app.state.managing
    file = tmp_path / "p.json"
    app.edit({"preset_export": str(file)})
    app.wait_for_file()
    assert "1 preset is in p.json now." in app.state.status
    app.edit({"preset_import": str(file)})
    app.wait_for_file()
    assert "0 added, 0 replaced, 1 already there" in app.state.status


@pytest.mark.parametrize("tells", [True, False])
def test_programs__only_where_they_are_told(tells: bool) -> None:
    found = panel(
        presets=(EVENING,),
        settings=OPEN._replace(preset="evening_1", programs="a.exe"),
        managing=True,
        facts=FACTS._replace(tells_captures=tells),
    )
    assert found.find("programs").value == "a.exe"
    assert {"programs", "programs_live", "programs_save"} <= shown(found) or not tells
    assert tells or not shown(found) & {"programs", "programs_live", "programs_save"}


@pytest.mark.parametrize(
    ("game", "tells", "said"),
    [
        ("", True, "None of your presets' programs is captured now, so {game} stays empty."),
        ("", False, "Which program is captured is not known here, so {game} stays empty."),
        ("Chess", True, "Your title would now be “Now: Chess” (10/140)."),
    ],
)
def test_game__says_why_it_is_empty(game: str, tells: bool, said: str) -> None:
    facts = FACTS._replace(variables={"game": game}, tells_captures=tells)
    found = panel(settings=SETTINGS._replace(title="Now: {game}"), facts=facts)
    line = found.find("title_count").text
    assert line.endswith(said)
    assert line.startswith("Your title would now be “Now:")
