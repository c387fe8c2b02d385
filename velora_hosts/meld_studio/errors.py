"""Every way in which Meld Studio can't be reached, each with a sentence; `place` is where it is."""

from __future__ import annotations

from velora_hosts.companion.errors import (
    AnotherProgram,
    Ended,
    Silent,
    SoftwareError,
    Unreachable,
)

__all__ = [
    "MeldEnded",
    "MeldError",
    "MeldSilent",
    "MeldTooOld",
    "MeldUnreachable",
    "NotMeld",
]


class MeldError(SoftwareError):
    """The root of what can go wrong between this program and Meld Studio."""

    transient = True


class MeldUnreachable(MeldError, Unreachable):
    """Nobody listens there."""

    sentence = "companion.meld_unreachable"


class NotMeld(MeldError, AnotherProgram):
    """What answers does not speak as Meld Studio does."""

    sentence = "companion.not_meld"
    ends_connection = True


class MeldTooOld(MeldError):
    """It does not tell whether it streams."""

    sentence = "companion.meld_too_old"


class MeldEnded(MeldError, Ended):
    """It has quit, or the connection is lost."""

    sentence = "companion.meld_ended"


class MeldSilent(MeldError, Silent):
    """It has not answered in time."""

    sentence = "companion.meld_silent"
