"""Whether somebody listens on a port of this computer, as the kernel knows it."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from pathlib import Path

__all__ = ["listens_on_tcp"]

_SOCK_DIAG = 4  # a protocol of netlink
_BY_FAMILY, _DUMP = 20, 0x301  # a kind of message, and the flags of a question for all of them
_ERROR, _DONE = 2, 3
_LISTENING = 10
_HEADER = struct.Struct("=IHHII")
_FROM_HERE_ON_PORT = struct.Struct(">H")


def listens_on_tcp(port: int) -> bool:
    """Return whether someone listens on the port, without connecting to it."""
    try:
        return port in _listening(socket.AF_INET) | _listening(socket.AF_INET6)
    except OSError:
        return _is_in_table(port)  # this kernel tells it in no other way


def _listening(family: int) -> set[int]:
    """Ask for sockets that listen, and no others.

    ``/proc/net/tcp`` is asked for in vain most of the time that a program takes to start, and goes
    through the places of all connections that there could be: it took a twentieth of the processor
    time of all tests in a real OBS.

    Raises:
        OSError: the kernel doesn't answer such questions.
    """
    body = struct.pack("=BBBBI48x", family, socket.IPPROTO_TCP, 0, 0, 1 << _LISTENING)
    header = _HEADER.pack(_HEADER.size + len(body), _BY_FAMILY, _DUMP, 1, 0)
    ports: set[int] = set()
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _SOCK_DIAG) as kernel:
        kernel.settimeout(5)
        kernel.send(header + body)
        while True:
            answer = kernel.recv(1 << 17)
            while answer:
                length, kind, *_ = _HEADER.unpack_from(answer)
                if kind == _DONE:
                    return ports
                if kind == _ERROR:
                    raise OSError("the kernel can't be asked for sockets")
                # After family, state, timer and retransmissions, a byte each.
                ports.add(_FROM_HERE_ON_PORT.unpack_from(answer, _HEADER.size + 4)[0])
                answer = answer[length + 3 & ~3 :]


def _is_in_table(port: int) -> bool:
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        with suppress(OSError):
            for line in table.read_text().splitlines()[1:]:
                fields = line.split()
                if int(fields[1].rpartition(":")[2], 16) == port and fields[3] == "0A":
                    return True
    return False
