"""DNS look-ups on threads of their own, because nothing can interrupt one."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

__all__ = ["NameLookup", "is_address"]

_lock: Final = threading.Lock()
_under_way: Final[dict[tuple[str, int], NameLookup]] = {}


def is_address(host: str) -> bool:
    """Return whether a host, without brackets, needs no look-up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class NameLookup:
    """One look-up, which calls for the same name share.

    So a name server that doesn't answer holds one thread, however often it is asked.
    """

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._told: list[Callable[[], None]] = []
        self._addresses: list[str] | None = None
        self._error: OSError | None = None

    @classmethod
    def start(cls, host: str, port: int, told: Callable[[], None]) -> NameLookup:
        """Start a look-up, or join the one for the same name that is running.

        Args:
            host: the name, or an address.
            port: where the connection will go.
            told: called, on any thread, when it is over; not where there is nothing to look up.
        """
        if is_address(host):
            known = cls(host, port)
            known._addresses = [host]
            return known
        with _lock:
            lookup = _under_way.get((host, port))
            if lookup is not None:
                lookup._told.append(told)
                return lookup
            lookup = _under_way[host, port] = cls(host, port)
            lookup._told.append(told)
        try:
            # A daemon: OBS must not wait for it when it quits.
            threading.Thread(target=lookup._run, name="velora-lookup", daemon=True).start()
        except RuntimeError:  # no more threads
            with _lock:
                del _under_way[host, port]
            raise
        return lookup

    @property
    def addresses(self) -> list[str] | None:
        """What was found, in the system's order of preference; None while it is under way.

        Raises:
            OSError: the name can't be looked up.
        """
        if self._error is not None:
            raise self._error
        return self._addresses

    def _run(self) -> None:
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(answer[4][0]) for answer in found))
        except Exception as error:  # of whatever looks names up in this program
            self._error = error if isinstance(error, OSError) else socket.gaierror(str(error))
        else:
            self._addresses = addresses
        with _lock:
            del _under_way[self._host, self._port]
        for told in self._told:
            with suppress(Exception):
                told()
