"""What can go wrong with any broadcasting software; a host has a sentence for each that it has."""

from __future__ import annotations

from typing import ClassVar

from velora_core.errors import VeloraError

__all__ = [
    "AnotherProgram",
    "Busy",
    "ChangedAtOnce",
    "Ended",
    "Refused",
    "Silent",
    "SoftwareError",
    "Unreachable",
]


class SoftwareError(VeloraError):
    """What can go wrong between this program and a broadcasting software.

    None of them carries anything that the software has sent: an answer may hold the stream key.
    """

    waits_for_person: ClassVar[bool] = False
    """Whether another attempt to connect is of no use before somebody has done something."""
    ends_connection: ClassVar[bool] = False
    """Whether there is no connection any more, or none that is of use."""


class Unreachable(SoftwareError):
    """Nobody listens where the software does."""

    transient = True


class AnotherProgram(SoftwareError):
    """What answers does not speak as the software does."""

    transient = True


class Ended(SoftwareError):
    """The software has quit, or the connection is lost."""

    transient = True
    ends_connection = True


class Silent(SoftwareError):
    """The software has not answered in time."""

    transient = True
    ends_connection = True


class Busy(SoftwareError):
    """The software is loading something; it said so for as long as it was asked."""

    transient = True


class Refused(SoftwareError):
    """The software has answered that it does not do that; `code` is its reason."""

    def __init__(self, *, request: str, code: int = 0, **details: object) -> None:
        super().__init__(request=request, code=code, **details)
        self.code = code


class ChangedAtOnce(SoftwareError):
    """Somebody has changed, at the same moment, what was to be changed."""

    transient = True
