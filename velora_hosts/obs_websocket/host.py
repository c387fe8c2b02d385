"""OBS from outside as `velora_core.host.host.Host` describes it.

The thread that talks to OBS is the application's UI thread. It may wait for OBS a moment, but what
the application asks for often is answered from what OBS has told.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from velora_core.host.destination import PROTOCOLS, Destination
from velora_core.host.encoder import Encoder
from velora_core.host.host import (
    AccountNotice,
    Capabilities,
    HostProfile,
    HostScene,
    LogLevel,
    ReplacedText,
    Snapshot,
)
from velora_core.host.output import OutputSample
from velora_core.messages import message
from velora_hosts.companion.outside_host import OutsideHost
from velora_hosts.companion.recent import Recent
from velora_hosts.companion.replaced_texts import as_json, from_json
from velora_hosts.obs.account import account_notice, platform_of
from velora_hosts.obs.audio import AudioEncoders, suited_audio
from velora_hosts.obs.service import (
    Service,
    changed_service,
    destination_of,
    read_snapshot,
    service_for,
    setup_of,
    snapshot_of,
)
from velora_hosts.websocket.address import Address

from .encoder import read_encoder
from .errors import (
    ChangedMeanwhile,
    ConnectionEnded,
    ObsError,
    ObsRefused,
    ObsStreaming,
    ObsWithoutWhip,
    ProfileChanging,
)
from .protocol import PORT
from .remote import RemoteObs

__all__ = ["ObsWebsocketHost", "Seen"]

_WHIP_SINCE: Final = 30  # the version of OBS
_NOT_DONE: Final = (ObsRefused, ObsStreaming, ObsWithoutWhip)
"""How OBS answers that it doesn't take a service, or not now."""
_IDENTITY: Final = "velora_identity"
_TEXTS: Final = "velora_texts/"
"""What OBS keeps for Velora: which OBS this is, and what a scene collection's texts were before."""


class Seen:
    """What is known of a connected OBS."""

    def __init__(self, remote: RemoteObs) -> None:
        """Ask OBS for all of it; raises `ObsError`."""
        self.version = remote.version()
        self.profile, self.profiles = remote.profiles()
        self.service = Recent(remote.service())
        self.scene = remote.scene()
        self.collection = remote.collection()
        self.streaming, _, self.stream_seconds = remote.stream()
        self.identity = _identity(remote)


def _identity(remote: RemoteObs) -> str:
    """Return what tells this OBS from any other one; OBS itself keeps it."""
    kept = remote.slot(_IDENTITY)
    if isinstance(kept, str) and kept.isascii() and 8 <= len(kept) <= 64:
        return kept
    made = uuid.uuid4().hex
    remote.save_slot(_IDENTITY, made)
    return made


class ObsWebsocketHost(OutsideHost):
    """An OBS, whether or not it can be reached at this moment.

    Without a connection it answers what was known last, and what would set something raises
    `ObsError`.
    """

    def __init__(
        self,
        address: Address,
        remote: RemoteObs,
        *,
        wake: Callable[[], None],
        log: Callable[[LogLevel, str], None],
    ) -> None:
        """Create the host of an OBS that is connected now.

        Args:
            address: where it is.
            remote: asks it.
            wake: see `Host.wake`.
            log: see `Host.log`.

        Raises:
            ObsError: OBS doesn't say what has to be known.
        """
        super().__init__(wake=wake, log=log)
        self._place = str(address)
        self._own = address == Address.parse("", PORT)
        self._remote: RemoteObs | None = None
        self._account: tuple[str, Recent[str | None]] | None = None  # of which profile
        self.away = False
        """Whether the scenes are being changed."""
        self.attach(remote)

    # -- the connection --------------------------------------------------------------------

    def attach(self, remote: RemoteObs) -> None:
        """Use a connection, and read what has changed without one; raises `ObsError`."""
        self.seen = Seen(remote)
        self._remote, self._account, self.away = remote, None, False
        self.finish_service()

    def detach(self) -> None:
        """Go on without a connection."""
        self._remote = None

    @property
    def _connected(self) -> RemoteObs:
        if self._remote is None:
            raise ConnectionEnded(place=self._place)
        return self._remote

    # -- what OBS tells --------------------------------------------------------------------

    def stream_is(self, *, running: bool) -> None:
        """Note whether a stream runs."""
        self.seen.streaming = running

    def scene_is(self, name: str, uuid: str = "") -> None:
        """Note which scene viewers see."""
        self.seen.scene = HostScene(name, uuid)

    def look_again(self) -> None:
        """Read profile, service, scene and collection anew; raises `ObsError`."""
        before, self.seen = self.seen, Seen(self._connected)
        self.seen.streaming = before.streaming
        self._account, self.away = None, False

    def read_service(self) -> None:
        """Read the service anew, however recently that was done; raises `ObsError`."""
        self.seen.service.read(self._connected.service)

    def finish_service(self) -> None:
        """Put the service in that was to follow another one, if OBS was stopped in between.

        While a stream runs OBS doesn't do that; the next look is soon enough.

        Raises:
            ObsError: OBS can't be asked.
        """
        remote = self._remote
        if remote is None or not remote.unfinished or self.seen.streaming:
            return
        wanted = self.seen.service.read(remote.service)  # somebody may have chosen another since
        if remote.unfinished:
            with suppress(ProfileChanging, *_NOT_DONE):
                self._use(wanted, None)

    def scenes_leave(self) -> None:
        """Note that the scenes are being changed: there are no text sources meanwhile."""
        self.away = True

    # -- Host: what the software is --------------------------------------------------------

    def capabilities(self) -> Capabilities:
        whip = self.seen.version >= _WHIP_SINCE
        return Capabilities(
            "OBS" if self._own else f"OBS ({self._place})",
            "Settings → Stream",
            tuple(name for name in PROTOCOLS if name != "whip" or whip),
            tells_refusal=False,
            applies_audio=False,
            sets_at_start=False,
            fits_encoder=False,
            docks=False,
        )

    def profile(self) -> HostProfile:
        return HostProfile(f"obs:{self.seen.identity}/{self.seen.profile}", self.seen.profile)

    # -- Host: the destination -------------------------------------------------------------

    def destination(self) -> Destination:
        if self._remote is not None:
            self.seen.service.poll(self._remote.service)
        return destination_of(self.seen.service.value)

    def set_destination(
        self, destination: Destination, audio: tuple[str, ...] | None, *, keep_options: bool
    ) -> None:
        present = self._unchanged() if keep_options else None
        self._use(service_for(destination, present), AudioEncoders(*audio) if audio else None)

    def change_destination(self, destination: Destination, *, save: bool) -> None:  # noqa: ARG002
        # OBS saves whatever is set from outside.
        self._use(changed_service(self._unchanged(), destination), None)

    def _unchanged(self) -> Service:
        """Return the service in use if it is the one that the application knows of."""
        known = self.seen.service.value
        if self.seen.service.read(self._connected.service) != known:
            raise ChangedMeanwhile(place=self._place)
        return known

    def _use(self, service: Service, audio: AudioEncoders | None) -> None:
        remote = self._in_known_profile()
        try:
            remote.use(service, audio)
        except _NOT_DONE:  # of two services, the second one perhaps
            self.seen.service.read(remote.service)
            raise
        self.seen.service.read(remote.service)

    def _in_known_profile(self) -> RemoteObs:
        """Return the connection if OBS has the profile that the application knows of.

        Else what is read there would be kept as another profile's, or put into the wrong one.
        """
        remote = self._connected
        if remote.profiles()[0] != self.seen.profile:
            raise ProfileChanging(place=self._place)
        return remote

    def audio_for(self, protocol: str, audio: tuple[str, ...]) -> tuple[str, ...]:
        return suited_audio(protocol, audio)

    def snapshot(self) -> Snapshot:
        remote = self._in_known_profile()
        return snapshot_of(self.seen.service.read(remote.service), remote.audio_encoders())

    def restore(self, snapshot: Snapshot) -> None:
        self._use(*setup_of(snapshot))

    def read_snapshot(self, data: object) -> Snapshot | None:
        return read_snapshot(data)

    def connected_account(self) -> str | None:
        profile, remote = self.seen.profile, self._remote
        if self._account is None or self._account[0] != profile:
            self._account = profile, Recent[str | None](None, read=False)
        account = self._account[1]
        if remote is None:
            return account.value
        return account.poll(lambda: platform_of(remote.parameter("Auth", "Type")))

    def account_notice(self, platform: str, destination: Destination) -> AccountNotice | None:
        notice = account_notice(platform, destination)
        if notice is None or notice.stops_start:
            return notice
        return AccountNotice(message("companion.account", platform=platform), stops_start=True)

    # -- Host: the stream ------------------------------------------------------------------

    def streaming(self) -> bool:
        return self.seen.streaming

    def still_streams(self) -> bool:
        try:
            return self._connected.stream().running
        except ObsError:
            return self.seen.streaming

    def scene(self) -> HostScene:
        return self.seen.scene

    def encoder(self) -> Encoder | None:
        try:
            return read_encoder(self._connected)
        except ObsError:
            return None

    def end_start(self) -> bool:
        try:
            self._connected.end_attempts()
        except ObsError:
            return False
        return True

    def sample(self) -> OutputSample | None:
        try:
            return self._connected.sample()
        except ObsError:
            return None

    # -- TextSources -----------------------------------------------------------------------

    def text_sources(self) -> tuple[str, ...]:
        try:
            return self._connected.text_sources()
        except ObsError:
            return ()

    def text(self, source: str) -> str | None:
        if self.away:
            return None
        try:
            return self._connected.text(source)
        except ObsError:
            return None

    def set_text(self, source: str, text: str) -> None:
        if self.away:
            return
        try:
            self._connected.set_text(source, text)
        except ObsError:
            return  # it has gone, or OBS has

    def replaced_texts(self) -> Mapping[str, ReplacedText]:
        try:
            return from_json(self._connected.slot(_TEXTS + self.seen.collection))
        except ObsError:
            return {}

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        try:
            self._connected.save_slot(_TEXTS + self.seen.collection, as_json(covered))
        except ObsError:
            return  # without OBS nothing is replaced either
