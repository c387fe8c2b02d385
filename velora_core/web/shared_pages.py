"""The pages of several applications of one process: one port, one sign-in and one bound for all."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from velora_core.application import Application
    from velora_core.features.page import Page
    from velora_core.storage.page_access import PageAccess

    from .extension import Extension
    from .server import Site, WebServer

__all__ = ["SharedPages"]


class SharedPages:
    """The pages of several applications of one process, on one server. From any thread."""

    def __init__(self, memory: dict[str, Any]) -> None:
        """Create them; nothing is served yet.

        Args:
            memory: outlives the server; its port is in it.
        """
        self._memory = memory
        self._lock = threading.Lock()
        self._server: WebServer | None = None

    def start(
        self,
        app: Application,
        page: Page,
        access: PageAccess,
        *,
        number: int = 1,
        extension: Extension | None = None,
    ) -> Site:
        """Start serving an application's page; see `start_page`.

        Args:
            app: whose panel it is.
            page: the door to its threads.
            access: who may come in.
            number: the page is below that; 1 is the one without any.
            extension: what the host adds to the page.

        Raises:
            PagePortsTaken: there is no port to be had.
        """
        from .server import WebServer

        with self._lock:
            while True:
                if self._server is None:
                    self._server = WebServer(access, self._memory)
                site = self._server.add(app, page, number=number, extension=extension)
                if site:
                    return site
                self._server = None  # its last page was closed meanwhile
