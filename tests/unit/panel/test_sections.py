"""All sections at once."""

from __future__ import annotations

from typing import Any

import pytest

from velora_core.app.account import Account, TokenOrigin
from velora_core.app.state import PageStatus, State, StreamSettings
from velora_core.panel.build import build_panel
from velora_core.panel.elements import FILES, Action, Kind, Section
from velora_core.panel.facts import Facts
from velora_core.panel.sections import build_sections
from velora_core.secret import Secret

SIGNED_IN = Account(TokenOrigin.SIGNED_IN)
FACTS = Facts(profile="Main", protocols=("rtmp", "srt"), host="OBS", has_page=True)
OPENS = "http://127.0.0.1:1/?secret=test_opens"


def sections(settings: StreamSettings | None = None, **state: Any) -> Any:
    shown = State("Hello.", account=SIGNED_IN)._replace(**state)
    return build_sections(shown, settings or StreamSettings(), FACTS)


def keys(found: Any) -> set[str]:
    return {element.key for element in found.walk()}


@pytest.mark.parametrize("section", [item for item in Section if item is not Section.PAGE])
def test_each_section__has_what_the_panel_shows_in_it(section: Section) -> None:
    state = State("Hello.", account=SIGNED_IN)
    panel = build_panel(state, StreamSettings(section=section.value), FACTS)
    shown = {
        element.key
        for element in panel.walk()
        if panel.shows(element.key) and element.kind not in FILES | {Kind.GROUP, Kind.KEPT}
    }
    found = {item.key for item in sections().sections[section]}
    assert found == shown - {"status", "section"}


def test_question__does_not_hide_the_rest() -> None:
    found = sections(confirming=True)
    assert [element.key for element in found.question] == [
        "regenerate_question",
        "regenerate_yes",
        "regenerate_no",
    ]
    assert {"title", "update_now", "protocol", "regenerate"} <= keys(found)
    assert sections().question == ()


def test_foreign_key__is_asked_about() -> None:
    found = sections(asking="Main")
    assert [element.key for element in found.question] == [
        "key_question",
        "use_my_key",
        "keep_this_key",
    ]


def test_what_opens_the_page__is_not_on_it() -> None:
    page = PageStatus(Secret(OPENS), (("1", "Deck"),), Secret("test_token"))
    found = sections(StreamSettings(section="page", program="1"), page=page)
    assert Section.PAGE not in found.sections
    assert OPENS not in repr(found)
    assert "test_token" not in repr(found)
    assert not {"page_kept", "program_name", "program", "open_page", "program_add"} & keys(found)


def test_stream_key__is_copied_at_the_computer_only() -> None:
    found = sections(StreamSettings(by_plugin=True), copying_key=True)
    native = {action.value for action in Action if "COPY_KEY" in action.name}
    assert len(native) == 3
    assert not native & keys(found)
    assert found.question == ()


def test_stream_key__is_copied_on_the_page_where_nothing_else_puts_it_in() -> None:
    facts = FACTS._replace(sets=False)
    found = build_sections(State("Hello.", account=SIGNED_IN), StreamSettings(), facts)
    assert {"copy_address", "copy_key"} <= keys(found)
    assert not {"configure", "by_plugin"} & keys(found)
    asked = State("Hello.", account=SIGNED_IN, copying_key=True)
    found = build_sections(asked, StreamSettings(), facts)
    question = [element.key for element in found.question]
    assert question == ["copy_key_question", "copy_key_yes", "copy_key_no"]


def test_software_that_can_do_less__is_no_dead_button() -> None:
    facts = FACTS._replace(texts=False, scenes=False, told=True, host="Other")
    state = State("Hello.", account=SIGNED_IN, managing=True)
    found = build_sections(state, StreamSettings(text_source="Count"), facts)
    assert "go_live" in keys(found)
    assert not {"have_stopped", "text_source", "text_template", "scene_tie"} & keys(found)
    (notice,) = [element.text for element in found.walk() if element.key == "no_texts"]
    assert notice.startswith("Other has no way")


def test_address__that_nobody_has_vouched_for_is_left_out() -> None:
    found = sections(chat_address="https://velora.tv/chat")
    shown = {element.key for element in found.walk() if element.kind is Kind.ADDRESS}
    assert shown == {"chat_address"}


def test_files__are_chosen_at_the_computer_only() -> None:
    found = sections(managing=True)
    assert not [element for element in found.walk() if element.kind in FILES]
    assert "preset_save" in keys(found)
