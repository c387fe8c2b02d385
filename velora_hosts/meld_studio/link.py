"""One Meld Studio for as long as the companion runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from velora_core.host.host import EndReason, LogLevel
from velora_core.messages import message
from velora_hosts.companion.connected_link import ConnectedLink
from velora_hosts.companion.untrusted import Malformed

from .connection import Connection
from .errors import MeldEnded, NotMeld
from .host import MeldHost

if TYPE_CHECKING:
    from velora_hosts.companion.settings import CompanionSettings
    from velora_hosts.companion.software import Links
    from velora_hosts.websocket.address import Address

__all__ = ["MeldLink"]

_STREAMS: Final = "isStreaming"
_SESSION: Final = "session"


class MeldLink(ConnectedLink[Connection]):
    """From `run` to `close`."""

    def __init__(self, name: str, address: Address, links: Links, settings: CompanionSettings):
        """Create the link; nothing is connected yet.

        Args:
            name: see `Link`.
            address: where Meld Studio is.
            links: see `Link`.
            settings: what the companion keeps.
        """
        super().__init__(name, links, here=address.is_this_computer)
        self._address = address
        self.host = MeldHost(address, settings, wake=self._wake, log=self._say)

    def _open(self) -> None:
        connection: Connection
        latest: deque[Any] = deque(maxlen=1)
        connection = Connection(
            self._address,
            changed=lambda values: self._note(connection, values, latest),
            ended=lambda error: self._note_end(connection, error),
        )
        self._connection = connection
        exposed = connection.open()
        streamed = self.host.streaming()
        try:
            self.host.attach(connection, exposed)
        except Malformed:
            raise NotMeld(place=self._address) from None
        self._log(LogLevel.INFO, message("companion.meld_connected", place=self._address))
        if self.app is None:
            self.app = self._make(self.host)
        else:
            self._stream_was(running=streamed)
            self.app.scenes_loaded()
        connection.ready()

    def _disconnected(self) -> None:
        self.host.detach()

    def _poll(self) -> None:
        """Ask for a sign of life."""
        if self._connection is not None:
            self._connection.check()

    # -- the connection's thread -----------------------------------------------------------

    def _note(self, connection: Connection, values: Mapping[str, Any], latest: deque[Any]) -> None:
        """Have changes handled; of sessions, which may be long, only the latest waits."""
        kept = {name: values[name] for name in (_STREAMS,) if name in values}
        whole = all(isinstance(value, bool) for value in kept.values())
        if not whole:
            raise Malformed
        if _SESSION in values:
            latest.append(values[_SESSION])
        self._queue(connection, lambda: self._handle(connection, kept, latest))

    # -- the link's own thread again -------------------------------------------------------

    def _handle(
        self, connection: Connection, values: Mapping[str, Any], latest: deque[Any]
    ) -> None:
        if self.app is None:
            return
        with suppress(IndexError):  # an earlier turn has taken it
            values = {**values, _SESSION: latest.popleft()}
        streamed, before = self.host.streaming(), self.host.session
        try:
            self.host.take(values)
        except Malformed:
            self._lose(NotMeld(place=self._address))
            return
        now = self.host.session
        for old, new in now.renamed(before):
            self.app.source_renamed(old, new)
        if not before.scene.name and now.scene.name:  # a project was opened
            self.app.scenes_loaded()
        self._stream_was(running=streamed)
        if now.scene != before.scene:
            self.app.scene_changed()
        with suppress(MeldEnded):  # the connection's thread says why
            connection.ready()

    def _stream_was(self, *, running: bool) -> None:
        """Tell the application when that is no longer so."""
        now = self.host.streaming()
        if self.app is None or now is running:
            return
        if now:
            self.app.stream_starting()
            self.app.stream_started()
        else:
            self.app.stream_stopped(EndReason.NORMAL)
