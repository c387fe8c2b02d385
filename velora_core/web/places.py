"""How many connections there may be: few that have proved nothing yet, more of those that have.

Anything on this computer can open connections and say nothing. So whoever has proved nothing holds
a place of its own kind, briefly, and is never in the way of a page or a program that may come in.
Whoever is refused again and again waits for each answer, so that the stream has the processor.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from typing import Final

from .limits import Pace
from .refusal import Refusal

__all__ = ["Places", "Visitor"]

_MAX_PROVEN: Final = 20
_MAX_UNPROVEN: Final = 10  # a page that loads opens six at once
_MAX_KNOWN: Final = 10
"""More of them, whose proof has been seen and is yet to be checked."""
_IDLE_TIMEOUT: Final = 0.1
"""Seconds after which one that has sent nothing makes room for the next."""
_UNPROVEN_TIMEOUT: Final = 1.0
"""Seconds after which one does that has sent something, but no proof."""
_TIMEOUT: Final = 5.0
"""Seconds that one with a proof waits for a place."""
_LEAVING: Final = 0.05
"""Seconds in which all are told that this is the end whose own threads have not told them."""
_REFUSED: Final = (60, 20)
"""Refusals at once, and a second on the average, that are answered without delay."""
_DELAY: Final = 0.05
"""Seconds for all that come faster: with it, the places bound how many there are in a second."""


class Visitor:
    """One connection.

    Attributes:
        socket: it.
        heard: whether something was read of it.
        waits: it has proved who it is, and waits for a place.
    """

    def __init__(self, places: Places, socket: socket.socket) -> None:
        self._places = places
        self.socket = socket
        self.since = time.monotonic()
        self.heard = False
        self.waits = False
        self._sending = threading.Lock()
        self._farewell = b""

    def follow(self, farewell: bytes) -> None:
        """Note what it is told at the end, whoever ends it: all else is sent by `send`."""
        self._farewell = farewell

    def send(self, text: bytes) -> None:
        """Send it something."""
        with self._sending:
            self.socket.sendall(text)

    def take_leave(self, until: float) -> None:
        """Tell it that this is the end, unless it is told already or takes nothing.

        Args:
            until: how long its own thread may keep it, by `time.monotonic`.
        """
        if not self._sending.acquire(timeout=max(0.0, until - time.monotonic())):
            return
        try:
            with suppress(OSError, ValueError), DefaultSelector() as selector:
                selector.register(self.socket, EVENT_WRITE)
                if self._farewell and selector.select(0):
                    self.socket.send(self._farewell)
        finally:
            self._farewell = b""
            self._sending.release()

    def prove(self) -> None:
        """Take a place of those who have proved who they are.

        Raises:
            Refusal: there is none.
        """
        self._places.prove(self)

    def slow_down(self) -> None:
        """Wait a moment before it is told that it is refused, where that is told all the time."""
        self._places.slow_down(self)

    def has_gone(self) -> bool:
        """Return whether the other side has closed it; on any thread, at once."""
        try:
            with DefaultSelector() as selector:
                selector.register(self.socket, EVENT_READ)
                return bool(selector.select(0)) and not self.socket.recv(1, socket.MSG_PEEK)
        except (OSError, ValueError):  # it is closed here, too
            return True

    def cut(self) -> None:
        """End it, whatever its thread waits for."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class Places:
    """Who is there; for any thread."""

    def __init__(self) -> None:
        """Create the places; nobody is there."""
        self._lock = threading.Condition()
        self._unproven: dict[Visitor, None] = {}  # in the order in which they came
        self._proven: set[Visitor] = set()
        self._refusals = Pace(*_REFUSED)
        self._closed = False
        self._ended = threading.Event()

    def has_room(self, *, known: bool = False) -> bool:
        """Return whether one more may come, at once; one whose time is over is sent away for it.

        Args:
            known: it seems to have a proof; there is room for a few of those beside all others.
        """
        with self._lock:
            if known:
                return len(self._unproven) < _MAX_UNPROVEN + _MAX_KNOWN
            return len(self._unproven) < _MAX_UNPROVEN or self._send_away()

    def enter(self, connection: socket.socket) -> Visitor:
        """Give a connection a place among those that have proved nothing yet."""
        visitor = Visitor(self, connection)
        with self._lock:
            self._unproven[visitor] = None
        return visitor

    def prove(self, visitor: Visitor) -> None:
        """Give a place to one that has proved who it is; raises `Refusal` when there is none."""
        end = time.monotonic() + _TIMEOUT
        with self._lock:
            visitor.waits = True
            while len(self._proven) >= _MAX_PROVEN and not self._closed:
                left = end - time.monotonic()
                if left <= 0:
                    raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, "dock.too_many")
                self._lock.wait(left)
            if visitor in self._unproven:  # or it was sent away before
                del self._unproven[visitor]
                self._proven.add(visitor)
                self._lock.notify_all()

    def slow_down(self, visitor: Visitor) -> None:
        """Have one that has proved nothing wait for its refusal, once there are too many.

        Those with a proof have a pace of their own.
        """
        with self._lock:
            proven = visitor in self._proven
        if not proven and not self._refusals.admits():
            self._ended.wait(_DELAY)

    def leave(self, visitor: Visitor) -> None:
        """Close a connection, and free its place."""
        with self._lock:
            self._unproven.pop(visitor, None)
            self._proven.discard(visitor)
            self._lock.notify_all()
        visitor.socket.close()

    def close(self) -> None:
        """Let nobody in any more, and nobody wait."""
        with self._lock:
            self._closed = True
            self._lock.notify_all()
        self._ended.set()

    def clear(self, until: float) -> None:
        """Wait until all have gone; take leave of those that have not by then, and cut them."""
        with self._lock:
            while self._visitors and time.monotonic() < until:
                self._lock.wait(max(0.0, until - time.monotonic()))
            end = time.monotonic() + _LEAVING
            for visitor in self._visitors:  # its thread has had no turn, or it reads nothing
                visitor.take_leave(end)
                visitor.cut()

    @property
    def _visitors(self) -> list[Visitor]:
        return [*self._unproven, *self._proven]

    def _send_away(self) -> bool:
        """Send away the first whose time is over; return whether there was one."""
        now = time.monotonic()
        speaking = self._speaking()
        due: dict[Visitor, float] = {
            visitor: visitor.since + (_UNPROVEN_TIMEOUT if visitor in speaking else _IDLE_TIMEOUT)
            for visitor in self._unproven
            if not visitor.waits
        }
        first = min(due, key=lambda visitor: due[visitor], default=None)
        if first is None or due[first] > now:
            return False
        first.cut()
        del self._unproven[first]
        return True

    def _speaking(self) -> set[Visitor]:
        """Return who has sent something, be it still unread: a thread may have had no turn yet."""
        found = {visitor for visitor in self._unproven if visitor.heard}
        with suppress(OSError), DefaultSelector() as selector:  # the process may have no more files
            for visitor in self._unproven:
                selector.register(visitor.socket, EVENT_READ, visitor)
            found |= {key.data for key, _ in selector.select(0)}
        return found
