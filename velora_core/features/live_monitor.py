"""Monitor of the running stream: what Velora shows of it, while one runs and at no other time.

Velora pushes what changes (`live_events`); where it doesn't, it is polled. The UI thread alone
changes what is known of the stream, from whichever side it comes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.live_status import LiveStatus, format_duration, format_viewers
from velora_core.app.monitored_stream import FIRST_POLL_DELAY, MonitoredStream
from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.errors import Cancelled, RateLimited, VeloraError
from velora_core.host.destination import Destination
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.secret import scrub

from .event_pauses import longer_poll_interval
from .feature import Feature
from .live_events import LiveEvents

if TYPE_CHECKING:
    from velora_core.api.models import StreamInfo
    from velora_core.api.stream_event import StreamEvent

__all__ = ["LiveMonitor"]

_APPEARANCE_TIMEOUT: Final = 60.0
"""Seconds after which a stream that Velora doesn't show is worth a warning."""
_RETRY_DELAY: Final = 1.0
"""Seconds until the next try when something more urgent came between."""
_SHOWN: Final = 140
"""Characters of a title or a category: Velora takes no longer title."""
_SHORTEST_SECRET: Final = 8
"""Characters of what is masked in a title: a shorter one may be any word."""

Turn = Callable[[], object]


class LiveMonitor(Feature):
    """Follows one stream after the other."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        changed: Callable[[LiveStatus], None],
        health: Callable[[], str] = lambda: "",
    ) -> None:
        """Create the live monitor.

        Args:
            runtime: the threads.
            session: the client and what is kept.
            changed: told on the UI thread how the stream stands, after each news.
            health: how the stream that has just ended was sent, in one sentence or none.
        """
        self._runtime = runtime
        self._session = session
        self._changed = changed
        self._health = health
        self._watched: MonitoredStream | None = None
        self.of_page = False  # it is a page's own stream that is followed
        self._job: Job | None = None
        self._events = LiveEvents(
            runtime, session, up=self._events_up, down=self._events_down, heard=self._heard
        )

    # -- the UI thread ---------------------------------------------------------------------

    def stream_started(self, settings: StreamSettings) -> None:
        """Follow the stream."""
        self.begin(self._runtime.host.destination(), settings.live_interval)
        self._look_at_plugin(settings)

    def stream_resumed(self, settings: StreamSettings) -> None:
        """Follow a stream that has been running for a while."""
        self.begin(self._runtime.host.destination(), settings.live_interval, resumed=True)
        self._look_at_plugin(settings)

    def _look_at_plugin(self, settings: StreamSettings) -> None:
        watched = self._watched
        if watched and settings.by_plugin and not self._session.recognizes(watched.destination):
            watched.by_plugin, watched.destination = True, None

    def stream_stopped(self) -> None:
        """Sum the stream up, unless it is another one: a start that failed beside a page's."""
        if not self.of_page:
            self.end()

    def settings_changed(self, settings: StreamSettings) -> None:
        """Take over the interval."""
        self.change_interval(settings.live_interval)

    def close(self) -> None:
        """Listen no longer."""
        self._events.end()

    def begin(
        self,
        destination: Destination | None,
        interval: float,
        *,
        resumed: bool = False,
        of_page: bool = False,
    ) -> None:
        """Begin to monitor a stream that has connected.

        Args:
            destination: where it goes; if that isn't Velora, nothing is asked.
            interval: seconds between two questions.
            resumed: it had been running before this application was there.
            of_page: a page sends it, and says when it is over.
        """
        self.end()
        self.of_page = of_page
        self._watched = MonitoredStream(destination, interval, resumed=resumed)
        self._schedule_poll(FIRST_POLL_DELAY, self._watched)

    def change_interval(self, interval: float) -> None:
        """Change the interval from the next poll on."""
        if self._watched:
            self._watched.set_interval(interval)
            self._events.silence = 2 * self._watched.interval

    def end(self) -> None:
        """End the monitoring: the stream is over."""
        watched, self._watched, self.of_page = self._watched, None, False
        self._events.end()
        if self._job:
            self._job.cancel()
        status = self._runtime.state.live
        self._runtime.change(live=None)
        self._runtime.outdate(watched)
        if watched is None or not watched.to_velora:
            return
        shown = status is not None and status.viewers.known
        if watched.by_plugin and not shown:
            return  # the plugin had no stream on Velora
        duration = format_duration(watched.duration)
        if status is None or not shown:
            self._summarize(message("live.summary_short", duration=duration))
            return
        viewers = status.viewers.with_sample(None, time.monotonic())
        self._summarize(
            message(
                "live.summary",
                duration=duration,
                peak=format_viewers(viewers.peak),
                average=viewers.average,
            )
        )

    def _summarize(self, sentence: str) -> None:
        sentence = f"{sentence} {self._health()}".rstrip()
        self._runtime.change(last_stream=sentence)
        self._runtime.announce(sentence)

    def _schedule_poll(self, delay: float, watched: MonitoredStream) -> None:
        if watched is self._watched:
            if self._job:
                self._job.cancel()
            self._job = self._runtime.worker.submit(
                partial(self._ask, watched), priority=Priority.BACKGROUND, delay=delay
            )

    def _publish(self, watched: MonitoredStream, status: LiveStatus) -> None:
        if status.is_live:
            self._runtime.outdate(watched)
        self._runtime.change(live=status)
        self._changed(status)
        if status.is_live and watched.in_doubt and not status.trouble:
            watched.in_doubt = False
            at = time.strftime("%H:%M:%S", time.localtime(status.checked_at))
            self._runtime.announce(message("live.shown_now", at=at), topic=watched)

    # -- the UI thread: what was asked -----------------------------------------------------

    def _unclear(self, watched: MonitoredStream) -> None:
        """Wait until it can be told where the stream goes: it may be none of our business."""
        watched.failures += 1
        self._schedule_poll(watched.pause_after_failures, watched)

    def _to_velora(self, watched: MonitoredStream) -> None:
        if watched is self._watched:
            watched.failures = 0
            self._events.silence = 2 * watched.interval
            self._events.begin()

    def _failed(self, watched: MonitoredStream, error: VeloraError) -> None:
        if watched is not self._watched:
            return
        status = self._status._replace(trouble=message("live.trouble", reason=error))
        if not watched.failures:
            self._runtime.log(LogLevel.INFO, status.trouble)
        watched.failures += 1
        watched.in_doubt = True
        self._publish(watched, status)
        if isinstance(error, RateLimited):
            self._schedule_poll(max(watched.interval, error.pause), watched)
        else:
            self._schedule_poll(watched.pause_after_failures, watched)

    def _found(self, watched: MonitoredStream, info: StreamInfo, news: int) -> None:
        """Take an answer over, and plan the next question.

        Args:
            watched: what it is about.
            info: the answer.
            news: `MonitoredStream.news` when it was asked for.
        """
        if watched is not self._watched:
            return
        watched.failures = 0
        watched.note_start(info.started_at)
        before = self._status
        confirmed = False
        if watched.news == news:
            status = self._merged(
                watched,
                is_live=info.is_live,
                title=info.title or "",
                category=info.category_name or "",
                viewers=info.viewer_count,
            )
            confirmed = _same(before, status, viewers=not watched.viewers_pushed)
        else:  # what was pushed meanwhile is newer than this, perhaps
            status = before._replace(trouble="")
        watched.viewers_pushed = False
        self._publish(watched, status)
        self._schedule_poll(self._next(watched, status, confirmed=confirmed), watched)

    def _next(self, watched: MonitoredStream, status: LiveStatus, *, confirmed: bool) -> float:
        """Return the seconds until Velora is asked again."""
        if watched.doubt:
            return watched.due(_RETRY_DELAY)
        if status.is_live:
            if not self._events.up or not confirmed:
                watched.pause = watched.interval
            else:
                watched.pause = longer_poll_interval(watched.pause, watched.interval)
            return watched.pause
        if watched.age < _APPEARANCE_TIMEOUT:
            return min(watched.interval, _APPEARANCE_TIMEOUT - watched.age)
        if not watched.warned:
            watched.warned = watched.in_doubt = True
            name, level = self._not_shown(watched)
            sentence = self._runtime.message(name)
            self._runtime.show(sentence, StatusLevel.WARNING, topic=watched)
            self._runtime.log(level, sentence)
        return watched.interval

    def _not_shown(self, watched: MonitoredStream) -> tuple[str, LogLevel]:
        """Return what to say of a stream that Velora doesn't show, and how loud."""
        if watched.by_plugin:
            return "live.not_shown_plugin", LogLevel.INFO  # it may be started later
        if not self._runtime.host.capabilities().sets:
            return "live.not_shown_copied", LogLevel.INFO  # it may go elsewhere
        return "live.not_shown", LogLevel.WARNING

    # -- the UI thread: what was pushed ----------------------------------------------------

    def _events_up(self) -> None:
        watched = self._watched
        if watched is None:
            return
        watched.pause = watched.interval
        if self._runtime.state.live:
            self._runtime.change(live=self._status._replace(pushed=True))
        if watched.asked_at is not None and time.monotonic() - watched.asked_at > FIRST_POLL_DELAY:
            self._schedule_poll(_RETRY_DELAY, watched)  # what it missed

    def _events_down(self, ago: float, account: bool) -> None:
        """Poll again.

        Args:
            ago: seconds since the last sign of life.
            account: it may be another channel from now on.
        """
        watched = self._watched
        if watched is None:
            return
        watched.pause, watched.broadcast_id = watched.interval, ""
        status = self._runtime.state.live
        if status is not None and status.pushed:
            self._runtime.change(live=status.push_ended(ago))
        self._schedule_poll(_RETRY_DELAY if account else watched.due(FIRST_POLL_DELAY), watched)

    def _heard(self, event: StreamEvent) -> None:
        """Take over what was pushed."""
        watched = self._watched
        if watched is None:
            return
        if not self._is_ours(watched, event):
            return
        before = self._status
        watched.news += 1
        watched.viewers_pushed = watched.viewers_pushed or event.viewers is not None
        watched.note_start(event.started_at)
        is_live = {"online": True, "offline": False}.get(event.kind, before.is_live)
        status = self._merged(
            watched,
            is_live=is_live,
            title=before.title if event.title is None else event.title,
            category=before.category if event.category is None else event.category,
            viewers=before.viewers.now if event.viewers is None else event.viewers,
        )
        if (before.title, before.category) != (status.title, status.category):
            # What Velora was last known to have; before a button is pressed that compares with it.
            forget = self._session.stream_info.forget
            self._runtime.worker.submit(forget, priority=Priority.LIVE, interrupts=False)
        self._publish(watched, status)
        if before.is_live and not is_live:
            watched.pause = watched.interval
            self._schedule_poll(watched.interval, watched)

    def _is_ours(self, watched: MonitoredStream, event: StreamEvent) -> bool:
        """Return whether an event is about the stream; have Velora asked where that isn't clear."""
        ours = watched.takes(event)
        if ours is None and not watched.doubt:
            watched.doubt = True
            self._schedule_poll(watched.due(_RETRY_DELAY), watched)
        return bool(ours)

    # -- the UI thread: what is known ------------------------------------------------------

    @property
    def _status(self) -> LiveStatus:
        return self._runtime.state.live or LiveStatus()

    def _merged(
        self,
        watched: MonitoredStream,
        *,
        is_live: bool | None,
        title: str,
        category: str,
        viewers: int | None,
    ) -> LiveStatus:
        return LiveStatus(
            is_live=is_live,
            viewers=self._status.viewers.with_sample(
                viewers if is_live else None, time.monotonic()
            ),
            duration=watched.duration,
            title=self._shown(watched, title),
            category=self._shown(watched, category),
            checked_at=None if is_live is None else time.time(),
            checked=time.monotonic(),
            pushed=self._events.up,
        )

    def _shown(self, watched: MonitoredStream, text: str) -> str:
        """Return a text as it can be shown, on the picture as well: without a key or a token."""
        destination = watched.destination
        known = [self._events.token, *((destination.key, destination.url) if destination else ())]
        secrets = [each for each in known if each and len(each.reveal()) >= _SHORTEST_SECRET]
        words = scrub(" ".join(text.split()), *secrets)
        return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"

    # -- the worker ------------------------------------------------------------------------

    def _ask(self, watched: MonitoredStream) -> None:
        if watched is not self._watched:
            return
        delay = self._session.rate_limit_delay()
        if delay:
            self._runtime.call_on_ui(partial(self._schedule_poll, delay, watched))
            return
        try:
            turn = self._ask_now(watched)
        except Cancelled:
            if self._runtime.closed:
                return
            turn = partial(self._schedule_poll, _RETRY_DELAY, watched)
        if turn is not None:
            self._runtime.call_on_ui(turn)

    def _ask_now(self, watched: MonitoredStream) -> Turn | None:
        """Ask once; return what the UI thread is to do then."""
        if not watched.to_velora:
            goes = self._session.targets_velora(watched.destination)
            if goes is None:
                return partial(self._unclear, watched)
            if not goes:
                return None
            watched.to_velora = True
            self._runtime.call_on_ui(partial(self._to_velora, watched))
        watched.asked_at, watched.doubt = time.monotonic(), False
        news = watched.news
        try:
            info = self._session.stream_info.get()
        except Cancelled:
            raise
        except VeloraError as error:
            return partial(self._failed, watched, error)
        return partial(self._found, watched, info, news)


def _same(before: LiveStatus, now: LiveStatus, *, viewers: bool) -> bool:
    """Return whether an answer had nothing new; the viewers count if they were not pushed."""
    if (before.is_live, before.title, before.category) != (now.is_live, now.title, now.category):
        return False
    return not viewers or before.viewers.now == now.viewers.now
