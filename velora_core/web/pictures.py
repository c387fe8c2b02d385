"""Pictures of categories: fetched from where Velora says, and handed to the page.

A page may have nothing from another address, so that no address learns who streams what. What comes
is kept in bounds, and counts only when it is a picture. An address that Velora gives, or that
somebody gave Velora, leads to nothing in this computer or its own network.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from velora_core.api.cancellation import CallRegistry
from velora_core.api.endpoints import Endpoints, is_loopback
from velora_core.api.proxies import has_proxy
from velora_core.api.public_address import is_public, may_be_public
from velora_core.api.transport import Limits, Transport
from velora_core.errors import TransportError, VeloraError

if TYPE_CHECKING:
    from velora_core.api.models import Category

__all__ = ["Pictures", "picture_type"]

_LIMITS: Final = Limits(connect=3.0, read=3.0, total=6.0, retries=0, answer=256 * 1024)
_MAX_BYTES: Final = 2 * 1024 * 1024
_AT_ONCE: Final = 4
_TIMEOUT: Final = 6.0  # seconds that a request waits until it is its picture's turn
_RETRY_DELAY: Final = 300.0  # seconds after which one that could not be had is tried again
_MAX_MISSING: Final = 500
_KINDS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def picture_type(content: bytes) -> str | None:
    """Return what kind of picture it is by how it begins; None when it is none."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for begins, kind in _KINDS if content.startswith(begins)), None)


class Pictures:
    """The pictures that pages have asked for; for the threads of their requests."""

    def __init__(
        self,
        find: Callable[[str], Category | None],
        environment: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create the store; nothing is fetched yet.

        Args:
            find: the category of a slug.
            environment: says which Velora is used.
            clock: seconds.
        """
        self._find = find
        self._clock = clock
        self._calls = CallRegistry()
        self._transport: Transport | None = None
        self._lock = threading.Lock()
        self._fetching = threading.BoundedSemaphore(_AT_ONCE)
        self._kept: OrderedDict[str, tuple[bytes, str]] = OrderedDict()  # by their addresses
        self._bytes = 0
        self._missing: dict[str, float] = {}  # until when
        try:
            self._origin = Endpoints.from_environment(environment).origin
        except VeloraError:
            self._origin = ""

    def has(self, category: Category) -> bool:
        """Return whether a category may have a picture."""
        return bool(category.image_url and self._is_allowed(category.image_url))

    def picture(self, slug: str) -> tuple[bytes, str] | None:
        """Return a category's picture and its type; None when there is none to be had."""
        category = self._find(slug)
        if category is None or not self.has(category):
            return None
        url = str(category.image_url)
        found = self._known(url)
        if found or self._missing.get(url, 0.0) > self._clock():
            return found
        if not self._fetching.acquire(timeout=_TIMEOUT):
            return None
        try:
            return self._known(url) or self._fetch(url)
        finally:
            self._fetching.release()

    def close(self) -> None:
        """End what is under way, and fetch no more."""
        self._calls.close()

    @property
    def _is_here(self) -> bool:
        """Whether this computer is Velora, as in tests."""
        return is_loopback(urlsplit(self._origin).hostname or "")

    def _is_allowed(self, url: str) -> bool:
        """Return whether a picture may be asked for there, as far as the address itself tells."""
        try:
            parts = urlsplit(url)
            if self._is_here:
                return f"{parts.scheme}://{parts.netloc}" == self._origin
            if parts.scheme != "https" or parts.port not in (None, 443) or "@" in parts.netloc:
                return False
            return may_be_public(parts.hostname or "")  # the rest is seen when it is looked up
        except ValueError:
            return False

    def _is_veloras(self, url: str) -> bool:
        """Return whether it is a host of the domain that the API is in."""
        domain = (urlsplit(self._origin).hostname or "").partition(".")[2]
        return "." in domain and (urlsplit(url).hostname or "").endswith(f".{domain}")

    def _known(self, url: str) -> tuple[bytes, str] | None:
        with self._lock:
            if url in self._kept:
                self._kept.move_to_end(url)
            return self._kept.get(url)

    def _fetch(self, url: str) -> tuple[bytes, str] | None:
        content, kind = b"", None
        try:
            # A proxy looks the name up itself, and may be nearer to what is nobody's business.
            if has_proxy(url) and not (self._is_here or self._is_veloras(url)):
                raise TransportError
            with self._lock:
                if self._transport is None:
                    admits = None if self._is_here else is_public
                    self._transport = Transport(limits=_LIMITS, calls=self._calls, admits=admits)
            response = self._transport.request("GET", url)
            if response.status == 200:
                content, kind = response.body, picture_type(response.body)
        except VeloraError:
            kind = None
        with self._lock:
            if kind is None:
                missing = {**self._missing, url: self._clock() + _RETRY_DELAY}
                self._missing = dict(list(missing.items())[-_MAX_MISSING:])
                return None
            before = self._kept.pop(url, None)  # two pages may have fetched it at once
            self._bytes -= len(before[0]) if before else 0
            self._kept[url] = content, kind
            self._bytes += len(content)
            while self._bytes > _MAX_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1][0])
        return content, kind
