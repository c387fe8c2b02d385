"""Categories: which one a text means, and how each is labelled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from velora_core.errors import CategoryUnknown
from velora_core.messages import shorten

if TYPE_CHECKING:
    from velora_core.api.models import Category

__all__ = [
    "category_name",
    "exact_category",
    "option_labels",
    "resolve_category",
    "similar_categories",
]

_SLUG: Final = re.compile(r"[A-Za-z0-9]+([-_][A-Za-z0-9]+)*")
_SUGGESTIONS: Final = 3


def category_name(slug: str, categories: Iterable[Category]) -> str:
    """Return the name of the category with this slug, or the slug if it isn't listed."""
    return next((one.name for one in categories if one.slug == slug), slug)


def option_labels(categories: Iterable[Category]) -> dict[str, str]:
    """Return each category's label in a narrow list, by slug: shortened unless two look alike."""
    listed = list(categories)
    often = Counter(shorten(one.name) for one in listed)
    return {
        one.slug: shorten(one.name) if often[shorten(one.name)] == 1 else one.name for one in listed
    }


def exact_category(text: str, categories: Iterable[Category]) -> str | None:
    """Return the slug of the category whose slug or name is `text`, in any case.

    The name may be as `option_labels` has it.
    """
    trimmed = text.strip()
    wanted = " ".join(text.split()).casefold()
    by_slug = by_name = by_short_name = None
    for one in categories:
        if one.slug == trimmed:
            return one.slug
        if by_slug is None and one.slug.casefold() == wanted:
            by_slug = one.slug
        if by_name is None and one.name.casefold() == wanted:
            by_name = one.slug
        if by_short_name is None and shorten(one.name).casefold() == wanted:
            by_short_name = one.slug
    return by_slug or by_name or by_short_name


def resolve_category(text: str, categories: Iterable[Category]) -> str:
    """Return the slug of the one category that `text` can mean.

    A slug or a name counts whole, in upper or lower case, before a beginning or a part of a name
    does. What is shaped like a slug is believed even when the list doesn't have it: the list may
    be old, and Velora says so when it is wrong.

    Raises:
        CategoryUnknown: it means none, or could mean several; has names that come close.
    """
    listed = list(categories)
    exact = exact_category(text, listed)
    if exact is not None:
        return exact
    wanted = " ".join(text.split()).casefold()
    starting = [one for one in listed if one.name.casefold().startswith(wanted)]
    containing = [one for one in listed if wanted in one.name.casefold()]
    for matching in (starting, containing):
        if len(matching) == 1:
            return matching[0].slug
    if _SLUG.fullmatch(text.strip()) and not containing:
        return text.strip()
    close = starting or containing
    names = tuple(one.name for one in close[:_SUGGESTIONS]) or similar_categories(wanted, listed)
    raise CategoryUnknown(category=text.strip(), suggestions=names)


def similar_categories(text: str, categories: Iterable[Category]) -> tuple[str, ...]:
    """Return the category names that `text` may be a misspelling of."""
    import difflib  # rarely needed, and not worth its time while OBS starts

    wanted = " ".join(text.replace("-", " ").split()).casefold()
    whole = {one.name.casefold(): one.name for one in categories}
    found = difflib.get_close_matches(wanted, whole, n=_SUGGESTIONS)
    if not found:
        words = {word for name in whole for word in name.split()}
        near = difflib.get_close_matches(wanted, words, n=1)
        found = [name for name in whole if near and near[0] in name.split()]
    return tuple(whole[name] for name in found[:_SUGGESTIONS])
