"""OBS from outside as `velora_core.host.host.Host` describes it.

The thread that talks to OBS is the application's UI thread. It may wait for OBS a moment, but what
the application asks for often is answered from what OBS has told.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from velora_core.host.destination import PROTOCOLS, Destination
from velora_core.host.encoder import Encoder, EncoderFit
from velora_core.host.host import (
    AccountNotice,
    Capabilities,
    HostProfile,
    HostScene,
    LogLevel,
    ReplacedText,
    SavedSetup,
    Snapshot,
)
from velora_core.host.output import OutputSample
from velora_core.messages import message
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
from .errors import ChangedMeanwhile, ConnectionEnded, ObsError
from .protocol import PORT
from .remote import RemoteObs

__all__ = ["ObsWebsocketHost", "Seen"]

_FRESH: Final = 0.5
"""Seconds for which what OBS has said of its service is believed: nothing tells of a change."""
_WHIP_SINCE: Final = 30  # the version of OBS
_IDENTITY: Final = "velora_identity"
_TEXTS: Final = "velora_texts/"
"""What OBS keeps for Velora: which OBS this is, and what a scene collection's texts were before."""


class Seen:
    """What is known of a connected OBS."""

    def __init__(self, remote: RemoteObs) -> None:
        """Ask OBS for all of it; raises `ObsError`."""
        self.version = remote.version()
        self.profile, self.profiles = remote.profiles()
        self.service = remote.service()
        self.scene = remote.scene()
        self.collection = remote.collection()
        self.streaming, self.stream_seconds = remote.stream()
        self.identity = _identity(remote)
        self.at = time.monotonic()  # of the service


def _identity(remote: RemoteObs) -> str:
    """Return what tells this OBS from any other one; OBS itself keeps it."""
    kept = remote.slot(_IDENTITY)
    if isinstance(kept, str) and kept.isascii() and 8 <= len(kept) <= 64:
        return kept
    made = uuid.uuid4().hex
    remote.save_slot(_IDENTITY, made)
    return made


class ObsWebsocketHost:
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
        self._place = str(address)
        self._own = address == Address.parse("", PORT)
        self._remote: RemoteObs | None = None
        self._memory: dict[str, Any] = {}
        self._account: tuple[float, str, str | None] | None = None  # when, of which profile
        self._encoders: AudioEncoders | None = None
        self._away = False  # the scenes are being changed
        self.wake = wake
        self.log = log
        self.attach(remote)

    # -- the connection --------------------------------------------------------------------

    def attach(self, remote: RemoteObs) -> None:
        """Use a connection, and read what has changed without one; raises `ObsError`."""
        self.seen = Seen(remote)
        self._remote, self._account, self._away = remote, None, False

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
        self._account, self._away = None, False

    def read_service(self) -> None:
        """Read the service anew, however recently that was done; raises `ObsError`."""
        self._read_service(self._connected)

    def scenes_leave(self) -> None:
        """Note that the scenes are being changed: there are no text sources meanwhile."""
        self._away = True

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
        )

    def profile(self) -> HostProfile:
        return HostProfile(f"obs:{self.seen.identity}/{self.seen.profile}", self.seen.profile)

    def memory(self) -> dict[str, Any]:
        return self._memory

    # -- Host: the destination -------------------------------------------------------------

    def destination(self) -> Destination:
        if self._remote is not None and time.monotonic() - self.seen.at > _FRESH:
            try:
                self._read_service(self._remote)
            except ObsError:
                self.seen.at = time.monotonic()  # the connection's own end tells
        return destination_of(self.seen.service)

    def _read_service(self, remote: RemoteObs) -> Service:
        self.seen.service = remote.service()
        self.seen.at = time.monotonic()
        return self.seen.service

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
        known = self.seen.service
        if self._read_service(self._connected) != known:
            raise ChangedMeanwhile(place=self._place)
        return known

    def _use(self, service: Service, audio: AudioEncoders | None) -> None:
        remote = self._connected
        if remote.profiles()[0] != self.seen.profile:
            raise ChangedMeanwhile(place=self._place)
        remote.use(service, audio)
        self._read_service(remote)

    def audio_for(self, protocol: str, audio: tuple[str, ...]) -> tuple[str, ...]:
        return suited_audio(protocol, audio)

    def snapshot(self) -> Snapshot:
        remote = self._connected
        return snapshot_of(self._read_service(remote), remote.audio_encoders())

    def restore(self, snapshot: Snapshot) -> None:
        self._use(*setup_of(snapshot))

    def read_snapshot(self, data: object) -> Snapshot | None:
        return read_snapshot(data)

    def saved_setup(self) -> Callable[[], SavedSetup] | None:
        return None  # OBS's files may be on another computer

    def connected_account(self) -> str | None:
        profile, now = self.seen.profile, time.monotonic()
        if self._account and self._account[1] == profile and now - self._account[0] < _FRESH:
            return self._account[2]
        found = self._account[2] if self._account and self._account[1] == profile else None
        if self._remote is not None:
            with suppress(ObsError):
                found = platform_of(self._remote.parameter("Auth", "Type"))
            self._account = (now, profile, found)
        return found

    def account_notice(self, platform: str, destination: Destination) -> AccountNotice | None:
        notice = account_notice(platform, destination)
        if notice is None or notice.stops_start:
            return notice
        return AccountNotice(message("companion.account", platform=platform), stops_start=True)

    # -- Host: the stream ------------------------------------------------------------------

    def streaming(self) -> bool:
        return self.seen.streaming

    def scene(self) -> HostScene:
        return self.seen.scene

    def encoder(self) -> Encoder | None:
        try:
            return read_encoder(self._connected)
        except ObsError:
            return None

    def fit_encoder(self, keyframe_interval: int) -> EncoderFit:  # noqa: ARG002
        return EncoderFit.UNKNOWN

    def give_back_encoder(self) -> None:
        pass

    def begin_sampling(self) -> None:
        pass

    def end_sampling(self) -> None:
        pass

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
        if self._away:
            return None
        try:
            return self._connected.text(source)
        except ObsError:
            return None

    def set_text(self, source: str, text: str) -> None:
        if self._away:
            return
        try:
            self._connected.set_text(source, text)
        except ObsError:
            return  # it has gone, or OBS has

    def covered(self) -> Mapping[str, ReplacedText]:
        try:
            kept = self._connected.slot(_TEXTS + self.seen.collection)
        except ObsError:
            return {}
        if not isinstance(kept, dict):
            return {}
        return {name: ReplacedText(*pair) for name, pair in kept.items() if _is_two_texts(pair)}

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        kept = {name: list(pair) for name, pair in covered.items()}
        try:
            self._connected.save_slot(_TEXTS + self.seen.collection, kept)
        except ObsError:
            return  # without OBS nothing is replaced either


def _is_two_texts(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
