"""RTMP in one press when a stream could not be started by SRT."""

from __future__ import annotations

from functools import partial
from typing import Final

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.host.host import EndReason, LogLevel
from velora_core.messages import message

from .feature import Feature

__all__ = ["SrtFallback"]

_PATIENCE: Final = 8.0
"""Seconds after which a start counts as failed: some versions of OBS take the ingest's refusal for
a lost connection, and try again without a word."""
_ABOUT_SRT: Final = "srt"
"""Topic of what is said: the next start makes it untrue."""


class SrtFallback(Feature):
    """Offers RTMP after a start by SRT that has failed.

    The software doesn't tell whether the ingest refused the stream id or wasn't reached.
    """

    def __init__(self, runtime: Runtime, session: Session) -> None:
        """Create the fallback.

        Args:
            runtime: the threads.
            session: knows where Velora takes streams.
        """
        self._runtime = runtime
        self._session = session
        self._patience: Job | None = None

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Take the offer back: this start may work."""
        self.withdraw()
        self._stop_waiting()
        if self._goes_by_srt():
            tell = partial(self._runtime.call_on_ui, self._give_up)
            self._patience = self._runtime.worker.submit(
                tell, priority=Priority.BACKGROUND, delay=_PATIENCE, interruptible=False
            )
        return True

    def stream_started(self, settings: StreamSettings) -> None:  # noqa: ARG002
        """It has worked."""
        self._stop_waiting()

    def stream_stopped(self) -> None:
        """It will not start any more."""
        self._stop_waiting()

    def profile_changed(self) -> None:
        """Take the offer back: it was for the destination of before."""
        self.withdraw()

    def stream_ended(self, end: EndReason) -> None:
        """Offer RTMP if that was a start by SRT which failed."""
        if end is not EndReason.NORMAL and self._goes_by_srt():
            self._offer(message("srt.failed"))

    def withdraw(self) -> None:
        """Take the offer back."""
        self._runtime.change(offers_rtmp=False)
        self._runtime.outdate(_ABOUT_SRT)

    def _goes_by_srt(self) -> bool:
        destination = self._runtime.host.destination()
        by_srt = destination is not None and destination.protocol == "srt"
        return by_srt and self._session.recognizes(destination)

    def _stop_waiting(self) -> None:
        patience, self._patience = self._patience, None
        if patience:
            patience.cancel()

    def _give_up(self) -> None:
        if self._patience is not None:
            self._patience = None
            self._offer(message("srt.connecting"))

    def _offer(self, sentence: str) -> None:
        self._runtime.change(offers_rtmp=True)
        self._runtime.show(sentence, StatusLevel.WARNING, topic=_ABOUT_SRT)
        self._runtime.log(LogLevel.WARNING, sentence)
