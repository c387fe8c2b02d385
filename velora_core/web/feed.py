"""The feed of the state: each change goes to all pages that are open, merged.

It renders on a thread of its own, which sleeps as long as no page is open or nothing changes.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

__all__ = ["MIN_GAP", "Feed", "Subscription"]

MIN_GAP: Final = 0.05
"""Seconds between two pushes, at least."""


class Subscription:
    """One open page's: a socket that can be read as soon as there is something to fetch."""

    def __init__(self) -> None:
        self.readable, self._alarm = socket.socketpair()
        self._alarm.setblocking(False)
        self.readable.setblocking(False)

    def ring(self) -> None:
        """Have the socket be readable."""
        with suppress(OSError):  # it is already, or closed
            self._alarm.send(b"!")

    def rung(self) -> None:
        """Take note of what has rung so far."""
        with suppress(OSError):
            self.readable.recv(4096)

    def close(self) -> None:
        """Give both sockets back."""
        self.readable.close()
        self._alarm.close()


class Feed:
    """The latest state as JSON, and who waits for the next."""

    def __init__(self, render: Callable[[bool], dict[str, Any]]) -> None:
        """Create the feed, and start its thread.

        Args:
            render: returns what there is to show; told whether somebody looks at it.
        """
        self._render = render
        self._lock = threading.Lock()  # of what is published; held for moments
        self._rendering = threading.Lock()
        self._subscriptions: set[Subscription] = set()
        self._dirty = threading.Event()
        self._closed = threading.Event()
        self._content: dict[str, Any] = {}
        self._revision = 0
        self._text = b"{}"
        threading.Thread(target=self._run, name="velora-page-feed", daemon=True).start()

    def changed(self) -> None:
        """Take note of a change; returns at once, on any thread."""
        if self._subscriptions:
            self._dirty.set()

    def current(self) -> tuple[int, bytes]:
        """Return the revision and the JSON of what there is now."""
        with self._rendering:
            content = self._render(bool(self._subscriptions))
            if content != self._content:
                text = json.dumps(content, ensure_ascii=False).encode(errors="replace")
                with self._lock:
                    self._content, self._text = content, text
                    self._revision += 1
                self._ring()
            return self.latest()

    def latest(self) -> tuple[int, bytes]:
        """Return what was published last, as of this moment: another clock may go wrong."""
        with self._lock:
            revision, text = self._revision, self._text
        head = {"revision": revision, "now": round(time.time(), 3)}
        return revision, json.dumps(head)[:-1].encode() + b", " + text[1:]

    def subscribe(self) -> Subscription:
        """Return a subscription, which rings at once."""
        subscription = Subscription()
        with self._lock:
            self._subscriptions.add(subscription)
        subscription.ring()
        self._dirty.set()
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """End a subscription."""
        with self._lock:
            self._subscriptions.discard(subscription)
        subscription.close()

    @property
    def subscribers(self) -> int:
        """How many pages are open."""
        return len(self._subscriptions)

    @property
    def closed(self) -> bool:
        """Whether there is nothing any more."""
        return self._closed.is_set()

    def close(self) -> None:
        """End the thread, and wake all that wait."""
        self._closed.set()
        self._dirty.set()
        self._ring()

    def _ring(self) -> None:
        with self._lock:
            for subscription in self._subscriptions:
                subscription.ring()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._dirty.wait()
            if self._closed.is_set():
                return
            self._dirty.clear()
            with suppress(Exception):  # a page without news is no reason to have none ever after
                self.current()
            self._closed.wait(MIN_GAP)
