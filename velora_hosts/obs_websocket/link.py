"""One OBS for as long as the companion runs: it is connected to again for ever.

The thread of `Link.run` is the UI thread of the application that goes with it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from velora_core.errors import UnexpectedError, VeloraError
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.secret import Secret

from .address import Address
from .connection import Connection
from .errors import ConnectionEnded, NotObs, ObsError, ObsSilent
from .events import Events
from .host import ObsWebsocketHost
from .protocol import Malformed
from .remote import RemoteObs

if TYPE_CHECKING:
    from velora_core.application import Application

__all__ = ["SCRIPT_HOTKEY", "Link"]

SCRIPT_HOTKEY: Final = "velora_update_now"
"""A hotkey that Velora's own script registers in OBS as soon as it is loaded there."""

_GLANCE: Final = 10.0
"""Seconds between two looks at what no event tells."""
_MOST_WAITING: Final = 2000  # events: who sends more than can be handled is no OBS
_PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before the next attempts to connect; the last one is for all that follow."""


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _PAUSES[-1]


class Link:
    """From `run` to `close`."""

    def __init__(
        self,
        address: Address,
        *,
        password: Callable[[], Secret | None],
        make: Callable[[ObsWebsocketHost], Application],
        say: Callable[[LogLevel, str], None],
        turned: Callable[[Application], None] = lambda _: None,
    ) -> None:
        """Create the link; nothing is connected yet.

        Args:
            address: where OBS is.
            password: gives OBS's password; None when there is none. On the link's thread.
            make: makes the application, once OBS is known.
            say: takes what the streamer has to know. On the link's thread.
            turned: told after each turn of the application.
        """
        self.address = address
        self.app: Application | None = None
        self._password = password
        self._make = make
        self._say = say
        self._turned = turned
        self._turns: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._woken = threading.Event()
        self._closed = threading.Event()
        self._connection: Connection | None = None
        self._host: ObsWebsocketHost | None = None
        self._events: Events | None = None
        self._said = ""
        self._lost_at = 0.0
        self._yields = False  # to the script in OBS
        self._wanted = True  # a connection

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
        if not self._woken.is_set():
            self._woken.set()
            self.post(self._woken.clear)

    # -- the link's own thread -------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether OBS can be asked now."""
        return self._connection is not None

    def run(self) -> None:
        """Keep connected until `close`."""
        pauses = _pauses()
        try:
            while not self._closed.is_set():
                if self._wanted and self._try():
                    pauses = _pauses()
                    self._serve(lambda: self._connection is None, _GLANCE, self._glance)
                until = time.monotonic() + next(pauses)
                waits = partial(self._waits, until)
                self._serve(waits, _PAUSES[0], lambda: None)
        finally:
            if self.app:
                self.app.close()
            if self._connection:
                self._connection.close()

    def _waits(self, until: float) -> bool:
        """Return whether the next attempt is due."""
        return self._wanted and time.monotonic() >= until

    def _want(self) -> None:
        self._wanted, self._said = True, ""

    def _serve(self, over: Callable[[], bool], patience: float, glance: Callable[[], None]) -> None:
        """Give turns until it is over; `glance` comes whenever there was none for so long."""
        due = time.monotonic() + patience
        while not over() and not self._closed.is_set():
            try:
                turn = self._turns.get(timeout=max(0.0, due - time.monotonic()))
            except queue.Empty:
                turn, due = glance, time.monotonic() + patience
            self._guarded(turn)
            if self.app:
                self._guarded(self.app.process_ui_queue)
                self._turned(self.app)

    def _guarded(self, turn: Callable[[], None]) -> None:
        """Give a turn; whatever goes wrong in it is said, and ends nothing but the connection."""
        try:
            turn()
        except (ConnectionEnded, ObsSilent) as error:
            self._lose(error)
        except Malformed:
            self._lose(NotObs(place=str(self.address)))
        except VeloraError as error:
            self._tell(LogLevel.WARNING, str(error))
        except Exception as error:  # a bug: its text might hold anything
            self._tell(LogLevel.WARNING, str(UnexpectedError(kind=type(error).__name__)))

    def _try(self) -> bool:
        """Try to connect; say once why that doesn't work."""
        connection: Connection
        connection = Connection(
            self.address,
            event=lambda name, data: self._note(connection, name, data),
            ended=lambda error: self.post(lambda: self._note_end(connection, error)),
        )
        try:
            connection.open(self._password)
            self._connection = connection
            self._use(RemoteObs(connection))
        except ObsError as error:
            self._wanted = not error.waits_for_person
            sentence = str(error)
        except Exception as error:  # a bug, which must not end the attempts
            sentence = str(UnexpectedError(kind=type(error).__name__))
        else:
            return True
        self._connection = None
        connection.close()
        self._tell(LogLevel.WARNING, sentence)
        return False

    def _use(self, remote: RemoteObs) -> None:
        loaded = SCRIPT_HOTKEY in remote.hotkeys()
        if self._events and not loaded:
            self._events.reconnected(remote, self._lost_at)
        elif self._host:
            self._host.attach(remote)
        else:
            log = self._say
            self._host = ObsWebsocketHost(self.address, remote, wake=self._wake, log=log)
        self._tell(LogLevel.INFO, message("companion.connected", place=self.address))
        self._choose(script=loaded)

    def _choose(self, *, script: bool) -> None:
        """Have the script act where there is one, and the application here where there is none.

        The script can do more: it is there before a stream connects, and sets encoders.
        """
        assert self._host
        if script:
            app, self.app, self._events = self.app, None, None
            if app:
                app.close()
            if not self._yields:
                self._tell(LogLevel.INFO, message("companion.script_acts", place=self.address))
        elif self.app is None:
            if self._yields:
                self._tell(LogLevel.INFO, message("companion.script_gone", place=self.address))
            self.app = self._make(self._host)
            self._events = Events(self.app, self._host)
        self._yields = script

    def _glance(self) -> None:
        """Look at what no event tells: whether OBS still answers, streams, and has the script."""
        connection, host = self._connection, self._host
        if connection is None or host is None:
            return
        remote = RemoteObs(connection)
        self._choose(script=SCRIPT_HOTKEY in remote.hotkeys())
        if self._events:
            self._events.stream_is(running=remote.stream()[0])

    # -- events, from the connection's thread ----------------------------------------------

    def _note(self, connection: Connection, name: str, data: Mapping[str, Any]) -> None:
        if self._turns.qsize() > _MOST_WAITING:
            raise Malformed
        self.post(lambda: self._handle(connection, name, data))

    # -- the link's own thread again -------------------------------------------------------

    def _handle(self, connection: Connection, name: str, data: Mapping[str, Any]) -> None:
        if connection is not self._connection or self._host is None:
            return
        if name == "StreamStateChanged":  # a script may have been added since the last look
            self._choose(script=SCRIPT_HOTKEY in RemoteObs(connection).hotkeys())
        if self._events:
            self._events.handle(name, data)

    def _note_end(self, connection: Connection, error: ObsError) -> None:
        if connection is self._connection:
            self._lose(error)

    def _lose(self, error: ObsError) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        connection.close()
        if self._host:
            self._host.detach()
        self._lost_at = time.monotonic()
        self._wanted = not error.waits_for_person
        quitting = self._events is not None and self._events.quitting
        sentence = message("companion.quit", place=self.address) if quitting else str(error)
        self._tell(LogLevel.WARNING, sentence)

    def _tell(self, severity: LogLevel, sentence: str) -> None:
        """Say it unless it was the last thing that was said: attempts to connect go on for ever."""
        if sentence != self._said:
            self._said = sentence
            self._say(severity, sentence)
