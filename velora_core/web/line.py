"""Connections that wait for a place: whoever has a proof does not wait behind those without one.

In the system's own queue nobody can be told from another, and the first come is the first served.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from selectors import EVENT_READ, BaseSelector
from typing import Final

__all__ = ["Line"]

_LONGEST: Final = 100
"""Connections; more wait in the system's queue, and cost this process no files."""
_LOOKED_AT: Final = 16384  # bytes of what each has sent


class Line:
    """Who waits, in the order in which they came; for the thread that accepts."""

    def __init__(self, selector: BaseSelector, knows: Callable[[bytes], bool]) -> None:
        """Create an empty line.

        Args:
            selector: wakes the thread when one that waits has sent something.
            knows: returns whether there is a proof in what one has sent.
        """
        self._selector = selector
        self._knows = knows
        self._waiting: dict[socket.socket, None] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether nobody may join it."""
        return len(self._waiting) >= _LONGEST

    def join(self, connection: socket.socket) -> None:
        """Wait, as the last."""
        self._waiting[connection] = None
        self._selector.register(connection, EVENT_READ)

    def look_at(self, connection: socket.socket) -> bool:
        """Look, once, at what one has sent, which stays to be read.

        Returns:
            Whether there is a proof in it, so that it need not wait. Whether that counts is decided
            when it is served.
        """
        self._selector.unregister(connection)  # what is known of it would wake the thread for ever
        sent = b""
        with suppress(OSError):
            sent = connection.recv(_LOOKED_AT, socket.MSG_PEEK)
        if not sent:  # it has gone
            del self._waiting[connection]
            connection.close()
            return False
        return self._knows(sent)

    def leave(self, connection: socket.socket | None = None) -> socket.socket:
        """Wait no longer: the first, or another one, which is returned."""
        leaving = connection or next(iter(self._waiting))
        del self._waiting[leaving]
        with suppress(KeyError):  # it was looked at
            self._selector.unregister(leaving)
        return leaving

    def close(self) -> None:
        """Close all that wait."""
        while self._waiting:
            self.leave().close()
