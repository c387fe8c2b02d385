"""An RTMP ingest that ends each connection at a certain moment, and takes no stream."""

from __future__ import annotations

import os
import socket
import struct
import threading
from contextlib import suppress

from tests.managed import Managed

__all__ = ["MOMENTS", "ClosingIngest"]

MOMENTS = ("accepted", "connect", "publish", "publish refused")
"""When it closes; the last one says that the key is no good before."""
_HANDSHAKE = 1536
_COMMAND = 20


class ClosingIngest(Managed):
    """Use it as a context manager."""

    def __init__(self, moment: str) -> None:
        """Nothing listens yet.

        Args:
            moment: one of `MOMENTS`.
        """
        assert moment in MOMENTS
        self.moment = moment
        self._listener = socket.socket()
        self.connections = 0

    @property
    def url(self) -> str:
        """What OBS calls the server, without the key."""
        return f"rtmp://127.0.0.1:{self._listener.getsockname()[1]}/live"

    def start(self) -> None:
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        threading.Thread(target=self._accept, name="closing-ingest", daemon=True).start()

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # until `stop`
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError), connection.makefile("rb") as received:
            connection.settimeout(10.0)
            if self.moment == "accepted":
                return
            first = received.read(1 + _HANDSHAKE)
            connection.sendall(b"\x03" + os.urandom(_HANDSHAKE) + first[1:])
            received.read(_HANDSHAKE)
            self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        # A client that could not even send this can't tell the ingest from one out of reach.
        self._until(connection, b"connect")
        if self.moment == "connect":
            return
        done = _object(code="NetConnection.Connect.Success", level="status")
        connection.sendall(_chunk(_text("_result") + _number(1) + _object() + done))
        said = self._until(connection, b"createStream")
        number = said.partition(b"createStream")[2][:9]  # by which its answer is known
        connection.sendall(_chunk(_text("_result") + number + b"\x05" + _number(1)))
        self._until(connection, b"publish")
        if self.moment == "publish refused":
            why = _object(code="NetStream.Publish.BadName", level="error", description="no")
            connection.sendall(_chunk(_text("onStatus") + _number(0) + b"\x05" + why, stream=1))
            while connection.recv(4096):
                pass

    @staticmethod
    def _until(connection: socket.socket, word: bytes) -> bytes:
        said = b""
        while word not in said or len(said.partition(word)[2]) < 9:
            said += connection.recv(4096) or _gone()
        return said


def _gone() -> bytes:
    raise ConnectionResetError


def _text(text: str) -> bytes:
    return b"\x02" + struct.pack(">H", len(text)) + text.encode()


def _number(number: float) -> bytes:
    return b"\x00" + struct.pack(">d", number)


def _object(**texts: str) -> bytes:
    fields = (_text(name)[1:] + _text(text) for name, text in texts.items())
    return b"\x03" + b"".join(fields) + b"\x00\x00\x09"


def _chunk(command: bytes, *, stream: int = 0) -> bytes:
    """Return a command as one chunk; it must be shorter than 128 bytes."""
    assert len(command) <= 128
    header = struct.pack(">BHBHBB", 3, 0, 0, 0, len(command), _COMMAND)
    return header + struct.pack("<I", stream) + command
