"""Software that nothing is known of, as `velora_core.host.host.Host` describes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from velora_core.host.host import LogLevel
from velora_hosts.companion.copy_host import NOTHING, CopyHost

__all__ = ["AnyHost"]

_ABLE: Final = NOTHING._replace(
    name="",
    stream_settings="its stream settings",
    protocols=("rtmp", "srt"),  # WHIP's address has the key in it: it is not for a clipboard
)


class AnyHost(CopyHost):
    """It tells nothing; what is known of its stream is what somebody has said."""

    def __init__(
        self, name: str, *, wake: Callable[[], None], log: Callable[[LogLevel, str], None]
    ) -> None:
        """Create the host of the software that somebody calls so; see `CopyHost`."""
        super().__init__(_ABLE._replace(name=name), f"other {name}", wake=wake, log=log)
