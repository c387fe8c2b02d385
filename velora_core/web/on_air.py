"""Which of several applications' pages streams: they share a sign-in, and so a channel."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .whip_relay import WhipRelay

__all__ = ["OnAir"]


class OnAir:
    """Whose stream there is: one for each server. From any thread."""

    def __init__(self) -> None:
        """Create it; none has."""
        self._lock = threading.Lock()
        self.relay: WhipRelay | None = None

    def take(self, relay: WhipRelay) -> bool:
        """Return whether a relay may have a stream now."""
        with self._lock:
            if self.relay is None:
                self.relay = relay
            return self.relay is relay

    def give(self, relay: WhipRelay) -> None:
        """Note that a relay has none any more."""
        with self._lock:
            if self.relay is relay:
                self.relay = None
