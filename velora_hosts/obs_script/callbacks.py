"""The functions that OBS is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .hotkeys import Press

__all__ = ["Callbacks"]


class Callbacks(Protocol):
    """The module that OBS has loaded, with these functions.

    They are those of `velora_obs.py`: OBS wants plain functions of a module, and keeps each that it
    was given for ever. One of this package would keep all of it in memory after each "Reload".
    """

    def on_event(self, event: int) -> None:
        """Hand on a frontend event."""

    def on_hotkey(self, name: str) -> Press:
        """Return the function for the hotkey of this name."""

    def on_output_stop(self, data: Any) -> None:
        """Hand on how an output ended; on any thread."""

    def on_source_renamed(self, data: Any) -> None:
        """Hand on that a source has another name; on any thread."""

    def on_button(self, props: Any, prop: Any) -> bool:
        """Hand on a button's press."""

    def on_modified(self, props: Any, prop: Any, settings: Any) -> bool:
        """Hand on a field's change."""
