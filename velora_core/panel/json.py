"""The panel as JSON: what a web page draws."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any, Final

from .elements import Element, Kind, Option, Panel

__all__ = ["element_to_plain", "panel_to_json"]

_DEFAULTS: Final = Element(Kind.NOTICE, "")._asdict()


def panel_to_json(panel: Panel) -> str:
    """Return all that is to be drawn, as one JSON array of elements.

    What an element has by default is left out, and so is what only the host keeps, or is not said.
    There is nothing secret in it: the value of a secret's field is always empty.
    """
    elements = [element_to_plain(element) for element in panel.elements if _counts(element)]
    return json.dumps(elements, ensure_ascii=False)


def _counts(element: Element) -> bool:
    """Return whether an element is anything to a page: a text that is not shown is nothing."""
    return element.kind is not Kind.KEPT and (element.visible or element.kind is not Kind.NOTICE)


def element_to_plain(element: Element) -> dict[str, Any]:
    """Return an element in JSON's words, without what it has by default."""
    return {
        name: _plain(value)
        for name, value in element._asdict().items()
        if name in ("kind", "key") or value != _DEFAULTS[name]
    }


def _plain(value: Any) -> Any:
    """Return a value in JSON's words."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Element):
        return element_to_plain(value)
    if isinstance(value, Option):
        return value._asdict()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
