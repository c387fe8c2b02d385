"""The panel as it was asked for last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .build import build_panel
from .elements import Panel

if TYPE_CHECKING:
    from velora_core.app.state import State, StreamSettings

    from .facts import Facts

__all__ = ["LastPanel"]


class LastPanel:
    """Builds the panel, unless it was built of these very values before.

    It is asked for whenever the broadcasting software saves, and mostly nothing has changed.
    """

    def __init__(self) -> None:
        self._values: tuple[object, ...] = (None, None, None)
        self._panel = Panel(())

    def of(self, state: State, settings: StreamSettings, facts: Facts) -> Panel:
        """Return the panel of these values; they are compared by identity, which costs nothing."""
        values = (state, settings, facts)
        if any(now is not last for now, last in zip(values, self._values, strict=True)):
            self._panel, self._values = build_panel(state, settings, facts), values
        return self._panel
