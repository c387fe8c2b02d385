"""The two threads of the application, and the ways between them.

The UI thread belongs to the broadcasting software. The worker does what may take long: network
and files. It hands what concerns the software back as a "turn", which the UI thread runs when it
comes by. Both change what is shown by replacing the `State`.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from typing import Any, Final, NamedTuple

from velora_core.errors import (
    Cancelled,
    NotSignedIn,
    TokenMalformed,
    Unauthorized,
    UnexpectedError,
    VeloraError,
)
from velora_core.host.host import Capabilities, Host, LogLevel
from velora_core.messages import message

from .state import State, StatusLevel
from .worker import Job, Priority, Worker

__all__ = [
    "ABOUT_ACCOUNT",
    "ABOUT_CHANNEL",
    "ABOUT_SETUP",
    "ABOUT_START",
    "BUTTON_TIMEOUT",
    "UI",
    "WORKER",
    "Runtime",
    "StatusEntry",
    "Steps",
]


class _Thread(Enum):
    UI = "ui"
    WORKER = "worker"


UI: Final = _Thread.UI
WORKER: Final = _Thread.WORKER
Steps = Iterator["_Thread | Job"]
"""A flow that changes threads: a generator whose next part runs on the thread that it yields."""

ABOUT_ACCOUNT: Final = "account"
"""Topic of sentences on who is signed in."""
ABOUT_CHANNEL: Final = "channel"
"""Topic of sentences on whether the channel is live."""
ABOUT_INFO: Final = "info"
"""Topic of sentences on what Velora has now as title, category and tags."""
ABOUT_SETUP: Final = "setup"
"""Topic of sentences on where the profile in use streams to from now on."""
ABOUT_START: Final = "start"
"""Topic of sentences on how the last start of a stream ended, and what to do before the next."""

BUTTON_TIMEOUT: Final = 1.5
"""Seconds that a button waits for its answer before it says that there is none yet."""

_WAKE_RETRY_DELAY: Final = 1.0
"""Seconds after which the UI thread is woken once more: OBS hears nothing while it loads scenes."""
_DUPLICATE_WINDOW: Final = 2.0
"""Seconds for which the same line is not written into the log again."""
_MAX_HISTORY: Final = 50
"""Sentences that are remembered with their times."""
_MAX_LINES: Final = 4
"""Of the sentences that nobody has seen yet, how many are kept: a panel is small."""


class _Line(NamedTuple):
    """A sentence of the status, and whether it has to be seen before another takes its place."""

    sentence: str
    tone: StatusLevel
    lasting: bool
    topic: object
    until: object = None
    seen: bool = False


def _is_about(line: _Line, topic: object) -> bool:
    return topic is not None and (line.topic is topic or line.until is topic)


class StatusEntry(NamedTuple):
    """A sentence that was in the status, and when it came there, in Unix time."""

    at: float
    sentence: str
    tone: StatusLevel


def _words(able: Capabilities) -> dict[str, str]:
    """Return what sentences may say of a broadcasting software."""
    words = {"host": able.name, "stream_settings": able.stream_settings}
    words["start_button"] = able.start_button
    words["next"] = message("next.configure" if able.sets else "next.copy", **words)
    words["target"] = message("next.plugin" if able.sets else "next.host", **words)
    return words


class Runtime:
    """The worker, the turns and the state of one application."""

    def __init__(self, host: Host, *, interrupt: Callable[[], None], state: State) -> None:
        """Create the runtime.

        Args:
            host: the broadcasting software.
            interrupt: ends the worker's blocking call; from any thread.
            state: what is shown at first.
        """
        self.host = host
        self._words = _words(host.capabilities())
        self._lock = threading.Lock()
        self._state = state
        self._turns: deque[Callable[[], object]] = deque()
        self._closed = False
        self._reminder: Job | None = None
        self._last_log: tuple[LogLevel, str] | None = None  # in the log
        self._last_log_at = 0.0
        self._status_job: Job | None = None  # the job that put the sentence there which is shown
        self._lines: list[_Line] = []  # what the status is made of
        self._following: Job | None = None  # the latest part of a flow on the worker
        self._status_history: deque[StatusEntry] = deque(maxlen=_MAX_HISTORY)
        self.changed: Callable[[], None] | None = None
        """Told on whichever thread replaces the state; it may not wait."""
        self.worker = Worker(interrupt=interrupt, failed=self.unexpected)

    # -- any thread ------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """What is shown now."""
        return self._state

    @property
    def closed(self) -> bool:
        """Whether everything has ended."""
        return self._closed

    def message(self, name: str, /, **values: object) -> str:
        """Return a sentence in which the broadcasting software may be named; from any thread.

        It may also name its stream settings, how to set it up, and where a copied text goes.
        """
        return message(name, **{**self._words, **values})

    def of_profile(self, name: str, /, **values: object) -> str:
        """Return a sentence on how the profile in use is set up, which it names.

        It may be read later than it is said, when another profile is in use. From the UI thread.
        """
        return self.message(name, in_profile=self.in_profile(), **values)

    def in_profile(self) -> str:
        """Return words that name the profile in use; from the UI thread."""
        if not self.host.capabilities().profiles:
            return ""
        return message("status.in_profile", profile=self.host.profile().name)

    def change(self, **changes: Any) -> None:
        """Replace parts of the state, unless they are the same already."""
        with self._lock:
            state = self._state
            if all(getattr(state, name) is value for name, value in changes.items()):
                return  # at each start and end of a stream most are: nothing is to be drawn anew
            self._state = state._replace(**changes)
        self._tell_changed()

    def _tell_changed(self) -> None:
        changed = self.changed
        if changed:
            changed()

    @property
    def status_history(self) -> tuple[StatusEntry, ...]:
        """The last sentences that were news, the oldest first."""
        with self._lock:
            return tuple(self._status_history)

    def show(
        self,
        sentence: str,
        tone: StatusLevel = StatusLevel.NORMAL,
        *,
        lasting: bool = True,
        topic: object = None,
        until: object = None,
        instead_of: object = None,
    ) -> None:
        """Put a sentence into the status.

        It stays there until the panel has been drawn with it: until then, a later one goes below
        it.

        Args:
            sentence: for people.
            tone: whether it is good or bad news.
            lasting: False for one that says where things stand: the next takes its place in any
                case.
            topic: what it is about, where a later sentence about that makes it untrue.
            until: what else it is about, of which `outdate` may be told.
            instead_of: a topic; nothing is shown unless a sentence about it stands there, in whose
                place another thread may have put a later one.
        """
        with self._lock:
            if instead_of is not None and not any(
                _is_about(shown, instead_of) for shown in self._lines
            ):
                return
            line = _Line(" ".join(sentence.splitlines()), tone, lasting, topic, until)
            self._put(line)
            if lasting:
                self._status_history.append(StatusEntry(time.time(), line.sentence, tone))
            self._status_job = self.worker.running
        self._tell_changed()

    def _put(self, line: _Line) -> None:
        kept = [
            shown
            for shown in self._lines
            if shown.lasting
            and not shown.seen
            and shown.sentence != line.sentence
            and (line.topic is None or shown.topic is not line.topic)
        ]
        self._lines = [*kept[1 - _MAX_LINES :], line]
        self._state = self._state._replace(
            status="\n".join(shown.sentence for shown in self._lines),
            tone=max((shown.tone for shown in self._lines), key=list(StatusLevel).index),
        )

    def outdate(self, topic: object) -> bool:
        """Mark the sentences about a topic as outdated: nobody needs to see them any more.

        Returns:
            Whether there are any: they stand there until something else is shown.
        """
        with self._lock:
            about = [_is_about(shown, topic) for shown in self._lines]
            if any(about):  # most have nothing here, and each start of a stream asks often
                self._lines = [
                    shown._replace(seen=shown.seen or outdated)
                    for shown, outdated in zip(self._lines, about, strict=True)
                ]
            return any(about)

    def shows(self, topic: object) -> bool:
        """Return whether there are sentences about a topic."""
        with self._lock:
            return any(_is_about(shown, topic) for shown in self._lines)

    def shows_last(self, topic: object) -> bool:
        """Return whether the latest sentence is about a topic."""
        with self._lock:
            return bool(self._lines) and self._lines[-1].topic is topic

    def drawn(self) -> State:
        """Return the state for a panel that shows it now, and count its sentences as seen."""
        with self._lock:
            self._lines = [shown._replace(seen=True) for shown in self._lines]
            return self._state

    def announce(self, sentence: str, *, topic: object = None, log: str = "") -> None:
        """Show good news, and write them into the log: as `log`, where nothing is beside them."""
        self.show(sentence, topic=topic)
        self.log(LogLevel.INFO, log or sentence)

    def report(self, error: VeloraError) -> None:
        """Show what went wrong, and write it into the log."""
        if isinstance(error, (Unauthorized, TokenMalformed)):
            self.change(token_refused=True)
        of_account = isinstance(error, (NotSignedIn, TokenMalformed, Unauthorized))
        self.show(str(error), StatusLevel.ERROR, topic=ABOUT_ACCOUNT if of_account else None)
        self.log(LogLevel.INFO, str(error))

    def unexpected(self, error: BaseException) -> None:
        """Report a bug by its type and place only: its text might hold anything."""
        if isinstance(error, Cancelled):
            return
        place, trace = "", error.__traceback__
        while trace:
            file = os.path.basename(trace.tb_frame.f_code.co_filename)
            place = f" at {file}:{trace.tb_lineno}"
            trace = trace.tb_next
        self.report(UnexpectedError(kind=type(error).__name__ + place))

    def log(self, severity: LogLevel, sentence: str) -> None:
        """Write a line into the host's log, from any thread."""
        line = " ".join(sentence.split())
        now = time.monotonic()
        with self._lock:
            entry = (severity, line)
            repeated = entry == self._last_log and now - self._last_log_at < _DUPLICATE_WINDOW
            self._last_log, self._last_log_at = entry, now
        if not repeated:  # several things fail at once when Velora does
            self.call_on_ui(partial(self.host.log, severity, line))

    def call_on_ui(self, turn: Callable[[], object]) -> None:
        """Queue a callback for the UI thread."""
        with self._lock:  # or `wake` could come when the software is gone
            if not self._closed:
                self._turns.append(turn)
                self._wake()

    def _wake(self) -> None:
        self.host.wake()
        if self._reminder is None:
            self._reminder = self.worker.submit(
                self._wake_again,
                priority=Priority.BACKGROUND,
                delay=_WAKE_RETRY_DELAY,
                interruptible=False,
            )

    def _wake_again(self) -> None:
        with self._lock:
            self._reminder = None
            if self._turns and not self._closed:
                self._wake()

    # -- the UI thread ---------------------------------------------------------------------

    def press(
        self, button: str, work: Callable[[], object], *, priority: Priority = Priority.USER
    ) -> Job:
        """Have the worker do what a button asks for.

        Args:
            button: what is on it, for the sentence that says it was put off.
            work: may raise `VeloraError`, which is shown.
            priority: `Priority.LIVE` work is not interrupted by a starting stream.
        """
        return self.worker.submit(
            partial(self._guarded, button, work),
            priority=priority,
            interruptible=priority is not Priority.LIVE,
        )

    def start(self, button: str, steps: Steps, *, priority: Priority = Priority.USER) -> Job:
        """Begin a flow, whose first part runs here and now.

        Args:
            button: what is on the button, for the sentence that says it was put off.
            steps: the flow; an error that it raises, on whichever thread, is shown and ends it.
            priority: of its parts on the worker; see `press`.

        Returns:
            The job of its first part on the worker.
        """
        try:
            return self._advance(button, steps, priority)
        except VeloraError as error:
            return self.refuse(error)

    def _advance(self, button: str, steps: Steps, priority: Priority) -> Job:
        """Run the next part, on the thread that the flow has asked for.

        A flow that ends in another one's hands says so by yielding that one's job.
        """
        following = next(steps, None)
        if isinstance(following, Job):
            self._following = following
            return following
        proceed = partial(self._advance, button, steps, priority)
        if following is WORKER:
            self._following = self.press(button, proceed, priority=priority)
            return self._following
        if following is UI:
            self.call_on_ui(proceed)
        return Job.finished()

    def refuse(self, error: VeloraError) -> Job:
        """Show why there is nothing to do."""
        self.report(error)
        return Job.finished()

    def wait_for(self, job: Job, seconds: float = BUTTON_TIMEOUT) -> None:
        """Wait a bounded moment for a button's job, so that its result can be shown at once.

        Args:
            job: what the button's method returned.
            seconds: the bound.
        """
        ends, said = time.monotonic() + seconds, self.state.status
        if not job.wait(seconds):
            self._show_working(job)
        self._following = None
        self._tell_changed()
        self.run_ui_callbacks()
        if following := self._following:  # the flow goes on there; what it changes is shown, too
            if not following.wait(max(0.0, ends - time.monotonic())) and self.state.status == said:
                self._show_working(following)
            self.run_ui_callbacks()

    def _show_working(self, job: Job) -> None:
        with self._lock:
            # A job ends a moment after it has said how it went; that must not be hidden.
            if not job.done and self._status_job is not job:
                working = self.message("status.working")
                self._put(_Line(working, StatusLevel.NORMAL, lasting=False, topic=None))

    def run_ui_callbacks(self) -> None:
        """Run the callbacks queued for the UI thread."""
        while self._turns and not self._closed:
            turn = self._turns.popleft()
            try:
                turn()
            except VeloraError as error:
                self.report(error)
            except Exception as error:
                self.unexpected(error)

    def close(self) -> None:
        """End everything at once, without waiting; a running request is cut."""
        with self._lock:
            self._closed = True
            self._turns.clear()
        self.worker.close()

    # -- the worker ------------------------------------------------------------------------

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` when the running job has to make room."""
        job = self.worker.running
        if self._closed or (job is not None and job.interrupted):
            raise Cancelled

    def _guarded(self, button: str, work: Callable[[], object]) -> None:
        try:
            work()
        except Cancelled:
            if not self._closed:
                self.show(message("status.interrupted", button=button), StatusLevel.WARNING)
        except VeloraError as error:
            self.report(error)
