"""Which category ``velora set --category`` means: the panel's rule, and slugs."""

from __future__ import annotations

import pytest

from velora_core.api.client import VeloraClient
from velora_core.api.models import Category
from velora_core.api.validation import validate_category_query
from velora_core.cli.category_argument import find_category
from velora_core.errors import CategoryAmbiguous, CategoryUnknown, InvalidInput, NotFound

GATE = Category("baldurs-gate-3", "Baldur’s Gate 3")
POKEMON = Category("pokemon", "Pokémon")
TWINS = (Category("slots", "Slots"), Category("slots-2", "Slots"))


class FakeClient(VeloraClient):
    """Has one list, and another one for whoever searches."""

    def __init__(
        self, listed: tuple[Category, ...] = (), hits: tuple[Category, ...] | None = ()
    ) -> None:
        self.listed, self.hits, self.searched = listed, hits, list[str]()

    def get_categories(self) -> tuple[Category, ...]:
        return self.listed

    def search_categories(
        self, query: str, limit: int = 10, *, seconds: float | None = None
    ) -> tuple[Category, ...]:
        validate_category_query(query)
        self.searched.append(query)
        if self.hits is None:
            raise NotFound(endpoint="/search")
        return self.hits


@pytest.mark.parametrize("text", ["baldurs-gate-3", "baldur's  GATE 3", "Baldur’s Gate 3"])
def test_category__is_found_as_in_the_panel(text: str) -> None:
    assert find_category(FakeClient((POKEMON, GATE)), text) == GATE


def test_category__is_searched_for_where_the_list_ends() -> None:
    client = FakeClient((POKEMON,), (GATE,))
    assert find_category(client, "baldurs-gate-3") == GATE
    assert client.searched == ["baldurs gate 3"]


def test_name_of_several__asks_which() -> None:
    with pytest.raises(CategoryAmbiguous) as caught:
        find_category(FakeClient(TWINS), "SLOTS")
    assert caught.value.names == ("Slots (slots)", "Slots (slots-2)")


@pytest.mark.parametrize("twin", TWINS)
def test_slug__tells_those_of_one_name_apart(twin: Category) -> None:
    assert find_category(FakeClient(TWINS), twin.slug) == twin


@pytest.mark.parametrize("text", ["", " \t"])
def test_nothing__is_no_search(text: str) -> None:
    client = FakeClient((POKEMON,))
    with pytest.raises(InvalidInput, match="There is no name after --category"):
        find_category(client, text)
    assert client.searched == []


def test_letter__is_unknown_like_any_other_name() -> None:
    with pytest.raises(CategoryUnknown, match="no category “x”"):
        find_category(FakeClient((POKEMON,)), "x")


@pytest.mark.parametrize("hits", [(POKEMON,), None])
def test_unknown__names_what_comes_close(hits: tuple[Category, ...] | None) -> None:
    with pytest.raises(CategoryUnknown) as caught:
        find_category(FakeClient((), hits), "pok")
    assert caught.value.suggestions == (("Pokémon (pokemon)",) if hits else ())
