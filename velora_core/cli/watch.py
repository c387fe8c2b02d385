"""``velora watch``: what Velora pushes, and what it answers where it pushes nothing."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final, NoReturn

from velora_core.errors import (
    Cancelled,
    InsufficientScope,
    RateLimited,
    TransportError,
    UnexpectedError,
    VeloraError,
)
from velora_core.features.event_pauses import (
    MAX_POLL_INTERVAL,
    EventPauses,
    longer_poll_interval,
)

from .commands import Context, info_data, live_sentence

if TYPE_CHECKING:
    from velora_core.api.event_stream import EventStream
    from velora_core.api.models import StreamInfo
    from velora_core.api.stream_event import StreamEvent

__all__ = ["watch"]

_CONNECT_TIMEOUT: Final = 1.0
"""Seconds that the first look waits for the connection: what is asked then is asked once."""
_IDLE_TIMEOUT: Final = 60.0
"""Seconds without a sign of life after which a connection counts as lost."""
_MIN_GAP: Final = 1.0
"""Seconds between two looks because of something that was pushed."""
_OVERTAKES: Final = 5.0
"""Seconds for which what was pushed counts more than an answer, which may be an older one."""
_MAX_WAITING: Final = 500
"""Events: while an answer is waited for, no Velora pushes more."""


class _End:
    """The end of a connection, and why, if that is known."""

    def __init__(self, error: VeloraError | None) -> None:
        self.error = error


def watch(context: Context) -> int:
    """Show the live status as it changes, until the command is stopped."""
    return _Watch(context).run()


class _Watch:
    """The command's thread; what is pushed comes to it through `_waiting`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._credentials = context.session.credentials
        self._waiting: deque[tuple[EventStream, StreamEvent | _End | None]] = deque()
        self._stream: EventStream | None = None  # the latest
        self._identity: object = None  # of the account that it was opened for
        self._up_since: float | None = None  # Velora has confirmed it
        self._pauses = EventPauses()
        self._connect_at = 0.0
        self._asked_at: float | None = None
        self._ask_at = 0.0
        self._pause = 0.0  # between two looks while changes are pushed
        self._info: StreamInfo | None = None
        self._pushed: dict[str, Any] = {}  # that the last answer could not have
        self._pushed_at = 0.0
        self._broadcast_id = ""  # Velora's
        self._shown: dict[str, Any] | None = None
        self._complaint = ""
        self._is_unread = False  # whoever read the output has gone

    def run(self) -> NoReturn:
        """Go on until the command is stopped, or what is asked is refused for good."""
        self._ask_at = time.monotonic() + _CONNECT_TIMEOUT
        self._context.output.when_unread(self._unread)
        while not self._is_unread:
            now = time.monotonic()
            if now >= self._connect_at:
                self._connect()
            if now >= self._ask_at:
                self._ask()
            until = min(self._connect_at, self._ask_at) - time.monotonic()
            if not self._waiting:
                self._context.reporter.wait(max(0.0, until))
            self._take()
        raise BrokenPipeError

    def _unread(self) -> None:
        self._is_unread = True
        self._context.reporter.poke()

    # -- asking ----------------------------------------------------------------------------

    def _ask(self) -> None:
        every = float(self._context.arguments.every)
        self._asked_at = time.monotonic()
        self._ask_at = self._asked_at + every
        try:
            answer = self._context.session.stream_info.get()
        except VeloraError as error:
            if isinstance(error, Cancelled) or not error.transient:
                raise
            if str(error) != self._complaint:
                self._context.output.error(error)
            self._complaint = str(error)
            if isinstance(error, RateLimited):
                self._ask_at = self._asked_at + max(every, error.pause)
            self._show()  # what was pushed all the same
            return
        self._complaint = ""
        if self._asked_at - self._pushed_at <= _OVERTAKES:
            answer = _with(answer, self._pushed)
        self._pushed.clear()
        confirmed = self._info is not None and _same(self._info, answer)
        self._info = answer
        if self._up_since is not None:
            if not answer.is_live:
                self._pause = MAX_POLL_INTERVAL
            elif confirmed:
                self._pause = longer_poll_interval(self._pause, every)
            else:
                self._pause = min(every, MAX_POLL_INTERVAL)
            self._ask_at = self._asked_at + self._pause
            if self._identity != self._credentials.identity:
                self._restart()
        self._show()

    def _look(self) -> None:
        """Ask soon."""
        asked = self._asked_at if self._asked_at is not None else -_MIN_GAP
        self._ask_at = min(self._ask_at, max(time.monotonic(), asked + _MIN_GAP))

    def _show(self) -> None:
        if self._info is None:
            return
        data = info_data(self._info)
        if data != self._shown:
            self._shown = data
            self._context.output.result(data, [_line(self._info)])

    # -- what is pushed --------------------------------------------------------------------

    def _connect(self) -> None:
        """Begin to listen on a thread of its own, with a token that is good."""
        from velora_core.api.event_stream import SCOPE

        session = self._context.session
        self._connect_at = float("inf")
        delay = session.rate_limit_delay()
        if delay:
            self._connect_at = time.monotonic() + delay
            return
        try:
            if not self._credentials.account().may(SCOPE):
                raise InsufficientScope(scope=SCOPE)
            stream = session.client().open_event_stream(silence=_IDLE_TIMEOUT, after=self._stream)
            self._stream, self._identity = stream, self._credentials.identity
            threading.Thread(
                target=self._listen, args=(stream,), name="velora-events", daemon=True
            ).start()
        except Cancelled:
            raise
        except VeloraError as error:
            self._lost(None, error)
        except RuntimeError:  # no more threads
            self._lost(None, TransportError())

    def _restart(self) -> None:
        """Listen to another account's channel."""
        stream, self._stream, self._up_since = self._stream, None, None
        if stream is not None:
            stream.close()
        self._pauses.restart()
        self._broadcast_id = ""
        self._connect_at = time.monotonic()

    def _listen(self, stream: EventStream) -> None:
        """Hand on what is pushed. On the connection's thread."""
        error: VeloraError | None = None
        try:
            for event in stream:
                if len(self._waiting) >= _MAX_WAITING:
                    error = TransportError()
                    stream.close()
                    break
                self._waiting.append((stream, event))
                self._context.reporter.poke()
        except VeloraError as failure:
            error = failure
        except Exception as bug:  # its text might hold anything
            error = UnexpectedError(kind=type(bug).__name__)
        self._waiting.append((stream, _End(error)))
        self._context.reporter.poke()

    def _take(self) -> None:
        """Take over what waits."""
        while self._waiting:
            stream, event = self._waiting.popleft()
            if stream is not self._stream:
                continue
            if event is None:
                self._confirmed()
            elif isinstance(event, _End):
                self._lost(stream, event.error)
            else:
                self._heard(event)

    def _confirmed(self) -> None:
        self._up_since = time.monotonic()
        self._pauses.confirmed()
        self._pause = 0.0
        self._look()  # what it has missed

    def _lost(self, stream: EventStream | None, error: VeloraError | None) -> None:
        now, since = time.monotonic(), self._up_since
        held = now - since if since is not None else 0.0
        delay = self._pauses.after(stream, error, held=held, silence=_IDLE_TIMEOUT)
        self._connect_at = now + delay * random.uniform(1.0, 1.5)  # noqa: S311 - jitter
        self._up_since, self._broadcast_id = None, ""
        if self._asked_at is None:
            self._ask_at = now
        else:
            every = float(self._context.arguments.every)
            self._ask_at = min(self._ask_at, max(now + _MIN_GAP, self._asked_at + every))

    def _heard(self, event: StreamEvent) -> None:
        """Take over one event; have Velora asked for what it doesn't say."""
        known, told = self._broadcast_id, event.broadcast_id
        late = bool(known and told and known != told) and event.kind != "online"
        if self._info is None or late or not event.certain:
            self._look()  # it may be another channel's, or late: only an answer can tell
            return
        self._broadcast_id = told or known
        before, now = self._info, _with(self._info, _changes(event, self._info))
        self._info = now
        if now._replace(viewer_count=before.viewer_count) != before:
            self._pushed.update(_changes(event, before))
            self._pushed_at = time.monotonic()
            self._look()  # for the tags and the category's slug; it is shown then
        else:
            self._ask_at = max(self._ask_at, time.monotonic() + self._pause)
            if not self._pushed:
                self._show()


def _changes(event: StreamEvent, before: StreamInfo) -> dict[str, Any]:
    """Return what an event says otherwise than it was before."""
    is_live = {"online": True, "offline": False}.get(event.kind, before.is_live)
    said: dict[str, Any] = {"is_live": is_live}
    if event.title is not None and event.title != (before.title or ""):
        said["title"] = event.title or None
    if event.category is not None and event.category != (before.category_name or ""):
        said["category_name"] = event.category or None
    if is_live and event.viewers is not None:
        said["viewer_count"] = event.viewers
    if is_live and event.started_at is not None:
        said["started_at"] = event.started_at
    return {name: value for name, value in said.items() if getattr(before, name) != value}


def _with(answer: StreamInfo, pushed: dict[str, Any]) -> StreamInfo:
    """Return an answer with what was pushed, which is newer."""
    now = answer._replace(**pushed)
    if now.category_name != answer.category_name:
        now = now._replace(category_slug=None)
    return now if now.is_live else now._replace(viewer_count=None, started_at=None)


def _same(before: StreamInfo, now: StreamInfo) -> bool:
    """Return whether an answer has nothing that had not been pushed."""
    fields = ("is_live", "title", "category_name", "viewer_count")
    return all((getattr(before, name) or None) == (getattr(now, name) or None) for name in fields)


def _line(info: StreamInfo) -> str:
    parts = [time.strftime("%H:%M:%S"), live_sentence(info)]
    if info.title:
        parts.append(" ".join(info.title.split()))
    if info.category_name:
        parts.append(f"({' '.join(info.category_name.split())})")
    return "  ".join(parts)
