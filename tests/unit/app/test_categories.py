"""Which categories a text means, and how a narrow list shows them."""

from __future__ import annotations

import pytest

from velora_core.api.models import Category
from velora_core.app.categories import (
    CategoryChoices,
    KnownCategories,
    category_name,
    exact_categories,
    exact_category,
    names_apart,
    option_labels,
    partial_categories,
    unknown_category,
)

LIST = (
    Category("just-chatting", "Just Chatting"),
    Category("software-and-game-development", "Software & Game Development"),
    Category("music", "Music"),
    Category("board-games", "Board Games"),
    Category("retro-games", "Retro Games"),
    Category("pokemon", "Pokémon"),
    Category("baldur-s-gate-3", "Baldur’s Gate 3"),
    Category("ninja", "Ninja Gaiden™ Σ"),
    Category("か", "か"),
)
BREATH = Category("zelda-botw", "The Legend of Zelda: Breath of the Wild")
TEARS = Category("zelda-totk", "The Legend of Zelda: Tears of the Kingdom")
DOOM, DOOM_2016 = Category("doom", "Doom"), Category("doom-2016", "Doom")


def slugs(text: str, categories: tuple[Category, ...] = LIST) -> list[str]:
    return [category.slug for category in exact_categories(text, categories)]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("music", "music"),
        ("MUSIC", "music"),
        (" Just  chatting\n", "just-chatting"),
        ("just-chatting", "just-chatting"),
        ("Pokémon", "pokemon"),
        ("Poke\u0301mon", "pokemon"),
        ("POKEMON", "pokemon"),
        ("baldur's gate 3", "baldur-s-gate-3"),
        ("Baldur`s Gate 3", "baldur-s-gate-3"),
        ("ninja gaiden σ", "ninja"),
    ],
)
def test_exact__whatever_case_accents_and_signs(text: str, slug: str) -> None:
    assert slugs(text) == [slug]


@pytest.mark.parametrize(
    "text", ["", " ", "just", "chatting", "Musi", "games", "Music!", "が", "x" * 10_000, "%", "🎮"]
)
def test_exact__a_part_is_none(text: str) -> None:
    assert slugs(text) == []


def test_exact__a_name_that_two_have_is_both() -> None:
    assert slugs("doom", (DOOM_2016, DOOM)) == ["doom-2016", "doom"]
    assert exact_category("Doom", (DOOM_2016, DOOM)) is None
    assert slugs("doom-2016", (DOOM, DOOM_2016)) == ["doom-2016"]
    two = (Category("a", "Pokémon"), Category("b", "Pokemon"))
    assert slugs("pokemon", two) == ["b"]
    assert slugs("Pokémon", two) == ["a"]
    assert slugs("pokèmon", two) == ["a", "b"]


def test_exact__slugs_in_upper_case() -> None:
    listed = (*LIST, Category("Just_Chatting", "Just Chatting!"), Category("GTA", "Grand Theft"))
    for text, slug in (
        ("Just_Chatting", "Just_Chatting"),
        ("just_chatting", "Just_Chatting"),
        ("gta", "GTA"),
        ("Grand Theft", "GTA"),
        ("just-chatting", "just-chatting"),
    ):
        assert slugs(text, listed) == [slug]
    two = (Category("Music", "One"), Category("music", "Other"))
    assert [slugs(text, two) for text in ("Music", "music")] == [["Music"], ["music"]]


def test_partial__beginnings_first() -> None:
    listed = (Category("a", "The Pokemon"), Category("b", "Pokémon GO"), Category("c", "Other"))
    assert [category.slug for category in partial_categories("POKÉ", listed)] == ["b", "a"]
    assert partial_categories(" ", listed) == ()


@pytest.mark.parametrize(
    ("text", "near", "question"),
    [
        ("zelda", (BREATH, TEARS), f"“{BREATH.name}” or “{TEARS.name}”?"),
        ("doo", (DOOM, DOOM_2016, BREATH, TEARS), "“Doom (doom)”, “Doom (doom-2016)” or “The"),
        ("Musik!", (), "Did you mean “Music”?"),
    ],
)
def test_unknown__is_a_question(text: str, near: tuple[Category, ...], question: str) -> None:
    assert question in str(unknown_category(text, near, LIST))


def test_unknown__without_anything_near() -> None:
    error = unknown_category(" Cooking, mostly ", (), LIST)
    assert error.suggestions == ()
    assert str(error) == "Velora has no category “Cooking, mostly”: choose one from the list."


def test_name__is_the_slug_when_unknown() -> None:
    assert category_name("music", LIST) == "Music"
    assert category_name("other", LIST) == "other"


def test_names_apart__the_slug_only_where_it_is_needed() -> None:
    assert names_apart((DOOM, BREATH, DOOM_2016)) == (
        "Doom (doom)",
        BREATH.name,
        "Doom (doom-2016)",
    )


def test_labels__are_short_and_no_two_are_the_same() -> None:
    twins = tuple(Category(f"twin-{number:03}-of-many", "Twin " * 40) for number in range(120))
    odd = (Category("x", "É" * 200), Category("y", "é" * 200), Category("z", "x"))
    every = (*LIST[:8], BREATH, TEARS, DOOM, DOOM_2016, *twins, *odd)
    labels = option_labels(every, starred=(DOOM, BREATH))
    assert list(labels) == [item.slug for item in every]
    assert len({label.casefold() for label in labels.values()}) == len(every)
    assert max(map(len, labels.values())) <= 20
    assert labels["music"] == "Music"
    assert labels["software-and-game-development"] == "Software & Gam…"
    assert labels["doom"] == "★ Doom"
    assert labels["doom-2016"] == "Doom"
    assert labels["zelda-totk"] == "The Legend of Ze…"
    assert labels["zelda-botw"] == "★ The Legend of…"
    alike = option_labels((BREATH, TEARS, DOOM, DOOM_2016))
    assert alike["zelda-botw"] == "The Leg…the Wild"
    assert alike["zelda-totk"] == "The Leg…ingdom"
    assert (alike["doom"], alike["doom-2016"]) == ("Doom (doom)", "Doom (…-2016)")


def test_choices__starred_then_recent_then_the_list() -> None:
    known = KnownCategories(starred=(TEARS,), recent=(LIST[2], TEARS, BREATH))
    choices = CategoryChoices(known, LIST[:5])
    assert [choice.slug for choice in choices.all] == [
        "zelda-totk", "music", "zelda-botw", "board-games", "just-chatting", "retro-games",
        "software-and-game-development",
    ]  # fmt: skip


def test_choices__the_hits_of_a_search_come_first() -> None:
    known = KnownCategories((TEARS,), (LIST[2], BREATH), found=(DOOM, BREATH, TEARS))
    choices = CategoryChoices(known, LIST[:2])
    assert [choice.slug for choice in choices.all] == [
        "zelda-totk", "zelda-botw", "doom", "music", "just-chatting",
        "software-and-game-development",
    ]  # fmt: skip


def test_choices__what_is_entered() -> None:
    choices = CategoryChoices(KnownCategories(starred=(BREATH,)), (*LIST, TEARS, DOOM, DOOM_2016))
    for slug, label in choices.labels.items():
        assert choices.entered(label) == (slug, choices.by_slug[slug].name)
    assert choices.entered(" the legend of zelda: breath of the wild ") == (
        "zelda-botw",
        BREATH.name,
    )
    assert choices.entered(" doom ") == ("doom", "")  # which one?
    assert choices.entered(" anything ") == ("anything", "")
