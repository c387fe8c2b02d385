"""Options of an encoder that somebody has written out, by OBS's names for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

__all__ = [
    "B_FRAMES",
    "KEYFRAMES",
    "codec_of",
    "has_b_frames",
    "parsed_options",
    "whole_number",
]

B_FRAMES: Final = frozenset(("bframes", "bf"))
"""Options that say how many B-frames there are."""
KEYFRAMES: Final = frozenset(("keyint", "g", "gopLength"))
"""Options that say how many frames there are between two keyframes."""
_CODECS: Final = (("av1", "av1"), ("hevc", "hevc"), ("h265", "hevc"))
"""What is in the name of an encoder that is not one of H.264."""


def parsed_options(written: str) -> Iterator[tuple[str, str]]:
    """Yield each option's name and value; OBS takes both ``name_x`` and ``name-x``."""
    for word in written.split():
        name, _, value = word.partition("=")
        yield name.replace("_", "-"), value


def whole_number(written: str) -> int | None:
    """Return the number that somebody has written out; None when it is none, or far too large."""
    plain = written.isascii() and written.isdigit() and len(written) < 10
    return int(written) if plain else None


def has_b_frames(options: Mapping[str, str]) -> bool | None:
    """Return whether x264 makes them with these options and ``preset``; None if unknown."""
    for option in B_FRAMES:
        if option in options:
            return options[option] != "0"
    if options.get("tune") == "zerolatency" or options.get("profile") == "baseline":
        return False
    return options["preset"] != "ultrafast" if options.get("preset") else None


def codec_of(name: str) -> str | None:
    """Return the video codec of an encoder by its name; None without one."""
    if not name:
        return None
    return next((codec for part, codec in _CODECS if part in name.lower()), "h264")
