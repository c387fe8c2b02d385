"""Reading the fields of a JSON object, with an error that names the one that is not as agreed."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any

from velora_core.errors import InvalidResponse

__all__ = ["JsonFields", "decode"]

_UNPRINTABLE_OR_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


class _JsonObject(dict[str, Any]):
    """A decoded object that prints nothing of itself: a stream key or a token may be in it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{{{len(self)} fields}}"


def decode(body: bytes) -> object:
    """Return what an answer's JSON means; raises `ValueError` or `RecursionError`."""
    decoded: object = json.loads(body, object_hook=_JsonObject)
    return decoded


class JsonFields:
    """Reads the fields of one JSON object and says which one is not as agreed."""

    def __init__(self, data: object, endpoint: str, prefix: str = "") -> None:
        self._endpoint = endpoint
        self._prefix = prefix
        if not isinstance(data, dict):
            raise self.wrong("", "object")
        self._data: dict[str, Any] = data

    def wrong(self, name: str, problem: str) -> InvalidResponse:
        """Return the error for a field."""
        field = f"{self._prefix}{name}" or "(all)"
        return InvalidResponse(endpoint=self._endpoint, field=field.rstrip("."), problem=problem)

    def _required(self, name: str) -> Any:
        if name not in self._data:
            raise self.wrong(name, "missing")
        return self._data[name]

    def text(self, name: str) -> str:
        """Return a text."""
        value = self._required(name)
        if value is None:
            raise self.wrong(name, "null")
        if not isinstance(value, str):
            raise self.wrong(name, "type")
        return value

    def identifier(self, name: str) -> str:
        """Return a text or a number as a text; empty for anything else."""
        value = self._data.get(name)
        known = isinstance(value, (str, int)) and not isinstance(value, bool)
        return str(value) if known else ""

    def word(self, name: str) -> str:
        """Return a text that isn't empty and has nothing that would break a line or an address."""
        value = self.text(name)
        if not value:
            raise self.wrong(name, "empty")
        if _UNPRINTABLE_OR_SPACE.search(value):
            raise self.wrong(name, "characters")
        return value

    def address(self, name: str, *schemes: str) -> str:
        """Return an address with one of these schemes."""
        value = self.word(name)
        scheme, found, rest = value.partition("://")
        if not found or scheme.lower() not in schemes or rest.strip("/") == "":
            raise self.wrong(name, "address")
        return value

    def optional_address(self, name: str, *schemes: str) -> str | None:
        """Return an address, or None for anything else: only who needs it has to know."""
        try:
            return self.address(name, *schemes)
        except InvalidResponse:
            return None

    def nullable_text(self, name: str) -> str | None:
        """Return a text, or None for null; the field itself has to be there."""
        return None if self._required(name) is None else self.text(name)

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None where there is none."""
        return None if self._data.get(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self._required(name)
        if value is None:
            raise self.wrong(name, "null")
        if not isinstance(value, bool):
            raise self.wrong(name, "type")
        return value

    def optional_count(self, name: str) -> int | None:
        """Return a number that counts something, or None where there is none."""
        value = self._data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(name, "type")
        if value < 0:
            raise self.wrong(name, "negative")
        return value

    def optional_time(self, name: str) -> datetime | None:
        """Return a time in UTC, or None where there is none."""
        value = self.optional_text(name)
        if not value:
            return None
        try:
            # Python 3.10's fromisoformat reads no "Z".
            moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", value))
            return moment.replace(tzinfo=moment.tzinfo or timezone.utc).astimezone(timezone.utc)
        except (ValueError, OverflowError):
            raise self.wrong(name, "time") from None

    def optional_texts(self, name: str) -> tuple[str, ...] | None:
        """Return a list of texts, or None where there is none."""
        value = self._data.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(name, "type")
        return tuple(value)
