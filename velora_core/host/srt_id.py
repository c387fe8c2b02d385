"""SRT's stream id: the stream key alone, or the key behind what the ingest tells streams apart by.

OvenMediaEngine, which Velora's ingest is in all likelihood, takes ``{vhost}/{app}/{stream}``,
percent-encoded. Whether Velora takes a bare key is not known. Whatever precedes the key, all of it
is as secret as the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from velora_core.errors import StreamIdInvalid

if TYPE_CHECKING:
    from velora_core.api.models import StreamSetup

__all__ = ["join_srt_id", "split_srt_id", "srt_id_prefix"]

_KEY: Final = "{key}"
_MAX_LENGTH: Final = 300
"""Characters of a form; with the key, SRT takes 512."""
_BORDERS: Final = "/=,:?"
"""One of these comes before the key."""


def srt_id_prefix(form: str, setup: StreamSetup) -> str:
    """Return what precedes the key in a stream id of this form; empty for the key alone.

    Args:
        form: such as ``default/{app}/{key}``. ``{host}`` and ``{port}`` are those of Velora's SRT
            address, ``{app}`` is the path of its RTMP address. Empty means the key alone.
        setup: what Velora gave.

    Raises:
        StreamIdInvalid: the key isn't at the end, or something is in braces that isn't known.
    """
    from urllib.parse import urlsplit

    form = form.strip()
    if form in ("", _KEY):
        return ""
    address = urlsplit(setup.srt_url or "")
    known = {
        "{host}": address.hostname or "",
        "{port}": str(address.port or ""),
        "{app}": urlsplit(setup.rtmp_url).path.strip("/"),
    }
    before, key, after = form.partition(_KEY)
    for name, value in known.items():
        before = before.replace(name, value)
    whole = key and not after and len(form) <= _MAX_LENGTH and form.isprintable()
    if not whole or "{" in before or "}" in before or not before.endswith(tuple(_BORDERS)):
        raise StreamIdInvalid
    return before


def join_srt_id(prefix: str, key: str) -> str:
    """Return the stream id as it is sent."""
    from urllib.parse import quote

    return quote(prefix + key, safe="") if prefix else key


def split_srt_id(srt_id: str) -> tuple[str, str]:
    """Return what precedes the key in a stream id, and the key."""
    from urllib.parse import unquote

    text = unquote(srt_id)
    end = 1 + max(text.rfind(border) for border in _BORDERS)
    prefix, key = text[:end], text[end:]
    # Only what is put together again as it was: somebody may have written it in another way.
    if not prefix or join_srt_id(prefix, key) != srt_id:
        return "", srt_id
    return prefix, key
