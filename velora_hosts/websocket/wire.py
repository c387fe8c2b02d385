"""The websocket itself, by websocket-client, with the limits that it does not have."""

from __future__ import annotations

import socket
import struct
import time
from contextlib import suppress
from typing import Final

import websocket

from .address import Address

__all__ = ["Closed", "NoAnswer", "NobodyThere", "Wire", "WireError"]

_MAX_BYTES: Final = 4 << 20
"""Bytes of one message. The longest that software has to send are lists of all its sources."""

_SENDING: Final = 3.0
"""Seconds for the other side to take what is sent: who waits for an answer waits for that, too."""

_BROKEN: Final = (websocket.WebSocketException, OSError, ValueError, IndexError)
"""What the library raises when a server does not do what it should. Some of these have in their
text what the server has sent, so none of them is handed on."""


class WireError(Exception):
    """What answers does not speak the websocket's protocol, or sends too much."""


class NobodyThere(WireError):
    """No connection can be made."""


class NoAnswer(WireError):
    """Nothing has come in time."""


class Closed(WireError):
    """The other side has ended the connection.

    Attributes:
        code: why, by the protocol; 0 when it hasn't said.
    """

    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.code = code


class _TooMuch(Exception):
    """More was sent than one message may have."""


class _MeteredSocket(socket.socket):
    """A socket that takes so many bytes and no more, and none after a certain moment.

    Its time-out is for sending once there is no such moment: what is received may take for ever.
    """

    allowance = _MAX_BYTES
    ends: float | None = None

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        if self.ends is not None:
            left = self.ends - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.settimeout(left)
        received = self._wait(size, flags)
        self.allowance -= len(received)
        if self.allowance < 0:
            raise _TooMuch
        return received

    def _wait(self, size: int, flags: int) -> bytes:
        while True:
            try:
                return super().recv(size, flags)
            except TimeoutError:
                if self.ends is not None:
                    raise


class Wire:
    """One connection, on which one thread receives and others send."""

    def __init__(self, address: Address, seconds: float, protocol: str = "") -> None:
        """Connect.

        Args:
            address: where to.
            seconds: for this, and after each `extend`, until `clear_deadline`.
            protocol: the subprotocol that is asked for; empty for none.

        Raises:
            NobodyThere: no connection can be made.
            NoAnswer: nothing has come in time.
            WireError: what answers is no websocket server.
        """
        self._seconds = seconds
        ends = time.monotonic() + seconds
        try:
            plain = socket.create_connection(address, timeout=seconds)
        except (OSError, UnicodeError):
            raise NobodyThere from None
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = _MeteredSocket(fileno=plain.detach())
        self._socket.ends = ends
        self._socket.settimeout(seconds)
        self.heard = time.monotonic()
        """When something came last, of whatever kind."""
        try:
            # With a socket of our own no proxy is asked, and no redirect is followed.
            self._websocket = websocket.create_connection(
                f"ws://{address}/", socket=self._socket, timeout=seconds, redirect_limit=0,
                subprotocols=[protocol] if protocol else None, suppress_origin=True,
                skip_utf8_validation=True,  # in Python, a second for 400 KB; JSON's reader does it
            )  # fmt: skip
        except (websocket.WebSocketTimeoutException, TimeoutError):
            self._socket.close()
            raise NoAnswer from None
        except (*_BROKEN, _TooMuch):
            self._socket.close()
            raise WireError from None

    def extend(self) -> None:
        """Give the next step as much time as the first one had: a busy computer is slow at each."""
        self._socket.ends = time.monotonic() + self._seconds

    def clear_deadline(self) -> None:
        """Wait for messages without a limit from now on."""
        self._socket.ends = None
        self._socket.settimeout(_SENDING)

    def send(self, text: str) -> None:
        """Send a message, from any thread; raises `Closed` when the connection is gone."""
        try:
            self._websocket.send(text)
        except _BROKEN:
            raise Closed from None

    def ping(self) -> None:
        """Ask for a sign of life, from any thread; raises `Closed` when the connection is gone."""
        try:
            self._websocket.ping()
        except _BROKEN:
            raise Closed from None

    def receive(self) -> bytes:
        """Return the next message.

        Raises:
            Closed: the connection has ended.
            NoAnswer: nothing has come in time.
            WireError: what has come is no message of a websocket server, or too long.
        """
        try:
            self._socket.allowance = (
                _MAX_BYTES  # for all parts of it, and for what comes in between
            )
            while True:
                kind, frame = self._websocket.recv_data_frame(control_frame=True)
                self.heard = time.monotonic()
                if kind == websocket.ABNF.OPCODE_TEXT:
                    return bytes(frame.data)
                if kind == websocket.ABNF.OPCODE_CLOSE:
                    raise Closed(_code_in(frame.data))
                if kind == websocket.ABNF.OPCODE_BINARY:
                    raise WireError
        except websocket.WebSocketConnectionClosedException:
            raise Closed from None
        except (websocket.WebSocketTimeoutException, TimeoutError):
            raise NoAnswer from None
        except OSError:
            raise Closed from None
        except (*_BROKEN, _TooMuch):
            raise WireError from None

    def close(self) -> None:
        """End the connection at once; whoever receives is told. From any thread."""
        with suppress(*_BROKEN):
            self._socket.settimeout(0.5)
            self._websocket.send_close()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def dispose(self) -> None:
        """Give the socket back, once nobody receives any more."""
        with suppress(OSError):
            self._socket.close()


def _code_in(frame: bytes) -> int:
    return struct.unpack("!H", frame[:2])[0] if len(frame) >= 2 else 0
