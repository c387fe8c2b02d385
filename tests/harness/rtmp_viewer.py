"""A viewer of an RTMP stream, which waits for the first picture that can be shown."""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Callable, Iterator

from tests.harness.waiting import HarnessError

__all__ = ["wait_for_picture"]

_SET_CHUNK_SIZE, _VIDEO, _COMMAND = 1, 9, 20
_HANDSHAKE = 1536
_KEYFRAME, _PICTURE = 1, 1  # in the first and the second byte of an H.264 message


def wait_for_picture(port: int, app: str, key: str, *, timeout: float = 60.0) -> float:
    """Join a stream on loopback; return the seconds until its first keyframe is there.

    Any player can show that one first, whatever it buffers.

    Args:
        timeout: seconds.

    Raises:
        HarnessError: none came.
    """
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        stream = connection.makefile("rwb")
        stream.write(b"\x03" + bytes(8) + os.urandom(_HANDSHAKE - 8))
        stream.flush()
        answer = stream.read(1 + 2 * _HANDSHAKE)
        stream.write(answer[1 : 1 + _HANDSHAKE])
        address = f"rtmp://127.0.0.1:{port}/{app}"
        connect = _text("connect") + _number(1) + _object({"app": app, "tcUrl": address})
        stream.write(_message(3, 0, connect))
        stream.write(_message(3, 0, _text("createStream") + _number(2) + b"\x05"))
        stream.write(_message(8, 1, _text("play") + _number(0) + b"\x05" + _text(key)))
        stream.flush()
        for kind, body in _messages(stream.read):
            picture = kind == _VIDEO and len(body) > 1 and body[1] == _PICTURE
            if picture and body[0] >> 4 == _KEYFRAME:
                return time.monotonic() - began
    raise HarnessError("the stream ended without a keyframe")


def _messages(read: Callable[[int], bytes]) -> Iterator[tuple[int, bytes]]:
    """Put the chunks together."""
    size = 128
    headers: dict[int, tuple[int, int]] = {}  # by chunk stream: length and kind
    bodies: dict[int, bytes] = {}
    extended: dict[int, bool] = {}
    while first := read(1):
        form, channel = first[0] >> 6, first[0] & 63
        if channel < 2:
            rest = read(channel + 1)
            channel = 64 + int.from_bytes(rest, "little")
        if form < 3:
            header = read((11, 7, 3)[form])
            extended[channel] = header[:3] == b"\xff\xff\xff"
            if form < 2:
                headers[channel] = int.from_bytes(header[3:6], "big"), header[6]
        if extended.get(channel):
            read(4)
        length, kind = headers[channel]
        body = bodies.pop(channel, b"")
        body += read(min(size, length - len(body)))
        if len(body) < length:
            bodies[channel] = body
            continue
        if kind == _SET_CHUNK_SIZE:
            size = int.from_bytes(body[:4], "big")
        yield kind, body


def _message(channel: int, stream: int, body: bytes) -> bytes:
    """One command, in chunks of the size that is understood from the beginning."""
    header = bytes((channel,)) + bytes(3) + len(body).to_bytes(3, "big") + bytes((_COMMAND,))
    pieces = [body[at : at + 128] for at in range(0, len(body), 128)]
    return header + stream.to_bytes(4, "little") + bytes((0xC0 | channel,)).join(pieces)


def _text(text: str) -> bytes:
    return b"\x02" + _name(text)


def _name(text: str) -> bytes:
    return len(text).to_bytes(2, "big") + text.encode()


def _number(value: float) -> bytes:
    return b"\x00" + struct.pack(">d", value)


def _object(values: dict[str, str]) -> bytes:
    fields = b"".join(_name(name) + _text(value) for name, value in values.items())
    return b"\x03" + fields + b"\x00\x00\x09"
