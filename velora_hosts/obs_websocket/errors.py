"""Every way in which OBS can't be reached or does not do what was asked, each with a sentence.

None of them carries anything that OBS has sent: an answer may hold the stream key.
"""

from __future__ import annotations

from velora_hosts.companion.errors import (
    AnotherProgram,
    Busy,
    ChangedAtOnce,
    Ended,
    Refused,
    Silent,
    SoftwareError,
    Unreachable,
)

__all__ = [
    "ChangedMeanwhile",
    "ConnectionEnded",
    "Kicked",
    "NotObs",
    "ObsBusy",
    "ObsError",
    "ObsRefused",
    "ObsSilent",
    "ObsStreaming",
    "ObsTooOld",
    "ObsUnreachable",
    "ObsWithoutWhip",
    "PasswordMissing",
    "PasswordWrong",
    "ProfileChanging",
]


class ObsError(SoftwareError):
    """The root of what can go wrong between this program and OBS; `place` is where OBS is."""


class ObsUnreachable(ObsError, Unreachable):
    """Nobody listens there, or nobody answers."""

    sentence = "companion.unreachable"


class NotObs(ObsError, AnotherProgram):
    """What answers does not speak as OBS does."""

    sentence = "companion.not_obs"


class ObsTooOld(ObsError):
    """OBS speaks another version of the protocol."""

    sentence = "companion.too_old"


class PasswordMissing(ObsError):
    """OBS wants a password, and none is known."""

    sentence = "companion.password_missing"
    waits_for_person = True


class PasswordWrong(ObsError):
    """OBS does not accept the password."""

    sentence = "companion.password_wrong"
    waits_for_person = True


class Kicked(ObsError):
    """Somebody has ended the connection in OBS; its protocol forbids to connect again unasked."""

    sentence = "companion.kicked"
    waits_for_person = True


class ConnectionEnded(ObsError, Ended):
    """OBS has quit, or the connection is lost."""

    sentence = "companion.connection_ended"


class ObsSilent(ObsError, Silent):
    """OBS has not answered in time."""

    sentence = "companion.silent"


class ObsBusy(ObsError, Busy):
    """OBS is loading or changes scenes; it said so for as long as it was asked."""

    sentence = "companion.busy"


class ObsRefused(ObsError, Refused):
    """OBS has answered that it does not do that; `code` is the protocol's reason."""

    sentence = "companion.refused"


class ObsStreaming(ObsError):
    """OBS changes nothing of its streaming service while it streams."""

    sentence = "companion.streaming"


class ObsWithoutWhip(ObsError):
    """OBS is new enough for WHIP, and was built without it, as Debian's is."""

    sentence = "companion.no_whip"


class ChangedMeanwhile(ObsError, ChangedAtOnce):
    """Somebody has changed the streaming service at the same moment."""

    sentence = "companion.changed_meanwhile"


class ProfileChanging(ObsError, ChangedAtOnce):
    """Another profile is in use than the application knows of: OBS is about to tell."""

    sentence = "companion.profile_changing"
