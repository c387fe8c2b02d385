"""Rate limits: how long requests that nobody waits for have to wait."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final

from velora_core.errors.api import RATE_LIMIT_WINDOW

__all__ = ["RateLimiter"]

_SANDBOX: Final = 30
"""Requests a minute in Velora's sandbox; in production there are far more."""
_RESERVE: Final = 10
"""Of these, how many are kept for what the streamer asks for."""
_MAX_PAUSE: Final = 300.0


class RateLimiter:
    """Counts what is sent and reads what Velora says of it. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: deque[float] = deque(maxlen=_SANDBOX)
        self._closed_until = 0.0

    def record(self) -> None:
        """Record that a request is being sent."""
        with self._lock:
            self._sent.append(time.monotonic())

    def update_from(
        self, status: int, headers: Mapping[str, str], retry_after: float | None
    ) -> None:
        """Record what an answer says about the limit.

        Args:
            status: the HTTP status.
            headers: where ``X-RateLimit-Remaining`` and ``X-RateLimit-Reset`` may be.
            retry_after: seconds that it asks to wait.
        """
        pause = 0.0
        if status == 429:
            pause = retry_after if retry_after is not None else RATE_LIMIT_WINDOW
        remaining = _number(headers.get("X-RateLimit-Remaining"))
        if remaining is not None and remaining <= _reserve(headers):
            pause = max(pause, _until_reset(headers))
        if pause > 0:
            with self._lock:
                until = time.monotonic() + min(pause, _MAX_PAUSE)
                self._closed_until = max(self._closed_until, until)

    def pause(self) -> float:
        """Return the seconds before a request that nobody waits for may be sent."""
        with self._lock:
            now = time.monotonic()
            while self._sent and self._sent[0] <= now - RATE_LIMIT_WINDOW:
                self._sent.popleft()
            wait = max(0.0, self._closed_until - now)
            too_many = len(self._sent) - (_SANDBOX - _RESERVE)
            if too_many >= 0:
                wait = max(wait, self._sent[too_many] + RATE_LIMIT_WINDOW - now)
            return wait


def _reserve(headers: Mapping[str, str]) -> float:
    limit = _number(headers.get("X-RateLimit-Limit"))
    return _RESERVE if limit is None else min(_RESERVE, limit / 3)


def _until_reset(headers: Mapping[str, str]) -> float:
    """Return the seconds to ``X-RateLimit-Reset``.

    The server's own clock counts where the answer has it, because this computer's may be wrong.
    """
    reset = _number(headers.get("X-RateLimit-Reset"))
    if reset is None:
        return RATE_LIMIT_WINDOW
    try:
        now = parsedate_to_datetime(headers.get("Date", "")).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        now = time.time()
    return min(max(0.0, reset - now), RATE_LIMIT_WINDOW)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
