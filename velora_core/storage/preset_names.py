"""Names of presets: which can be one, which are the same to people, and ids made of them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from velora_core.api.validation import has_control_characters
from velora_core.errors import InvalidInput, PresetNameTaken

__all__ = ["NAME_LIMIT", "checked_name", "free_name", "new_id", "numbered"]

NAME_LIMIT: Final = 60


def new_id(name: str) -> str:
    """Return an id that no other preset has, and that tells people which one it was.

    They see it where other programs list OBS's hotkeys.
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "_".join(re.findall("[a-z0-9]+", letters))[:24]
    return f"{words}_{os.urandom(4).hex()}".lstrip("_").replace("__", "_")


def folded(name: str) -> str:
    """Return what two names have in common that people would call the same."""
    text = unicodedata.normalize("NFKC", name)
    # Whether a symbol is shown as text or as an emoji makes no other name of it.
    text = "".join(letter for letter in text if not "\ufe00" <= letter <= "\ufe0f")
    return " ".join(text.split()).casefold()


def checked_name(name: str) -> str:
    """Return a name as it is kept; raise `InvalidInput` for one that can't be."""
    trimmed = name.strip()
    if not trimmed:
        raise InvalidInput("error.preset_unnamed")
    if len(trimmed) > NAME_LIMIT:
        raise InvalidInput("error.preset_name_long", length=len(trimmed), limit=NAME_LIMIT)
    if has_control_characters(trimmed):
        raise InvalidInput("error.preset_name_characters")
    return trimmed


def _names(entries: Iterable[Any]) -> set[str]:
    return {
        folded(other["name"])
        for other in entries
        if isinstance(other, dict) and isinstance(other.get("name"), str)
    }


def free_name(name: str, entries: Iterable[Any]) -> str:
    """Return the name as it is kept; raise when it is taken or none."""
    checked = checked_name(name)
    if folded(checked) in _names(entries):
        raise PresetNameTaken(name=checked)
    return checked


def numbered(name: str, entries: Iterable[Any]) -> str:
    """Return the name, with a number behind it if it is taken."""
    taken = _names(entries)
    number, free = 1, name
    while folded(free) in taken:
        number += 1
        end = f" ({number})"
        free = name[: NAME_LIMIT - len(end)].rstrip() + end
    return free
