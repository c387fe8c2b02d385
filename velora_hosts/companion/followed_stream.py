"""A stream of the software, from what is told of it to what the application has to hear."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from velora_core.host.host import EndReason

if TYPE_CHECKING:
    from velora_core.application import Application

__all__ = ["FollowedStream"]


class _Host(Protocol):
    def streaming(self) -> bool:
        """Return whether a stream runs."""

    def stream_is(self, *, running: bool) -> None:
        """Take note of whether a stream runs."""


class FollowedStream:
    """Tells the application of each stream's beginning, connection and end once, in that order.

    Attributes:
        starting: there is a stream, and it has not connected yet.
        running: it has.
        stopping: somebody has ended it.
        began: when it was last told that one begins, by `time.monotonic`.
    """

    def __init__(self, app: Application, host: _Host, look: Callable[[], object]) -> None:
        """Follow the stream that runs already, if there is one.

        Args:
            app: is told.
            host: knows whether a stream runs.
            look: looks where the stream goes, when it begins; may raise.
        """
        self._app = app
        self._host = host
        self._look = look
        self.starting = False
        self.running = host.streaming()
        self.stopping = False
        self.began = float("-inf")

    @property
    def there(self) -> bool:
        """Whether there is one, connected or not."""
        return self.starting or self.running

    def begin(self) -> None:
        """Tell that a stream begins; raises what looking raises, when that is done."""
        if self.running:  # the end of the one before was not told
            self.end()
        self.starting, self.stopping, self.began = True, False, time.monotonic()
        try:
            self._look()
        finally:  # whatever becomes of the connection, a stream starts
            self._app.stream_starting()

    def connected(self) -> None:
        """Tell that the stream has connected, unless that is known."""
        if self.running:
            return
        if not self.starting:  # the beginning was not told
            self.begin()
        self.starting, self.running = False, True
        self._host.stream_is(running=True)
        self._app.stream_started()

    def over(self) -> None:
        """Tell that the stream is over; one that never connected, and nobody ended, has failed."""
        self.end(EndReason.FAILED if self.starting and not self.stopping else EndReason.NORMAL)

    def end(self, reason: EndReason = EndReason.NORMAL) -> None:
        """Tell that the stream is over."""
        self.starting = self.running = self.stopping = False
        self._host.stream_is(running=False)
        self._app.stream_stopped(reason)
