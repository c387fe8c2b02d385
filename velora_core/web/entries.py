"""What a page or a program wants to put into the fields, checked by what each field is."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from velora_core.api.validation import has_control_characters
from velora_core.panel.elements import FIELDS, FILES, Element, Kind

from .refusal import Refusal

if TYPE_CHECKING:
    from velora_core.panel.elements import Value
    from velora_core.panel.sections import Sections

__all__ = ["checked_values"]

_MAX_LENGTH: Final = 4096  # characters; what a field may hold is the panel's own business
_USED: Final = FIELDS - FILES - {Kind.KEPT}


def checked_values(wanted: Mapping[str, Any], sections: Sections) -> dict[str, Value]:
    """Return what is to be put into the fields.

    Args:
        wanted: by the fields' keys, as it came.
        sections: what there is now.

    Raises:
        Refusal: there is no such field, or it can't hold that; nothing is to be changed then.
    """
    fields = {
        element.key: element
        for element in sections.walk()
        if element.kind in _USED and element.enabled
    }
    found: dict[str, Value] = {}
    for key, value in wanted.items():
        if key not in fields:
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "dock.no_field", name=_name(key))
        if not _fits(fields[key], value):
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "dock.wrong_value", name=_name(key))
        found[key] = tuple(value) if isinstance(value, list) else value
    return found


def _fits(field: Element, value: object) -> bool:
    if field.kind is Kind.CHECKBOX:
        return isinstance(value, bool)
    if field.kind is Kind.NUMBER:
        least, most = field.limits
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    if field.kind is Kind.LIST:
        return isinstance(value, list) and all(map(_is_text, value))
    if field.kind is Kind.CHOICE:
        return value in [option.value for option in field.options]
    return _is_text(value)


def _is_text(value: object) -> bool:
    """Return whether it is a text that any program can hold."""
    return (
        isinstance(value, str) and len(value) <= _MAX_LENGTH and not has_control_characters(value)
    )


def _name(key: str) -> str:
    """Return what somebody calls a field, as it can be repeated to them."""
    return key[:40].encode("ascii", "replace").decode()
