"""What the event stream says of a running stream, as immutable values, without I/O."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from ._json_fields import JsonFields

__all__ = ["Channel", "StreamEvent"]


class Channel(NamedTuple):
    """Whose events those of the event stream are, as far as they say it."""

    name: str = ""
    id: str = ""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Channel:
        """Read what names a channel; seen flat, and as an object of its own."""
        given = data.get("channel")
        inner: dict[str, Any] = given if isinstance(given, dict) else {"username": given}

        def first(*values: object) -> str:
            named = (str(value) for value in values if isinstance(value, (str, int)) and value)
            return next(named, "").casefold()

        return cls(
            name=first(data.get("channelUsername"), inner.get("username"), data.get("username")),
            id=first(data.get("channelId"), inner.get("id"), data.get("userId")),
        )

    def is_same(self, other: Channel) -> bool | None:
        """Return whether it is another one's; None if that can't be told.

        An event that names none is the connection's own.
        """
        if not self.name and not self.id:
            return True
        both = [pair for pair in zip(self, other, strict=True) if all(pair)]
        return all(mine == theirs for mine, theirs in both) if both else None


class StreamEvent(NamedTuple):
    """What the event stream says of a running stream; a field that is None: nothing.

    Attributes:
        kind: ``online``, ``offline`` or ``update``.
        broadcast_id: of the stream that it is about; empty when it didn't say.
        title: empty when it was taken away.
        category: its name, for people; empty when it was taken away.
        viewers: how many watch.
        started_at: UTC.
        channel: whose it is.
        certain: False for an event that may be another channel's.
    """

    kind: str
    broadcast_id: str = ""
    title: str | None = None
    category: str | None = None
    viewers: int | None = None
    started_at: datetime | None = None
    channel: Channel = Channel()
    certain: bool = True

    @classmethod
    def from_json(cls, kind: str, data: object, *, endpoint: str) -> StreamEvent:
        """Read the data of an event; raises `InvalidResponse`."""
        fields = JsonFields(data, endpoint)
        content: dict[str, Any] = data if isinstance(data, dict) else {}

        def text(name: str) -> str | None:
            return (fields.optional_text(name) or "") if name in content else None

        category, nested = text("categoryName"), content.get("category")
        if category is None and isinstance(nested, dict):
            category = JsonFields(nested, endpoint, prefix="category.").optional_text("name")
        broadcast_id = content.get("streamId")
        return cls(
            kind=kind,
            broadcast_id=str(broadcast_id) if isinstance(broadcast_id, (str, int)) else "",
            title=text("title"),
            category=category,
            viewers=fields.optional_count("viewerCount"),
            started_at=fields.optional_time("startedAt"),
            channel=Channel.from_json(content),
        )
