"""What Velora is known to have as title, category and tags, so that only what differs is sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from velora_core.errors import ApiError, VeloraError

if TYPE_CHECKING:
    from velora_core.api.client import VeloraClient
    from velora_core.api.models import StreamInfo, StreamInfoUpdate

__all__ = ["CachedStreamInfo", "StreamInfoCache"]

_MAX_AGE: Final = 15.0
"""Seconds for which it is believed: somebody may change it on the website."""


class StreamInfoCache:
    """Used by one thread at a time."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Any]] = {}

    def store(self, info: StreamInfo) -> None:
        """Record values received from Velora."""
        self._note(title=info.title or "", category_slug=info.category_slug or "")
        if info.tags is not None:
            self._note(tags=info.tags)

    def applied(self, update: StreamInfoUpdate) -> None:
        """Record values that Velora has accepted."""
        self._note(**{name: value for name, value in update._asdict().items() if value is not None})

    def clear(self) -> None:
        """Discard everything: an update may have been lost, or the channel changed."""
        self._known.clear()

    def covers(self, update: StreamInfoUpdate) -> bool:
        """Return whether the title and category of an update are known well enough.

        Not the tags: Velora may not tell them at all.
        """
        wanted = update._replace(tags=None)._asdict()
        return all(
            self._value(name) is not None for name, value in wanted.items() if value is not None
        )

    def diff(self, update: StreamInfoUpdate) -> StreamInfoUpdate:
        """Return `update` without what Velora already has."""
        same = {
            name: None
            for name, wanted in update._asdict().items()
            if wanted is not None and self._value(name) == wanted
        }
        return update._replace(**same)

    def _note(self, **values: Any) -> None:
        now = time.monotonic()
        self._known.update({name: (now, value) for name, value in values.items()})

    def _value(self, name: str) -> Any:
        at, value = self._known.get(name, (float("-inf"), None))
        return value if time.monotonic() - at < _MAX_AGE else None


class CachedStreamInfo:
    """The channel's stream info, read and written so that the cache knows of it."""

    def __init__(self, client: Callable[[], VeloraClient]) -> None:
        """Create the cached stream info.

        Args:
            client: gives the client for one call, or raises what keeps it from being made.
        """
        self._client = client
        self._cache = StreamInfoCache()
        self._had: dict[str, Any] = {}  # when it was asked or told last, however long ago
        self.replaced: dict[str, Any] = {}
        """Of the last update that was sent, what Velora had instead, as far as that is known."""

    def forget(self) -> None:
        """Forget what Velora is known to have: it may be another channel."""
        self._cache.clear()
        self._had.clear()

    def get(self, *, seconds: float | None = None) -> StreamInfo:
        """Ask how the channel stands; takes and raises what `VeloraClient.get_stream_info` does."""
        info = self._client().get_stream_info(seconds=seconds)
        self._cache.store(info)
        self._had = {"title": info.title or "", "category_slug": info.category_slug or ""}
        if info.tags is not None:
            self._had["tags"] = info.tags
        return info

    def diff(self, update: StreamInfoUpdate) -> StreamInfoUpdate:
        """Return `update` without what Velora has already, as far as that is known or can be asked.

        Raises:
            TransportError: then the update would not get through either.
        """
        if not self._cache.covers(update):
            try:
                self.get()
            except ApiError:  # perhaps the permission is missing: the update itself will tell
                return update
        return self._cache.diff(update)

    def send(self, update: StreamInfoUpdate) -> None:
        """Send it; raises what `VeloraClient.send_stream_info` does."""
        try:
            self._client().send_stream_info(update)
        except VeloraError:
            self._cache.clear()  # it may have got there
            raise
        self._cache.applied(update)
        given = {name: value for name, value in update._asdict().items() if value is not None}
        self.replaced = {
            name: self._had[name]
            for name, value in given.items()
            if name in self._had and self._had[name] != value
        }
        self._had.update(given)
