"""One broadcasting software for as long as the companion runs: it is connected to again for ever.

The thread of `Link.run` is the UI thread of the application that goes with it.
"""

from __future__ import annotations

import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from velora_core.errors import UnexpectedError, VeloraError
from velora_core.host.host import LogLevel

from .errors import Busy, Silent, SoftwareError, Unreachable
from .pauses import Pauses

if TYPE_CHECKING:
    from velora_core.application import Application

    from .software import Links

__all__ = ["Link"]

_POLL_INTERVAL: Final = 10.0
"""What `Link._interval` is as a rule."""
_STABLE_AFTER: Final = 5.0
"""Seconds after which a connection was one: who ends each of them at once is asked less often."""
_ABSENT: Final = (Unreachable, Silent, Busy)
"""What is said of a software that isn't there, or is still starting."""


class Link(ABC):
    """From `run` to `close`. A host says how it opens, what it looks at, and how it ends."""

    commands: Mapping[str, Callable[[], str]] = MappingProxyType({})
    """What else can be typed for this software; each returns what there is to say."""

    def __init__(self, name: str, links: Links, *, here: bool = True) -> None:
        """Create the link; nothing is connected yet.

        Args:
            name: of the software, see `Software.name`.
            links: what it is made of.
            here: the software is on this computer.
        """
        self.name = name
        self._pauses = Pauses(here=here)
        self._absent = False  # the software, when that was looked at last
        self.app: Application | None = None
        self._make = links.make
        self._say = links.say
        self._turned = links.turned
        self._turns: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._woken = threading.Event()
        self._closed = threading.Event()
        self._last_log = ""
        self._wanted = True  # a connection
        self._next = self._pause = 0.0  # attempt to connect: when, and after how long

    # -- any thread ------------------------------------------------------------------------

    def post(self, turn: Callable[[], None]) -> None:
        """Have something done on the link's thread."""
        self._turns.put(turn)

    def connect(self) -> None:
        """Connect now, also where that waits for a person."""
        self.post(self._want)

    def close(self) -> None:
        """Have `run` come to its end."""
        self._closed.set()
        self.post(lambda: None)

    def _wake(self) -> None:
        """Have the application's turn come; see `Host.wake`."""
        if not self._woken.is_set():
            self._woken.set()
            self.post(self._woken.clear)

    # -- the link's own thread: what a host says of itself ---------------------------------

    @property
    @abstractmethod
    def connected(self) -> bool:
        """Whether the software can be asked now."""

    @abstractmethod
    def _open(self) -> None:
        """Connect, and make or wake the application; raises `SoftwareError`."""

    @abstractmethod
    def _shut(self) -> None:
        """End the connection if there is one, also one that `_open` has left half made."""

    @abstractmethod
    def _poll(self) -> None:
        """Look at what no event tells."""

    def _interval(self) -> float:
        """Return the seconds between two looks at what no event tells."""
        return _POLL_INTERVAL

    # -- the link's own thread -------------------------------------------------------------

    def run(self) -> None:
        """Keep connected until `close`."""
        try:
            while not self._closed.is_set():
                if self._wanted and self._try():
                    since = time.monotonic()
                    self._serve(lambda: not self.connected, self._interval, self._poll)
                    if time.monotonic() - since > _STABLE_AFTER:
                        self._pauses.begin_anew()
                self._pause = self._pauses.next(absent=self._absent)
                self._next = time.monotonic() + self._pause
                self._serve(self._is_due, lambda: self._pause, lambda: None)
        finally:
            if self.app:
                self.app.close()
            self._shut()

    def _is_due(self) -> bool:
        """Return whether it is time for the next attempt."""
        return self._wanted and time.monotonic() >= self._next

    def _want(self) -> None:
        self._wanted, self._last_log, self._next = True, "", 0.0

    def _serve(
        self, over: Callable[[], bool], interval: Callable[[], float], poll: Callable[[], None]
    ) -> None:
        """Give turns until it is over; `poll` comes whenever there was none for so long."""
        last = time.monotonic()
        while not over() and not self._closed.is_set():
            try:
                due = last + interval()
                turn = self._turns.get(timeout=max(0.0, due - time.monotonic()))
            except queue.Empty:
                turn, last = poll, time.monotonic()
            self._guarded(turn)
            if self.app:
                self._guarded(self.app.process_ui_queue)
                self._turned(self.app)

    def _guarded(self, turn: Callable[[], None]) -> None:
        """Give a turn; whatever goes wrong in it is said, and ends nothing but the connection."""
        try:
            turn()
        except VeloraError as error:
            if isinstance(error, SoftwareError) and error.ends_connection:
                self._lose(error)
            else:
                self._log(LogLevel.WARNING, str(error))
        except Exception as error:  # a bug: its text might hold anything
            self._log(LogLevel.WARNING, str(UnexpectedError(kind=type(error).__name__)))

    def _try(self) -> bool:
        """Try to connect; say once why that doesn't work."""
        self._absent = False
        try:
            self._open()
        except SoftwareError as error:
            self._absent = isinstance(error, _ABSENT)
            self._wanted = not error.waits_for_person
            sentence = str(error)
        except Exception as error:  # a bug, which must not end the attempts
            sentence = str(UnexpectedError(kind=type(error).__name__))
        else:
            return True
        self._shut()
        self._log(LogLevel.WARNING, sentence)
        return False

    def _lose(self, error: SoftwareError) -> None:
        """End the connection and say why, if there is one."""
        if not self.connected:
            return
        self._shut()
        self._wanted = not error.waits_for_person
        self._log(LogLevel.WARNING, self._why_lost(error))

    def _why_lost(self, error: SoftwareError) -> str:
        return str(error)

    def _log(self, severity: LogLevel, sentence: str) -> None:
        """Say it unless it was the last thing that was said: attempts to connect go on for ever."""
        if sentence != self._last_log:
            self._last_log = sentence
            self._say(severity, sentence)
