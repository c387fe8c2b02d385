"""Which category the argument ``--category`` means."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from velora_core.app.categories import exact_categories, names_apart
from velora_core.errors import CategoryAmbiguous, CategoryUnknown, InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velora_core.api.client import VeloraClient
    from velora_core.api.models import Category

__all__ = ["find_category"]

_SUGGESTIONS = 3
_SEARCHED = 2  # characters that Velora searches for at least


def find_category(client: VeloraClient, text: str) -> Category:
    """Return the one category that a text names, by its slug or its whole name.

    Args:
        client: asked for its list, then, if need be, for a search.
        text: compared as in the panel; there is no list to choose from here, so a slug counts
            where several categories have the name.

    Raises:
        InvalidInput: it is empty.
        CategoryUnknown: none has it; names what comes close.
        CategoryAmbiguous: several have it.
    """
    if not text.strip():
        raise InvalidInput("cli.category_empty")
    found = _named(text, client.get_categories())
    if found:
        return found
    hits: tuple[Category, ...] = ()
    query = " ".join(text.replace("-", " ").split())
    if len(query) >= _SEARCHED:
        with suppress(NotFound):  # a Velora without a search: its list is all there is
            hits = client.search_categories(query)
    found = _named(text, hits)
    if found:
        return found
    names = tuple(f"{hit.name} ({hit.slug})" for hit in hits[:_SUGGESTIONS])
    raise CategoryUnknown(category=text.strip(), suggestions=names)


def _named(text: str, categories: Iterable[Category]) -> Category | None:
    named = exact_categories(text, categories)
    if len(named) > 1:
        slug = text.strip()
        by_slug = [category for category in named if category.slug == slug]
        if not by_slug:
            raise CategoryAmbiguous(category=slug, names=names_apart(named))
        return by_slug[0]
    return named[0] if named else None
