"""Changes one place in a JSON text and leaves every other byte as it is."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

_DECODER = json.JSONDecoder()
_SPACE = " \t\r\n"


class Span(NamedTuple):
    """Where a value stands in a text."""

    start: int
    end: int


class Member(NamedTuple):
    """A name with its value."""

    name: str
    start: int
    value: Span


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def _value(text: str, position: int) -> Span:
    start = _skip(text, position)
    return Span(start, _DECODER.raw_decode(text, start)[1])


def root(text: str) -> Span:
    """Return the text's one value; raise `ValueError` for anything that isn't JSON."""
    span = _value(text, 0)
    if _skip(text, span.end) != len(text):
        raise ValueError("there is something behind the JSON")
    return span


def members(text: str, span: Span) -> list[Member]:
    """Return the members of the object at `span`; raise `ValueError` when it is no object."""
    if text[span.start] != "{":
        raise ValueError("not an object")
    found: list[Member] = []
    position = _skip(text, span.start + 1)
    while text[position] != "}":
        name = _value(text, position)
        value = _value(text, _skip(text, name.end) + 1)
        found.append(Member(json.loads(text[name.start : name.end]), name.start, value))
        position = _skip(text, value.end)
        if text[position] == ",":
            position = _skip(text, position + 1)
    return found


def items(text: str, span: Span) -> list[Span]:
    """Return the items of the array at `span`; raise `ValueError` when it is no array."""
    if text[span.start] != "[":
        raise ValueError("not an array")
    found: list[Span] = []
    position = _skip(text, span.start + 1)
    while text[position] != "]":
        found.append(_value(text, position))
        position = _skip(text, found[-1].end)
        if text[position] == ",":
            position = _skip(text, position + 1)
    return found


def member(text: str, span: Span, name: str) -> Span | None:
    """Return the value of the last member called `name`, which is the one that counts."""
    found = [member.value for member in members(text, span) if member.name == name]
    return found[-1] if found else None


def append_item(text: str, array: Span, value: Any) -> str:
    """Return the text with one more item at the end of the array, spaced as the others are."""
    there = items(text, array)
    new = json.dumps(value, ensure_ascii=False)
    if not there:
        return text[: array.start] + "[" + new + "]" + text[array.end :]
    if len(there) > 1:
        between = text[there[-2].end : there[-1].start]
    else:
        between = "," + text[array.start + 1 : there[0].start]
    return text[: there[-1].end] + between + new + text[there[-1].end :]


def append_member(text: str, span: Span, name: str, value: Any) -> str:
    """Return the text with one more member at the end of the object, spaced as the others are."""
    there = members(text, span)
    new = json.dumps(name) + ": " + json.dumps(value, ensure_ascii=False)
    if not there:
        return text[: span.start] + "{" + new + "}" + text[span.end :]
    space = text[span.start + 1 : there[0].start]
    end = there[-1].value.end
    return text[:end] + "," + space + new + text[end:]


def remove_item(text: str, array: Span, index: int) -> str:
    """Return the text without that item, its comma and the space that went with it."""
    there = items(text, array)
    if len(there) == 1:
        return text[: array.start + 1] + text[array.end - 1 :]
    if index == 0:
        return text[: there[0].start] + text[there[1].start :]
    return text[: there[index - 1].end] + text[there[index].end :]


def replace(text: str, span: Span, value: Any) -> str:
    """Return the text with another value there."""
    return text[: span.start] + json.dumps(value, ensure_ascii=False) + text[span.end :]


def find_all(text: str, *path: str) -> tuple[Span | None, ...]:
    """Return the values along a path of names; None from the first on that is missing."""
    spans: list[Span | None] = [root(text)]
    for name in path:
        above = spans[-1]
        spans.append(None if above is None else member(text, above, name))
    return tuple(spans)
