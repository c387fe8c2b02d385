"""The page inside a broadcasting software that shows pages: a host adds a script to it there.

The page and the gate are the same; the script is loaded at an address of its own only, and what it
sends is taken from the page alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, NamedTuple

from .connection import Answer, Request
from .files import FOLDER, content_type
from .refusal import Refusal

__all__ = ["Extension", "ExtensionRoutes"]

_END_OF_HEAD: Final = b"</head>"


class Extension(NamedTuple):
    """What a host adds to the page.

    Attributes:
        name: the page with the script is at that address, in plain letters.
        script: the JavaScript module.
        take: is given what the script sends, on a thread of the server; raises `ValueError` for
            what it would not send.
    """

    name: str
    script: Path
    take: Callable[[Mapping[str, Any]], None]


class ExtensionRoutes:
    """Serves them, on the threads of their connections."""

    def __init__(self, extension: Extension | None) -> None:
        """Create the routes; there are none without an extension.

        Args:
            extension: what the host adds.
        """
        self._extension = extension
        self.door = f"/{extension.name}" if extension else ""
        """Where the page with the script is; empty where there is none."""
        self.news = f"/api/v1/{extension.name}" if extension else ""
        """Where the script sends to; empty where there is none."""

    def find(self, path: str) -> tuple[str, Callable[[Request], Answer]] | None:
        """Return the method and what serves an address; None for one that is none of these."""
        if self._extension is None:
            return None
        found: dict[str, tuple[str, Callable[[Request], Answer]]] = {
            self.door: ("GET", self._page),
            f"{self.door}.js": ("GET", self._script),
            self.news: ("POST", self._take),
        }
        return found.get(path)

    def _page(self, _: Request) -> Answer:
        tag = f'<script type="module" src="{self.door[1:]}.js"></script>\n'
        index = FOLDER / "index.html"
        content = _read(index).replace(_END_OF_HEAD, tag.encode() + _END_OF_HEAD, 1)
        return Answer(content=content, kind=content_type(index))

    def _script(self, _: Request) -> Answer:
        assert self._extension
        script = self._extension.script
        return Answer(content=_read(script), kind=content_type(script))

    def _take(self, request: Request) -> Answer:
        assert self._extension
        try:
            self._extension.take(request.body())
        except ValueError:
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "dock.malformed") from None
        return Answer.json({})


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise Refusal(HTTPStatus.NOT_FOUND, "dock.not_here") from None
