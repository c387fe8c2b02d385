"""No software at all, as `velora_core.host.host.Host` describes one: the page streams by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from velora_core.host.host import LogLevel
from velora_hosts.companion.copy_host import NOTHING, CopyHost

__all__ = ["NAME", "PageHost"]

NAME: Final = "velora page"
_ABLE: Final = NOTHING._replace(
    name=NAME,
    stream_settings="the page itself",
    protocols=("whip",),
)


class PageHost(CopyHost):
    """It never streams; what the page sends is no stream of a software's."""

    def __init__(self, *, wake: Callable[[], None], log: Callable[[LogLevel, str], None]) -> None:
        """Create the host; see `CopyHost`."""
        super().__init__(_ABLE, NAME, wake=wake, log=log)
