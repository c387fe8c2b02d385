"""Which addresses are out on the internet, and not in this computer or its own network."""

from __future__ import annotations

import ipaddress
from typing import Final

__all__ = ["is_public", "may_be_public"]

_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""All that is routed on the internet by itself: Python takes some of the rest for global, such as
fec0::/10, which is a site's own, 64:ff9b:1::/48 and ::/96, which hide an IPv4 address."""
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")  # NAT64: an IPv4 address is in its end


def may_be_public(host: str) -> bool:
    """Return whether a host, without brackets, may be out there: most names may."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rpartition(".")[2].lower() not in ("", "localhost")
    return is_public(host)


def is_public(address: str) -> bool:
    """Return whether an address that a name was looked up to is one of the public internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour
        if found in _TRANSLATED:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inside is not None:
            found = inside
        elif found not in _UNICAST:
            return False
    return found.is_global and not found.is_multicast
