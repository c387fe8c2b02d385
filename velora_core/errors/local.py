"""Errors of this computer: its files, its keyring, its broadcasting software."""

from __future__ import annotations

from .base import VeloraError

__all__ = [
    "ClipboardMissing",
    "ClipboardRefused",
    "KeyNotApplied",
    "KeyUncertain",
    "KeyUncertainToCopy",
    "KeyringKeeps",
    "NoPreviousService",
    "NotSettable",
    "PagePortsTaken",
    "ProfileSwitched",
    "ProtocolUnavailable",
    "ServiceRejected",
    "ServiceUnsaved",
    "SignOutPending",
    "StorageError",
    "StorageUnreadable",
    "StreamRunning",
    "StreamStarting",
]


class StorageError(VeloraError):
    """A file could not be written."""

    sentence = "error.storage_write"


class StorageUnreadable(StorageError):
    """A file is there and can't be read now: nothing may be written over it."""

    sentence = "error.storage_read"

    def __init__(self, *, file: object, reason: str) -> None:
        self.file = str(file)
        self.reason = reason
        super().__init__(file=file, reason=reason)


class KeyringKeeps(StorageError):
    """The keyring still has what was to be forgotten, because it is closed."""

    sentence = "error.keyring_keeps"


class SignOutPending(StorageError):
    """It is forgotten for this program, and the keyring does not know yet."""

    sentence = "error.sign_out_pending"


class StreamRunning(VeloraError):
    """Refused because a stream runs or starts; nothing was changed."""

    sentence = "error.stream_running"


class StreamStarting(StreamRunning):
    """Refused because one starts, or has failed to: software doesn't tell of each failure."""

    sentence = "error.stream_starting"


class ProfileSwitched(VeloraError):
    """Another profile than that which it was asked for is in use; nothing was changed in either."""

    sentence = "error.profile_switched"


class PagePortsTaken(VeloraError):
    """This computer gives the page no port."""

    sentence = "error.page_port"


class NotSettable(VeloraError):
    """The broadcasting software can't be set up by a program."""

    sentence = "error.not_settable"


class ProtocolUnavailable(VeloraError):
    """The broadcasting software can't be set up for that protocol."""

    sentence = "error.protocol_unavailable"


class ServiceRejected(VeloraError):
    """The broadcasting software did not take the service."""

    sentence = "error.service_rejected"


class KeyNotApplied(VeloraError):
    """There is a new stream key, and the broadcasting software still has the old one."""

    sentence = "error.key_not_applied"


class KeyUncertain(VeloraError):
    """Nobody knows whether there is a new stream key: Velora doesn't answer."""

    sentence = "error.key_uncertain"


class KeyUncertainToCopy(KeyUncertain):
    """The same where a person puts the key into the broadcasting software."""

    sentence = "error.key_uncertain_copy"


class NoPreviousService(VeloraError):
    """Nothing to go back to."""

    sentence = "error.no_previous_service"


class ClipboardMissing(VeloraError):
    """Nothing on this computer can put a text on the clipboard."""

    sentence = "error.clipboard_missing"


class ClipboardRefused(VeloraError):
    """The clipboard is there and did not take a text."""

    sentence = "error.clipboard_refused"


class ServiceUnsaved(VeloraError):
    """The present service could not be kept, so it was not replaced."""

    sentence = "error.service_unsaved"
