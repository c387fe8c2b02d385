"""Options of an encoder that somebody has written out, by OBS's names for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

__all__ = ["B_FRAMES", "KEYFRAMES", "parsed_options", "whole_number"]

B_FRAMES: Final = frozenset(("bframes", "bf"))
"""Options that say how many B-frames there are."""
KEYFRAMES: Final = frozenset(("keyint", "g", "gopLength"))
"""Options that say how many frames there are between two keyframes."""


def parsed_options(written: str) -> Iterator[tuple[str, str]]:
    """Yield each option's name and value; OBS takes both ``name_x`` and ``name-x``."""
    for word in written.split():
        name, _, value = word.partition("=")
        yield name.replace("_", "-"), value


def whole_number(written: str) -> int | None:
    """Return the number that somebody has written out; None when it is none, or far too large."""
    plain = written.isascii() and written.isdigit() and len(written) < 10
    return int(written) if plain else None
