"""What Velora pushes while a stream runs: connected, lost, and connected again.

The connection is read on a thread of its own, which lives as long as it does. Whatever else it
needs (a token, a pause) is the worker's, so that a refresh is made in one place only.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.worker import Job, Priority
from velora_core.errors import (
    Cancelled,
    InsufficientScope,
    NotSignedIn,
    TransportError,
    VeloraError,
)
from velora_core.host.host import LogLevel
from velora_core.messages import message

from .event_pauses import RETRY_DELAY, EventPauses

if TYPE_CHECKING:
    from velora_core.api.event_stream import EventStream
    from velora_core.api.stream_event import StreamEvent
    from velora_core.secret import Secret

__all__ = ["LiveEvents"]

_MIN_GAP: Final = 0.5
"""Seconds between two turns of the UI thread, each of which has OBS save its scenes."""
_MIN_VIEWERS_GAP: Final = 5.0
"""Seconds between two turns that are for the number of viewers alone: as often as it could be
polled. The first shows at once."""
_MAX_WAITING: Final = 16


class _Listening:
    """All connections for one stream, one after the other."""

    def __init__(self) -> None:
        self.stream: EventStream | None = None  # the latest
        self.identity: object = None  # of the account that it was opened for
        self.up_since: float | None = None  # Velora has confirmed it
        self.pauses = EventPauses()
        self.last_status = ""  # why there is none
        self.job: Job | None = None  # the next connection
        self.waiting: tuple[StreamEvent, ...] = ()
        self.latest: StreamEvent | None = None  # but for the viewers
        self.urgent = False  # more than the number of viewers waits
        self.queued = False  # the UI thread is about to take what waits
        self.turn_at = self.viewers_at = float("-inf")  # the last turns
        self.turn: Job | None = None


class LiveEvents:
    """Listens while one stream after the other runs.

    Attributes:
        silence: seconds without a sign of life after which a connection counts as lost.
    """

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        up: Callable[[], None],
        down: Callable[[float, bool], None],
        heard: Callable[[StreamEvent], None],
    ) -> None:
        """Create the live events; the UI thread is told of them.

        Args:
            runtime: the threads.
            session: the client.
            up: told that news come by themselves from now on.
            down: told that they don't any more; how long ago the last sign of life was, and whether
                it may be another account's stream from now on.
            heard: told the news.
        """
        self.silence = 60.0
        self._runtime = runtime
        self._session = session
        self._told_up, self._told_down, self._told = up, down, heard
        self._lock = threading.Lock()  # of what `_Listening` has, but for its jobs
        self._listening: _Listening | None = None
        session.on_account(self._account_may_differ)

    # -- the UI thread ---------------------------------------------------------------------

    @property
    def up(self) -> bool:
        """Whether news come by themselves."""
        listening = self._listening
        return listening is not None and listening.up_since is not None

    @property
    def token(self) -> Secret | None:
        """What the latest connection was opened with."""
        stream = self._listening.stream if self._listening else None
        return stream.token if stream is not None else None

    def begin(self) -> None:
        """Listen from now on."""
        self.end()
        self._listening = _Listening()
        self._connect_in(0.0, self._listening)

    def end(self) -> None:
        """Cut the connection, without waiting: the stream is over, or the script is unloaded."""
        with self._lock:
            listening, self._listening = self._listening, None
            stream = listening.stream if listening else None
        if listening is None:
            return
        for job in (listening.job, listening.turn):
            if job:
                job.cancel()
        if stream is not None:
            stream.close()

    def _connect_in(self, delay: float, listening: _Listening) -> None:
        if listening is self._listening:
            if listening.job:
                listening.job.cancel()
            listening.job = self._runtime.worker.submit(
                partial(self._connect, listening), priority=Priority.BACKGROUND, delay=delay
            )

    def _confirmed(self, listening: _Listening, stream: EventStream) -> None:
        if self._current(listening, stream):
            listening.up_since = time.monotonic()
            listening.pauses.confirmed()
            listening.last_status = ""
            self._told_up()

    def _take(self, listening: _Listening, stream: EventStream) -> None:
        """Hand on what waits."""
        with self._lock:
            waiting, listening.waiting = listening.waiting, ()
            listening.turn_at = time.monotonic()
            if not listening.urgent:
                listening.viewers_at = listening.turn_at
            listening.queued = listening.urgent = False
        for event in waiting:
            if self._current(listening, stream):
                self._told(event)

    def _ended(
        self, listening: _Listening, stream: EventStream | None, error: VeloraError | None
    ) -> None:
        """Handle the end of a connection, or that there is none; plan the next one."""
        if listening is not self._listening or (stream and listening.stream is not stream):
            return
        now, since = time.monotonic(), listening.up_since
        held = now - since if since is not None else 0.0
        delay = listening.pauses.after(stream, error, held=held, silence=self.silence)
        if error is not None and listening.pauses.serious:
            self._say(listening, error)
        self._connect_in(delay * random.uniform(1.0, 1.5), listening)  # noqa: S311 - jitter
        self._lost(listening, stream.heard if stream is not None else now, account=False)

    def _lost(self, listening: _Listening, heard: float, *, account: bool) -> None:
        up, listening.up_since = listening.up_since is not None, None
        if up or account:
            self._told_down(max(0.0, time.monotonic() - heard), account)

    def _say(self, listening: _Listening, error: VeloraError) -> None:
        """Write into the log, once, why the stream is polled."""
        sentence = str(error)
        if not isinstance(error, NotSignedIn):  # then nobody is asked either
            sentence = message("live.events_missing", seconds=round(self.silence / 2), reason=error)
        if sentence != listening.last_status:
            listening.last_status = sentence
            self._runtime.log(LogLevel.INFO, sentence)

    def _restart(self, listening: _Listening) -> None:
        """Listen to another account's channel."""
        if listening is not self._listening:
            return
        with self._lock:
            stream, listening.stream = listening.stream, None
            listening.waiting, listening.latest = (), None
        if stream is not None:
            stream.close()
        listening.pauses.restart()
        self._connect_in(RETRY_DELAY, listening)  # a token is typed letter by letter
        self._lost(listening, time.monotonic(), account=True)

    # -- the worker ------------------------------------------------------------------------

    def _connect(self, listening: _Listening) -> None:
        """Prepare a connection, with a token that is good; start the thread that reads it."""
        from velora_core.api.event_stream import SCOPE

        if listening is not self._listening:
            return
        delay = self._session.rate_limit_delay()
        if delay:
            self._runtime.call_on_ui(partial(self._connect_in, delay, listening))
            return
        credentials = self._session.credentials
        listening.identity = credentials.identity
        try:
            if not self._runtime.state.account.may(SCOPE):
                raise InsufficientScope(scope=SCOPE)
            stream = self._session.client().open_event_stream(
                silence=self.silence, after=listening.stream
            )
            listening.identity = credentials.identity  # another program may have signed in
            with self._lock:
                if listening is not self._listening:
                    return
                listening.stream = stream
            # A daemon: OBS must not wait for it when it quits.
            threading.Thread(
                target=self._listen, args=(listening, stream), name="velora-events", daemon=True
            ).start()
        except Cancelled:
            if not self._runtime.closed:
                self._runtime.call_on_ui(partial(self._connect_in, RETRY_DELAY, listening))
        except VeloraError as error:
            self._runtime.call_on_ui(partial(self._ended, listening, None, error))
        except RuntimeError:  # no more threads
            self._runtime.call_on_ui(partial(self._ended, listening, None, TransportError()))

    def _account_may_differ(self) -> None:
        listening = self._listening
        if listening is not None and listening.identity != self._session.credentials.identity:
            self._runtime.call_on_ui(partial(self._restart, listening))

    # -- the connection's thread -----------------------------------------------------------

    def _current(self, listening: _Listening, stream: EventStream) -> bool:
        return listening is self._listening and listening.stream is stream

    def _listen(self, listening: _Listening, stream: EventStream) -> None:
        error: VeloraError | None = None
        try:
            for event in stream:
                if event is None:
                    self._runtime.call_on_ui(partial(self._confirmed, listening, stream))
                else:
                    self._hear(listening, stream, event)
        except VeloraError as failure:
            error = failure
        except Exception as bug:
            self._runtime.unexpected(bug)
        if self._current(listening, stream):
            self._runtime.call_on_ui(partial(self._ended, listening, stream, error))

    def _hear(self, listening: _Listening, stream: EventStream, event: StreamEvent) -> None:
        """Have the UI thread take an event: soon, but not each by itself when many come."""
        with self._lock:
            if not self._current(listening, stream):
                return
            listening.waiting = _joined(listening.waiting, event)[-_MAX_WAITING:]
            rest = event._replace(viewers=None, started_at=None)
            urgent, listening.latest = rest != listening.latest, rest
            listening.urgent = listening.urgent or urgent
            if listening.queued:
                return
            due = listening.turn_at + _MIN_GAP
            if not listening.urgent:
                due = max(due, listening.viewers_at + _MIN_VIEWERS_GAP)
            delay = due - time.monotonic()
            planned, listening.turn = listening.turn, None
            listening.queued = delay <= 0
        if planned is not None and not planned.done and not urgent:
            listening.turn = planned  # which is no later
            return
        if planned is not None:
            planned.cancel()
        if delay <= 0:
            self._runtime.call_on_ui(partial(self._take, listening, stream))
        else:
            listening.turn = self._runtime.worker.submit(
                partial(self._runtime.call_on_ui, partial(self._take, listening, stream)),
                priority=Priority.BACKGROUND,
                delay=delay,
            )


def _joined(waiting: tuple[StreamEvent, ...], event: StreamEvent) -> tuple[StreamEvent, ...]:
    """Return what waits with one more event, in one with the last where that is of its kind."""
    last = waiting[-1] if waiting else None
    if last is None or any(
        getattr(last, name) != getattr(event, name)
        for name in ("kind", "broadcast_id", "channel", "certain")
    ):
        return (*waiting, event)
    said = {name: value for name, value in event._asdict().items() if value is not None}
    return (*waiting[:-1], last._replace(**said))
