"""What is typed into the fields, as settings."""

from __future__ import annotations

from typing import Any

import pytest

from velora_core.api.models import Category
from velora_core.app.account import Account
from velora_core.app.categories import KnownCategories, choices_of
from velora_core.app.state import State, StreamSettings
from velora_core.panel.build import build_panel
from velora_core.panel.edit import edited, join_tags, source_renamed, split_tags
from velora_core.panel.elements import Kind
from velora_core.panel.facts import Facts

CATEGORIES = (Category("music", "Music"), Category("just-chatting", "Just Chatting"))
CHOICES = choices_of(KnownCategories(), CATEGORIES)
NONE = choices_of(KnownCategories(), ())
SETTINGS = StreamSettings(
    "Hello",
    "music",
    "Music",
    ("one", "two"),
    tags_on_velora=True,
    protocol="srt",
    update_on_start=False,
    suit_encoder=True,
    by_plugin=True,
    redirect_port=5000,
    live_interval=60,
    texts={"Count": "{viewers}"},
    text_source="Count",
    section="account",
)


def test_what_the_panel_holds__are_the_settings_again() -> None:
    panel = build_panel(State("", account=Account(), categories=CATEGORIES), SETTINGS, Facts())
    values = panel.values()
    assert edited(StreamSettings(text_source="Count"), values, CHOICES) == SETTINGS
    assert edited(SETTINGS, {}, NONE) == SETTINGS


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("", ()),
        ("english", ("english",)),
        (" one,two ; three،four、five\n", ("one", "two", "three", "four", "five")),
        ("just chatting, , 日本語", ("just chatting", "日本語")),
    ],
)
def test_tags__are_what_stands_between_commas(line: str, tags: tuple[str, ...]) -> None:
    values: dict[str, Any] = {"tags": ("kept",), "tags_entry": line}
    assert edited(SETTINGS, values, NONE).tags == tags
    assert split_tags(join_tags(tags)) == tags


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Just Chatting", ("just-chatting", "Just Chatting")),
        (" just chatting", ("just-chatting", "Just Chatting")),
        ("just-chatting", ("just-chatting", "Just Chatting")),
        (" something else ", ("something else", "")),
        ("", ("", "")),
        (CHOICES.entries[0], ("", "")),
    ],
)
def test_category__is_kept_as_slug_and_name(typed: str, kept: tuple[str, str]) -> None:
    values: dict[str, Any] = {"category": "music", "category_entry": typed}
    found = edited(SETTINGS, values, CHOICES)
    assert (found.category, found.category_name) == kept


def test_template__belongs_to_the_source_that_was_chosen_before() -> None:
    chosen = edited(SETTINGS, {"text_source": "Banner", "text_template": "{viewers}"}, NONE)
    assert (chosen.text_source, chosen.texts) == ("Banner", {"Count": "{viewers}"})
    typed = edited(chosen, {"text_source": "Banner", "text_template": "{title}"}, NONE)
    assert typed.texts == {"Count": "{viewers}", "Banner": "{title}"}
    assert edited(typed, {"text_template": ""}, NONE).texts == {"Count": "{viewers}"}


@pytest.mark.parametrize("damaged", ["", "[", "[]", "null", '{"Count": 1}', '{"Count": ""}'])
def test_templates__damaged__count_as_none(damaged: str) -> None:
    settings = SETTINGS._replace(text_source="")
    assert edited(settings, {"text_templates": damaged}, NONE).texts == {}


def test_source_renamed__its_template_goes_with_it() -> None:
    renamed = source_renamed(SETTINGS, "Count", "Counter")
    assert renamed.texts == {"Counter": "{viewers}"}
    assert renamed.text_source == "Counter"
    assert source_renamed(SETTINGS, "Other", "Else") == SETTINGS


def test_secrets__are_no_settings() -> None:
    panel = build_panel(State(""), SETTINGS, Facts())
    secrets = {
        element.key: "test_secret" for element in panel.walk() if element.kind is Kind.SECRET
    }
    assert len(secrets) == 3
    assert edited(SETTINGS, secrets, NONE) == SETTINGS
