"""One connection to Meld Studio: it hands on what changes there, and takes texts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from velora_hosts.companion.errors import SoftwareError
from velora_hosts.companion.untrusted import Malformed, object_from
from velora_hosts.websocket.address import Address
from velora_hosts.websocket.connection import Endings, WireConnection
from velora_hosts.websocket.wire import Closed, Wire

from .errors import MeldEnded, MeldSilent, MeldTooOld, MeldUnreachable, NotMeld
from .web_channel import Exposed, Kind, exposed_in, kind_of, message, updates_in

__all__ = ["Connection"]

_OBJECT: Final = "meld"
_IDLE_TIMEOUT: Final = 30.0  # seconds without a sign of life, although one is asked for every ten
_FIRST: Final = 0  # the number of the only request whose answer matters


class Connection(WireConnection):
    """From its opening to its end; another attempt is another one."""

    endings = Endings(MeldUnreachable, MeldSilent, MeldEnded, NotMeld)
    thread = "velora-meld"
    _exposed: Exposed

    def __init__(
        self,
        address: Address,
        *,
        changed: Callable[[Mapping[str, Any]], None],
        ended: Callable[[SoftwareError], None],
    ) -> None:
        """Create the connection; nothing is opened yet.

        Args:
            address: where Meld Studio is.
            changed: takes properties that have changed, on a thread of the connection. There are
                no more until `ready`.
            ended: told once, on that thread, why a connection that was open has ended; not after
                `close`.
        """
        super().__init__(address, ended)
        self._changed = changed
        self._last_id = _FIRST

    def open(self) -> Exposed:
        """Connect, and return what Meld Studio says of itself.

        Raises:
            MeldUnreachable: nobody listens there.
            MeldSilent: whoever listens says nothing.
            NotMeld: what answers is not Meld Studio.
            MeldTooOld: it does not tell whether it streams.
            MeldEnded: it has ended meanwhile.
        """
        return self._connect(self._introduce)

    def _introduce(self, wire: Wire) -> Exposed:
        wire.send(message(Kind.INIT, id=_FIRST))
        while True:
            found = object_from(wire.receive())
            if kind_of(found) == Kind.RESPONSE and found.get("id") == _FIRST:
                break
        exposed = exposed_in(found, _OBJECT)
        if exposed is None:
            raise Malformed
        if "isStreaming" not in exposed.values:
            raise MeldTooOld(place=self._place)
        self._exposed = exposed
        return exposed

    # -- the link's thread -----------------------------------------------------------------

    def ready(self) -> None:
        """Have the next changes sent; raises `MeldEnded`."""
        self._send(message(Kind.IDLE))

    def invoke(self, method: int, *arguments: Any) -> None:
        """Have Meld Studio do something; it doesn't say whether it did. Raises `MeldEnded`."""
        self._last_id += 1
        content = {"object": _OBJECT, "method": method, "args": list(arguments)}
        self._send(message(Kind.INVOKE, id=self._last_id, **content))

    def check(self) -> None:
        """Ask for a sign of life.

        Raises:
            MeldSilent: there was none for a while.
            MeldEnded: there is no connection any more.
        """
        wire = self._open_wire
        if time.monotonic() - wire.heard > _IDLE_TIMEOUT:
            raise MeldSilent(place=self._place)
        try:
            wire.ping()
        except Closed:
            raise MeldEnded(place=self._place) from None

    @property
    def _open_wire(self) -> Wire:
        wire = self._wire
        if wire is None:
            raise MeldEnded(place=self._place)
        return wire

    def _send(self, text: str) -> None:
        try:
            self._open_wire.send(text)
        except Closed:
            raise MeldEnded(place=self._place) from None

    # -- the connection's own thread -------------------------------------------------------

    def _take(self, text: bytes) -> None:
        found = object_from(text)
        if kind_of(found) == Kind.PROPERTY_UPDATE:
            self._changed(updates_in(found, _OBJECT, self._exposed))
