"""XSplit Broadcaster as `velora_core.host.host.Host` describes it.

Its extensions can read where a stream goes, but set nothing. What they tell comes by `link`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from velora_core.host.host import Capabilities, HostScene, LogLevel
from velora_hosts.companion.copy_host import NOTHING, CopyHost

__all__ = ["XsplitHost"]

_ABLE: Final = NOTHING._replace(
    name="XSplit",
    stream_settings="Broadcast → Set up a new output → Custom RTMP",
    protocols=("rtmp",),
)


class XsplitHost(CopyHost):
    """The XSplit of this computer."""

    def __init__(self, *, wake: Callable[[], None], log: Callable[[LogLevel, str], None]) -> None:
        """Create the host; see `CopyHost`."""
        super().__init__(_ABLE, "xsplit", wake=wake, log=log)
        self._scene = HostScene()

    def scene_is(self, scene: HostScene) -> bool:
        """Note which scene viewers see; return whether it is another one now."""
        before, self._scene = self._scene, scene
        return scene != before

    def capabilities(self) -> Capabilities:
        """See `Host`; scenes are told by an extension that is open."""
        return self._able._replace(scenes=bool(self._scene.name))

    def scene(self) -> HostScene:
        """See `Host`."""
        return self._scene
