"""The application of ``velora page``, for as long as that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.panel.elements import Action
from velora_hosts.companion.link import Link
from velora_hosts.companion.terminal import NO_BROWSER

from .host import NAME, PageHost

if TYPE_CHECKING:
    from velora_core.app.worker import Job
    from velora_hosts.companion.software import Links

__all__ = ["PageLink"]

_TIMEOUT: Final = 10.0  # seconds until the page can be opened
_BROWSER_TIMEOUT: Final = 3.0  # seconds to see whether there is a browser; some return when closed


class PageLink(Link):
    """From `run` to `close`; there is nothing to connect to."""

    def __init__(self, links: Links, *, tells_address: bool) -> None:
        """Create the link; see `Link`.

        Args:
            links: what it is made of.
            tells_address: what opens the page may be said; not where a file or another program
                might have it.
        """
        super().__init__(NAME, links)
        self._tells_address = tells_address

    @property
    def connected(self) -> bool:
        """Whether there is an application."""
        return self.app is not None

    def _open(self) -> None:
        self.app = app = self._make(PageHost(wake=self._wake, log=self._log))
        app.edit({"protocol": "whip"})  # what is checked
        app.panel_opened()
        opening: Job = app.press(Action.OPEN_PAGE)
        opening.wait(_TIMEOUT)
        entry = app.features.page.entry()
        if entry is None:
            self._say(LogLevel.WARNING, app.state.status)
            return
        app.features.page.tried.wait(_BROWSER_TIMEOUT)
        browses = not app.features.page.unopened
        if self._tells_address:  # it counts once, and not for long: it may stay in the terminal
            said = "cli.page_open" if browses else "cli.page_no_browser"
            self._say(LogLevel.INFO, message(said, address=entry.reveal()))
        elif browses:  # or `_log` says the only thing that is true
            self._say(LogLevel.INFO, message("cli.page_opens"))

    def _log(self, severity: LogLevel, sentence: str) -> None:
        """Print what the application says, but for what is said with the address."""
        if sentence != message(NO_BROWSER):
            self._say(severity, sentence)
        elif not self._tells_address:
            self._say(LogLevel.WARNING, message("cli.page_unopened"))

    def _shut(self) -> None:
        pass

    def _poll(self) -> None:
        pass
