"""JSON from a program that may be another one than it should be: nothing in it is believed.

What a broadcasting software sends is input like any other: each value is looked at before it is
used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn

__all__ = ["Malformed", "object_from", "object_in", "text_in"]

_MAX_DEPTH: Final = 24
_MAX_DIGITS: Final = 24


class Malformed(ValueError):
    """A message that the software would not send. It has no text: it may hold secrets."""


def object_from(text: bytes) -> dict[str, Any]:
    """Return the object in a message; raises `Malformed`."""
    try:
        found = json.loads(text, parse_constant=_refuse, parse_int=_whole, parse_float=_real)
    except (ValueError, RecursionError):
        raise Malformed from None
    _refuse_depth(found)
    if not isinstance(found, dict):
        raise Malformed
    return found


def _refuse(_: str) -> NoReturn:
    raise Malformed


def _whole(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:  # Python takes its time for a number of a million digits
        raise Malformed
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Malformed
    return value


def _refuse_depth(value: object) -> None:
    """Raise `Malformed` for what is nested deeper than any message should be."""
    level: list[object] = [value]
    for _ in range(_MAX_DEPTH):
        below: list[object] = []
        for value_inside in level:
            if isinstance(value_inside, dict):
                below += value_inside.values()
            elif isinstance(value_inside, list):
                below += value_inside
        if not below:
            return
        level = below
    raise Malformed


def object_in(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object in a message, empty when it is not there; raises `Malformed`."""
    value = data.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed
    return value


def text_in(data: Mapping[str, Any], name: str) -> str:
    """Return a text in a message, empty when it is not there; raises `Malformed`."""
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed
    return value
