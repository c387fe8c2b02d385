"""Any other software for as long as the companion runs: there is nothing to connect to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velora_core.features.told_live import Following
from velora_core.host.host import EndReason
from velora_hosts.companion.link import Link

from .host import AnyHost

if TYPE_CHECKING:
    from velora_hosts.companion.copy_host import CopyHost
    from velora_hosts.companion.software import Links

__all__ = ["AnyLink"]


class AnyLink(Link):
    """From `run` to `close`."""

    def __init__(self, name: str, links: Links) -> None:
        """Create the link; see `Link`."""
        super().__init__(name, links)
        self.host: CopyHost = AnyHost(name, wake=self._wake, log=self._say)

    @property
    def connected(self) -> bool:
        """Whether there is an application."""
        return self.app is not None

    def _open(self) -> None:
        self.app = self._make(self.host, follow=self._follow)

    def _shut(self) -> None:
        pass

    def _poll(self) -> None:
        pass

    def _follow(self, what: Following) -> None:
        """Handle what the streamer, or Velora, has said of the stream."""
        app = self.app
        self.host.stream_is(running=what is not Following.ENDS)
        if app is None:
            return
        if what is Following.ENDS:
            app.stream_stopped(EndReason.NORMAL)
        elif what is Following.RUNS:
            app.stream_resumed()
        else:
            app.stream_starting()
            app.stream_started()
