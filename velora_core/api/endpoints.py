"""Addresses of Velora's services, and validation of `VELORA_API_URL`."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from velora_core.errors import ApiUrlInvalid
from velora_core.messages import message

__all__ = ["DEFAULT_API_URL", "DEFAULT_ORIGIN", "ENVIRONMENT_VARIABLE", "Endpoints", "is_loopback"]

DEFAULT_API_URL: Final = "https://api.velora.tv/api/integrations/oauth"
DEFAULT_ORIGIN: Final = "https://api.velora.tv"
ENVIRONMENT_VARIABLE: Final = "VELORA_API_URL"

_USUAL_PORTS: Final = {"https": 443, "http": 80}


def _refused(reason: str) -> ApiUrlInvalid:
    return ApiUrlInvalid(reason=message(f"api_url.{reason}"))


def is_loopback(host: str) -> bool:
    """Return whether a host, without brackets, is this computer."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked(url: str) -> SplitResult:
    if not url.isascii() or re.search(r"[\s\x00-\x1f\x7f\\]", url):
        raise _refused("characters")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise _refused("host") from None
    if parts.scheme not in ("https", "http"):
        raise _refused("scheme")
    if "@" in parts.netloc:
        raise _refused("credentials")
    if not host:
        raise _refused("host")
    try:
        usable_port = parts.port is None or parts.port > 0
    except ValueError:
        usable_port = False
    if not usable_port:
        raise _refused("port")
    if parts.scheme == "http" and not is_loopback(host):
        raise _refused("public_http")
    if "?" in url or "#" in url:
        raise _refused("extra")
    return parts


def _origin(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    usual = parts.port in (None, _USUAL_PORTS.get(parts.scheme))
    return f"{parts.scheme}://{host}" + ("" if usual else f":{parts.port}")


class Endpoints(NamedTuple):
    """Where each part of the platform is reached.

    Attributes:
        api: base of the streaming API; paths like ``/stream/info`` follow it.
        profile: who a token belongs to.
        authorize: the page on which a user lets an application in.
        token: gives tokens for codes and refresh tokens.
        website: what people open in a browser; the pages of channels are below it.
        category_search: finds categories by their names, out of all of them.
        events: pushes what happens on a channel.
    """

    api: str = DEFAULT_API_URL
    profile: str = "https://api.velora.tv/api/users/me"
    authorize: str = "https://velora.tv/oauth/authorize"
    token: str = "https://api.velora.tv/api/developer/oauth/token"  # noqa: S105
    website: str = "https://velora.tv"
    category_search: str = "https://api.velora.tv/api/categories/search"
    events: str = "https://api.velora.tv/api/events/stream"

    @property
    def origin(self) -> str:
        """Scheme, host and port of the API, always written the same way."""
        return _origin(urlsplit(self.api))

    @classmethod
    def at(cls, api_url: str) -> Endpoints:
        """Return the addresses of a platform whose streaming API is at `api_url`.

        Args:
            api_url: ``https://``, or ``http://`` to a loopback address; no credentials, no query.

        Raises:
            ApiUrlInvalid: says what is wrong with it.
        """
        parts = _checked(api_url.strip())
        api = api_url.strip().rstrip("/")
        if _origin(parts) == DEFAULT_ORIGIN:  # however it is written
            return cls(api=DEFAULT_ORIGIN + parts.path.rstrip("/"))
        origin = f"{parts.scheme}://{parts.netloc}"
        return cls(
            api=api,
            profile=f"{origin}/api/users/me",
            authorize=f"{origin}/oauth/authorize",
            token=f"{origin}/api/developer/oauth/token",
            website=origin,
            category_search=f"{origin}/api/categories/search",
            events=f"{origin}/api/events/stream",
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Endpoints:
        """Return the addresses that `VELORA_API_URL` asks for, or else the platform's own.

        Raises:
            ApiUrlInvalid: the variable is set and can't be used.
        """
        given = (os.environ if environment is None else environment).get(ENVIRONMENT_VARIABLE, "")
        return cls.at(given) if given.strip() else cls()
