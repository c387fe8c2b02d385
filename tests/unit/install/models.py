"""Models of what Windows and macOS have: files that look like theirs from outside."""

from __future__ import annotations

import struct
from pathlib import Path

__all__ = ["mac_binary", "mac_python", "windows_binary", "windows_python"]

_PE = {"x86_64": 0x8664, "arm64": 0xAA64, "x86": 0x014C}
_MACH = {"x86_64": 0x01000007, "arm64": 0x0100000C}


def windows_binary(path: Path, processor: str = "x86_64") -> Path:
    """Return the head of a program or library for Windows."""
    head = bytearray(0x100)
    head[:2] = b"MZ"
    struct.pack_into("<I", head, 0x3C, 0x80)
    head[0x80:0x84] = b"PE\0\0"
    struct.pack_into("<H", head, 0x84, _PE[processor])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(head))
    return path


def mac_binary(path: Path, *processors: str) -> Path:
    """Return the head of a program or library for macOS; for two processors, a universal one."""
    if len(processors) == 1:
        head = struct.pack("<II", 0xFEEDFACF, _MACH[processors[0]])
    else:
        head = struct.pack(">II", 0xCAFEBABE, len(processors))
        for processor in processors:
            head += struct.pack(">IIIII", _MACH[processor], 0, 0, 0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(head + bytes(64))
    return path


def windows_python(folder: Path, minor: int = 12, processor: str = "x86_64") -> Path:
    """Return a Python's folder without its program, as it is after half an uninstallation."""
    windows_binary(folder / f"python3{minor}.dll", processor)
    return folder


def mac_python(folder: Path, minor: int = 12, *processors: str) -> Path:
    """Return a folder with a framework in it, without its program."""
    versions = folder / "Python.framework" / "Versions"
    library = versions / f"3.{minor}" / "lib" / f"libpython3.{minor}.dylib"
    mac_binary(library, *(processors or ("x86_64", "arm64")))
    current = versions / "Current"
    if current.is_symlink():
        current.unlink()
    current.symlink_to(f"3.{minor}")
    return folder
