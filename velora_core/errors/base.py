"""The root of all errors, and the two that are nobody's in particular."""

from __future__ import annotations

from typing import ClassVar

from velora_core.messages import message

__all__ = [
    "Cancelled",
    "UnexpectedError",
    "VeloraError",
]


class VeloraError(Exception):
    """The root: `except VeloraError` catches all that this package raises on purpose.

    `str()` of any of them is the sentence for the user. No token, stream key or WHIP address
    is ever part of it.
    """

    sentence: ClassVar[str]
    """Name of the sentence in `velora_core.messages`."""

    transient: ClassVar[bool] = False
    """Whether the same call may well succeed a little later without anyone doing anything."""

    def __init__(self, sentence: str | None = None, /, **details: object) -> None:
        super().__init__(message(sentence or self.sentence, **details))


class Cancelled(VeloraError):
    """Stopped on purpose from this side."""

    sentence = "error.cancelled"


class UnexpectedError(VeloraError):
    """A bug on this side, in one sentence; `kind` is the exception's type."""

    sentence = "error.unexpected"
