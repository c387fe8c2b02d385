"""Streamlabs Desktop as `velora_core.host.host.Host` describes it.

The thread that talks to Streamlabs is the application's UI thread. It may wait for Streamlabs a
moment, but what the application asks for often is answered from what Streamlabs has told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from velora_core.errors import StorageError
from velora_core.host.destination import (
    PROTOCOLS,
    Destination,
    credential,
    goes_to_velora_tv,
    same_destination,
)
from velora_core.host.encoder import Encoder
from velora_core.host.host import (
    Capabilities,
    HostProfile,
    HostScene,
    LogLevel,
    ReplacedText,
    Snapshot,
)
from velora_core.host.output import OutputSample
from velora_core.messages import message
from velora_core.storage.shared_file import SharedFile
from velora_hosts.companion.outside_host import OutsideHost
from velora_hosts.companion.recent import Recent
from velora_hosts.companion.replaced_texts import as_json, from_json

from .counters import Counters
from .errors import (
    ChangedMeanwhile,
    ConnectionEnded,
    StreamlabsError,
    StreamlabsRefused,
    StreamlabsStreaming,
)
from .remote import RemoteStreamlabs, Source
from .setup import (
    Setup,
    destination,
    read_snapshot,
    setup_for,
    setup_of,
    snapshot_of,
    values_for,
)

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["StreamlabsHost"]

_TEXTS: Final = "texts"
_PROFILE: Final = HostProfile("streamlabs:desktop", "Streamlabs Desktop")
"""Streamlabs has no profiles, and there is one Streamlabs for each user."""


class _Seen:
    """What is known of a connected Streamlabs."""

    def __init__(self, remote: RemoteStreamlabs) -> None:
        """Ask for all of it; raises `StreamlabsError`."""
        state = remote.stream()
        self.streaming, self.since = state.running, state.since
        self.reconnecting = "reconnecting" in state.states
        self.setup = Recent(remote.setup())
        self.studio = remote.studio_mode()
        # In studio mode nothing tells which scene viewers see.
        self.scene = HostScene() if self.studio else remote.scene()
        self.collection = remote.collection()


class StreamlabsHost(OutsideHost):
    """A Streamlabs, whether or not it can be reached at this moment.

    Without a connection it answers what was known last, and what would set something raises
    `StreamlabsError`.
    """

    def __init__(
        self,
        remote: RemoteStreamlabs,
        folder: Path,
        *,
        wake: Callable[[], None],
        log: Callable[[LogLevel, str], None],
    ) -> None:
        """Create the host of a Streamlabs that is connected now.

        Args:
            remote: asks it.
            folder: where it is kept what texts were before.
            wake: see `Host.wake`.
            log: see `Host.log`.

        Raises:
            StreamlabsError: Streamlabs doesn't say what has to be known.
        """
        super().__init__(wake=wake, log=log)
        self._remote: RemoteStreamlabs | None = None
        self._texts = SharedFile(folder / "streamlabs.json")
        self._counters = Counters()
        self._ours: Destination | None = None  # the last one that was put in here
        self.away = False
        """Whether the scenes are being changed."""
        self.names: dict[str, str] = {}
        """Of the text sources that were seen, by their ids."""
        self.attach(remote)

    # -- the connection --------------------------------------------------------------------

    def attach(self, remote: RemoteStreamlabs) -> None:
        """Use a connection, and read what has changed without one; raises `StreamlabsError`."""
        self.seen = _Seen(remote)
        self._remote, self.away = remote, False

    def detach(self) -> None:
        """Go on without a connection."""
        self._remote = None

    @property
    def _connected(self) -> RemoteStreamlabs:
        if self._remote is None:
            raise ConnectionEnded
        return self._remote

    # -- what Streamlabs tells -------------------------------------------------------------

    def stream_is(self, *, running: bool, reconnecting: bool = False) -> None:
        """Note whether a stream runs."""
        self.seen.streaming, self.seen.reconnecting = running, reconnecting

    def scene_is(self, scene: HostScene) -> bool:
        """Note which scene is chosen; return whether viewers see another one now."""
        if self.seen.studio or scene == self.seen.scene:
            return False
        self.seen.scene = scene
        return True

    def look_at_scene(self) -> bool:
        """Read which scene is chosen; return whether viewers see another one now.

        Raises `StreamlabsError`.
        """
        remote = self._connected
        before, self.seen.studio = self.seen.studio, remote.studio_mode()
        if self.seen.studio and not before:
            self.log(LogLevel.INFO, message("streamlabs.studio_mode"))
        return self.scene_is(remote.scene())

    def scenes_leave(self) -> None:
        """Note that the scenes are being changed: there are no text sources meanwhile."""
        self.away = True

    def scenes_are_back(self) -> None:
        """Read scene and collection anew; raises `StreamlabsError`."""
        self.seen.collection = self._connected.collection()
        self.look_at_scene()
        self.away = False
        self.names.clear()

    def read_setup(self) -> None:
        """Read the stream settings anew, however recently that was done.

        Raises `StreamlabsError`.
        """
        self.seen.setup.read(self._connected.setup)

    def taken_away(self) -> bool:
        """Return, once, whether what was set up for Velora has been replaced by somebody else."""
        ours, now = self._ours, destination(self.seen.setup.value)
        if ours is None:
            if goes_to_velora_tv(now) and now.is_custom and credential(now):
                self._ours = now  # from an earlier run of this program
            return False
        if same_destination(ours, now):
            return False
        self._ours = None
        return True

    # -- Host: what the software is --------------------------------------------------------

    def capabilities(self) -> Capabilities:
        return Capabilities(
            "Streamlabs Desktop",
            "Settings → Stream",
            PROTOCOLS,
            tells_refusal=False,
            sets_audio=False,
            applies_audio=False,
            sets_at_start=False,
            fits_encoder=False,
            docks=False,
            profiles=False,
            start_button="Go Live",
        )

    def profile(self) -> HostProfile:
        return _PROFILE

    # -- Host: the destination -------------------------------------------------------------

    def destination(self) -> Destination:
        if self._remote is not None:
            self.seen.setup.poll(self._remote.setup)
        return destination(self.seen.setup.value)

    def set_destination(
        self,
        destination: Destination,
        audio: tuple[str, ...] | None,  # noqa: ARG002
        *,
        keep_options: bool,
    ) -> None:
        if keep_options:
            self._unchanged()
        self._use(setup_for(destination, keep_options=keep_options))

    def change_destination(self, destination: Destination, *, save: bool) -> None:  # noqa: ARG002
        present = self._unchanged()
        self._use(present._replace(values=values_for(destination)))

    def _unchanged(self) -> Setup:
        """Return the stream settings if they are those that the application knows of."""
        known = self.seen.setup.value
        if not known.same(self.seen.setup.read(self._connected.setup)):
            raise ChangedMeanwhile
        return known

    def _use(self, setup: Setup) -> None:
        remote = self._connected
        if remote.stream().active:
            raise StreamlabsStreaming
        try:
            remote.use(setup)
        finally:
            self.seen.setup.read(remote.setup)
        self._ours = destination(self.seen.setup.value)

    def snapshot(self) -> Snapshot:
        remote = self._connected
        setup = remote.setup(complete=True)
        if not setup.same(self.seen.setup.read(remote.setup)):
            raise ChangedMeanwhile
        return snapshot_of(setup)

    def restore(self, snapshot: Snapshot) -> None:
        self._use(setup_of(snapshot))
        self._ours = None

    def read_snapshot(self, data: object) -> Snapshot | None:
        return read_snapshot(data)

    def connected_account(self) -> str | None:
        return ""  # what an account writes, `destination` says

    # -- Host: the stream ------------------------------------------------------------------

    def streaming(self) -> bool:
        return self.seen.streaming

    def still_streams(self) -> bool:
        try:
            return self._connected.stream().running
        except StreamlabsError:
            return self.seen.streaming

    def scene(self) -> HostScene:
        return self.seen.scene

    def encoder(self) -> Encoder | None:
        try:
            return self._connected.encoder()
        except StreamlabsError:
            return None

    def begin_sampling(self) -> None:
        self._counters.begin()

    def sample(self) -> OutputSample | None:
        if not self.seen.streaming:
            return None
        try:
            told = self._connected.performance()
        except StreamlabsError:
            return None
        return self._counters.sample(told, reconnecting=self.seen.reconnecting)

    # -- TextSources -----------------------------------------------------------------------

    def _sources(self) -> tuple[Source, ...]:
        if self.away or self._remote is None:
            return ()
        try:
            found = self._remote.texts()
        except StreamlabsError:
            return ()
        self.names = {source.id: source.name for source in found}
        return found

    def _source(self, name: str) -> Source | None:
        """Return the text source of a name; the first one where there are several."""
        known = next((id_ for id_, known in self.names.items() if known == name), None)
        if known is not None:
            return Source(known, name)
        return next((source for source in self._sources() if source.name == name), None)

    def text_sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(source.name for source in self._sources()))

    def text(self, source: str) -> str | None:
        with suppress(StreamlabsError):  # then there is none
            for found in self._found(source):
                text = self._connected.text(found)
                if text is not None:
                    return text
        return None

    def set_text(self, source: str, text: str) -> None:
        with suppress(StreamlabsError):  # it has gone, or Streamlabs has
            for found in self._found(source):
                with suppress(StreamlabsRefused):
                    self._connected.set_text(found, text)
                    return

    def _found(self, name: str) -> Iterator[Source]:
        """Yield the text source as it is known, and if that has gone, as it is now."""
        for known in (True, False):
            if not known:
                self.names.clear()
            found = None if self.away else self._source(name)
            if found is None:
                return
            yield found

    def replaced_texts(self) -> Mapping[str, ReplacedText]:
        try:
            of_all = self._texts.read().get(_TEXTS)
        except StorageError:
            return {}
        return from_json(of_all.get(self.seen.collection) if isinstance(of_all, dict) else None)

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        collection = self.seen.collection
        kept = as_json(covered)

        def put(data: dict[str, Any]) -> None:
            of_all = data.get(_TEXTS)
            data[_TEXTS] = {**(of_all if isinstance(of_all, dict) else {}), collection: kept}
            if not kept:
                del data[_TEXTS][collection]

        try:
            self._texts.change(put)
        except StorageError:
            return  # it is put back as long as this runs
