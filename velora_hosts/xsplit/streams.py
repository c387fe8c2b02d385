"""What the extension says of XSplit: input like any other, and nothing secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from velora_core.host.host import HostScene

__all__ = ["News", "XsplitStream", "news_from", "same_server"]

_MAX_STREAMS: Final = 20  # streams
_MAX_NAME: Final = 200
_MAX_ID: Final = 64
_SERVER: Final = re.compile(r"[a-z][a-z0-9+.-]{1,9}://[\w.:\[\]-]{1,260}")
_PORTS: Final = {"rtmp": 1935, "rtmps": 443}


class XsplitStream(NamedTuple):
    """A stream, or a recording, that runs.

    Attributes:
        name: of the output, as XSplit shows it.
        server: scheme, host and port that it goes to; empty where that isn't known, or nowhere.
    """

    name: str
    server: str


class News(NamedTuple):
    """What the extension has sent.

    Attributes:
        streams: all that run.
        began: one of them has just begun; else they may have been running for long.
        scene: what viewers see; without a name where that can't be told.
    """

    streams: tuple[XsplitStream, ...]
    began: bool = False
    scene: HostScene = HostScene()


def news_from(body: Mapping[str, Any]) -> News:
    """Return what was sent; raises `ValueError` for what the extension would not send."""
    began, streams = body.get("began"), body.get("streams")
    if set(body) != {"began", "streams", "scene"} or not isinstance(began, bool):
        raise ValueError
    if not isinstance(streams, list) or len(streams) > _MAX_STREAMS:
        raise ValueError
    return News(tuple(map(_stream, streams)), began, _scene(body["scene"]))


def _scene(found: object) -> HostScene:
    if found is None:
        return HostScene()
    if not isinstance(found, dict) or set(found) != {"name", "id"}:
        raise ValueError
    name, key = found["name"], found["id"]
    if not isinstance(name, str) or not isinstance(key, str):
        raise ValueError
    if not name or len(name) > _MAX_NAME or len(key) > _MAX_ID:
        raise ValueError
    return HostScene(name, key)


def _stream(found: object) -> XsplitStream:
    if not isinstance(found, dict) or set(found) != {"name", "server"}:
        raise ValueError
    name, server = found["name"], found["server"]
    if not isinstance(name, str) or len(name) > _MAX_NAME or not isinstance(server, str):
        raise ValueError
    if server and not _SERVER.fullmatch(server):  # with a path, say: there may be a key in it
        raise ValueError
    return XsplitStream(name, server)


def same_server(server: str, address: str) -> bool:
    """Return whether an address is at a server, whatever is behind that."""
    return _place(server) is not None and _place(server) == _place(address)


def _place(address: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname else None
