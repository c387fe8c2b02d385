"""For which processors a program or a library of Windows or macOS is made."""

from __future__ import annotations

import struct
from pathlib import Path

_ENOUGH = 4096  # bytes
_WINDOWS = {0x8664: "x86_64", 0xAA64: "arm64", 0x014C: "x86"}
_MACOS = {0x01000007: "x86_64", 0x0100000C: "arm64", 7: "x86"}
_UNIVERSAL = {b"\xca\xfe\xba\xbe": 20, b"\xca\xfe\xba\xbf": 32}
_SINGLE = (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")


def processors(path: Path) -> frozenset[str]:
    """Return the processors it is for, such as ``x86_64``; none if it is no program or library."""
    try:
        with path.open("rb") as file:
            head = file.read(_ENOUGH)
        if head[:2] == b"MZ":
            return _named(_WINDOWS, [_of_windows(head)])
        if head[:4] in _UNIVERSAL:
            (count,) = struct.unpack_from(">I", head, 4)
            size = _UNIVERSAL[head[:4]]
            starts = range(8, 8 + size * min(count, 20), size)
            return _named(_MACOS, [struct.unpack_from(">I", head, start)[0] for start in starts])
        if head[:4] in _SINGLE:
            return _named(_MACOS, [struct.unpack_from("<I", head, 4)[0]])
    except (OSError, struct.error):
        pass
    return frozenset()


def _of_windows(head: bytes) -> int:
    (start,) = struct.unpack_from("<I", head, 0x3C)
    if head[start : start + 4] != b"PE\0\0":
        return 0
    machine: int = struct.unpack_from("<H", head, start + 4)[0]
    return machine


def _named(names: dict[int, str], numbers: list[int]) -> frozenset[str]:
    return frozenset(names[number] for number in numbers if number in names)
