"""How often a call is repeated, and how long it waits in between."""

from __future__ import annotations

import math
import random
import time
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, NamedTuple

from urllib3.exceptions import MaxRetryError
from urllib3.util import Retry

from .cancellation import IDEMPOTENT, CallRegistry

__all__ = ["CancellableRetry", "Limits", "parse_retry_after"]

_REPEATED_STATUSES: Final = frozenset({502, 503, 504})  # and 429 where it says when


class Limits(NamedTuple):
    """How long, how often, how much.

    Attributes:
        connect: seconds until the connection stands.
        read: seconds between two pieces of the answer.
        total: seconds for a call, with all its retries and pauses.
        retries: how often an idempotent call is sent again.
        backoff: seconds before the first repetition; doubled for each further one.
        retry_after: the longest ``Retry-After``, in seconds, that a call waits for itself.
        answer: bytes of an answer's body.
    """

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0
    retries: int = 2
    backoff: float = 0.4
    retry_after: float = 5.0
    answer: int = 1024 * 1024


def parse_retry_after(text: str) -> float | None:
    """Return the seconds in a Retry-After header, which holds seconds or a date.

    None for anything else.
    """
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - time.time()
        except (TypeError, ValueError, OverflowError, IndexError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


class CancellableRetry(Retry):
    """urllib3's own retry, whose pauses can be ended and never outlast the call.

    A ``Retry-After`` that is longer than the call may wait is not waited for: the answer that
    carries it is handed back instead.
    """

    RETRY_AFTER_STATUS_CODES = frozenset({429, 503})

    _calls: CallRegistry
    _limits: Limits

    @classmethod
    def within(cls, limits: Limits, calls: CallRegistry) -> CancellableRetry:
        """Make the one that a transport with these limits begins with."""
        retry = cls(
            total=limits.retries,
            backoff_factor=limits.backoff / 2,
            status_forcelist=_REPEATED_STATUSES,
            allowed_methods=IDEMPOTENT,
            redirect=0,
            raise_on_status=False,
        )
        retry._calls, retry._limits = calls, limits
        return retry

    def new(self, **changed: Any) -> CancellableRetry:
        """Copy it, as urllib3 does for each try."""
        fresh: CancellableRetry = super().new(**changed)
        fresh._calls, fresh._limits = self._calls, self._limits
        return fresh

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: TracebackType | None = None,
    ) -> CancellableRetry:
        """Count a try; raises where there is to be no other."""
        call = self._calls.current
        once = call.cancelled or call.lasting
        if response is not None:
            wait = _retry_after(response) or 0.0
            left = call.ends - time.monotonic()
            if once or wait > min(self._limits.retry_after, left):
                raise MaxRetryError(_pool, url or "", None)
        elif once and error is not None:
            raise error
        following: CancellableRetry = super().increment(
            method, url, response, error, _pool, _stacktrace
        )
        if response is not None:
            response.close()  # or urllib3 would read the body, however long, to throw it away
        return following

    def sleep(self, response: Any = None) -> None:
        """Wait before the next try, or until the call is cancelled."""
        pause = _retry_after(response) if response is not None else None
        if pause is None:
            pause = self.get_backoff_time() or self._limits.backoff
            pause *= random.uniform(0.5, 1.5)  # noqa: S311 - jitter, not a secret
        self._calls.current.ended.wait(pause)


def _retry_after(response: Any) -> float | None:
    """Return the seconds that the answer asks to wait, or None if it doesn't say."""
    stated = response.headers.get("Retry-After")
    return None if stated is None else parse_retry_after(stated)
