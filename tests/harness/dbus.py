"""Many questions to a program on D-Bus at once, by jeepney.

The bindings of GLib take five times as much of the processor for each answer, and AT-SPI gives a
window away in hundreds of them; they would also need a program of their own, since they exist for
the system's own Python only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection

__all__ = ["Bus", "BusError", "Destination"]

_CONNECT_TIMEOUT: Final = 30.0  # seconds


class Destination(NamedTuple):
    """An object of a program on the bus."""

    name: str
    """The program's, such as ``:1.7``."""
    path: str
    """The object's."""


class BusError(Exception):
    """The call was answered by an error, or by nothing in time."""

    def __init__(self, text: str, *, timed_out: bool = False) -> None:
        super().__init__(text)
        self.timed_out = timed_out


Answered = Callable[[tuple[Any, ...] | None], object]
"""Is called with an answer's values, or with None for an error."""


class Bus:
    """A connection to a bus, for one thread."""

    def __init__(self, address: str) -> None:
        """Connect.

        Args:
            address: as the bus gives it, such as ``unix:path=/run/bus,guid=…``.

        Raises:
            OSError: nobody listens there.
        """
        self._connection = open_dbus_connection(address, auth_timeout=_CONNECT_TIMEOUT)
        self._waiting: dict[int, Callable[[Any, str], object]] = {}

    def close(self) -> None:
        """Leave the bus."""
        self._connection.close()

    def ask(
        self,
        to: Destination,
        interface: str,
        method: str,
        signature: str = "",
        arguments: Sequence[str | int] = (),
        *,
        answered: Answered,
    ) -> None:
        """Send a call whose answer `wait` waits for.

        Args:
            signature: of the arguments.

        Raises:
            BusError: the bus has gone.
        """
        self._send(
            *(to, interface, method, signature, arguments),
            lambda values, error: answered(None if error else values),
        )

    def call(
        self,
        to: Destination,
        interface: str,
        method: str,
        signature: str = "",
        arguments: Sequence[str | int] = (),
        *,
        timeout: float = 60.0,
    ) -> Any:
        """Call a method; return the first value of its answer, or None where it has none.

        Args:
            signature: as in `ask`.
            timeout: seconds.

        Raises:
            BusError: it was answered by an error, or not in time.
        """
        answers: list[tuple[Any, str]] = []
        self._send(
            *(to, interface, method, signature, arguments),
            lambda values, error: answers.append((values, error)),
        )
        self.wait(timeout)
        if not answers:
            raise BusError(f"{method} was not answered within {timeout:g} s", timed_out=True)
        values, error = answers[0]
        if error:
            raise BusError(f"{error}: {values[0] if values else ''}")
        return values[0] if values else None

    def wait(self, timeout: float = 60.0) -> None:
        """Wait for the answers to all that was asked until now, and by these answers.

        Args:
            timeout: seconds without any answer, after which the rest is given up.

        Raises:
            BusError: the bus has gone.
        """
        deadline = time.monotonic() + timeout
        while self._waiting:
            try:
                message = self._connection.receive(timeout=max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                self._waiting.clear()
            except OSError:
                raise BusError("the bus has gone") from None
            else:
                if self._take(message):
                    deadline = time.monotonic() + timeout

    def _send(
        self,
        to: Destination,
        interface: str,
        method: str,
        signature: str,
        arguments: Sequence[str | int],
        answered: Callable[[Any, str], object],
    ) -> None:
        address = DBusAddress(to.path, to.name, interface)
        message = new_method_call(address, method, signature or None, tuple(arguments))
        serial = next(self._connection.outgoing_serial)
        self._waiting[serial] = answered
        try:
            self._connection.send(message, serial=serial)
        except OSError:
            raise BusError("the bus has gone") from None

    def _take(self, message: Message) -> bool:
        """Hand on an answer; return whether it was one that is waited for."""
        fields = message.header.fields
        answered = self._waiting.pop(fields.get(HeaderFields.reply_serial, 0), None)
        if answered is None:
            return False  # a signal, or it came too late
        values = message.body
        if fields.get(HeaderFields.signature) == "v":
            values = (values[0][1],)
        failed = message.header.message_type is MessageType.error
        answered(values, fields[HeaderFields.error_name] if failed else "")
        return True
