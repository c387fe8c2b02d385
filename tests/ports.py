"""Ports for the servers of tests, where several runs of tests go on beside each other."""

from __future__ import annotations

import random
import socket
import threading
from contextlib import suppress

__all__ = ["free_port"]


class _Ports:
    """Ports that only this process hands out, and hardly ever a second time.

    A program of an earlier test may still look for its server at a port that was let go, and a
    server may come back to its own after a while: nobody else is to be there.
    """

    _FIRST, _BLOCKS, _SIZE = 18_000, 120, 100
    _MOST = 4  # blocks of one process: there may be many beside each other

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claims: dict[int, socket.socket] = {}
        """By the number of a hundred ports, what no other process can have while this one lives."""
        self._left: list[int] = []

    def take(self, kind: socket.SocketKind) -> int:
        with self._lock:
            while True:
                if not self._left:
                    self._claim()
                port = self._left.pop()
                with socket.socket(socket.AF_INET, kind) as probe, suppress(OSError):
                    probe.bind(("127.0.0.1", port))
                    return port

    def _claim(self) -> None:
        more = len(self._claims) < self._MOST
        for number in random.sample(range(self._BLOCKS), self._BLOCKS if more else 0):
            claim = socket.socket(socket.AF_UNIX)
            try:
                claim.bind(f"\0velora-test-ports-{number}")
            except OSError:
                claim.close()
                continue
            self._claims[number] = claim
            break
        else:  # there is no other: those that were handed out first
            if not self._claims:
                raise AssertionError("other test runs have all ports")
            number = next(iter(self._claims))
            self._claims[number] = self._claims.pop(number)
        first = self._FIRST + number * self._SIZE
        self._left = list(range(first, first + self._SIZE))


_ports = _Ports()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a loopback port that is free now, and that no other test run hands out.

    Not one of those that the system gives away to whoever asks for any.
    """
    return _ports.take(kind)
