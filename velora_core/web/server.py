"""The server of the page, on loopback only, on daemon threads of its own.

While no page is open, all of them sleep: nothing has a time-out.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ, DefaultSelector
from typing import TYPE_CHECKING, Final

from velora_core.errors import PagePortsTaken

from .connection import Connection
from .feed import Feed
from .gate import Gate
from .places import Places, Visitor
from .routes import Routes

if TYPE_CHECKING:
    from velora_core.application import Application
    from velora_core.features.page import Page
    from velora_core.secret import Secret
    from velora_core.storage.page_access import PageAccess

    from .extension import Extension

__all__ = ["PORT", "WebServer"]

PORT: Final = 17655
"""Where the page is, unless another program has the port."""

_MEMORY: Final = "page_port"  # in what outlives a reload of the script
_NEXT_PORTS: Final = 10  # that are tried then, before any other
_BACKLOG: Final = 128  # connections that wait in the system's queue
_GOODBYE: Final = 0.1  # seconds for open pages to be told
_FAREWELL: Final = 1.0  # seconds for Velora to be told that the page's own stream is over
_EXCLUSIVE: Final[int | None] = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)  # Windows has it


class WebServer:
    """Serves from its making until `close`."""

    def __init__(
        self,
        app: Application,
        page: Page,
        access: PageAccess,
        extension: Extension | None = None,
    ) -> None:
        """Listen, and start the threads.

        Args:
            app: whose panel it is.
            page: the door to its threads.
            access: who may come in.
            extension: what the host adds to the page.

        Raises:
            PagePortsTaken: there is no port to be had.
        """
        self._listener = _listen(page.memory.get(_MEMORY))
        port = self._listener.getsockname()[1]
        page.memory[_MEMORY] = port
        self._gate = Gate(access, port)
        self._routes = Routes(app, page, self._gate, extension)
        self._feed = self._routes.feed = Feed(self._routes.render)
        self._places = Places()
        self._alarm, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="velora-page", daemon=True)
        self._thread.start()

    @property
    def address(self) -> Secret:
        """Where the page is, with what opens it."""
        return self._gate.address

    def entry(self) -> Secret:
        """Return an address that opens the page once."""
        return self._gate.entry()

    def changed(self) -> None:
        """Take note that there is something new to show; returns at once."""
        self._feed.changed()

    def close(self) -> None:
        """End all connections, and give the port back."""
        end = time.monotonic() + _GOODBYE
        self._alarm.close()
        self._feed.close()
        self._routes.pictures.close()
        self._places.close()
        self._thread.join(_GOODBYE)
        self._listener.close()  # whatever the thread is kept from: the next server wants the port
        self._places.clear(end)
        self._routes.whip.close(_FAREWELL)

    # -- threads ---------------------------------------------------------------------------

    def _accept(self) -> None:
        with suppress(OSError, ValueError), DefaultSelector() as selector, self._woken:
            selector.register(self._listener, EVENT_READ)
            selector.register(self._woken, EVENT_READ)
            while not any(key.fileobj is self._woken for key, _ in selector.select()):
                if not self._places.make_room():
                    return
                try:
                    connection, _ = self._listener.accept()
                except (BlockingIOError, ConnectionError):  # it has gone again
                    continue
                except OSError:  # the process has no more files; they come back
                    if self._feed.closed:
                        return
                    time.sleep(_GOODBYE)
                    continue
                self._begin(self._places.enter(connection))

    def _begin(self, visitor: Visitor) -> None:
        serve = partial(self._serve, visitor)
        try:
            threading.Thread(target=serve, name="velora-page-request", daemon=True).start()
        except RuntimeError:  # the process may have no more threads; they come back
            self._places.leave(visitor)

    def _serve(self, visitor: Visitor) -> None:
        try:
            Connection(visitor, self._routes.serve)
        finally:
            self._places.leave(visitor)


def _listen(before: int | None) -> socket.socket:
    """Return a listener on the usual port, or on another one.

    Args:
        before: the port that was used last since the software started: pages may be open there.

    Raises:
        PagePortsTaken: there is none to be had.
    """
    reason = ""
    for port in (*([before] if before else []), *range(PORT, PORT + _NEXT_PORTS), 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if _EXCLUSIVE is None:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            else:
                # On Windows, reusing means "beside another program"; this keeps all others away.
                listener.setsockopt(socket.SOL_SOCKET, _EXCLUSIVE, 1)
            listener.bind(("127.0.0.1", port))
            listener.listen(_BACKLOG)
            listener.setblocking(False)
        except OSError as error:
            listener.close()
            reason = error.strerror or type(error).__name__
        else:
            return listener
    raise PagePortsTaken(reason=reason)
