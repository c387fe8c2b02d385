"""XSplit for as long as the companion runs: a page of Velora's inside it says what streams there.

Without that page, the streamer or Velora's own live state says it, as for any other software.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from velora_core.errors import VeloraError
from velora_core.features.told_live import Following
from velora_core.host.destination import Destination, goes_to_velora_tv
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.secret import Secret
from velora_core.web.extension import Extension
from velora_hosts.any_software.link import AnyLink

from .host import XsplitHost
from .streams import News, XsplitStream, news_from, same_server

if TYPE_CHECKING:
    from velora_core.app.clipboard import Copied
    from velora_hosts.companion.software import Links

__all__ = ["XsplitLink"]

_NAME: Final = "xsplit"
_COPIED: Final = 60.0
"""Seconds for which the page's address is on the clipboard: it lets its owner in."""


class XsplitLink(AnyLink):
    """From `run` to `close`."""

    def __init__(self, name: str, links: Links) -> None:
        """Create the link; see `Link`."""
        super().__init__(name, links)
        self._xsplit = XsplitHost(wake=self._wake, log=self._say)
        self.host = self._xsplit
        self.commands = {"copy-extension": self._copy_extension}
        self._streams = False  # to Velora, as the extension says
        self._elsewhere: frozenset[str] = frozenset()  # outputs of which that was said
        self._heard = False
        self._lock = threading.Lock()
        self._copied: Copied | None = None

    def _open(self) -> None:
        script = Path(__file__).with_name("extension.js")
        extension = Extension(_NAME, script, self._take)
        self.app = self._make(self.host, follow=self._follow, extension=extension)
        self.app.edit({"page_kept": True})
        self._log(LogLevel.INFO, message("companion.xsplit_ready"))

    def _shut(self) -> None:
        self._take_back()

    # -- threads of the page's server ------------------------------------------------------

    def _take(self, body: Mapping[str, Any]) -> None:
        news = news_from(body)
        self.post(partial(self._note, news))

    # -- the link's own thread -------------------------------------------------------------

    def _note(self, news: News) -> None:
        """Follow what the extension says of XSplit's streams, and of the scene that is seen."""
        app = self.app
        if app is None:
            return
        if not self._heard:
            self._heard = True
            self._log(LogLevel.INFO, message("companion.xsplit_tells"))
        another = self._xsplit.scene_is(news.scene)
        streams = any(map(self._is_veloras, news.streams))
        self._name_others(news.streams)
        if streams != self._streams:
            self._streams = streams
            began = Following.STARTS if news.began else Following.RUNS
            app.features.told_live.told(began if streams else Following.ENDS)
        if another:
            app.scene_changed()

    def _is_veloras(self, stream: XsplitStream) -> bool:
        """Return whether a stream goes to Velora; one of which that can't be told doesn't."""
        app = self.app
        if app is None or not stream.server:
            return False
        known = app.state.addresses
        if known and same_server(stream.server, known.rtmp):
            return True
        return goes_to_velora_tv(Destination("rtmp", Secret(stream.server)))

    def _name_others(self, streams: tuple[XsplitStream, ...]) -> None:
        """Say once of each stream that it goes elsewhere."""
        others = {stream.name for stream in streams if stream.server} - {
            stream.name for stream in streams if self._is_veloras(stream)
        }
        for name in sorted(others - self._elsewhere):
            self._log(LogLevel.INFO, message("companion.xsplit_elsewhere", name=name))
        self._elsewhere = frozenset(others)

    # -- the address of the page, for XSplit -----------------------------------------------

    def _copy_extension(self) -> str:
        """Copy what opens the page in XSplit; on a thread of its own, which may have to wait."""
        address = self.app.state.page.address if self.app else None
        if address is None:
            return message("companion.xsplit_no_page")
        work = partial(self._copy, address.reveal().replace("/?", f"/{_NAME}?", 1))
        threading.Thread(target=work, name="velora-clipboard", daemon=True).start()
        return ""

    def _copy(self, address: str) -> None:
        from velora_core.app.clipboard import Clipboard

        self._take_back()
        try:
            copied = Clipboard(os.environ).copy(address, seconds=_COPIED)
        except VeloraError as error:
            sentence, severity = str(error), LogLevel.WARNING
        else:
            with self._lock:
                self._copied = copied
            if self._closed.is_set():  # it came too late for `_shut`
                self._take_back()
            timer = threading.Timer(_COPIED, self._take_back, (copied,))
            timer.daemon = True
            timer.start()
            sentence = message("companion.xsplit_copied", seconds=int(_COPIED))
            severity = LogLevel.INFO
        self.post(partial(self._say, severity, sentence))

    def _take_back(self, only: Copied | None = None) -> None:
        """Take the address off the clipboard, if it is still there; from any thread.

        Args:
            only: nothing that was copied later.
        """
        with self._lock:
            copied = self._copied
            if copied is None or only not in (None, copied):
                return
            self._copied = None
        with suppress(VeloraError):
            copied.take_back()
