"""How hypothesis makes examples: the same each time, and no matter how busy the computer is."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

__all__ = ["EXAMPLES"]

EXAMPLES = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None
)
