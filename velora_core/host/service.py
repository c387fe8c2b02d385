"""OBS streaming services: convert Velora's setup, recognise Velora's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from velora_core.errors import ProtocolNotOffered, ProtocolUnknown
from velora_core.messages import message
from velora_core.secret import Secret

if TYPE_CHECKING:
    from velora_core.api.models import StreamSetup

__all__ = [
    "CUSTOM_KINDS",
    "PROTOCOLS",
    "AudioEncoders",
    "IngestAddresses",
    "SavedService",
    "Service",
    "brought_up_to_date",
    "configured",
    "credential",
    "describe",
    "display_address",
    "goes_to_velora_tv",
    "protocol_of",
    "same_address",
    "same_credential",
    "velora_service",
]

PROTOCOLS: Final = ("rtmp", "srt", "whip")

CUSTOM_KINDS: Final = ("rtmp_custom", "whip_custom")
"""OBS's service types with an address that somebody, or this application, has put there."""

_OPUS_SIMPLE: Final = "opus"
_OPUS_ADVANCED: Final = "ffmpeg_opus"


class AudioEncoders(NamedTuple):
    """The profile's audio encoders for streaming, in OBS's simple and advanced output mode."""

    simple: str
    advanced: str

    @property
    def support_whip(self) -> bool:
        """Whether both are Opus, the only audio that WebRTC takes from OBS."""
        return "opus" in self.simple and "opus" in self.advanced

    def for_whip(self) -> AudioEncoders:
        """Return these encoders, each replaced by OBS's Opus one unless it is one."""
        return AudioEncoders(
            simple=self.simple if "opus" in self.simple else _OPUS_SIMPLE,
            advanced=self.advanced if "opus" in self.advanced else _OPUS_ADVANCED,
        )


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
        server = self.settings.get("server", "")
        return server if isinstance(server, str) else ""

    def __repr__(self) -> str:
        return f"Service({self.kind!r}, {len(self.settings)} settings)"


class SavedService(NamedTuple):
    """A service to go back to, with the audio encoders that went with it.

    Attributes:
        service: all of it.
        audio: the profile's encoders then.
        profile: id of the profile that it was in.
        at: Unix time at which it was kept; None when that isn't known.
        order: the one with the highest number is the next to go back to.
    """

    service: Service
    audio: AudioEncoders
    profile: str = ""
    at: float | None = None
    order: float = 0.0


def velora_service(setup: StreamSetup, protocol: str) -> Service:
    """Return Velora's service as OBS stores it.

    Args:
        setup: what Velora gave.
        protocol: ``rtmp``, ``srt`` or ``whip``.

    Raises:
        ProtocolUnknown: it is another one.
        ProtocolNotOffered: Velora gave no address for it.
    """
    if protocol == "whip":
        if setup.whip_url is None:
            raise ProtocolNotOffered(protocol="WHIP")
        settings = {"service": "WHIP", "server": setup.whip_url.reveal(), "bearer_token": ""}
        return Service("whip_custom", settings)
    addresses = {"rtmp": setup.rtmp_url, "srt": setup.srt_url}
    if protocol not in addresses:
        raise ProtocolUnknown(protocol=protocol)
    address = addresses[protocol]
    if address is None:
        raise ProtocolNotOffered(protocol=protocol.upper())
    # OBS takes the protocol from the address, and sends the key as SRT's stream id.
    key = setup.stream_key.reveal()
    return Service(
        "rtmp_custom",
        {"server": address, "key": key, "use_auth": False, "bwtest": False},
    )


def protocol_of(service: Service) -> str:
    """Return the protocol of a Velora service: ``rtmp``, ``srt`` or ``whip``."""
    if service.kind == "whip_custom":
        return "whip"
    return "srt" if service.server.lower().startswith("srt://") else "rtmp"


def credential(service: Service) -> str:
    """Return what authenticates a stream through this service; secret."""
    if service.kind == "whip_custom":
        return service.server
    key = service.settings.get("key", "")
    return key if isinstance(key, str) else ""


def goes_to_velora_tv(service: Service) -> bool:
    """Return whether the service's address is in Velora's own domain.

    That is known before Velora has said where it takes streams.
    """
    host = service.server.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    return host == "velora.tv" or host.endswith(".velora.tv")


def same_credential(service: Service, key: str) -> bool:
    """Return whether `key`, which `credential` once returned, authenticates this service."""
    if service.kind == "whip_custom":
        return same_address(service.server, key)
    return credential(service) == key


def brought_up_to_date(service: Service, setup: StreamSetup) -> Service:
    """Return a Velora service with the current address and key for its protocol.

    All else in it stays, as do the parameters in its address that Velora doesn't give itself.
    """
    fresh = velora_service(setup, protocol_of(service))
    merged = {**service.settings, "server": _with_parameters(fresh.server, service.server)}
    if "key" in fresh.settings:
        merged["key"] = fresh.settings["key"]
    return Service(service.kind, merged)


def configured(service: Service, setup: StreamSetup, protocol: str) -> Service:
    """Return what a Velora service becomes by Configure Velora.

    What was added to it stays if the protocol does. Raises `ProtocolUnknown`.
    """
    fresh = velora_service(setup, protocol)
    if fresh.kind != service.kind or protocol_of(service) != protocol:
        return fresh
    server = _with_parameters(fresh.server, service.server)
    return Service(fresh.kind, {**service.settings, **fresh.settings, "server": server})


def describe(service: Service) -> str:
    """Return how people know this service: its name in OBS, or else its address."""
    name = service.settings.get("service")
    custom = service.kind in CUSTOM_KINDS
    place = display_address(service) if custom or not isinstance(name, str) or not name else name
    key = service.settings.get("key")
    if not place:
        return message("service.unnamed")
    if not isinstance(key, str) or not key:
        return place
    return message("service.with_key", place=place, key=Secret(key))


class _Meaning(NamedTuple):
    """What an address means, however it is written."""

    scheme: str
    host: str
    port: str
    path: str


_DEFAULT_PORTS: Final = {"rtmp": "1935", "rtmps": "443", "http": "80", "https": "443"}


def _meaning(address: str) -> _Meaning:
    scheme, _, rest = address.strip().partition("?")[0].partition("://")
    place, _, path = rest.partition("/")
    host, colon, port = place.rpartition(":")
    if not colon or "]" in port:  # an IPv6 address has colons of its own
        host, port = place, ""
    scheme = scheme.lower()
    return _Meaning(scheme, host.lower(), port or _DEFAULT_PORTS.get(scheme, ""), path.rstrip("/"))


def same_address(one: str, other: str) -> bool:
    """Return whether two addresses mean the same place, whatever parameters they have."""
    return _meaning(one) == _meaning(other)


def _with_parameters(address: str, other: str) -> str:
    """Return `address` with those parameters of `other` that it doesn't have itself."""
    base, _, query = address.partition("?")
    present = [one for one in query.split("&") if one]
    names = {one.partition("=")[0] for one in present}
    added = [
        one
        for one in other.partition("?")[2].split("&")
        if one and one.partition("=")[0] not in names
    ]
    parameters = "&".join([*present, *added])
    return f"{base}?{parameters}" if parameters else base


def _origin(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}".lower()


def display_address(service: Service) -> str:
    """Return the service's address without secrets: a WHIP address ends with its host."""
    if service.kind == "whip_custom":
        return _origin(service.server)
    return service.server.partition("?")[0]  # an SRT address may have a passphrase behind it


class IngestAddresses(NamedTuple):
    """Where Velora takes streams; nothing secret, so it can be kept in a cache.

    An address is empty where Velora gives none for the protocol.
    """

    rtmp: str
    srt: str
    whip_origin: str

    @classmethod
    def of(cls, setup: StreamSetup) -> IngestAddresses:
        """Return the addresses in a setup, without the key."""
        whip = _origin(setup.whip_url.reveal()) if setup.whip_url else ""
        return cls(setup.rtmp_url, setup.srt_url or "", whip)

    def own(self, service: Service) -> bool:
        """Return whether a stream through this service goes to Velora."""
        if not service.server:
            return False
        if service.kind == "whip_custom":
            return _meaning(service.server)[:3] == _meaning(self.whip_origin)[:3]
        # Whether the path is right to the letter is another question than whose it is.
        known = {_meaning(one.lower()) for one in (self.rtmp, self.srt)}
        return _meaning(service.server.lower()) in known
