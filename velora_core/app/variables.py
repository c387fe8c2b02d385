"""Variables in braces, as ``{date}``, in titles and in texts on the picture.

``{{`` and ``}}`` stand for braces. A brace that belongs to no name in braces is only a brace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

__all__ = [
    "PICTURE_VARIABLES",
    "TITLE_VARIABLES",
    "escape_braces",
    "has_variables",
    "in_braces",
    "names",
    "render_template",
    "unknown_variables",
]

TITLE_VARIABLES: Final = (
    "date",
    "time",
    "weekday",
    "category",
    "scene",
    "preset",
    "game",
    "count",
)
"""What a title may name."""

PICTURE_VARIABLES: Final = ("viewers", "peak", "title", "uptime", *TITLE_VARIABLES)
"""What a text on the picture may name."""

_PARTS: Final = re.compile(r"\{\{|\}\}|\{\s*(\w[\w.-]*)\s*\}")


def names(template: str) -> list[str]:
    """Return what a template names in braces, in lower case."""
    return [found[1].casefold() for found in _PARTS.finditer(template) if found[1]]


def has_variables(template: str) -> bool:
    """Return whether a text becomes another one when it is filled in."""
    return _PARTS.search(template) is not None


def unknown_variables(template: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the names in braces that mean nothing, each once, in their order."""
    return tuple(dict.fromkeys(name for name in names(template) if name not in set(known)))


def render_template(template: str, values: Mapping[str, str]) -> str:
    """Return the template with its variables filled in.

    What has no value leaves nothing behind, not even the space beside it.

    Args:
        template: as it was typed.
        values: by the variable's name in lower case.
    """
    gap = False

    def value(found: re.Match[str]) -> str:
        nonlocal gap
        if not found[1]:
            return found[0][0]
        text = values.get(found[1].casefold(), "")
        gap = gap or not text
        return text

    filled = _PARTS.sub(value, template)
    return re.sub(r"[ \t]{2,}", " ", filled).strip() if gap else filled


def in_braces(names: Iterable[str]) -> str:
    """Return names as they are written in a title: ``{date}, {time}``."""
    return ", ".join(f"{{{name}}}" for name in names)


def escape_braces(text: str) -> str:
    """Return a template that gives exactly this text."""
    return text.replace("{", "{{").replace("}", "}}")
