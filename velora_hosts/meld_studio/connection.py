"""One connection to Meld Studio: it hands on what changes there, and takes texts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from velora_hosts.companion.untrusted import Malformed, object_from
from velora_hosts.websocket.address import Address
from velora_hosts.websocket.wire import Closed, NoAnswer, NobodyThere, Wire, WireError

from .errors import MeldEnded, MeldError, MeldSilent, MeldTooOld, MeldUnreachable, NotMeld
from .web_channel import Exposed, Kind, exposed_in, kind_of, message, updates_in

__all__ = ["Connection"]

_OBJECT: Final = "meld"
_OPENING_TIMEOUT: Final = 5.0  # seconds until it has described itself
_SILENCE: Final = 30.0  # seconds without a sign of life, although one is asked for every ten
_FIRST: Final = 0  # the number of the only request whose answer matters


class Connection:
    """From its opening to its end; another attempt is another one."""

    def __init__(
        self,
        address: Address,
        *,
        changed: Callable[[Mapping[str, Any]], None],
        ended: Callable[[MeldError], None],
    ) -> None:
        """Create the connection; nothing is opened yet.

        Args:
            address: where Meld Studio is.
            changed: takes properties that have changed, on a thread of the connection. There are
                no more until `ready`.
            ended: told once, on that thread, why a connection that was open has ended; not after
                `close`.
        """
        self._address = address
        self._place = str(address)
        self._changed = changed
        self._ended = ended
        self._lock = threading.Lock()
        self._wire: Wire | None = None
        self._last_id = _FIRST
        self._closing = False

    def open(self) -> Exposed:
        """Connect, and return what Meld Studio says of itself.

        Raises:
            MeldUnreachable: nobody listens there.
            MeldSilent: whoever listens says nothing.
            NotMeld: what answers is not Meld Studio.
            MeldTooOld: it does not tell whether it streams.
            MeldEnded: it has ended meanwhile.
        """
        wire: Wire | None = None
        try:
            wire = Wire(self._address, _OPENING_TIMEOUT)
            exposed = self._introduce(wire)
            wire.settle()
        except NobodyThere:
            raise MeldUnreachable(place=self._place) from None
        except (WireError, Malformed) as error:
            if wire:
                wire.dispose()
            raise self._meaning(error) from None
        except BaseException:
            if wire:
                wire.dispose()
            raise
        with self._lock:
            self._wire = wire
            closing = self._closing
        reading = threading.Thread(
            target=self._read, args=(wire, exposed), name="velora-meld", daemon=True
        )
        reading.start()
        if closing:  # while it was being opened
            wire.close()
        return exposed

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
        return exposed

    def _meaning(self, error: Exception) -> MeldError:
        """Return what the end of a connection means."""
        if isinstance(error, NoAnswer):
            return MeldSilent(place=self._place)
        kind = MeldEnded if isinstance(error, Closed) else NotMeld
        return kind(place=self._place)

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
        if time.monotonic() - wire.heard > _SILENCE:
            raise MeldSilent(place=self._place)
        try:
            wire.ping()
        except Closed:
            raise MeldEnded(place=self._place) from None

    def close(self) -> None:
        """End the connection."""
        with self._lock:
            self._closing = True
            wire = self._wire
        if wire:
            wire.close()

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

    def _read(self, wire: Wire, exposed: Exposed) -> None:
        error: MeldError = MeldEnded(place=self._place)
        try:
            while True:
                found = object_from(wire.receive())
                if kind_of(found) == Kind.PROPERTY_UPDATE:
                    self._changed(updates_in(found, _OBJECT, exposed))
        except (WireError, Malformed) as ended:
            error = self._meaning(ended)
        except Exception:  # a bug in what takes the changes
            error = NotMeld(place=self._place)
            raise
        finally:
            with self._lock:
                closing = self._closing
            with suppress(WireError):
                wire.close()
            wire.dispose()
            if not closing:
                self._ended(error)
