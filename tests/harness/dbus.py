"""A client of D-Bus that asks many things at once.

The bindings of GLib take five times as much of the processor for each answer, and AT-SPI gives a
window away in hundreds of them; they would also need a program of their own, since they exist for
the system's own Python only. See the D-Bus specification for the format: "Message Protocol".
"""

from __future__ import annotations

import os
import re
import select
import socket
import struct
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

__all__ = ["Bus", "BusError", "Destination"]

_METHOD_CALL, _METHOD_RETURN, _ERROR = 1, 2, 3
_PATH, _INTERFACE, _MEMBER, _ERROR_NAME, _REPLY_SERIAL = 1, 2, 3, 4, 5
_DESTINATION, _SIGNATURE = 6, 8
_A_NUMBER, _A_SIGNATURE = ord("u"), ord("g")  # types of a header's fields
_FIXED = struct.Struct("<BBBBIII")
"""Byte order, type, flags, version, length of the body, serial, length of the header's fields."""
_UINT32, _INT32 = struct.Struct("<I"), struct.Struct("<i")
_ALIGNMENT = {"y": 1, "g": 1, "v": 1, "(": 8}
"""Of the types whose alignment is not four bytes."""


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
        found = re.search(r"unix:(path|abstract)=([^,;]+)", address)
        if found is None:
            raise OSError(f"no socket in the address {address!r}")
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(("\0" if found[1] == "abstract" else "") + found[2])
        self._serial = 0
        self._out: list[bytes] = []
        self._in = b""
        self._waiting: dict[int, Callable[[Any, str], object]] = {}
        user = str(os.getuid()).encode().hex()
        self._socket.sendall(f"\0AUTH EXTERNAL {user}\r\n".encode())
        if not self._socket.recv(1024).startswith(b"OK "):
            raise OSError(f"{address} lets nobody in")
        self._socket.sendall(b"BEGIN\r\n")
        bus = Destination("org.freedesktop.DBus", "/org/freedesktop/DBus")
        self.call(bus, "org.freedesktop.DBus", "Hello")

    def close(self) -> None:
        """Leave the bus."""
        self._socket.close()

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
        """Note a call that `wait` sends.

        Args:
            signature: of the arguments, of which it knows ``s``, ``i`` and ``u``.
        """
        self._note(
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
        self._note(
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
        """Send what was noted until now and by the answers to it, and wait for all answers.

        Args:
            timeout: seconds without any answer, after which the rest is given up.

        Raises:
            BusError: the bus has gone.
        """
        while self._waiting:
            out, self._out = b"".join(self._out), []
            try:
                self._socket.sendall(out)
            except OSError:
                raise BusError("the bus has gone") from None
            if not self._receive(timeout):
                self._waiting.clear()

    def _note(
        self,
        to: Destination,
        interface: str,
        method: str,
        signature: str,
        arguments: Sequence[str | int],
        answered: Callable[[Any, str], object],
    ) -> None:
        self._serial += 1
        self._waiting[self._serial] = answered
        fields, body = _prepared(to.name, interface, method, signature, tuple(arguments))
        fields += _field(_PATH, "o", to.path)
        start = _FIXED.pack(ord("l"), _METHOD_CALL, 0, 1, len(body), self._serial, len(fields))
        self._out.append(_padded(start + fields) + body)

    def _receive(self, timeout: float) -> bool:
        """Deal with what has come; return whether any answer has."""
        deadline = time.monotonic() + timeout
        while True:
            if not select.select([self._socket], [], [], max(0, deadline - time.monotonic()))[0]:
                return False
            more = self._socket.recv(1 << 18)
            if not more:
                raise BusError("the bus has gone")
            self._in += more
            if self._take_messages():
                return True

    def _take_messages(self) -> bool:
        at, data, any_answer = 0, self._in, False
        while len(data) - at >= _FIXED.size:
            _, kind, _, _, body, _, fields = _FIXED.unpack_from(data, at)
            start = at + (_FIXED.size + fields + 7 & ~7)
            if len(data) < start + body:
                break
            if kind in (_METHOD_RETURN, _ERROR):
                message = data[at : start + body]
                any_answer |= self._take_answer(message, start - at)
            at = start + body
        self._in = data[at:]
        return any_answer

    def _take_answer(self, message: bytes, start: int) -> bool:
        serial, signature, error = 0, "", ""
        at, end = _FIXED.size, _FIXED.size + _UINT32.unpack_from(message, 12)[0]
        while at < end:
            code, kind = message[at], message[at + 2]
            at += 4
            if kind == _A_NUMBER:
                if code == _REPLY_SERIAL:
                    serial = _UINT32.unpack_from(message, at)[0]
                at += 4
            elif kind == _A_SIGNATURE:
                signature = message[at + 1 : at + 1 + message[at]].decode()
                at += 2 + message[at]
            else:
                size = _UINT32.unpack_from(message, at)[0]
                if code == _ERROR_NAME:
                    error = message[at + 4 : at + 4 + size].decode()
                at += 5 + size
            at = at + 7 & ~7
        answered = self._waiting.pop(serial, None)
        if answered is None:
            return False  # it came too late
        values, at = [], start
        while signature:
            first, signature = _first(signature)
            value, at = _value(first, message, at)
            values.append(value)
        answered(tuple(values), error)
        return True


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 8)


def _string(text: str) -> bytes:
    data = text.encode()
    return _UINT32.pack(len(data)) + data + b"\0"


def _field(code: int, kind: str, text: str) -> bytes:
    value = bytes([len(text)]) + text.encode() + b"\0" if kind == "g" else _string(text)
    return bytes([code, 1]) + kind.encode() + b"\0" + value


@lru_cache(500)
def _prepared(
    name: str, interface: str, method: str, signature: str, arguments: tuple[str | int, ...]
) -> tuple[bytes, bytes]:
    """Return what is the same in calls to many objects: fields of the header, and the body."""
    fields = [
        _field(_DESTINATION, "s", name),
        _field(_INTERFACE, "s", interface),
        _field(_MEMBER, "s", method),
    ]
    if signature:
        fields.append(_field(_SIGNATURE, "g", signature))
    return b"".join(map(_padded, fields)), _marshalled(signature, arguments)


def _marshalled(signature: str, arguments: Sequence[str | int]) -> bytes:
    body = b""
    for kind, value in zip(signature, arguments, strict=True):
        body += b"\0" * (-len(body) % 4)
        if isinstance(value, str):
            body += _string(value)
        else:
            body += (_INT32 if kind == "i" else _UINT32).pack(value)
    return body


@lru_cache(500)
def _first(signature: str) -> tuple[str, str]:
    """Return the first whole type of a signature, and the rest."""
    if signature[0] == "a":
        kind, rest = _first(signature[1:])
        return "a" + kind, rest
    depth = 0
    for index, letter in enumerate(signature):
        depth += (letter == "(") - (letter == ")")
        if not depth:
            return signature[: index + 1], signature[index + 1 :]
    raise ValueError(f"{signature!r} is not whole")


def _value(kind: str, data: bytes, at: int) -> tuple[Any, int]:
    """Return the value of a type that begins at a place, and where it ends."""
    letter = kind[0]
    size = _ALIGNMENT.get(letter, 4)
    at = at + size - 1 & -size
    if letter in "uib":
        return (_INT32 if letter == "i" else _UINT32).unpack_from(data, at)[0], at + 4
    if letter in "so":
        end = at + 4 + int(_UINT32.unpack_from(data, at)[0])
        return data[at + 4 : end].decode(errors="replace"), end + 1
    if letter in "gv":
        end = at + 1 + data[at]
        text = data[at + 1 : end].decode()
        return (text, end + 1) if letter == "g" else _value(text, data, end + 1)
    if letter == "y":
        return data[at], at + 1
    if letter == "a":
        length = int(_UINT32.unpack_from(data, at)[0])
        size = _ALIGNMENT.get(kind[1], 4)
        at = at + 4 + size - 1 & -size  # the length doesn't count what aligns the first item
        end = at + length
        items = []
        while at < end:
            item, at = _value(kind[1:], data, at)
            items.append(item)
        return items, end
    if letter == "(":
        values, rest = [], kind[1:-1]
        while rest:
            each, rest = _first(rest)
            value, at = _value(each, data, at)
            values.append(value)
        return tuple(values), at
    raise ValueError(f"no value is known for the type {kind!r}")
