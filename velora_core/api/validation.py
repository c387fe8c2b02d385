"""Validation of titles, and the count of their characters."""

from __future__ import annotations

import unicodedata
from typing import Final

from velora_core.errors import CategoryQueryInvalid, TitleInvalid, TitleTooLong
from velora_core.messages import message

__all__ = [
    "TITLE_LIMIT",
    "has_control_characters",
    "title_count",
    "too_long",
    "validate_category_query",
    "validate_title",
]

TITLE_LIMIT: Final = 140
"""The most characters a title may have (after trimming)."""

_QUERY: Final = (2, 100)
"""The fewest and the most characters to look for categories by; the former is Velora's rule."""

_INVISIBLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def has_control_characters(text: str) -> bool:
    """Return whether the text contains a line break or another control character."""
    return any(unicodedata.category(character) in _INVISIBLE for character in text)


def validate_title(title: str) -> str:
    """Return the title as it is sent: trimmed.

    Raises:
        TitleTooLong: it has more than `TITLE_LIMIT` characters.
        TitleInvalid: it has a line break or another invisible character.
    """
    trimmed = title.strip()
    if len(trimmed) > TITLE_LIMIT:
        raise TitleTooLong(length=len(trimmed), limit=TITLE_LIMIT)
    if has_control_characters(trimmed):
        raise TitleInvalid
    return trimmed


def validate_category_query(text: str) -> str:
    """Return the text by which to look for categories: on one line, without outer white space.

    Raises:
        CategoryQueryInvalid: it is too short for Velora, or longer than any name.
    """
    wanted = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    least, most = _QUERY
    if len(wanted) < least:
        raise CategoryQueryInvalid(least=least)
    if len(wanted) > most:
        raise CategoryQueryInvalid("error.category_query_long", length=len(wanted), most=most)
    return wanted


def too_long(title: str) -> bool:
    """Return whether the title is too long for Velora."""
    return len(title.strip()) > TITLE_LIMIT


def title_count(title: str) -> str:
    """Return how much of the limit is used, for people; empty without a title."""
    length = len(title.strip())
    if not length:
        return ""
    if length > TITLE_LIMIT:
        return message(
            "title.too_long", length=length, limit=TITLE_LIMIT, excess=length - TITLE_LIMIT
        )
    return message("title.count", length=length, limit=TITLE_LIMIT)
