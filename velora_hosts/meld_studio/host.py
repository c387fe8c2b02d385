"""Meld Studio as `velora_core.host.host.Host` describes it.

It tells whether it streams, and which scene viewers see; its outputs nobody reaches from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from velora_core.host.host import Capabilities, HostScene, LogLevel, ReplacedText
from velora_hosts.companion.copy_host import NOTHING, CopyHost
from velora_hosts.companion.replaced_texts import as_json, from_json
from velora_hosts.companion.untrusted import Malformed

from .connection import Connection
from .errors import MeldEnded
from .session import Session, session_of
from .web_channel import Exposed

if TYPE_CHECKING:
    from velora_hosts.companion.settings import CompanionSettings
    from velora_hosts.websocket.address import Address

__all__ = ["MeldHost"]

_ABLE: Final = NOTHING._replace(
    name="Meld Studio",
    stream_settings="Settings → Stream Settings → Add output → Custom RTMP",
    protocols=("rtmp",),
    tells_started=True,
    tells_stopped=True,
    texts=True,
    scenes=True,
)
_SETS_PROPERTIES: Final = 2  # the version of its interface
_SET: Final = "setProperty"
_TEXTS: Final = "texts"


class MeldHost(CopyHost):
    """A Meld Studio, whether or not it can be reached at this moment. The link's thread's."""

    def __init__(
        self,
        address: Address,
        settings: CompanionSettings,
        *,
        wake: Callable[[], None],
        log: Callable[[LogLevel, str], None],
    ) -> None:
        """Create the host; see `CopyHost`.

        Args:
            address: where it is.
            settings: keep what its texts were before.
            wake: see `Host.wake`.
            log: see `Host.log`.
        """
        super().__init__(_ABLE, f"meld {address}", wake=wake, log=log)
        self._place = str(address)
        self._settings = settings
        self._connection: Connection | None = None
        self._setter: int | None = None  # the number of the method that sets a property
        self.session = Session()
        self._covered = from_json(settings.kept(_TEXTS, self._place))

    # -- the connection --------------------------------------------------------------------

    def attach(self, connection: Connection, exposed: Exposed) -> None:
        """Use a connection, with what Meld Studio says of itself; raises `Malformed`."""
        self.take(exposed.values)
        version = exposed.values.get("version", 1)
        able = isinstance(version, int) and version >= _SETS_PROPERTIES
        self._setter = exposed.methods.get(_SET) if able else None
        self._connection = connection

    def detach(self) -> None:
        """Go on without a connection."""
        self._connection = None

    def take(self, values: Mapping[str, Any]) -> None:
        """Take over what properties are now; raises `Malformed`."""
        streams = values.get("isStreaming", self._streams)
        if not isinstance(streams, bool):
            raise Malformed
        if "session" in values:
            self.session = session_of(values["session"])
        self.stream_is(running=streams)

    # -- Host ------------------------------------------------------------------------------

    def capabilities(self) -> Capabilities:
        return self._able._replace(texts=self._setter is not None)

    def scene(self) -> HostScene:
        return self.session.scene

    # -- TextSources -----------------------------------------------------------------------

    def text_sources(self) -> tuple[str, ...]:
        return tuple(sorted(self.session.layers)) if self._setter is not None else ()

    def text(self, source: str) -> str | None:
        layer = self.session.layers.get(source)
        if layer is None or self._connection is None or self._setter is None:
            return None
        return layer.text

    def set_text(self, source: str, text: str) -> None:
        layer = self.session.layers.get(source)
        if layer is None or self._connection is None or self._setter is None:
            return
        try:
            self._connection.invoke(self._setter, layer.id, "text", text)
        except MeldEnded:
            return  # it is said elsewhere
        # Until the session says it, too: else this would count as somebody else's text.
        self.session = self.session.with_text(source, text)

    def replaced_texts(self) -> Mapping[str, ReplacedText]:
        return self._covered

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        self._covered = dict(covered)
        self._settings.keep(_TEXTS, self._place, as_json(covered))
