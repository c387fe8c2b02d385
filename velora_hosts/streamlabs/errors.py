"""Every way in which Streamlabs can't be reached or does not do what was asked.

None of them carries anything that it has sent: an answer may hold the stream key, and an error of
its own the whole request.
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
    "Incomplete",
    "Missing",
    "NotStreamlabs",
    "OtherVersion",
    "StreamlabsBusy",
    "StreamlabsDenied",
    "StreamlabsError",
    "StreamlabsRefused",
    "StreamlabsSilent",
    "StreamlabsStreaming",
    "StreamlabsUnreachable",
]


class StreamlabsError(SoftwareError):
    """The root of what can go wrong between this program and Streamlabs."""


class StreamlabsUnreachable(StreamlabsError, Unreachable):
    """Nobody listens where Streamlabs does."""

    sentence = "streamlabs.unreachable"


class StreamlabsDenied(StreamlabsError):
    """Streamlabs is there, and this program may not talk to it."""

    sentence = "streamlabs.denied"
    transient = True


class NotStreamlabs(StreamlabsError, AnotherProgram):
    """What answers does not speak as Streamlabs does."""

    sentence = "streamlabs.not_streamlabs"
    ends_connection = True


class OtherVersion(StreamlabsError):
    """Streamlabs does not have what is needed, or calls it otherwise."""

    sentence = "streamlabs.other_version"


class ConnectionEnded(StreamlabsError, Ended):
    """Streamlabs has quit, or the connection is lost."""

    sentence = "streamlabs.connection_ended"


class StreamlabsSilent(StreamlabsError, Silent):
    """Streamlabs has not answered in time: which answer belongs to what is no longer known."""

    sentence = "streamlabs.silent"


class StreamlabsBusy(StreamlabsError, Busy):
    """Streamlabs is starting or loads scenes; it said so for as long as it was asked."""

    sentence = "streamlabs.busy"


class StreamlabsRefused(StreamlabsError, Refused):
    """Streamlabs has answered that it does not do that."""

    sentence = "streamlabs.refused"


class Missing(StreamlabsRefused):
    """There is no such thing, or what was asked for is empty: Streamlabs says the same of both."""


class StreamlabsStreaming(StreamlabsError):
    """Nothing of the destination is changed while a stream runs or begins."""

    sentence = "streamlabs.streaming"


class ChangedMeanwhile(StreamlabsError, ChangedAtOnce):
    """Somebody has changed the stream settings at the same moment."""

    sentence = "streamlabs.changed_meanwhile"


class Incomplete(StreamlabsError):
    """Streamlabs has not taken all that it was given; `names` are those of its settings."""

    sentence = "streamlabs.incomplete"
