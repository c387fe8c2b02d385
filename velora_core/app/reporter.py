"""What a session needs of whoever runs it."""

from __future__ import annotations

from typing import Any, Protocol

from velora_core.host.host import LogLevel

from .state import State, StatusLevel

__all__ = ["Reporter"]


class Reporter(Protocol):
    """Takes what has changed and what there is to say; `Runtime` is one. From any thread."""

    @property
    def state(self) -> State:
        """What is shown now."""

    def change(self, **changes: Any) -> None:
        """Replace parts of the state."""

    def show(self, sentence: str, tone: StatusLevel = StatusLevel.NORMAL) -> None:
        """Put a sentence for people into the status."""

    def log(self, severity: LogLevel, sentence: str) -> None:
        """Have a line written into a log."""

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` when what runs is to make room."""
