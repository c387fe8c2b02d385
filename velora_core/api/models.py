"""Requests and responses of the API as immutable values, without I/O.

Answers are checked when they are read: a field that is missing, null or of the wrong type where
the contract doesn't allow it raises `InvalidResponse` with the endpoint and the field. Fields this
version doesn't know are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any, NamedTuple

from velora_core.errors import InvalidResponse, TagInvalid
from velora_core.secret import Secret

from .validation import has_control_characters, validate_title

__all__ = [
    "Category",
    "Channel",
    "Profile",
    "StreamEvent",
    "StreamInfo",
    "StreamInfoUpdate",
    "StreamSetup",
    "normalize_tags",
    "stream_key_from_json",
    "success_from_json",
]

_LONGEST_NAME = 200  # of a category, and of its slug
_UNPRINTABLE_OR_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


class _Fields:
    """Reads the fields of one JSON object and says which one is not as agreed."""

    def __init__(self, data: object, endpoint: str, prefix: str = "") -> None:
        self._endpoint = endpoint
        self._prefix = prefix
        if not isinstance(data, dict):
            raise self.wrong("", "object")
        self._data: dict[str, Any] = data

    def wrong(self, name: str, problem: str) -> InvalidResponse:
        field = f"{self._prefix}{name}" or "(all)"
        return InvalidResponse(endpoint=self._endpoint, field=field.rstrip("."), problem=problem)

    def _required(self, name: str) -> Any:
        if name not in self._data:
            raise self.wrong(name, "missing")
        return self._data[name]

    def text(self, name: str) -> str:
        value = self._required(name)
        if value is None:
            raise self.wrong(name, "null")
        if not isinstance(value, str):
            raise self.wrong(name, "type")
        return value

    def word(self, name: str) -> str:
        """Return a text that isn't empty and has nothing that would break a line or an address."""
        value = self.text(name)
        if not value:
            raise self.wrong(name, "empty")
        if _UNPRINTABLE_OR_SPACE.search(value):
            raise self.wrong(name, "characters")
        return value

    def address(self, name: str, *schemes: str) -> str:
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
        return None if self._required(name) is None else self.text(name)

    def optional_text(self, name: str) -> str | None:
        return None if self._data.get(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        value = self._required(name)
        if value is None:
            raise self.wrong(name, "null")
        if not isinstance(value, bool):
            raise self.wrong(name, "type")
        return value

    def optional_count(self, name: str) -> int | None:
        value = self._data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(name, "type")
        if value < 0:
            raise self.wrong(name, "negative")
        return value

    def optional_time(self, name: str) -> datetime | None:
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
        value = self._data.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(name, "type")
        return tuple(value)


class StreamSetup(NamedTuple):
    """`GET /stream/setup`: the stream key and where to send the stream.

    Attributes:
        stream_key: authenticates the stream; secret.
        rtmp_url: RTMP or RTMPS address without the key.
        srt_url: SRT address without the key (the key is the stream id); None where Velora gave
            none that can be used.
        whip_url: WHIP address; it contains the key and is as secret as it; None as with SRT.
    """

    stream_key: Secret
    rtmp_url: str
    srt_url: str | None = None
    whip_url: Secret | None = None

    @classmethod
    def from_json(cls, data: object, *, endpoint: str) -> StreamSetup:
        """Read the answer of `endpoint`; raises `InvalidResponse`."""
        fields = _Fields(data, endpoint)
        whip = fields.optional_address("whipUrl", "https", "http")
        return cls(
            stream_key=Secret(fields.word("streamKey")),
            rtmp_url=fields.address("rtmpUrl", "rtmp", "rtmps"),
            srt_url=fields.optional_address("srtUrl", "srt"),
            whip_url=Secret(whip) if whip else None,
        )

    def with_key(self, key: Secret) -> StreamSetup:
        """Return the same setup with a regenerated stream key."""
        if self.whip_url is None:
            return self._replace(stream_key=key)
        whip = self.whip_url.reveal().replace(self.stream_key.reveal(), key.reveal())
        return self._replace(stream_key=key, whip_url=Secret(whip))


def stream_key_from_json(data: object, *, endpoint: str) -> Secret:
    """Return the key in the answer to ``POST /stream/key/regenerate``.

    Raises `InvalidResponse`.
    """
    return Secret(_Fields(data, endpoint).word("streamKey"))


def success_from_json(data: object, *, endpoint: str) -> bool:
    """Return whether the answer to ``PUT /stream/info`` reports success.

    Raises `InvalidResponse`.
    """
    return _Fields(data, endpoint).flag("success")


class StreamInfo(NamedTuple):
    """`GET /stream/info`: how the channel stands.

    Attributes:
        title: None on a channel that never had one.
        category_name: for people.
        category_slug: for updates.
        is_live: whether Velora shows the stream.
        viewer_count: None when Velora didn't say.
        started_at: UTC; None while offline.
        tags: None when Velora didn't say, which is not the same as none.
    """

    title: str | None
    category_name: str | None
    category_slug: str | None
    is_live: bool
    viewer_count: int | None = None
    started_at: datetime | None = None
    tags: tuple[str, ...] | None = None

    @classmethod
    def from_json(cls, data: object, *, endpoint: str) -> StreamInfo:
        """Read the answer of `endpoint`; raises `InvalidResponse`."""
        fields = _Fields(data, endpoint)
        return cls(
            title=fields.nullable_text("title"),
            category_name=fields.nullable_text("categoryName"),
            category_slug=fields.nullable_text("categorySlug"),
            is_live=fields.flag("isLive"),
            viewer_count=fields.optional_count("viewerCount"),
            started_at=fields.optional_time("startedAt"),
            tags=fields.optional_texts("tags"),
        )


class Category(NamedTuple):
    """One entry of `GET /stream/categories`; updates take the slug."""

    slug: str
    name: str
    image_url: str | None = None

    @classmethod
    def list_from_json(cls, data: object, *, endpoint: str) -> tuple[Category, ...]:
        """Read the answer of `endpoint`, each slug once, in Velora's order.

        Takes the list under `categories` (or `results`, `data`) or bare; raises `InvalidResponse`.
        """
        found: dict[str, Category] = {}
        for position, entry in enumerate(_entries(data, endpoint)):
            fields = _Fields(entry, endpoint, prefix=f"categories[{position}].")
            category = cls(
                slug=fields.word("slug"),
                name=fields.text("name").strip(),
                image_url=fields.optional_text("imageUrl"),
            )
            if not category.name:
                raise fields.wrong("name", "empty")
            found.setdefault(category.slug, category)
        return tuple(found.values())

    @classmethod
    def hits_from_json(cls, data: object, *, limit: int, endpoint: str) -> tuple[Category, ...]:
        """Read a search's answer, each slug once, in Velora's order.

        A hit that can't be used is left out: the search has other sources than Velora's own list,
        and one bad entry is no reason to hide the rest.

        Args:
            data: as `list_from_json` takes it.
            limit: how many are read at most.
            endpoint: for the error.

        Raises:
            InvalidResponse: there is no list in it.
        """
        found: dict[str, Category] = {}
        for entry in _entries(data, endpoint):
            if len(found) >= limit:
                break
            try:
                fields = _Fields(entry, endpoint)
                slug, name = fields.word("slug"), " ".join(fields.text("name").split())
            except InvalidResponse:
                continue
            usable = 0 < len(name) <= _LONGEST_NAME and len(slug) <= _LONGEST_NAME
            if usable and not has_control_characters(name):
                image = fields.optional_address("imageUrl", "https", "http")
                found.setdefault(slug, cls(slug, name, image))
        return tuple(found.values())


def _entries(data: object, endpoint: str) -> list[object]:
    """Return the list of categories in an answer, wherever it is; raises `InvalidResponse`."""
    if isinstance(data, dict):
        names = ("categories", "results", "data")
        name = next((one for one in names if isinstance(data.get(one), list)), None)
        if name is None:
            given = next((one for one in names if one in data), None)
            problem = "missing" if given is None else "null" if data[given] is None else "type"
            raise InvalidResponse(endpoint=endpoint, field=given or names[0], problem=problem)
        data = data[name]
    if not isinstance(data, list):
        raise InvalidResponse(endpoint=endpoint, field="categories", problem="type")
    return data


class Profile(NamedTuple):
    """`GET /api/users/me`: who the token belongs to.

    Attributes:
        username: the account's name.
        display_name: how the account wants to be called; the username when it has none.
        streaming_enabled: None when Velora didn't say.
    """

    username: str
    display_name: str
    streaming_enabled: bool | None

    @classmethod
    def from_json(cls, data: object, *, endpoint: str) -> Profile:
        """Read the answer of `endpoint`; raises `InvalidResponse`."""
        fields = _Fields(data, endpoint)
        username = fields.text("username")
        enabled = isinstance(data, dict) and data.get("streamingEnabled") is not None
        return cls(
            username=username,
            display_name=fields.optional_text("displayName") or username,
            streaming_enabled=fields.flag("streamingEnabled") if enabled else None,
        )


def normalize_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return `tags` trimmed, without empty ones and without repetitions in any case.

    Raises:
        TagInvalid: one has a control character inside.
    """
    kept: dict[str, str] = {}
    for tag in tags:
        trimmed = tag.strip()
        if has_control_characters(trimmed):
            raise TagInvalid
        if trimmed:
            kept.setdefault(trimmed.casefold(), trimmed)
    return tuple(kept.values())


class StreamInfoUpdate(NamedTuple):
    """What `PUT /stream/info` is to change; a field that is None stays as it is.

    Make one with `checked`. An empty tuple of tags removes all tags.
    """

    title: str | None = None
    category_slug: str | None = None
    tags: tuple[str, ...] | None = None

    @classmethod
    def checked(
        cls,
        *,
        title: str | None = None,
        category_slug: str | None = None,
        tags: Iterable[str] | None = None,
    ) -> StreamInfoUpdate:
        """Return an update with a trimmed, valid title and normalized tags.

        Args:
            title: at most 140 characters after trimming.
            category_slug: a slug of `GET /stream/categories`.
            tags: an empty iterable removes all tags.

        Raises:
            TitleTooLong, TitleInvalid, TagInvalid: nothing of this kind is ever sent.
        """
        return cls(
            title=None if title is None else validate_title(title),
            category_slug=category_slug,
            tags=None if tags is None else normalize_tags(tags),
        )

    def __bool__(self) -> bool:
        """Return whether there is anything to send."""
        return any(value is not None for value in self)

    def to_json(self) -> dict[str, object]:
        """Return the request's body: exactly the fields that were given."""
        body: dict[str, object] = {}
        if self.title is not None:
            body["title"] = self.title
        if self.category_slug is not None:
            body["categorySlug"] = self.category_slug
        if self.tags is not None:
            body["tags"] = list(self.tags)
        return body


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
            named = (str(one) for one in values if isinstance(one, (str, int)) and one)
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
        fields = _Fields(data, endpoint)
        content: dict[str, Any] = data if isinstance(data, dict) else {}

        def text(name: str) -> str | None:
            return (fields.optional_text(name) or "") if name in content else None

        category, nested = text("categoryName"), content.get("category")
        if category is None and isinstance(nested, dict):
            category = _Fields(nested, endpoint, prefix="category.").optional_text("name")
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
