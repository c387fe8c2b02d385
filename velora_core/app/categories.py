"""Categories: which one a text means, and how each is labelled.

What counts as the same name: upper and lower case, the kind of white space and how an accented
letter is encoded never matter. Where no name is the same by that, accents, trademark signs and the
kind of quotes, apostrophes and dashes don't matter either: “pokemon” is “Pokémon”, “Baldur's” is
“Baldur’s”. Everything else does: a part of a name is a question to the streamer, never an answer,
and so is a name that several categories have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from velora_core.errors import CategoryUnknown
from velora_core.messages import message
from velora_core.messages.labels import both_ends, cut, shorten

if TYPE_CHECKING:
    from velora_core.api.models import Category

__all__ = [
    "CategoryChoices",
    "KnownCategories",
    "category_name",
    "choices_of",
    "exact_categories",
    "exact_category",
    "is_slug",
    "names_apart",
    "option_labels",
    "partial_categories",
    "similar_categories",
    "unknown_category",
]

_SLUG: Final = re.compile(r"[A-Za-z0-9]+([-_][A-Za-z0-9]+)*")
_SUGGESTIONS: Final = 3
_STAR: Final = "★ "
_ENDS: Final = 6  # letters of a long name and of its slug, where both are shown
_TYPOGRAPHIC: Final = str.maketrans(
    {"‘": "'", "’": "'", "´": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"}
    | dict.fromkeys("™®©")
)


class KnownCategories(NamedTuple):
    """The categories that are known beside Velora's list, which ends at the first hundred.

    Attributes:
        starred: those that the streamer has marked.
        recent: those that were sent to Velora, the last one first.
        found: the hits of the last search.
    """

    starred: tuple[Category, ...] = ()
    recent: tuple[Category, ...] = ()
    found: tuple[Category, ...] = ()


class CategoryChoices:
    """All categories that are known, in the order of a choice, and how a list shows them.

    The hits of a search come before all that was not searched for; among them, and else, what is
    starred comes first, then what was used recently, then Velora's list in alphabetical order.
    """

    def __init__(self, known: KnownCategories, listed: tuple[Category, ...]) -> None:
        """Put them together.

        Args:
            known: beside the list.
            listed: Velora's list.
        """
        rank = {category.slug: 1 for category in known.recent} | {
            category.slug: 0 for category in known.starred
        }
        # Else as they came.
        hits = sorted(known.found, key=lambda category: rank.get(category.slug, 2))
        rest = sorted(listed, key=lambda category: category.name.casefold())
        self.by_slug: dict[str, Category] = {}
        for known_category in (*hits, *known.starred, *known.recent, *rest):
            self.by_slug.setdefault(known_category.slug, known_category)
        self.all = tuple(self.by_slug.values())
        self.labels = option_labels(self.all, known.starred)
        self._by_label = {label: slug for slug, label in self.labels.items()}

    def entered(self, text: str) -> tuple[str, str]:
        """Return the slug and the name of the category that a text is the label, name or slug of.

        The text and no name if it is none's, or could be several's; nothing for the entry that
        stands for no category.
        """
        trimmed = text.strip()
        if trimmed == message("panel.no_category"):
            return "", ""
        slug = self._by_label.get(trimmed)
        category = self.by_slug[slug] if slug else exact_category(trimmed, self.all)
        return (category.slug, category.name) if category else (trimmed, "")

    def shown(self, slug: str, name: str) -> str:
        """Return what a field shows for a category that was kept, or for a text without a name."""
        return self.labels.get(slug) or shorten(name) or slug

    @property
    def entries(self) -> tuple[str, ...]:
        """The list's, the first of which stands for no category."""
        return (message("panel.no_category"), *self.labels.values())


_MAX_CHOICES: Final = 4  # several applications may be in one process
_latest: tuple[tuple[KnownCategories, tuple[Category, ...], CategoryChoices], ...] = ()


def choices_of(known: KnownCategories, listed: tuple[Category, ...]) -> CategoryChoices:
    """Return the categories to choose from; from any thread.

    They are the same at each keystroke, and the state has them in the same objects then: to compare
    thousands of them would take longer than all the rest of a panel.
    """
    global _latest
    for its_known, its_list, choices in _latest:
        if its_known is known and its_list is listed:
            return choices
    choices = _choices(known, listed)
    _latest = ((known, listed, choices), *_latest[: _MAX_CHOICES - 1])
    return choices


@lru_cache(maxsize=2)  # they may be equal without being the same
def _choices(known: KnownCategories, listed: tuple[Category, ...]) -> CategoryChoices:
    return CategoryChoices(known, listed)


def category_name(slug: str, categories: Iterable[Category]) -> str:
    """Return the name of the category with this slug, or the slug if it isn't known."""
    return next((category.name for category in categories if category.slug == slug), slug)


def option_labels(
    categories: Iterable[Category], starred: Iterable[Category] = ()
) -> dict[str, str]:
    """Return each category's label in a narrow list, by slug; no two are the same.

    A long name is cut at its end; where two look alike then, its middle is cut out, and if that
    doesn't tell them apart, the slug's end does.

    Args:
        categories: in the order of the list.
        starred: those that get a star.
    """
    listed = list(categories)
    stars = {category.slug for category in starred}
    names = {
        category.slug: _STAR + category.name if category.slug in stars else category.name
        for category in listed
    }
    labels = {slug: shorten(name) for slug, name in names.items()}
    for way in (_both_ends, _with_slug):
        often = Counter(map(str.casefold, labels.values()))
        for slug, label in labels.items():
            if often[label.casefold()] > 1:
                labels[slug] = way(names[slug], slug)
    taken: set[str] = set()
    for slug, label in labels.items():
        number, unique = 2, label
        while unique.casefold() in taken:
            unique = f"{label} {number}"
            number += 1
        taken.add(unique.casefold())
        labels[slug] = unique
    return labels


def _both_ends(name: str, _: str) -> str:
    return both_ends(name)


def _with_slug(name: str, slug: str) -> str:
    end = slug if len(slug) <= _ENDS else f"…{slug[1 - _ENDS :]}"
    return f"{name if len(name) < _ENDS else cut(name, _ENDS - 1).rstrip() + '…'} ({end})"


def names_apart(categories: Sequence[Category]) -> tuple[str, ...]:
    """Return the names in full; with the slug where two have the same."""
    often = Counter(_same(category.name) for category in categories)
    return tuple(
        category.name if often[_same(category.name)] == 1 else f"{category.name} ({category.slug})"
        for category in categories
    )


@lru_cache(maxsize=16384)
def _same(text: str) -> str:
    """Return the text as it is compared: case, white space and encoding don't matter."""
    if text.isascii():
        return " ".join(text.split()).casefold()
    import unicodedata  # not worth its time while OBS starts

    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())


@lru_cache(maxsize=16384)
def _plain(text: str) -> str:
    """Return the text without accents and typographic signs, too."""
    if text.isascii():
        return _same(text.replace("`", "'"))
    import unicodedata

    apart = unicodedata.normalize("NFKD", text.translate(_TYPOGRAPHIC).casefold())
    # Only the marks of Latin, Greek and Cyrillic letters: in other scripts they make other letters.
    kept = "".join(letter for letter in apart if not "\u0300" <= letter <= "\u036f")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def exact_categories(text: str, categories: Iterable[Category]) -> tuple[Category, ...]:
    """Return the categories whose slug or whole name is `text`.

    More than one where several have the name, whosever slug it is: a text was typed, and people
    type names.
    """
    listed = list(categories)
    trimmed, wanted, plain = text.strip(), _same(text), _plain(text)
    if not wanted:
        return ()
    named = tuple(category for category in listed if _same(category.name) == wanted)
    if len(named) > 1:
        return named
    slugs = [category for category in listed if category.slug.casefold() == wanted]
    slug = [category for category in slugs if category.slug == trimmed] or slugs[:1]
    return (
        tuple(slug)
        or named
        or tuple(category for category in listed if _plain(category.name) == plain)
    )


def exact_category(text: str, categories: Iterable[Category]) -> Category | None:
    """Return the one category whose slug or whole name is `text`; None without or with several."""
    found = exact_categories(text, categories)
    return found[0] if len(found) == 1 else None


def is_slug(text: str) -> bool:
    """Return whether a text looks like a slug."""
    return bool(_SLUG.fullmatch(text.strip()))


def partial_categories(text: str, categories: Iterable[Category]) -> tuple[Category, ...]:
    """Return the categories with `text` in their name, those that begin with it first."""
    wanted = _plain(text)
    found = [category for category in categories if wanted and wanted in _plain(category.name)]
    return tuple(sorted(found, key=lambda category: not _plain(category.name).startswith(wanted)))


def unknown_category(
    text: str, near: Sequence[Category], known: Iterable[Category]
) -> CategoryUnknown:
    """Return the error that asks which one is meant: of `near`, else of what is spelled alike."""
    names = names_apart(near[:_SUGGESTIONS]) or similar_categories(text, known)
    return CategoryUnknown(category=text.strip(), suggestions=names)


def similar_categories(text: str, categories: Iterable[Category]) -> tuple[str, ...]:
    """Return the category names that `text` may be a misspelling of."""
    import difflib  # rarely needed, and not worth its time while OBS starts

    wanted = " ".join(text.replace("-", " ").split()).casefold()
    whole = {category.name.casefold(): category.name for category in categories}
    found = difflib.get_close_matches(wanted, whole, n=_SUGGESTIONS)
    if not found:
        words = {word for name in whole for word in name.split()}
        near = difflib.get_close_matches(wanted, words, n=1)
        found = [name for name in whole if near and near[0] in name.split()]
    return tuple(whole[name] for name in found[:_SUGGESTIONS])
