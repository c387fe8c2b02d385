"""Velora's rate limit: so many requests in a minute."""

from __future__ import annotations

import email.utils
import json
import math
import threading
import time
from collections import deque
from typing import Literal

__all__ = ["SANDBOX", "RateLimiter"]

SANDBOX = 30
_WINDOW = 60.0


class RateLimiter:
    """Counts the requests of the last minute."""

    def __init__(self) -> None:
        self.per_minute: int | None = None
        """None: there is no limit."""
        self.says_when: Literal["seconds", "date", "not"] = "seconds"
        """How a refusal says when to come again."""
        self._lock = threading.Lock()
        self._times: deque[float] = deque()

    def take(self) -> tuple[dict[str, str], bytes | None]:
        """Count a request: the headers for its answer, and the body of a refusal if it is one."""
        if self.per_minute is None:
            return {}, None
        with self._lock:
            now = time.time()
            while self._times and self._times[0] <= now - _WINDOW:
                self._times.popleft()
            refused = len(self._times) >= self.per_minute
            if not refused:
                self._times.append(now)
            reset = (self._times[0] if self._times else now) + _WINDOW
            headers = {
                "X-RateLimit-Limit": str(self.per_minute),
                "X-RateLimit-Remaining": str(self.per_minute - len(self._times)),
                "X-RateLimit-Reset": str(math.ceil(reset)),
            }
        if not refused:
            return headers, None
        wait = max(1, math.ceil(reset - now))
        if self.says_when == "seconds":
            headers["Retry-After"] = str(wait)
        elif self.says_when == "date":
            headers["Retry-After"] = email.utils.formatdate(reset, usegmt=True)
        body = {"error": "rate_limit_exceeded", "message": "Too many requests."}
        return headers, json.dumps(body | {"retry_after": wait}).encode()
