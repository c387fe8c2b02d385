"""OBS's streaming services, and what they mean to the application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from velora_core.host.destination import Destination, describe
from velora_core.host.host import Snapshot
from velora_core.host.srt_id import join_srt_id, split_srt_id
from velora_core.secret import Secret

from .audio import AudioEncoders

__all__ = [
    "WHIP",
    "Service",
    "changed_service",
    "destination_of",
    "read_snapshot",
    "service_for",
    "setup_of",
    "snapshot_of",
]

_CUSTOM: Final = "rtmp_custom"
WHIP: Final = "whip_custom"
"""OBS's type of service for it."""


class Service(NamedTuple):
    """A streaming service: OBS's type of it and all its settings, among them secret ones.

    Attributes:
        kind: OBS's service type, for example ``rtmp_custom``.
        settings: all that OBS stores of it; JSON types.
    """

    kind: str
    settings: Mapping[str, Any]

    @property
    def server(self) -> str:
        """The address, empty when it has none."""
        return self.text("server")

    def text(self, name: str) -> str:
        """A setting that is a text; empty when it isn't, or isn't there."""
        value = self.settings.get(name, "")
        return value if isinstance(value, str) else ""

    def __repr__(self) -> str:
        return f"Service({self.kind!r}, {len(self.settings)} settings)"


def destination_of(service: Service) -> Destination:
    """Where a stream through this service goes."""
    server = service.server
    if service.kind == WHIP:
        return Destination("whip", Secret(server), Secret(service.text("bearer_token")))
    protocol, prefix, key = "rtmp", "", service.text("key")
    if server.lower().startswith("srt://"):
        protocol = "srt"
        prefix, key = split_srt_id(key)
    return Destination(
        protocol,
        Secret(server),
        Secret(key),
        key_prefix=Secret(prefix),
        platform=None if service.kind == _CUSTOM else service.text("service"),
        # OBS's broadcast dialog for YouTube has written it.
        of_account=service.kind == _CUSTOM and bool(service.settings.get("stream_id")),
    )


def service_for(destination: Destination, present: Service | None = None) -> Service:
    """The service for a destination that is authenticated by its key alone.

    Args:
        destination: Velora's.
        present: what it has beside the destination stays, if it is of the same protocol.
    """
    url = destination.url.reveal()
    if destination.protocol == "whip":
        token = destination.key.reveal()
        settings: dict[str, Any] = {"service": "WHIP", "server": url, "bearer_token": token}
        fresh = Service(WHIP, settings)
    else:
        # OBS takes the protocol from the address, and sends the key as SRT's stream id.
        key = _sent_key(destination)
        settings = {"server": url, "key": key, "use_auth": False, "bwtest": False}
        fresh = Service(_CUSTOM, settings)
    if present is None or present.kind != fresh.kind:
        return fresh
    if destination_of(present).protocol != destination.protocol:
        return fresh
    return Service(fresh.kind, {**present.settings, **fresh.settings})


def _sent_key(destination: Destination) -> str:
    """What OBS has as the key."""
    key = destination.key.reveal()
    if destination.protocol != "srt":
        return key
    return join_srt_id(destination.key_prefix.reveal(), key)


def changed_service(present: Service, destination: Destination) -> Service:
    """The service in use with another address and key, and all else as it is."""
    changes = {"server": destination.url.reveal()}
    before = destination_of(present)
    if (destination.key, destination.key_prefix) != (before.key, before.key_prefix):
        name = "bearer_token" if present.kind == WHIP else "key"
        changes[name] = _sent_key(destination)
    return Service(present.kind, {**present.settings, **changes})


def snapshot_of(service: Service, audio: AudioEncoders) -> Snapshot:
    """All that there is to restore."""
    data = {"kind": service.kind, "settings": dict(service.settings), "audio": list(audio)}
    destination = destination_of(service)
    return Snapshot(data, describe(destination), destination, tuple(audio))


def read_snapshot(data: object) -> Snapshot | None:
    """The snapshot whose data this is; None if it isn't OBS's, or is damaged."""
    if not isinstance(data, dict):
        return None
    kind, settings, audio = data.get("kind"), data.get("settings"), data.get("audio")
    if not isinstance(kind, str) or not isinstance(settings, dict) or not isinstance(audio, list):
        return None
    if len(audio) != 2 or not all(isinstance(encoder, str) for encoder in audio):
        return None
    return snapshot_of(Service(kind, settings), AudioEncoders(*audio))


def setup_of(snapshot: Snapshot) -> tuple[Service, AudioEncoders]:
    """What is in a snapshot of `snapshot_of`."""
    data = snapshot.data
    return Service(data["kind"], data["settings"]), AudioEncoders(*data["audio"])
