"""No software at all, as `velora_core.host.host.Host` describes one: the page streams by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from velora_core.host.host import Capabilities, LogLevel
from velora_hosts.companion.copy_host import CopyHost

__all__ = ["NAME", "PageHost"]

NAME: Final = "velora page"
_ABLE: Final = Capabilities(
    name=NAME,
    stream_settings="the page itself",
    protocols=("whip",),
    reads=False,
    sets=False,
    tells_starting=False,
    tells_started=False,
    tells_stopped=False,
    tells_refusal=False,
    texts=False,
    sets_audio=False,
    applies_audio=False,
    sets_at_start=False,
    fits_encoder=False,
    profiles=False,
    scenes=False,
)


class PageHost(CopyHost):
    """It never streams; what the page sends is no stream of a software's."""

    def __init__(self, *, wake: Callable[[], None], log: Callable[[LogLevel, str], None]) -> None:
        """Create the host; see `CopyHost`."""
        super().__init__(_ABLE, NAME, wake=wake, log=log)
