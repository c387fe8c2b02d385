"""One OBS for as long as the companion runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.secret import Secret
from velora_hosts.companion.connected_link import ConnectedLink
from velora_hosts.websocket.address import Address

from .connection import Connection
from .errors import NotObs
from .events import USED, Events, gist
from .host import ObsWebsocketHost
from .protocol import Malformed
from .remote import RemoteObs

if TYPE_CHECKING:
    from velora_hosts.companion.errors import SoftwareError
    from velora_hosts.companion.software import Links

__all__ = ["SCRIPT_HOTKEY", "ObsLink"]

SCRIPT_HOTKEY: Final = "velora_update_now"
"""A hotkey that Velora's own script registers in OBS as soon as it is loaded there."""

_START_POLL_INTERVAL: Final = 1.0
"""Seconds between two looks while a stream starts: of a failure there may be no event."""
_STREAM: Final = "StreamStateChanged"


class ObsLink(ConnectedLink[Connection]):
    """From `run` to `close`."""

    def __init__(
        self, address: Address, links: Links, *, password: Callable[[], Secret | None]
    ) -> None:
        """Create the link; nothing is connected yet.

        Args:
            address: where OBS is.
            links: see `Link`.
            password: gives OBS's password; None when there is none. On the link's thread.
        """
        super().__init__(str(address), links, here=address.is_this_computer)
        self.address = address
        self._password = password
        self._host: ObsWebsocketHost | None = None
        self._events: Events | None = None
        # Whose events about the stream wait to be handled, each as often as there are some.
        self._telling: list[Connection] = []
        self._in_use = False
        self._lost_at = 0.0  # when a connection in use ended last
        self._yields = False  # to the script in OBS

    def _open(self) -> None:
        connection: Connection
        connection = Connection(
            self.address,
            event=lambda name, data: self._note(connection, name, data),
            ended=lambda error: self._note_end(connection, error),
        )
        self._connection = connection
        connection.open(self._password)
        self._use(RemoteObs(connection))
        self._in_use = True

    def _disconnected(self) -> None:
        self._telling.clear()
        if self._host:
            self._host.detach()
        if self._in_use:
            self._in_use, self._lost_at = False, time.monotonic()

    def _use(self, remote: RemoteObs) -> None:
        loaded = SCRIPT_HOTKEY in remote.hotkeys()
        if self._events and not loaded:
            self._events.reconnected(remote, self._lost_at)
        elif self._host:
            self._host.attach(remote)
        else:
            log = self._say
            self._host = ObsWebsocketHost(self.address, remote, wake=self._wake, log=log)
        self._log(LogLevel.INFO, message("companion.connected", place=self.address))
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
                self._log(LogLevel.INFO, message("companion.script_acts", place=self.address))
        elif self.app is None:
            if self._yields:
                self._log(LogLevel.INFO, message("companion.script_gone", place=self.address))
            self.app = self._make(self._host)
            self._events = Events(
                self.app, self._host, stream_is_told=lambda: self._connection in self._telling
            )
        self._yields = script

    def _poll(self) -> None:
        """Look whether OBS still answers and has the script, and at what no event has told."""
        connection, host = self._connection, self._host
        if connection is None or host is None:
            return
        remote = RemoteObs(connection)
        self._choose(script=SCRIPT_HOTKEY in remote.hotkeys())
        if self._events:
            self._events.look(remote)
        host.finish_service()

    def _interval(self) -> float:
        starting = self._events is not None and self._events.starting
        return _START_POLL_INTERVAL if starting else super()._interval()

    # -- events, from the connection's thread ----------------------------------------------

    def _note(self, connection: Connection, name: str, data: Mapping[str, Any]) -> None:
        if name not in USED:
            return
        kept = gist(data)
        if name == _STREAM:
            self._telling.append(connection)
        self._queue(connection, lambda: self._handle(connection, name, kept))

    # -- the link's own thread again -------------------------------------------------------

    def _handle(self, connection: Connection, name: str, data: Mapping[str, Any]) -> None:
        if name == _STREAM:
            self._telling.remove(connection)
        if self._host is None:
            return
        if name == _STREAM:  # a script may have been added since the last look
            self._choose(script=SCRIPT_HOTKEY in RemoteObs(connection).hotkeys())
        if self._events:
            try:
                self._events.handle(name, data)
            except Malformed:
                self._lose(NotObs(place=str(self.address)))

    def _why_lost(self, error: SoftwareError) -> str:
        quitting = self._events is not None and self._events.quitting
        return message("companion.quit", place=self.address) if quitting else str(error)
