"""Texts that fit into a panel: shortened names, and labels that take tags for HTML.

Apart from the sentences, which OBS's UI thread imports while it loads the script.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["both_ends", "cut", "escape_label", "short_labels", "shorten"]

_WIDTHS: Final = {**dict.fromkeys("MW@mw%", 17), **dict.fromkeys("ijlIft.,:;'|! ", 5)}
"""Of letters that are not as wide as most, which are 10."""
_WIDTH: Final = 15
"""Characters of a name in a list: a wider list would push its label out of OBS's panel."""


def escape_label(text: str) -> str:
    """Escape a text for a label that takes tags for HTML, as OBS's labels do.

    Its lines stay lines.
    """
    if "<" not in text and "&" not in text:
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<span>{}</span>".format(escaped.replace("\n", "<br>"))


def shorten(name: str) -> str:
    """Shorten a name to fit into a list of the panel, with ``…`` for what is cut off."""
    return name if _fits(name) else cut(name, _WIDTH - 1).rstrip() + "…"


def both_ends(name: str) -> str:
    """Shorten a name to its beginning and its end: “The Leg…e Wild”."""
    half = (_WIDTH - 1) // 2
    if _fits(name):
        return name
    return f"{cut(name, half).rstrip()}…{cut(name[::-1], half)[::-1].lstrip()}"


_LISTS: Final = 8  # whose labels are remembered
_labels: dict[tuple[str, ...], tuple[str, ...]] = {}
"""Of the last lists, by their names: a panel's are the same at each keystroke."""


def short_labels(names: Sequence[str]) -> list[str]:
    """Shorten names for a list of the panel, in the same order, so that no two look alike.

    Those that begin alike keep their ends as well.
    """
    key = tuple(names)
    labels = _labels.pop(key, None) or _told_apart(key)
    _labels[key] = labels  # as the latest; another thread may be here as well
    for oldest in list(_labels)[:-_LISTS]:
        _labels.pop(oldest, None)
    return list(labels)


def _told_apart(names: tuple[str, ...]) -> tuple[str, ...]:
    shortened = [shorten(name) for name in names]
    alike: dict[str, int] = {}
    for short in shortened:
        alike[short] = alike.get(short, 0) + 1
    labels: dict[str, None] = {}
    numbers: dict[str, int] = {}  # the last one, by what it stands behind
    for name, short in zip(names, shortened, strict=True):
        label = unique = both_ends(name) if alike[short] > 1 else short
        if label in labels:  # the same to the letter, or in the middle only
            beginning = cut(label, _WIDTH - 4).rstrip("… ")
            number = numbers.get(beginning, 1)
            while unique in labels:
                number += 1
                unique = f"{beginning}… {number}"
            numbers[beginning] = number
        labels[unique] = None
    return tuple(labels)


def cut(text: str, width: int) -> str:
    """Return as much of the beginning of a text as is not wider than so many letters."""
    room = 10 * width
    for at, letter in enumerate(text):
        room -= _WIDTHS.get(letter) or _width_of(letter)
        if room < 0:
            return text[:at]
    return text


def _fits(name: str) -> bool:
    return cut(name, _WIDTH) == name


def _width_of(letter: str) -> int:
    """Return the width of a letter that is neither wide nor narrow among Latin ones."""
    if letter.isascii():
        return 10
    from unicodedata import east_asian_width  # not worth its time while OBS starts

    return 23 if east_asian_width(letter) in "WF" else 10
