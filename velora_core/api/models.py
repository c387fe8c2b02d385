"""Requests and responses of the API as immutable values, without I/O.

Answers are checked when they are read: a field that is missing, null or of the wrong type where
the contract doesn't allow it raises `InvalidResponse` with the endpoint and the field. Fields this
version doesn't know are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, unquote

from velora_core.errors import InvalidResponse, TagInvalid
from velora_core.secret import Secret

from ._json_fields import JsonFields
from .validation import has_control_characters, validate_title

__all__ = [
    "Category",
    "Profile",
    "StreamInfo",
    "StreamInfoUpdate",
    "StreamSetup",
    "normalize_tags",
    "stream_key_from_json",
    "success_from_json",
]

_MAX_NAME = 200  # of a category, and of its slug


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
        fields = JsonFields(data, endpoint)
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
        parts = self.whip_url.reveal().split("/")
        for position in reversed(range(3, len(parts))):  # behind scheme and host
            if unquote(parts[position]) == self.stream_key.reveal():
                parts[position] = quote(key.reveal(), safe="")
                break
        else:
            parts = [part.replace(self.stream_key.reveal(), key.reveal()) for part in parts]
        return self._replace(stream_key=key, whip_url=Secret("/".join(parts)))


def stream_key_from_json(data: object, *, endpoint: str) -> Secret:
    """Return the key in the answer to ``POST /stream/key/regenerate``.

    Raises `InvalidResponse`.
    """
    return Secret(JsonFields(data, endpoint).word("streamKey"))


def success_from_json(data: object, *, endpoint: str) -> bool:
    """Return whether the answer to ``PUT /stream/info`` reports success.

    Raises `InvalidResponse`.
    """
    return JsonFields(data, endpoint).flag("success")


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
        fields = JsonFields(data, endpoint)
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
            fields = JsonFields(entry, endpoint, prefix=f"categories[{position}].")
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
                fields = JsonFields(entry, endpoint)
                slug, name = fields.word("slug"), " ".join(fields.text("name").split())
            except InvalidResponse:
                continue
            usable = 0 < len(name) <= _MAX_NAME and len(slug) <= _MAX_NAME
            if usable and not has_control_characters(name):
                image = fields.optional_address("imageUrl", "https", "http")
                found.setdefault(slug, cls(slug, name, image))
        return tuple(found.values())


def _entries(data: object, endpoint: str) -> list[object]:
    """Return the list of categories in an answer, wherever it is; raises `InvalidResponse`."""
    if isinstance(data, dict):
        names = ("categories", "results", "data")
        name = next((name for name in names if isinstance(data.get(name), list)), None)
        if name is None:
            given = next((name for name in names if name in data), None)
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
        id: no other account has it, and it stays when the account is renamed; empty when Velora
            didn't say.
    """

    username: str
    display_name: str
    streaming_enabled: bool | None
    id: str = ""

    @classmethod
    def from_json(cls, data: object, *, endpoint: str) -> Profile:
        """Read the answer of `endpoint`; raises `InvalidResponse`."""
        fields = JsonFields(data, endpoint)
        username = fields.text("username")
        enabled = isinstance(data, dict) and data.get("streamingEnabled") is not None
        return cls(
            username=username,
            display_name=fields.optional_text("displayName") or username,
            streaming_enabled=fields.flag("streamingEnabled") if enabled else None,
            id=fields.identifier("id"),
        )


def normalize_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return `tags` trimmed, without empty ones and without repetitions in any case.

    Raises:
        TagInvalid: one has a control character inside.
        TypeError: they are one text, of which each letter would be a tag.
    """
    if isinstance(tags, str):
        raise TypeError("tags is one text: give a list of texts")
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

    @property
    def parts(self) -> dict[str, StreamInfoUpdate]:
        """An update of each field that is to change, by its name."""
        empty = StreamInfoUpdate()
        return {
            name: empty._replace(**{name: value})
            for name, value in self._asdict().items()
            if value is not None
        }

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
