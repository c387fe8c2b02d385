"""What every connection by websocket does, whatever is said on it: open, read, and end."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar, Final, NamedTuple, TypeVar

from velora_hosts.companion.errors import SoftwareError
from velora_hosts.companion.untrusted import Malformed

from .address import Address
from .wire import Closed, NoAnswer, NobodyThere, Wire, WireError

__all__ = ["Endings", "WireConnection"]

T = TypeVar("T")

_OPENING_TIMEOUT: Final = 5.0  # seconds for each step until the connection is of use


class Endings(NamedTuple):
    """What a host calls the ways in which a connection ends; `place` goes into each.

    Attributes:
        unreachable: nobody listens there.
        silent: nothing has come in time.
        ended: the other side has ended it, or it is lost.
        another: what answers is another program.
    """

    unreachable: type[SoftwareError]
    silent: type[SoftwareError]
    ended: type[SoftwareError]
    another: type[SoftwareError]


class WireConnection(ABC):
    """From its opening to its end; another attempt is another one."""

    endings: ClassVar[Endings]
    thread: ClassVar[str]
    """Name of the thread that reads."""
    subprotocol: ClassVar[str] = ""

    def __init__(self, address: Address, ended: Callable[[SoftwareError], None]) -> None:
        """Create the connection; nothing is opened yet.

        Args:
            address: where the software is.
            ended: told once, on the connection's thread, why it has ended; not after `close`.
        """
        self.address = address
        self._place = str(address)
        self._ended = ended
        self._lock = threading.Lock()
        self._wire: Wire | None = None
        self._closing = False

    # -- opening ---------------------------------------------------------------------------

    def _connect(self, introduce: Callable[[Wire], T]) -> T:
        """Connect, have something said first, and read from then on.

        Args:
            introduce: says and hears what comes first; it has five seconds, and again as many for
                each `Wire.extend`.

        Returns:
            What `introduce` has returned.

        Raises:
            SoftwareError: one of `endings`, or what `introduce` raises.
        """
        wire: Wire | None = None
        try:
            wire = Wire(self.address, _OPENING_TIMEOUT, self.subprotocol)
            wire.extend()
            heard = introduce(wire)
            wire.clear_deadline()
        except NobodyThere:
            raise self.endings.unreachable(place=self._place) from None
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
        threading.Thread(target=self._read, args=(wire,), name=self.thread, daemon=True).start()
        if closing:  # while it was being opened
            wire.close()
        return heard

    def _meaning(self, error: Exception) -> SoftwareError:
        """Return what the end of a connection means."""
        if isinstance(error, NoAnswer):
            return self.endings.silent(place=self._place)
        kind = self.endings.ended if isinstance(error, Closed) else self.endings.another
        return kind(place=self._place)

    # -- any thread ------------------------------------------------------------------------

    def close(self) -> None:
        """End the connection; who waits for something on it is told."""
        with self._lock:
            self._closing = True
            wire = self._wire
        if wire:
            wire.close()

    # -- the connection's own thread -------------------------------------------------------

    @abstractmethod
    def _take(self, text: bytes) -> None:
        """Handle a message; raises `Malformed`."""

    def _release(self) -> None:  # noqa: B027 - there may be nobody
        """Let go who waits for something: nothing comes any more."""

    def _read(self, wire: Wire) -> None:
        error = self.endings.ended(place=self._place)
        try:
            while True:
                self._take(wire.receive())
        except (WireError, Malformed) as ended:
            error = self._meaning(ended)
        except Exception:  # a bug in what takes the messages: nobody must wait for ever
            error = self.endings.another(place=self._place)
            raise
        finally:
            self._release()
            with self._lock:
                closing = self._closing
            with suppress(WireError):
                wire.close()
            wire.dispose()
            if not closing:
                self._ended(error)
