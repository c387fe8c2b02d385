"""The server of the page, on loopback only, on daemon threads of its own.

While no page is open, all of them sleep: nothing has a time-out.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import closing, suppress
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ, DefaultSelector
from typing import TYPE_CHECKING, Any, Final

from velora_core.errors import PagePortsTaken

from .connection import Answer, Connection, Request
from .feed import Feed
from .gate import Gate
from .line import Line
from .on_air import OnAir
from .places import Places, Visitor
from .refusal import Refusal
from .routes import Routes

if TYPE_CHECKING:
    from velora_core.application import Application
    from velora_core.features.page import Page
    from velora_core.secret import Secret
    from velora_core.storage.page_access import PageAccess

    from .extension import Extension

__all__ = ["PORT", "Site", "WebServer"]

PORT: Final = 17655
"""Where the page is, unless another program has the port."""

_MEMORY: Final = "page_port"  # in what outlives a reload of the script
_NEXT_PORTS: Final = 10  # that are tried then, before any other
_BACKLOG: Final = 128  # connections that wait in the system's queue
_NEXT_LOOK: Final = 0.005  # seconds until it is looked for a place, while somebody waits for one
_GOODBYE: Final = 0.1  # seconds for open pages to be told
_FAREWELL: Final = 1.0  # seconds for Velora to be told that the page's own stream is over
_BELOW: Final = re.compile(r"/([2-9]|[1-9][0-9])(/.*)")
_EXCLUSIVE: Final[int | None] = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)  # Windows has it


class Site:
    """One application's page: all of a server, or what is below a number on it."""

    def __init__(
        self,
        server: WebServer,
        number: int,
        app: Application,
        page: Page,
        extension: Extension | None,
    ) -> None:
        self.server = server
        self.number = number
        self.name = page.host_name
        self.path = f"/{number}" if number > 1 else ""
        self.routes = Routes(app, page, server, self.path, extension)
        self.feed = self.routes.feed = Feed(self.routes.render)

    @property
    def address(self) -> Secret:
        """Where the page is, with what opens it."""
        return self.server.gate.address(self.path)

    def entry(self) -> Secret:
        """Return an address that opens the page once."""
        return self.server.gate.entry(self.path)

    def changed(self) -> None:
        """Take note that there is something new to show; returns at once."""
        self.feed.changed()

    def close(self) -> None:
        """End the page; with the last one the server ends, and gives its port back."""
        self.server.remove(self)


class WebServer:
    """Serves from its making until its last site is closed."""

    def __init__(self, access: PageAccess, memory: dict[str, Any]) -> None:
        """Listen, and start the thread that accepts.

        Args:
            access: who may come in.
            memory: outlives this server; the port is in it.

        Raises:
            PagePortsTaken: there is no port to be had.
        """
        self._listener = _listen(memory.get(_MEMORY))
        port = self._listener.getsockname()[1]
        memory[_MEMORY] = port
        self.gate = Gate(access, port)
        self.places = Places()
        self.on_air = OnAir()
        self._lock = threading.Lock()
        self._sites: dict[int, Site] = {}
        self.shared = False
        """Whether there has been more than one site."""
        self._closed = threading.Event()
        self._alarm, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="velora-page", daemon=True)
        self._thread.start()

    def add(
        self, app: Application, page: Page, *, number: int = 1, extension: Extension | None = None
    ) -> Site | None:
        """Serve an application's page; None when the server has ended.

        Args:
            app: whose panel it is.
            page: the door to its threads.
            number: what is below its addresses; 1 is without any.
            extension: what the host adds to the page.
        """
        site = Site(self, number, app, page, extension)
        with self._lock:
            if self._closed.is_set():
                site.feed.close()
                return None
            self._sites[number] = site
            self.shared = self.shared or len(self._sites) > 1
        self._tell_all()
        return site

    def remove(self, site: Site) -> None:
        """Serve a page no longer; end with the last one."""
        end = time.monotonic() + _GOODBYE
        with self._lock:
            if self._sites.get(site.number) is site:
                del self._sites[site.number]
            if not self._sites:
                self._closed.set()
        site.feed.close()
        site.routes.pictures.close()
        if self._closed.is_set():
            self._end(end)
        else:
            self._tell_all()
        site.routes.whip.close(_FAREWELL)

    def _end(self, end: float) -> None:
        self._alarm.close()
        self.places.close()
        self._thread.join(_GOODBYE)
        self._listener.close()  # whatever the thread is kept from: the next server wants the port
        self.places.clear(end)

    # -- what is served --------------------------------------------------------------------

    @property
    def sites(self) -> list[Site]:
        """All there are, in the order of their numbers; from any thread."""
        with self._lock:
            return [site for _, site in sorted(self._sites.items())]

    @property
    def subscribers(self) -> int:
        """How many pages are open."""
        return sum(site.feed.subscribers for site in self.sites)

    def _tell_all(self) -> None:
        for site in self.sites:
            site.changed()

    def _respond(self, request: Request) -> Answer:
        """Have the site answer whose address it is; raises `Refusal`."""
        found = _BELOW.fullmatch(request.path)
        sites = {site.number: site for site in self.sites}
        if found and int(found[1]) in sites:
            return sites[int(found[1])].routes.serve(request._replace(path=found[2]))
        if 1 in sites:
            return sites[1].routes.serve(request)
        self.gate.check_origin(request.method, request.headers)
        if request.path == "/" and sites:  # whoever was there has gone, others have not
            query = f"?{request.query}" if request.query else ""
            headers = {"Location": f"{min(sites.items())[1].path}/{query}"}
            return Answer(HTTPStatus.SEE_OTHER, kind="text/plain", headers=headers)
        raise Refusal(HTTPStatus.NOT_FOUND, "dock.not_here")

    # -- threads ---------------------------------------------------------------------------

    def _accept(self) -> None:
        with suppress(OSError, ValueError), DefaultSelector() as selector, self._woken:
            selector.register(self._listener, EVENT_READ)
            selector.register(self._woken, EVENT_READ)
            with closing(Line(selector, self.gate.recognizes)) as line:
                while self._take_turn(selector, line):
                    pass

    def _take_turn(self, selector: DefaultSelector, line: Line) -> bool:
        """Give places to those who have come; return whether there is no end yet."""
        ready: list[Any] = [key.fileobj for key, _ in selector.select(_NEXT_LOOK if line else None)]
        if self._woken in ready:
            return False
        for found in ready:
            if found is self._listener:
                self._accept_all(line)
            elif line.look_at(found) and self.places.has_room(known=True):
                self._begin(line.leave(found))
        while line and self.places.has_room():
            self._begin(line.leave())
        if line.is_full is (self._listener in selector.get_map()):
            if line.is_full:
                selector.unregister(self._listener)
            else:
                selector.register(self._listener, EVENT_READ)
        return True

    def _accept_all(self, line: Line) -> None:
        """Take whoever waits in the system's queue into the line, as long as that has an end."""
        while not line.is_full:
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:  # there is nobody else
                return
            except ConnectionError:  # it has gone again
                continue
            except OSError:  # the process has no more files; they come back
                self._closed.wait(_GOODBYE)
                return
            line.join(connection)

    def _begin(self, connection: socket.socket) -> None:
        visitor = self.places.enter(connection)
        serve = partial(self._serve, visitor)
        try:
            threading.Thread(target=serve, name="velora-page-request", daemon=True).start()
        except RuntimeError:  # the process may have no more threads; they come back
            self.places.leave(visitor)

    def _serve(self, visitor: Visitor) -> None:
        try:
            Connection(visitor, self._respond)
        finally:
            self.places.leave(visitor)


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
