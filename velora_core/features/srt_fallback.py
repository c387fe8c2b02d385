"""RTMP in one press when a stream could not be started by SRT."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.host.destination import display_address
from velora_core.host.host import EndReason, LogLevel
from velora_core.messages import message
from velora_core.messages.labels import cut
from velora_core.secret import scrub

from .feature import Feature

if TYPE_CHECKING:
    from velora_core.host.output import OutputSample

__all__ = ["SrtFallback"]

_POLL_INTERVAL: Final = 1.0
"""Seconds between two looks at a start that has not connected yet."""
_CONNECT_TIMEOUT: Final = 8.0
"""Seconds after which a start counts as failed where nothing tells how it goes."""
_ENDING: Final = 10.0
"""Seconds after which a start that was to be given up is over, if nothing streams: from outside,
OBS tells of no end where it has refused a start itself."""
_MAX_ERROR_LENGTH: Final = 120
"""Letters that are shown of what the software says is wrong."""
_MIN_SECRET: Final = 8
"""Characters of a key that is masked in it: a shorter one may be any word."""
_NOT_BY_SRT: Final = (EndReason.NORMAL, EndReason.UNSTARTED)
"""Ends that say nothing of whether the ingest takes SRT."""
_ABOUT_SRT: Final = "srt"
"""Topic of what is said: the next start makes it untrue."""


class _Start:
    """A start by SRT that has not connected yet."""

    def __init__(self) -> None:
        self.at = time.monotonic()
        self.offered = self.started = False
        self.asked = False  # the software, to give it up
        self.job: Job | None = None


class SrtFallback(Feature):
    """Offers RTMP after a start by SRT that has failed.

    The software doesn't tell whether the ingest refused the stream id or wasn't reached. OBS before
    32 doesn't even tell that the start has failed: it takes that for a lost connection, and tries
    again without a word. So the output is looked at until it has sent something.
    """

    def __init__(self, runtime: Runtime, session: Session, *, ended: Callable[[], None]) -> None:
        """Create the fallback.

        Args:
            runtime: the threads.
            session: knows where Velora takes streams.
            ended: told that a start is over of which the software says nothing any more.
        """
        self._runtime = runtime
        self._session = session
        self._ended = ended
        self._start: _Start | None = None
        self._then: Callable[[], object] | None = None

    # -- the UI thread ---------------------------------------------------------------------

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Take the offer back: this start may work."""
        self.withdraw()
        self._forget_start()
        self._then = None
        if self._goes_by_srt():
            self._runtime.host.begin_sampling()  # ended with the stream, by the health monitor
            self._start = start = _Start()
            self._look_later(start)
        return True

    def stream_started(self, settings: StreamSettings) -> None:  # noqa: ARG002
        """It has worked; if that had been given up, it is looked at how it goes.

        From outside, OBS is said to stream also while it still tries to connect.
        """
        if self._start and self._start.offered:
            self._start.started = True
        else:
            self._forget_start()

    def stream_stopped(self) -> None:
        """It will not start any more."""
        self._forget_start()

    def profile_changed(self) -> None:
        """Take the offer back: it was for the destination of before, as what was to follow was."""
        self._then = None
        self.withdraw()

    def stream_ended(self, end: EndReason) -> None:
        """Offer RTMP if that was a start by SRT which failed; go on where `end_start` was left."""
        then, self._then = self._then, None
        if then:
            then()
        elif end in _NOT_BY_SRT or (end is EndReason.UNHEARD and self._runtime.state.offers_rtmp):
            return  # that it hasn't started so far has been said
        elif self._goes_by_srt():
            self._offer(message("srt.failed"))

    def withdraw(self) -> None:
        """Take the offer back."""
        self._runtime.change(offers_rtmp=False)
        self._runtime.outdate(_ABOUT_SRT)

    def end_start(self, *, then: Callable[[], object]) -> bool:
        """End a start that goes on trying.

        Its settings must not change meanwhile, and OBS has its own button greyed out.

        Args:
            then: called once it has ended.

        Returns:
            False, and nothing done, when there is no such start.
        """
        start = self._start
        if start is None or not start.offered:
            return False
        self._then = then
        self._runtime.worker.submit(partial(self._ask_for_the_end, start), priority=Priority.USER)
        self._runtime.show(message("srt.ending", host=self._host_name), topic=_ABOUT_SRT)
        return True

    @property
    def _host_name(self) -> str:
        return self._runtime.host.capabilities().name

    def _goes_by_srt(self) -> bool:
        destination = self._runtime.host.destination()
        by_srt = destination is not None and destination.protocol == "srt"
        return by_srt and self._session.recognizes(destination)

    def _forget_start(self) -> None:
        start, self._start = self._start, None
        if start and start.job:
            start.job.cancel()

    def _give_up(self, start: _Start, *, tries: bool, error: str) -> None:
        if start is self._start and not start.offered:
            start.offered = True
            host = self._host_name
            if tries:
                self._offer(message("srt.connecting", host=host))
            elif error:
                self._offer(message("srt.encoder_fails", host=host, error=self._in_short(error)))
            else:  # who tells of no refusal can't have such a start ended either
                told = self._runtime.host.capabilities().tells_refusal
                name = "srt.not_connected" if told else "srt.not_begun"
                self._offer(message(name, host=host))

    def _in_short(self, error: str) -> str:
        """Return what the software says, without what may be secret in the address it names."""
        destination = self._runtime.host.destination()
        if destination and destination.url:
            error = error.replace(destination.url.reveal(), display_address(destination))
            if len(destination.key.reveal()) >= _MIN_SECRET:
                error = scrub(error, destination.key)
        return cut(" ".join(scrub(error).split()), _MAX_ERROR_LENGTH).rstrip(". ")

    def _has_connected(self, start: _Start) -> None:
        """Take the offer back: one of the attempts has worked, of which there may be no event."""
        if start is self._start:
            self._forget_start()
            self.withdraw()
            if not start.asked:
                self._then = None
            if start.offered:
                self._runtime.announce(message("srt.connected"))

    def _offer(self, sentence: str) -> None:
        self._runtime.change(offers_rtmp=True)
        self._runtime.show(sentence, StatusLevel.WARNING, topic=_ABOUT_SRT)
        self._runtime.log(LogLevel.WARNING, sentence)

    def _has_ended(self, start: _Start, then: Callable[[], object] | None) -> None:
        """Take a start for ended of which OBS says nothing any more.

        If it streams, what was to follow does not: nobody wants that at the end of the stream.
        """
        if then is None or then is not self._then:
            return
        if self._runtime.host.streaming():
            self._then = None
        elif start is self._start:
            self._forget_start()
            self._ended()
            self.stream_ended(EndReason.NORMAL)

    def _cannot_end(self, start: _Start) -> None:
        if start is not self._start:
            return  # it has ended by itself, or connected
        self._then = None
        sentence = message("srt.never_ends", host=self._host_name)
        self._runtime.show(sentence, StatusLevel.WARNING, topic=_ABOUT_SRT)

    # -- the worker ------------------------------------------------------------------------

    def _ask_for_the_end(self, start: _Start) -> None:
        if start is not self._start or self._runtime.closed:
            return  # nothing is to be given up any more: least of all a stream
        sample = self._runtime.host.sample()
        if _sends(sample) or (start.started and sample and not sample.reconnecting):
            self._runtime.call_on_ui(partial(self._has_connected, start))
            return
        start.asked = True
        if not self._runtime.host.end_start():
            self._runtime.call_on_ui(partial(self._cannot_end, start))
        else:
            over = partial(self._has_ended, start, self._then)
            ended = partial(self._runtime.call_on_ui, over)
            self._runtime.worker.submit(ended, delay=_ENDING, interruptible=False)

    def _look_later(self, start: _Start) -> None:
        start.job = self._runtime.worker.submit(
            partial(self._look, start),
            priority=Priority.BACKGROUND,
            delay=_POLL_INTERVAL,
            interruptible=False,
        )

    def _look(self, start: _Start) -> None:
        sample = self._runtime.host.sample()
        if start is not self._start:
            return
        if _sends(sample):
            self._runtime.call_on_ui(partial(self._has_connected, start))
            return
        late = time.monotonic() - start.at >= _CONNECT_TIMEOUT
        if late or (sample and sample.reconnecting):
            tries = sample is not None and sample.reconnecting
            error = "" if tries else self._runtime.host.start_error()
            self._runtime.call_on_ui(partial(self._give_up, start, tries=tries, error=error))
        if sample or not late:
            self._look_later(start)


def _sends(sample: OutputSample | None) -> bool:
    return sample is not None and sample.bytes_sent > 0 and not sample.reconnecting
