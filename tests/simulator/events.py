"""Velora's event stream: what changes on the channel, pushed."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.simulator.server import Simulator

__all__ = ["Events"]

_LOOK = 0.02  # seconds between two looks at what is to be pushed


class Events:
    """All connections to the event stream. Attributes may be changed while it runs."""

    def __init__(self, simulator: Simulator) -> None:
        self.there = True
        """False: a Velora that has no event stream (404)."""
        self.keep_alive: float | None = 1.0
        """Seconds between two comments; None: there are none."""
        self.lifetime: float | None = None
        """Seconds after which a connection is closed; None: when its token has run out."""
        self.retry: int | None = None
        """Milliseconds that clients are to wait before they connect again."""
        self.pushes_viewers = True
        """Whether a changed number of viewers is worth an event."""
        self.open = 0
        """How many connections there are now."""
        self.tells_channel = True
        """Whether the first event says whose channel it is."""
        self._simulator = simulator
        self._lock = threading.Lock()
        self._more: list[bytes] = []
        self._ids = itertools.count(1)
        self._names: dict[str | None, str | None] = {}

    def send(self, name: str, data: dict[str, Any] | str, *, envelope: bool = True) -> None:
        """An event to all connections there are, whatever is in it."""
        if isinstance(data, dict):
            body = {"event": name, "timestamp": "2026-01-01T00:00:00.000Z", "data": data}
            data = json.dumps(body if envelope else data)
        self.send_raw(f"event: {name}\ndata: {data}\n\n".encode())

    def send_raw(self, piece: bytes) -> None:
        """Any bytes to all connections there are."""
        with self._lock:
            self._more.append(piece)

    def stream(self, access: str, end: threading.Event) -> Iterator[bytes]:
        """What one connection gets, until its token has run out or the simulator ends."""
        with self._lock:
            self.open += 1
            sent = len(self._more)
        try:
            yield from self._pieces(access, end, sent)
        finally:
            with self._lock:
                self.open -= 1

    def _pieces(self, access: str, end: threading.Event, sent: int) -> Iterator[bytes]:
        account = self._simulator.account
        if self.retry is not None:
            yield f"retry: {self.retry}\n\n".encode()
        greeting: dict[str, Any] = {"authenticated": True}
        if self.tells_channel:
            greeting["channelUsername"] = account.username
        before = self._seen()
        yield self._event("connected", greeting)
        began = said = time.monotonic()
        while not end.wait(_LOOK):
            now = time.monotonic()
            lifetime = self.lifetime
            if lifetime is not None and now - began >= lifetime:
                return
            if lifetime is None and self._simulator.tokens.find(access) is None:
                return
            with self._lock:
                pieces, sent = self._more[sent:], len(self._more)
            seen = self._seen()
            pieces += self._changes(before, seen)
            before = seen
            if not pieces and self.keep_alive is not None and now - said >= self.keep_alive:
                pieces.append(b": keep-alive\n\n")
            for piece in pieces:
                said = now
                yield piece

    def _seen(self) -> dict[str, Any]:
        account = self._simulator.account
        started = account.started_at
        return {
            "streamId": started and f"stream-{started.timestamp():.3f}",
            "title": account.title,
            "categoryName": self._name(account.category_slug),
            "categorySlug": account.category_slug,
            "startedAt": started and started.isoformat(timespec="milliseconds")[:-6] + "Z",
            "viewerCount": account.viewers if account.is_live else 0,
        }

    def _name(self, slug: str | None) -> str | None:
        if slug not in self._names:  # there are thousands of categories, and no time to look
            found = (
                category["name"]
                for category in self._simulator.categories
                if category["slug"] == slug
            )
            self._names[slug] = next(found, None)
        return self._names[slug]

    def _changes(self, before: dict[str, Any], now: dict[str, Any]) -> list[bytes]:
        if before["streamId"] != now["streamId"]:
            if now["streamId"] is None:
                over = {**now, "streamId": before["streamId"], "startedAt": before["startedAt"]}
                return [self._event("stream.offline", over)]
            return [self._event("stream.online", now)]
        if not self.pushes_viewers:
            before = {**before, "viewerCount": now["viewerCount"]}
        return [] if before == now else [self._event("stream.update", now)]

    def _event(self, name: str, data: dict[str, Any]) -> bytes:
        body = {"event": name, "timestamp": "2026-01-01T00:00:00.000Z", "data": data}
        return f"id: {next(self._ids)}\nevent: {name}\ndata: {json.dumps(body)}\n\n".encode()
