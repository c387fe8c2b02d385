"""The 12,000 categories of the simulated Velora, and how it lists and finds them."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["CATEGORIES", "LISTED", "first_listed", "search"]

LISTED = 100
"""So many are in the list; the rest is found by the search only."""

_OWN = (
    "Just Chatting",
    "Software & Game Development",
    "Music",
    "Art",
    "Cooking",
    "Fitness & Health",
    "Science & Technology",
    "Sports",
    "Travel & Outdoors",
    "Retro Games",
    "Board Games",
    "Role-Playing Games",
)
_KNOWN = (
    "Apex Construct",
    "Apex Legends",
    "Counter-Strike 2",
    "Counter-Strike: Source",
    "Minecraft",
    "Minecraft Dungeons",
    "Minecraft Legends",
    "Pokémon",
    "Pokémon GO",
    "Baldur’s Gate 3",
    "The Legend of Zelda: Breath of the Wild",
    "The Legend of Zelda: Tears of the Kingdom",
    "Doom",
    "Doom",
    "Doom Eternal",
    "Prey",
    "Prey",
)
_BEFORE_APEX = LISTED - len(_OWN) - 1  # so that "Apex Construct" is the last of the list
_TOTAL = 12_000
_FIRST = "Ashen,Bold,Crimson,Distant,Ember,Frozen,Golden,Hollow,Iron,Jade,Kindred,Lunar,Misty"
_LAST = "Arena,Bastion,Circuit,Depths,Empire,Frontier,Garden,Harbor,Island,Journey,Kingdom,Legacy"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("&", "and"))
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return "-".join(kept.lower().split())


def _names() -> Iterator[str]:
    yield from _OWN
    yield from _KNOWN
    yield from (f"Abyss Diver {number}" for number in range(1, _BEFORE_APEX + 1))
    for number in itertools.count(1):
        for first, second in itertools.product(_FIRST.split(","), _LAST.split(",")):
            yield f"{first} {second}" if number == 1 else f"{first} {second} {number}"


def _all() -> Iterator[dict[str, Any]]:
    slugs: set[str] = set()
    for name in itertools.islice(_names(), _TOTAL):
        slug = base = _slug(name)
        for number in itertools.count(2):
            if slug not in slugs:
                break
            slug = f"{base}-{number}"
        slugs.add(slug)
        image = None if name == "Music" else f"https://assets.velora.tv/{slug}.jpg"
        yield {"slug": slug, "name": name, "imageUrl": image}


CATEGORIES: tuple[Mapping[str, Any], ...] = tuple(_all())


def first_listed(categories: Sequence[Any], limit: int | None) -> list[Any]:
    """Return Velora's own, then the others in alphabetical order, as far as the list goes."""
    own = [category for category in categories if category["name"] in _OWN]
    others = (category for category in categories if category["name"] not in _OWN)
    return [*own, *sorted(others, key=lambda other: str(other["name"]))][:limit]


def search(categories: Iterable[Any], query: str, limit: int) -> list[Any]:
    """Return what has the text in its name, whatever case and accents; the nearest first."""
    wanted = _plain(query)
    hits = []
    for category in categories:
        name = _plain(category["name"])
        if wanted in name:
            hits.append(
                (name != wanted, not name.startswith(wanted), name, category["slug"], category)
            )
    return [item for *_, item in sorted(hits, key=lambda hit: hit[:4])[:limit]]


def _plain(text: str) -> str:
    whole = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in whole if not unicodedata.combining(c))
