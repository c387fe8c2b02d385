"""Waiting for a condition, with a message that helps when it never comes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["HarnessError", "WaitTimeout", "wait_until"]

T = TypeVar("T")


class HarnessError(AssertionError):
    """Something about the driven OBS is not as a test needs it."""


class WaitTimeout(HarnessError):
    """A condition did not come true in time."""


def wait_until(
    condition: Callable[[], T | None],
    *,
    what: str,
    timeout: float = 30.0,
    interval: float = 0.05,
    details: Callable[[], str] | None = None,
) -> T:
    """Return the first truthy value of `condition`.

    Args:
        condition: called again and again.
        what: what is waited for; the message of a failure says it.
        timeout: seconds.
        interval: seconds between two looks.
        details: called for the failure's message, such as a dump or the end of a log.

    Raises:
        WaitTimeout: the condition stayed false.
    """
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            message = f"waited {timeout:g} s in vain for {what}"
            if details is not None:
                message += f"\n{details()}"
            raise WaitTimeout(message)
        time.sleep(interval)
