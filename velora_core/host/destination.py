"""Where a stream goes: make Velora's destination from its setup, recognise Velora's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from velora_core.errors import ProtocolNotOffered, ProtocolUnknown
from velora_core.messages import message
from velora_core.secret import Secret

if TYPE_CHECKING:
    from velora_core.api.models import StreamSetup

__all__ = [
    "PROTOCOLS",
    "Destination",
    "IngestAddresses",
    "brought_up_to_date",
    "configured",
    "credential",
    "describe",
    "display_address",
    "goes_to_velora_tv",
    "same_address",
    "same_credential",
    "same_destination",
    "significant",
    "velora_destination",
]

PROTOCOLS: Final = ("rtmp", "srt", "whip")

_NO_KEY: Final = Secret("")


class Destination(NamedTuple):
    """Where a stream goes.

    Attributes:
        protocol: ``rtmp``, ``srt`` or ``whip``.
        url: the address; empty when there is none. Secret, because Velora's WHIP address has the
            key in it, and an SRT address may have a passphrase: `display_address` is for people.
        key: the stream key; by WHIP the bearer token, which Velora doesn't need.
        platform: the platform's name if it was chosen from the software's own list, empty when it
            has none there; None where somebody has entered the address.
        key_prefix: by SRT, what precedes the key in the stream id; empty for the key alone.
        of_account: the key is known to be that of a platform's account that is connected in the
            software.
    """

    protocol: str
    url: Secret
    key: Secret = _NO_KEY
    platform: str | None = None
    key_prefix: Secret = _NO_KEY
    of_account: bool = False

    @property
    def is_custom(self) -> bool:
        """Whether somebody, or this application, has entered the address."""
        return self.platform is None

    @property
    def has_key_beside(self) -> bool:
        """Whether an entered address is one with a stream key beside it."""
        return self.is_custom and self.protocol != "whip"


def velora_destination(setup: StreamSetup, protocol: str, key_prefix: str = "") -> Destination:
    """Return Velora's destination.

    Args:
        setup: what Velora gave.
        protocol: ``rtmp``, ``srt`` or ``whip``.
        key_prefix: see `Destination`.

    Raises:
        ProtocolUnknown: it is another one.
        ProtocolNotOffered: Velora gave no address for it.
    """
    if protocol == "whip":
        if setup.whip_url is None:
            raise ProtocolNotOffered(protocol="WHIP")
        return Destination("whip", setup.whip_url)
    addresses = {"rtmp": setup.rtmp_url, "srt": setup.srt_url}
    if protocol not in addresses:
        raise ProtocolUnknown(protocol=protocol)
    address = addresses[protocol]
    if address is None:
        raise ProtocolNotOffered(protocol=protocol.upper())
    prefix = Secret(key_prefix)
    return Destination(protocol, Secret(address), setup.stream_key, key_prefix=prefix)


def credential(destination: Destination) -> Secret:
    """Return what authenticates a stream to this destination."""
    return destination.url if destination.protocol == "whip" else destination.key


def goes_to_velora_tv(destination: Destination) -> bool:
    """Return whether the address is in Velora's own domain.

    That is known before Velora has said where it takes streams.
    """
    rest = destination.url.reveal().partition("?")[0].partition("://")[2]
    place = rest.partition("/")[0]
    if "@" in place:  # readers differ in which part of it is the host
        return False
    host = place.partition(":")[0].lower()
    return host == "velora.tv" or host.endswith(".velora.tv")


def same_destination(first: Destination | None, other: Destination | None) -> bool:
    """Return whether two are set up alike, whoever has written their keys."""
    return first is not None and other is not None and first[:5] == other[:5]


def significant(secret: Secret) -> str:
    """Return what of a `credential` tells it from another one: two that mean the same are equal."""
    text = secret.reveal()
    return "|".join(_meaning(text)) if "://" in text else text


def same_credential(first: Destination, other: Destination) -> bool:
    """Return whether what authenticates a stream means the same."""
    return significant(credential(first)) == significant(credential(other))


def brought_up_to_date(destination: Destination, setup: StreamSetup) -> Destination:
    """Return a Velora destination with the current address and key for its protocol.

    The parameters in its address that Velora doesn't give itself stay.
    """
    fresh = velora_destination(setup, destination.protocol)
    key = destination.key if destination.protocol == "whip" else fresh.key
    return destination._replace(url=_with_parameters(fresh.url, destination.url), key=key)


def configured(
    destination: Destination, setup: StreamSetup, protocol: str, key_prefix: str = ""
) -> Destination:
    """Return what a Velora destination becomes by Configure Velora.

    What was added to its address stays if the protocol does. Raises `ProtocolUnknown`.
    """
    fresh = velora_destination(setup, protocol, key_prefix)
    if not destination.is_custom or destination.protocol != protocol:
        return fresh
    return fresh._replace(url=_with_parameters(fresh.url, destination.url))


def describe(destination: Destination) -> str:
    """Return how people know this destination: the platform's name, or else the address."""
    place = destination.platform or display_address(destination)
    if not place:
        return message("service.unnamed")
    if not destination.key or destination.protocol == "whip":
        return place
    return message("service.with_key", place=place, key=destination.key)


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


def same_address(first: Secret, other: Secret) -> bool:
    """Return whether two addresses mean the same place, whatever parameters they have."""
    return _meaning(first.reveal()) == _meaning(other.reveal())


def _with_parameters(address: Secret, other: Secret) -> Secret:
    """Return `address` with those parameters of `other` that it doesn't have itself."""
    base, _, query = address.reveal().partition("?")
    present = [parameter for parameter in query.split("&") if parameter]
    names = {parameter.partition("=")[0] for parameter in present}
    added = [
        parameter
        for parameter in other.reveal().partition("?")[2].split("&")
        if parameter and parameter.partition("=")[0] not in names
    ]
    parameters = "&".join([*present, *added])
    return Secret(f"{base}?{parameters}" if parameters else base)


def _origin(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}".lower()


def display_address(destination: Destination) -> str:
    """Return the address without secrets: a WHIP address ends with its host."""
    url = destination.url.reveal()
    if destination.protocol == "whip":
        scheme, _, place = _origin(url).partition("://")
        return f"{scheme}://{place.rpartition('@')[2]}"
    address = url.partition("?")[0]  # an SRT address may have a passphrase behind it
    scheme, colon, rest = address.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{colon}{place.rpartition('@')[2]}{slash}{path}"  # without name and password


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

    def own(self, destination: Destination | None) -> bool:
        """Return whether a stream to this destination goes to Velora."""
        if destination is None or not destination.url:
            return False
        url = destination.url.reveal()
        if destination.protocol == "whip":
            return _meaning(url)[:3] == _meaning(self.whip_origin)[:3]
        # Whether the path is right to the letter is another question than whose it is.
        known = {_meaning(address.lower()) for address in (self.rtmp, self.srt)}
        return _meaning(url.lower()) in known
