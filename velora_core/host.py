"""What the application needs of the broadcasting software that it runs in."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from .service import AudioEncoders, Service

__all__ = ["Host", "Severity"]


class Severity(Enum):
    """How a log line is meant."""

    INFO = "info"
    WARNING = "warning"
    """OBS shows its log window for it, so: only what the streamer has to know now."""


class Host(Protocol):
    """The broadcasting software. All but `wake` is called on its UI thread only."""

    def service(self) -> Service:
        """The streaming service in use, with all its settings."""

    def audio_encoders(self) -> AudioEncoders:
        """The present profile's audio encoders for streaming."""

    def set_service(self, service: Service, audio: AudioEncoders | None) -> None:
        """Puts a service, and audio encoders unless None, into use and saves both."""

    def profile(self) -> str:
        """Name of the present profile; service and audio encoders belong to it."""

    def streaming(self) -> bool:
        """Whether a stream is running (one that is only starting may not count)."""

    def has_whip(self) -> bool:
        """Whether a stream can go out by WHIP."""

    def log(self, severity: Severity, sentence: str) -> None:
        """Writes a line into the software's log."""

    def wake(self) -> None:
        """Asks for a call of `Application.ui_turn` on the UI thread soon; from any thread."""
