"""Streams of a software that doesn't tell when it streams: the streamer says it, or Velora does.

While no stream is known, Velora's events are listened to, and it is asked where they don't come.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.account import TokenOrigin
from velora_core.app.monitored_stream import INTERVALS
from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.errors import Cancelled, VeloraError

from .feature import Feature
from .live_events import LiveEvents

if TYPE_CHECKING:
    from velora_core.api.stream_event import StreamEvent
    from velora_core.app.live_status import LiveStatus

__all__ = ["Following", "ToldLive"]

_GRACE_PERIOD: Final = 30.0
"""Seconds for which a stream that Velora has shown may be gone: encoders reconnect."""
_RETRY_DELAY: Final = 1.0
"""Seconds until the next try when something came between."""
_MAX_INTERVAL: Final = 300.0
"""The longest pause after failures, in seconds."""


class Following(Enum):
    """What the software is taken to do."""

    STARTS = "starts"
    """A stream starts, or has just started."""
    RUNS = "runs"
    """A stream had been running before anybody here could know."""
    ENDS = "ends"


class ToldLive(Feature):
    """Says that a stream starts and ends, where the software doesn't. The UI thread's."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        follow: Callable[[Following], None] | None,
        settings: Callable[[], StreamSettings],
    ) -> None:
        """Create it.

        Args:
            runtime: the threads.
            session: the client.
            follow: has the software's host and the application handle it; None where the software
                tells by itself.
            settings: what the panel's fields hold.
        """
        self._runtime = runtime
        self._session = session
        self._follow = follow
        self._settings = settings
        self._events = LiveEvents(
            runtime, session, up=self._events_up, down=self._events_down, heard=self._heard
        )
        self._asking: Job | None = None
        self._ending: Job | None = None
        self._failures = self._streams = 0
        self._looked = False  # Velora has said once whether the channel is live
        self._shown = False  # by Velora: the stream that is followed
        self._stopped = False  # by hand, and Velora may show that stream still
        self._aside = False  # a page streams by itself: that is what Velora shows

    # -- what the streamer and the application do ------------------------------------------

    def opened(self) -> None:
        """Begin to listen: it is known who is signed in."""
        if self._follow and not self._runtime.state.followed:
            self._listen()

    def begin(self) -> Job:
        """Follow a stream that the streamer is about to start."""
        if self._follow is None:
            return self._say("status.tells_itself")
        if not self._runtime.state.followed:
            self._begin(Following.STARTS)
        return self._say("status.followed")

    def end(self) -> Job:
        """Take the streamer's word for it that the stream is over."""
        if self._follow is None:
            return self._say("status.tells_itself")
        if self._runtime.state.followed:
            self._stopped = True
            self._end()
        return self._say("status.followed_no_more")

    def told(self, how: Following) -> None:
        """Take the word of a software that can tell sometimes; on the UI thread."""
        followed = self._runtime.state.followed
        if how is Following.ENDS and followed:
            self._stopped = True
            self._end()
        elif how is not Following.ENDS and not followed:
            self._begin(how)

    def _say(self, name: str) -> Job:
        self._runtime.announce(self._runtime.message(name), topic=self)
        return Job.finished()

    def live_status(self, status: LiveStatus) -> None:
        """Take note of what Velora says of the stream that is followed."""
        if not self._runtime.state.followed or status.is_live is None:
            return
        if status.is_live:
            self._shown = True
            self._cancel_ending()
        elif self._shown and (self._ending is None or self._ending.done):
            over = partial(self._runtime.call_on_ui, partial(self._over, self._streams))
            self._ending = self._runtime.worker.submit(
                over, priority=Priority.BACKGROUND, delay=_GRACE_PERIOD
            )

    def aside(self, *, on: bool, shown: bool = False) -> None:
        """Take no stream for the software's while a page streams by itself.

        Args:
            on: whether that is now.
            shown: Velora may show its stream still.
        """
        self._aside = on
        if self._follow is None or self._runtime.state.followed:
            return
        if on:
            self._deafen()
        else:
            self._stopped = self._stopped or shown
            self._listen()

    def close(self) -> None:
        """Listen no longer."""
        self._events.end()

    def _over(self, stream: int) -> None:
        """End it unless Velora shows it again, or it is another one by now."""
        live = self._runtime.state.live
        if stream != self._streams:
            return
        if self._runtime.state.followed and (live is None or not live.is_live):
            self._end()
            self._say("status.followed_no_more")

    def _begin(self, how: Following) -> None:
        self._deafen()
        self._cancel_ending()
        self._streams += 1
        self._shown, self._stopped = how is Following.RUNS, False
        self._runtime.change(followed=True)
        self._notify(how)

    def _end(self) -> None:
        self._cancel_ending()
        self._runtime.change(followed=False)
        self._notify(Following.ENDS)
        self._listen()

    def _notify(self, how: Following) -> None:
        if self._follow:
            self._follow(how)

    def _cancel_ending(self) -> None:
        if self._ending:
            self._ending.cancel()

    # -- while no stream is known ----------------------------------------------------------

    def _listen(self) -> None:
        self._deafen()
        if self._aside:
            return
        self._failures = 0
        self._events.silence = 2.0 * self._interval
        self._events.begin()
        self._schedule_poll(0.0)

    def _events_up(self) -> None:
        self._schedule_poll(0.0)  # what was missed

    def _events_down(self, ago: float, account: bool) -> None:  # noqa: ARG002
        if account:  # it may be another channel from now on
            self._failures, self._looked, self._stopped = 0, False, False
        self._schedule_poll(_RETRY_DELAY if account else self._interval)

    def _deafen(self) -> None:
        self._events.end()
        if self._asking:
            self._asking.cancel()

    @property
    def _interval(self) -> float:
        return min(max(self._settings().live_interval, INTERVALS[0]), INTERVALS[1])

    def _heard(self, event: StreamEvent) -> None:
        if event.kind == "offline" and event.certain:
            self._stopped = False
        elif event.kind == "online" and event.certain:
            self._found(Following.STARTS)
        elif event.kind == "online":
            self._schedule_poll(0.0)  # whose it is only an answer can tell

    def _found(self, how: Following) -> None:
        if self._runtime.state.followed or self._aside:
            return
        self._begin(how)
        self._shown = True
        self._say("status.followed_by_velora")

    def _schedule_poll(self, delay: float) -> None:
        if self._runtime.state.followed or self._aside or self._runtime.closed:
            return
        if self._asking:
            self._asking.cancel()
        self._asking = self._runtime.worker.submit(
            self._ask, priority=Priority.BACKGROUND, delay=delay
        )

    def _told(self, whose: object, *, live: bool) -> None:
        """Take an answer over, unless it is about another account's channel by now."""
        if whose == self._session.credentials.identity:
            self._answered(live=live)
        else:
            self._schedule_poll(_RETRY_DELAY)

    def _answered(self, *, live: bool) -> None:
        if self._runtime.state.followed or self._aside:
            return
        first, self._looked, self._failures = not self._looked, True, 0
        if not live:
            self._stopped = False
        elif not self._stopped:
            self._found(Following.RUNS if first else Following.STARTS)
            return
        if not self._events.up:
            self._schedule_poll(self._interval)

    def _failed(self) -> None:
        self._failures += 1
        self._schedule_poll(min(self._interval * 2.0 ** min(self._failures, 6), _MAX_INTERVAL))

    # -- the worker ------------------------------------------------------------------------

    def _ask(self) -> None:
        account = self._runtime.state.account
        if account.origin is TokenOrigin.NONE or not account.may("stream:read"):
            self._runtime.call_on_ui(self._failed)  # until somebody signs in
            return
        delay = self._session.rate_limit_delay()
        if delay:
            self._runtime.call_on_ui(partial(self._schedule_poll, delay))
            return
        whose = self._session.credentials.identity
        try:
            live = self._session.stream_info.get().is_live
        except Cancelled:
            self._runtime.call_on_ui(partial(self._schedule_poll, _RETRY_DELAY))
        except VeloraError:
            self._runtime.call_on_ui(self._failed)
        else:
            self._runtime.call_on_ui(partial(self._told, whose, live=live))
