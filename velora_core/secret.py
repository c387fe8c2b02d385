"""Secrets as a type: whatever prints one shows its last four characters and nothing else."""

from __future__ import annotations

import re
from typing import NoReturn

__all__ = ["Secret", "scrub"]

_DOTS = "••••"
_SHOWN = 4
_SHORTEST_THAT_SHOWS = 12

# What a server's own text may carry of a secret that this process does not know (yet).
_LOOKS_SECRET = re.compile(
    r"(?i)\bbearer\s+[^\s\"',;]+"  # an Authorization header that was echoed
    r"|\blive_[\w-]{4,}"  # a stream key
    r"|https?://[^\s\"']*/whip\b[^\s\"']*"  # a WHIP address: it holds the key
)


class Secret:
    """A token, a key or another text that must reach its destination and nothing else.

    `str()`, `repr()` and f-strings show ``••••`` and the last four characters (none of them
    when the secret is so short that four would give much of it away). `reveal()` is the only
    way to the value.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself, for the one place that has to send or store it."""
        return self._value

    def __str__(self) -> str:
        shown = self._value[-_SHOWN:] if len(self._value) >= _SHORTEST_THAT_SHOWS else ""
        return _DOTS + shown

    def __repr__(self) -> str:
        return f"Secret({str(self)!r})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return self._value == other._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled or copied into other formats")


def scrub(text: str, *secrets: Secret) -> str:
    """Mask the given secrets, and all that looks like a Velora secret, in a text."""
    for secret in sorted(secrets, key=lambda secret: -len(secret.reveal())):
        if secret:
            text = text.replace(secret.reveal(), str(secret))
    return _LOOKS_SECRET.sub(_DOTS, text)
