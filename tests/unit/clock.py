"""Time that passes only when a test says so."""

from __future__ import annotations

import pytest

__all__ = ["Clock"]


class Clock:
    """Takes the place of the module `time` where due times and ages are worked out."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def rule(self, monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
        for module in modules:
            monkeypatch.setattr(f"velora_core.{module}.time", self)

    @classmethod
    def ruling(cls, monkeypatch: pytest.MonkeyPatch, *modules: str) -> Clock:
        """Return one that rules these modules."""
        clock = cls()
        clock.rule(monkeypatch, *modules)
        return clock
