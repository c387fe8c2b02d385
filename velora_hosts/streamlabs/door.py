"""Where Streamlabs can be reached on this computer: a port, a named pipe, or a socket in a file.

Which of them there is depends on the system and on the version; all speak the same.
"""

from __future__ import annotations

import importlib
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

__all__ = ["PORT", "Door", "PipeDoor", "SocketDoor", "doors"]

PORT: Final = 28194
_PIPE: Final = r"\\.\pipe\slobs"
_FILE: Final = Path("Library/Application Support/slobs-client/slobs.sock")

_CONNECTING: Final = 2.0  # seconds
_SENDING: Final = 3.0
_CHUNK: Final = 1 << 16  # bytes


class Door(Protocol):
    """A stream of bytes to Streamlabs; one thread receives while others send."""

    def send(self, data: bytes) -> None:
        """Send all of it; raises `OSError`."""

    def receive(self) -> bytes:
        """Return what comes next, however long that takes; empty at the end. Raises `OSError`."""

    def close(self) -> None:
        """End it; whoever receives is told."""

    def dispose(self) -> None:
        """Give it back, once nobody receives any more."""


def doors(port: int | None = None) -> tuple[Callable[[], Door], ...]:
    """Return what opens each door there may be, the likeliest first; each raises `OSError`.

    Args:
        port: this one alone; None for all that Streamlabs itself would use.
    """
    by_port = partial(_by_port, port or PORT)
    if port is not None:
        return (by_port,)
    if sys.platform == "win32":
        return by_port, PipeDoor
    if sys.platform == "darwin":
        return by_port, _by_file
    return (by_port,)


def _by_port(port: int) -> Door:
    return SocketDoor(socket.create_connection(("127.0.0.1", port), timeout=_CONNECTING))


def _by_file() -> Door:
    opened = socket.socket(socket.AF_UNIX)
    try:
        opened.settimeout(_CONNECTING)
        opened.connect(str(Path.home() / _FILE))
    except BaseException:
        opened.close()
        raise
    return SocketDoor(opened)


class SocketDoor:
    """A connected socket."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        connected.settimeout(_SENDING)

    def send(self, data: bytes) -> None:
        """See `Door`."""
        self._socket.sendall(data)

    def receive(self) -> bytes:
        """See `Door`."""
        while True:
            with suppress(TimeoutError):  # which is for sending
                return self._socket.recv(_CHUNK)

    def close(self) -> None:
        """See `Door`."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def dispose(self) -> None:
        """See `Door`."""
        self._socket.close()


_READ_AND_WRITE: Final = 0xC0000000
_OVERLAPPED: Final = 0x40000000
_ANONYMOUS: Final = 0x00110000
"""Who has made the pipe learns who opens it, and may not act in their name."""
_POLL_INTERVAL: Final = 1000  # milliseconds between looks at whether the pipe was closed here


class PipeDoor:
    """The named pipe, on Windows. Overlapped: else nothing could be sent while one receives."""

    def __init__(self) -> None:
        self._windows: Any = importlib.import_module("_winapi")
        api = self._windows
        self._handle = api.CreateFile(
            _PIPE, _READ_AND_WRITE, 0, api.NULL, api.OPEN_EXISTING, _OVERLAPPED | _ANONYMOUS, 0
        )
        self._closed = False

    def send(self, data: bytes) -> None:
        """See `Door`."""
        writing, _ = self._windows.WriteFile(self._handle, data, overlapped=True)
        if not self._done(writing, int(_SENDING * 1000)):
            writing.cancel()
            raise TimeoutError
        sent, _ = writing.GetOverlappedResult(True)
        if sent != len(data):
            raise BrokenPipeError

    def receive(self) -> bytes:
        """See `Door`."""
        reading, _ = self._windows.ReadFile(self._handle, _CHUNK, overlapped=True)
        while not self._done(reading, _POLL_INTERVAL):
            if self._closed:
                reading.cancel()
                return b""
        received, _ = reading.GetOverlappedResult(True)
        return bytes(reading.getbuffer()[:received])

    def _done(self, work: Any, timeout: int) -> bool:
        api = self._windows
        waited = api.WaitForMultipleObjects([work.event], False, timeout)
        return bool(waited == api.WAIT_OBJECT_0)

    def close(self) -> None:
        """See `Door`."""
        self._closed = True

    def dispose(self) -> None:
        """See `Door`."""
        with suppress(OSError):
            self._windows.CloseHandle(self._handle)
