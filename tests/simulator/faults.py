"""What can go wrong between a client and Velora, on demand."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Fault", "Faults"]

_HEAD = "HTTP/1.1 {status} Simulated\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n"

Connection = Any


@dataclass
class Fault:
    """One way of going wrong, for the requests it fits. Make one with a class method."""

    method: str
    """``*``: any."""
    path: str
    """How the path ends; empty: any."""
    act: Callable[[Connection, threading.Event], bool]
    """Gets the client's socket and the simulator's end; says whether it has dealt with the
    request, so that nothing else is answered."""
    count: int | None = None
    """For so many requests; None: until the faults are cleared."""
    after: bool = False
    """First the request takes effect, then this comes in the place of the answer."""
    name: str = field(default="", compare=False)

    def fits(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and path.endswith(self.path) and self.count != 0

    @classmethod
    def latency(cls, method: str, path: str, seconds: float, **more: Any) -> Fault:
        """Return a fault: the answer takes its time."""
        return cls(method, path, lambda _, end: bool(end.wait(seconds)), **more)

    @classmethod
    def hang(cls, method: str, path: str, **more: Any) -> Fault:
        """Never answer."""
        return cls(method, path, _hang, **more)

    @classmethod
    def reset(cls, method: str, path: str, **more: Any) -> Fault:
        """Return a fault: the connection is reset before an answer."""
        return cls(method, path, lambda connection, _: _reset(connection), **more)

    @classmethod
    def reset_in_body(cls, method: str, path: str, **more: Any) -> Fault:
        """Return a fault: the connection is reset in the middle of the answer."""

        def act(connection: Connection, _: threading.Event) -> bool:
            connection.sendall(_head(200, "application/json", 1000) + b'{"title": "ha')
            time.sleep(0.05)
            return _reset(connection)

        return cls(method, path, act, **more)

    @classmethod
    def close(cls, method: str, path: str, **more: Any) -> Fault:
        """Return a fault: the connection is closed without an answer."""
        return cls(method, path, lambda connection, _: _close(connection), **more)

    @classmethod
    def trickle(cls, method: str, path: str, interval: float = 1.0, **more: Any) -> Fault:
        """Return a fault: the answer comes a byte at a time, head and all."""

        def act(connection: Connection, end: threading.Event) -> bool:
            for byte in _head(200, "application/json", 10_000) + b" " * 10_000:
                connection.sendall(bytes([byte]))
                if end.wait(interval):
                    break
            return True

        return cls(method, path, act, **more)

    @classmethod
    def drip(
        cls,
        method: str,
        path: str,
        body: bytes,
        *,
        interval: float = 1.0,
        kind: str = "text/event-stream",
        **more: Any,
    ) -> Fault:
        """The head comes at once, the body a byte at a time, then nothing more."""

        def act(connection: Connection, end: threading.Event) -> bool:
            head = f"HTTP/1.1 200 Simulated\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode())
            for byte in body:
                connection.sendall(bytes([byte]))
                if end.wait(interval):
                    break
            return _hang(connection, end)

        return cls(method, path, act, **more)

    @classmethod
    def status(cls, method: str, path: str, *, status: int, **more: Any) -> Fault:
        """Return an error as Velora sends it."""
        body = json.dumps({"message": "Simulated."}).encode()
        return cls.answer(method, path, body, status=status, **more)

    @classmethod
    def answer(
        cls,
        method: str,
        path: str,
        body: bytes,
        *,
        status: int = 200,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Fault:
        """Return any answer: HTML, nothing, much too much, not UTF-8, …"""

        def act(connection: Connection, _: threading.Event) -> bool:
            connection.sendall(_head(status, kind, len(body), headers) + body)
            return _close(connection)

        return cls(method, path, act, **more)

    @classmethod
    def redirect(cls, method: str, path: str, to: str, **more: Any) -> Fault:
        """Point to another address."""
        return cls.answer(method, path, b"", status=302, headers={"Location": to}, **more)


class Faults:
    """The faults in force; the first that fits a request counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault for this request; counts it."""
        with self._lock:
            for fault in self._faults:
                if fault.fits(method, path):
                    if fault.count is not None:
                        fault.count -= 1
                    return fault
        return None


def _head(status: int, kind: str, length: int, headers: Mapping[str, str] | None = None) -> bytes:
    lines = _HEAD.format(status=status, kind=kind, length=length)
    lines += "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    return (lines + "Connection: close\r\n\r\n").encode()


def _hang(connection: Connection, end: threading.Event) -> bool:
    while not end.wait(0.02):
        try:
            if connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"":
                break  # the client has given up
        except BlockingIOError:
            continue
        except OSError:
            break
    return _close(connection)


def _reset(connection: Connection) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())  # the server's own files would keep it open otherwise
    return True


def _close(connection: Connection) -> bool:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    return True
