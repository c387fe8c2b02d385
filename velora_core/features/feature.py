"""What every feature can be told: one call for each thing that happens."""

from __future__ import annotations

from velora_core.app.state import StreamSettings
from velora_core.host.host import EndReason

__all__ = ["Feature"]


class Feature:
    """A thing that the streamer notices. A feature overrides what concerns it.

    The UI thread calls the methods, in the order in which the application lists its features; none
    may wait but `panel_opening`.
    """

    def opened(self) -> None:
        """Handle that what was kept is known: after loading, or when a keyring has opened."""

    def panel_opening(self) -> None:
        """Look at what other programs may have changed, before the panel is shown."""

    def panel_opened(self) -> None:
        """Handle an opened panel: the streamer looks at it."""

    def settings_changed(self, settings: StreamSettings) -> None:
        """Handle new values in the panel's fields."""

    def profile_changed(self) -> None:
        """Another profile is in use now."""

    def profile_renamed(self) -> None:
        """Handle a renamed profile."""

    def scenes_loaded(self, *, streaming: bool) -> None:
        """There are sources."""

    def scenes_unloading(self) -> None:
        """Handle scenes that are about to be saved and closed."""

    def source_renamed(self, before: str, after: str) -> None:
        """Handle a source that was renamed."""

    def scene_renamed(self, before: str, after: str) -> None:
        """Handle a scene that was renamed."""

    def scene_changed(self) -> None:
        """Handle another scene that viewers see."""

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Handle a stream that is about to connect.

        Returns False when it can't go out, which has been said then: no further feature is told.
        """
        return True

    def stream_started(self, settings: StreamSettings) -> None:
        """Handle a stream that has connected."""

    def stream_resumed(self, settings: StreamSettings) -> None:
        """Handle a stream that had started before the application was there."""

    def stream_stopped(self) -> None:
        """Handle a stream that has ended, or a start that has failed."""

    def start_failed(self) -> None:
        """Handle a start that the software has not begun, as far as can be told: it still may."""
        self.stream_stopped()

    def stream_ended(self, end: EndReason) -> None:
        """Handle the reason why the stream ended."""

    def close(self) -> None:
        """Give back what was borrowed, end what runs: the worker has ended. May come twice."""
