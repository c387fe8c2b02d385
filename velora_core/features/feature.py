"""What every feature can be told: one call for each thing that happens."""

from __future__ import annotations

from velora_core.app.state import StreamSettings
from velora_core.host.host import EndReason

__all__ = ["Feature"]


class Feature:
    """A thing that the streamer notices. A feature overrides what concerns it.

    The UI thread calls the methods, in the order in which the application lists its features; none
    may wait.
    """

    def opened(self) -> None:
        """What was kept is known from now on: after loading, and when a keyring has opened."""

    def panel_opened(self) -> None:
        """The streamer looks at the panel."""

    def settings_changed(self, settings: StreamSettings) -> None:
        """The panel's fields hold something else."""

    def profile_changed(self) -> None:
        """Another profile is in use now."""

    def profile_renamed(self) -> None:
        """The profile in use has another name now."""

    def scenes_loaded(self, *, streaming: bool) -> None:
        """There are sources."""

    def scenes_unloading(self) -> None:
        """The sources are about to be saved and closed."""

    def source_renamed(self, before: str, after: str) -> None:
        """A source of the scenes has another name now."""

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """A stream is about to connect. Returns False when it can't go out, which has been said
        then: no further feature is told."""
        return True

    def stream_started(self, settings: StreamSettings) -> None:
        """The stream is connected."""

    def stream_resumed(self, settings: StreamSettings) -> None:
        """A stream runs that had started before the application was there."""

    def stream_stopped(self) -> None:
        """The stream has ended, or its start has failed."""

    def stream_ended(self, end: EndReason) -> None:
        """It is known how the stream ended that has stopped."""

    def close(self) -> None:
        """Give back what was borrowed, end what runs: the worker has ended. May come twice."""
