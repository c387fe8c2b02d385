"""Qt's WebChannel: what its messages look like. No network.

A server exposes objects with methods, signals and properties. It sends changed properties once the
client has said that it is ready, and then no more until it has said so again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

from velora_hosts.companion.untrusted import Malformed, object_in, text_in

__all__ = ["Exposed", "Kind", "exposed_in", "kind_of", "message", "updates_in"]


class Kind(IntEnum):
    """What a message is; other numbers are none of ours."""

    PROPERTY_UPDATE = 2
    INIT = 3
    IDLE = 4
    INVOKE = 6
    RESPONSE = 10


class Exposed(NamedTuple):
    """An object of the server's, as it describes it.

    Attributes:
        methods: their numbers, by name.
        properties: their names, by number.
        values: what the properties are, by name.
    """

    methods: Mapping[str, int]
    properties: Mapping[int, str]
    values: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Exposed({len(self.methods)} methods, {len(self.properties)} properties)"


def message(kind: Kind, **content: Any) -> str:
    """Return a message."""
    return json.dumps({"type": int(kind), **content})


def kind_of(found: Mapping[str, Any]) -> int:
    """Return what a message is; raises `Malformed`."""
    kind = found.get("type")
    if not isinstance(kind, int) or isinstance(kind, bool):
        raise Malformed
    return kind


def exposed_in(found: Mapping[str, Any], name: str) -> Exposed | None:
    """Return an object in the answer to `Kind.INIT`; None when it is not there.

    Raises:
        Malformed: that is no such answer.
    """
    objects = object_in(found, "data")
    if name not in objects:
        return None
    described = object_in(objects, name)
    methods: dict[str, int] = {}
    for entry in _list_in(described, "methods"):
        called, number = _entry(entry, 2)
        if not isinstance(called, str) or not _is_number(number):
            raise Malformed
        methods.setdefault(called, number)
    properties: dict[int, str] = {}
    values: dict[str, Any] = {}
    for entry in _list_in(described, "properties"):
        number, called, _, value = _entry(entry, 4)
        if not isinstance(called, str) or not _is_number(number):
            raise Malformed
        properties[number], values[called] = called, value
    return Exposed(methods, properties, values)


def updates_in(found: Mapping[str, Any], name: str, exposed: Exposed) -> dict[str, Any]:
    """Return what has changed of an object's properties, by their names; raises `Malformed`."""
    changed: dict[str, Any] = {}
    for update in _list_in(found, "data"):
        if not isinstance(update, dict):
            raise Malformed
        if text_in(update, "object") != name:
            continue
        for number, value in object_in(update, "properties").items():
            if not number.isascii() or not number.isdigit() or len(number) > 9:
                raise Malformed
            called = exposed.properties.get(int(number))
            if called is not None:
                changed[called] = value
    return changed


def _list_in(data: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = data.get(name)
    if not isinstance(value, list):
        raise Malformed
    return value


def _entry(entry: object, length: int) -> Sequence[Any]:
    if not isinstance(entry, list) or len(entry) < length:
        raise Malformed
    return entry[:length]


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
