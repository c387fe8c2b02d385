"""Digests of stream keys: what is kept of a key that is only ever compared.

Each has a salt of its own, so that two programs of one user need not agree on one, and the same key
in two profiles can't be told to be the same.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from velora_core.host.destination import significant
from velora_core.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["digest", "find", "is_digest", "matches"]

_MARK: Final = "blake2b"
_SALT_BYTES: Final = 16
_DIGEST_BYTES: Final = 24


def digest(credential: Secret) -> str:
    """Return what to keep of a `destination.credential`."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"{_MARK}:{salt.hex()}:{_digest(credential, salt)}"


def is_digest(kept: str) -> bool:
    """Return whether this is a digest, and not a key as it was kept at first."""
    mark, _, rest = kept.partition(":")
    salt, _, value = rest.partition(":")
    if mark != _MARK or len(salt) != 2 * _SALT_BYTES or len(value) != 2 * _DIGEST_BYTES:
        return False
    return all(digit in "0123456789abcdef" for digit in salt + value)


def matches(kept: str, credential: Secret) -> bool:
    """Return whether a digest is one of this credential, or of one that means the same."""
    if not credential or not is_digest(kept):
        return False
    _, salt, value = kept.split(":")
    return secrets.compare_digest(value, _digest(credential, bytes.fromhex(salt)))


def find(kept: str, credentials: Iterable[Secret]) -> Secret | None:
    """Return the one of some credentials that a digest is of; None when it is of none."""
    return next((credential for credential in credentials if matches(kept, credential)), None)


def _digest(credential: Secret, salt: bytes) -> str:
    text = significant(credential).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, key=salt, digest_size=_DIGEST_BYTES).hexdigest()
