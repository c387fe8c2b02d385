"""The proxy for an address, as the system's settings have it."""

from __future__ import annotations

import sys
from fnmatch import fnmatch
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, getproxies_environment

from .endpoints import is_loopback
from .name_lookup import is_address

__all__ = ["has_proxy", "proxies_for"]

# Not None, which would have requests look into the environment all the same.
_NO_PROXY: Final = {"http": "", "https": "", "all": ""}


def proxies_for(url: str) -> dict[str, str]:
    """Return the proxies for an address, by its scheme; none for this computer itself.

    No name is looked up for it: nothing could end that.
    """
    host = urlsplit(url).hostname or ""
    if is_loopback(host):
        return _NO_PROXY
    proxies: dict[str, str] = getproxies()
    if not proxies:
        return {}
    if sys.platform == "darwin" and not getproxies_environment() and not is_address(host):
        return _NO_PROXY if _is_exception(host) else proxies
    from requests.utils import get_environ_proxies  # whose warnings the transport has dealt with

    return get_environ_proxies(url, no_proxy=None)


def has_proxy(url: str) -> bool:
    """Return whether the system has a proxy for an address."""
    from requests.utils import select_proxy

    return bool(select_proxy(url, proxies_for(url)))


def _is_exception(host: str) -> bool:
    """Return whether macOS's settings have no proxy for a name.

    As urllib does, but for the networks among them, of which 169.254/16 is there by default: urllib
    looks the name up to compare its address.
    """
    settings: dict[str, Any] = import_module("_scproxy")._get_proxy_settings()
    if "." not in host and settings.get("exclude_simple"):
        return True
    return any(fnmatch(host, text) for text in settings.get("exceptions", ()) if text)
