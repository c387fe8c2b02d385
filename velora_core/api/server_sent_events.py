"""Parser for server-sent events, as the WHATWG's HTML standard describes them. Knows no network.

Bytes go in as they come, cut at any place; what is kept of them has a bound.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["EventParser", "EventTooLarge", "ServerSentEvent"]

_LIMIT: Final = 64 * 1024
"""Bytes of a line, and of all the data of one event."""
_BOM: Final = "\ufeff"


class EventTooLarge(ValueError):
    """A line, or an event's data, is longer than anybody would send."""


class ServerSentEvent(NamedTuple):
    """One event.

    Attributes:
        name: its type; ``message`` when none was given.
        data: its lines, joined by line feeds.
    """

    name: str
    data: str


class EventParser:
    """Reads one stream.

    Attributes:
        limit: bytes of a line, and of the data of one event.
        lines: how many lines have ended; comments count, which a server sends to keep a
            connection alive.
        last_id: the id of the last event that had one; empty without any.
        retry: milliseconds before a new connection, as the server wants it; None: it didn't say.
    """

    def __init__(self, limit: int = _LIMIT) -> None:
        self.limit = limit
        self.lines = 0
        self.last_id = ""
        self.retry: int | None = None
        self._line = bytearray()
        self._after_cr = False  # a line feed that comes first belongs to the last line's end
        self._name = ""
        self._id = ""  # counts once its event has ended
        self._data: list[str] = []
        self._size = 0

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """Return the events that end in the next bytes of the stream.

        Raises:
            EventTooLarge: nothing more can be read from this stream.
        """
        if self._after_cr and piece.startswith(b"\n"):
            piece = piece[1:]
            self._after_cr = False
        if not piece:
            return []
        self._after_cr = piece.endswith(b"\r")
        found = []
        for part in piece.splitlines(keepends=True):  # of bytes: at CR, LF and CRLF only
            text = part.rstrip(b"\r\n")
            self._line += text
            if len(self._line) > self.limit:
                raise EventTooLarge
            if len(text) == len(part):
                break  # the rest has yet to come
            line = self._line.decode("utf-8", "replace")
            self._line.clear()
            event = self._end_line(line if self.lines else line.removeprefix(_BOM))
            self.lines += 1
            if event is not None:
                found.append(event)
        return found

    def _end_line(self, line: str) -> ServerSentEvent | None:
        if not line:
            return self._end_event()
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            self._name = value
        elif field == "data":
            self._size += len(value) + 1
            if self._size > self.limit:
                raise EventTooLarge
            self._data.append(value)
        elif field == "id" and "\0" not in value:
            self._id = value
        elif field == "retry" and re.fullmatch("[0-9]{1,9}", value):
            self.retry = int(value)
        return None  # a comment has an empty name, and other fields mean nothing

    def _end_event(self) -> ServerSentEvent | None:
        self.last_id = self._id
        name, data = self._name or "message", self._data
        self._name, self._data, self._size = "", [], 0
        return ServerSentEvent(name, "\n".join(data)) if data else None
