"""Streamlabs for as long as the companion runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_hosts.companion.connected_link import ConnectedLink

from .connection import Connection
from .door import Door
from .errors import (
    ConnectionEnded,
    Missing,
    NotStreamlabs,
    OtherVersion,
    StreamlabsBusy,
    StreamlabsDenied,
    StreamlabsError,
    StreamlabsSilent,
    StreamlabsUnreachable,
)
from .events import LOGGED_OUT, NEEDED, USEFUL, Events, gist
from .host import StreamlabsHost
from .remote import RemoteStreamlabs

if TYPE_CHECKING:
    from pathlib import Path

    from velora_hosts.companion.software import Links

__all__ = ["StreamlabsLink"]


class StreamlabsLink(ConnectedLink[Connection]):
    """From `run` to `close`."""

    def __init__(
        self, name: str, links: Links, *, doors: Sequence[Callable[[], Door]], folder: Path
    ) -> None:
        """Create the link; nothing is connected yet.

        Args:
            name: see `Link`.
            links: see `Link`.
            doors: where Streamlabs may be reached.
            folder: see `StreamlabsHost`.
        """
        super().__init__(name, links)
        self._doors = doors
        self._folder = folder
        self._host: StreamlabsHost | None = None
        self._events: Events | None = None
        self._in_use = False
        self._lost_at = ""  # when a connection in use ended last

    def _open(self) -> None:
        failures: list[StreamlabsError] = []
        for door in self._doors:
            try:
                self._try_door(door)
            except (NotStreamlabs, StreamlabsSilent) as error:  # another program may be there
                failures.append(error)
            except (StreamlabsDenied, StreamlabsUnreachable) as error:
                failures.append(error)
            else:
                return
            self._shut()
        said = [error for error in failures if not isinstance(error, StreamlabsUnreachable)]
        raise [*said, StreamlabsUnreachable()][0]

    def _try_door(self, door: Callable[[], Door]) -> None:
        connection: Connection
        connection = Connection(
            event=lambda name, data: self._note(connection, name, data),
            ended=lambda error: self._note_end(connection, error),
        )
        self._connection = connection
        connection.open(door)
        remote = RemoteStreamlabs(connection)
        try:
            remote.stream()  # nothing else is asked of what doesn't know this
        except (ConnectionEnded, Missing):
            raise NotStreamlabs from None
        if not remote.subscribe(*NEEDED.split(".")):
            raise OtherVersion
        for name in USEFUL:
            remote.subscribe(*name.split("."))
        if self._events:
            self._events.reconnected(remote, self._lost_at)
        elif self._host:
            self._host.attach(remote)
        else:
            log = self._say
            self._host = StreamlabsHost(remote, self._folder, wake=self._wake, log=log)
        assert self._host
        self._in_use = True
        self._log(LogLevel.INFO, message("streamlabs.connected"))
        if self.app is None:
            self.app = self._make(self._host)
            self._events = Events(self.app, self._host)
        self._look_after()

    def _disconnected(self) -> None:
        if self._host:
            self._host.detach()
        if self._in_use:
            self._in_use, self._lost_at = False, _now()

    def _poll(self) -> None:
        """Look at what no event tells: whether it still answers, and what was changed by hand."""
        connection, host, events = self._connection, self._host, self._events
        if connection is None or host is None or events is None:
            return
        remote = RemoteStreamlabs(connection)
        try:
            events.look(remote.stream())
            host.read_setup()
        except StreamlabsBusy:
            return  # it loads scenes, which ends
        self._look_after()

    def _look_after(self) -> None:
        """Say so when what was set up for Velora is no longer there."""
        if self._host and self._host.taken_away():
            self._log(LogLevel.WARNING, message("streamlabs.taken_away"))

    # -- events, from the connection's thread ----------------------------------------------

    def _note(self, connection: Connection, name: str, data: Any) -> None:
        if name != NEEDED and name not in USEFUL:  # it may be as long as an answer
            return
        kept = gist(data)
        self._queue(connection, lambda: self._handle(name, kept))

    # -- the link's own thread again -------------------------------------------------------

    def _handle(self, name: str, data: Mapping[str, str]) -> None:
        connection = self._connection
        if connection is None or self._host is None:
            return
        if name == LOGGED_OUT:
            self._host.read_setup()
            self._look_after()
        elif self._events:
            self._events.handle(RemoteStreamlabs(connection), name, data)


def _now() -> str:
    """Return this moment as Streamlabs writes it, so that texts in their order are in time's."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
