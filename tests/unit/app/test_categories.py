"""The one category that a text can mean."""

from __future__ import annotations

import pytest

from velora_core.api.models import Category
from velora_core.app.categories import category_name, exact_category, resolve_category
from velora_core.errors import CategoryUnknown

LIST = (
    Category("just-chatting", "Just Chatting"),
    Category("software-and-game-development", "Software & Game Development"),
    Category("music", "Music"),
    Category("board-games", "Board Games"),
    Category("retro-games", "Retro Games"),
)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("music", "music"),
        ("MUSIC", "music"),
        (" Just  chatting ", "just-chatting"),
        ("just-chatting", "just-chatting"),
        ("just", "just-chatting"),
        ("soft", "software-and-game-development"),
        ("development", "software-and-game-development"),
        ("not-listed-yet", "not-listed-yet"),
    ],
)
def test_resolved(text: str, slug: str) -> None:
    assert resolve_category(text, LIST) == slug


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("games", ("Board Games", "Retro Games")),
        ("Musik!", ("Music",)),
        ("Cooking, mostly", ()),
    ],
)
def test_refused__with_what_comes_close(text: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(CategoryUnknown) as failure:
        resolve_category(text, LIST)
    assert failure.value.suggestions == suggestions
    assert ("Did you mean" in str(failure.value)) is bool(suggestions)


def test_without_a_list__a_slug_is_believed() -> None:
    assert resolve_category("music", ()) == "music"
    with pytest.raises(CategoryUnknown):
        resolve_category("Just Chatting", ())


def test_slug_with_upper_case__can_be_chosen_and_sent() -> None:
    listed = (*LIST, Category("Just_Chatting", "Just Chatting!"), Category("GTA", "Grand Theft"))
    for text, slug in (
        ("Just_Chatting", "Just_Chatting"),
        ("just_chatting", "Just_Chatting"),
        ("gta", "GTA"),
        ("GTA", "GTA"),
        ("Grand Theft", "GTA"),
        ("just-chatting", "just-chatting"),
    ):
        assert resolve_category(text, listed) == slug
    assert resolve_category("Not_Listed-Yet", LIST) == "Not_Listed-Yet"
    two = (Category("Music", "One"), Category("music", "Other"))
    assert [exact_category(text, two) for text in ("Music", "music")] == ["Music", "music"]


def test_name__is_the_slug_when_unknown() -> None:
    assert category_name("music", LIST) == "Music"
    assert category_name("other", LIST) == "other"


def test_exact__no_guessing() -> None:
    assert exact_category("just", LIST) is None
    assert exact_category("Just Chatting", LIST) == "just-chatting"
