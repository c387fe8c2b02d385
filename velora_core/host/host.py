"""What the application needs of the broadcasting software that it runs in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple, Protocol

from velora_core.errors import ServiceRejected

from .service import AudioEncoders, Service

__all__ = [
    "EndReason",
    "Host",
    "HostProfile",
    "LogLevel",
    "ReplacedText",
    "TextSources",
    "apply_service",
]


class LogLevel(Enum):
    """How a log line is meant."""

    INFO = "info"
    WARNING = "warning"
    """OBS shows its log window for it, so: only what the streamer has to know now."""


class EndReason(Enum):
    """How a stream ended."""

    NORMAL = "normal"
    """Stopped, or lost in a way that says nothing of the stream key."""
    REFUSED = "refused"
    """The ingest could be reached, and said no."""
    UNREACHABLE = "unreachable"
    """The ingest could not be reached."""


class HostProfile(NamedTuple):
    """A profile of the broadcasting software: what its service and audio encoders belong to.

    Attributes:
        id: no other profile of this user on this computer has it, not in another copy of the
            software either.
        name: as people know it.
        inherits: what was filed under the bare name, as it was at first, may be this profile's.
    """

    id: str
    name: str
    inherits: bool = False


class ReplacedText(NamedTuple):
    """What a source held before, and what it was given instead."""

    before: str
    given: str


class TextSources(Protocol):
    """The text sources of the broadcasting software; called on its UI thread."""

    def text(self, source: str) -> str | None:
        """What a source shows; None when there is no such text source."""

    def set_text(self, source: str, text: str) -> None:
        """Has a source show something."""

    def covered(self) -> Mapping[str, ReplacedText]:
        """What was kept by `save_replaced_texts`, perhaps before a crash."""

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        """Keeps it as safe as the sources themselves are."""


class Host(TextSources, Protocol):
    """The broadcasting software. All but `wake` is called on its UI thread only."""

    def service(self) -> Service:
        """The streaming service in use, with all its settings."""

    def audio_encoders(self) -> AudioEncoders:
        """The present profile's audio encoders for streaming."""

    def set_service(self, service: Service, audio: AudioEncoders | None) -> None:
        """Puts a service, and audio encoders unless None, into use and saves both."""

    def change_service(self, settings: Mapping[str, str]) -> None:
        """Changes these settings of the service in use, for the present only: nothing is saved."""

    def profile(self) -> HostProfile:
        """The present profile; service and audio encoders belong to it."""

    def profile_folder(self) -> str:
        """Where OBS keeps the present profile, in `basic.ini` and `service.json`; empty when that
        can't be found out."""

    def connected_account(self) -> str | None:
        """The platform whose account the software has signed in to for the present profile; empty
        when there is none, None when it can't be asked."""

    def memory(self) -> dict[str, Any]:
        """What is to outlive this application for as long as the software runs: built-in types
        only, because the next one may be of another version."""

    def streaming(self) -> bool:
        """Whether a stream is running (one that is only starting may not count)."""

    def has_whip(self) -> bool:
        """Whether a stream can go out by WHIP."""

    def fill_in(self, *, title: str, category: str, tags: tuple[str, ...] | None) -> None:
        """Puts this into the fields for the stream info; `category` is a slug, tags that are None
        stay."""

    def note_tags(self, *, on_velora: bool) -> None:
        """Keeps with the fields whether the tags in them are Velora's, too: emptying them is meant
        for Velora then (`StreamSettings.clear_tags`)."""

    def log(self, severity: LogLevel, sentence: str) -> None:
        """Writes a line into the software's log."""

    def wake(self) -> None:
        """Ask for a call of `Application.process_ui_queue` on the UI thread; from any thread."""


def apply_service(host: Host, wanted: Service, audio: AudioEncoders | None, button: str) -> None:
    """Sets a service, and looks whether it is there.

    Raises:
        ServiceRejected: it isn't; `button` is what to press again.
    """
    host.set_service(wanted, audio)
    now = host.service()
    same = all(now.settings.get(one) == wanted.settings.get(one) for one in ("server", "key"))
    if now.kind != wanted.kind or not same:
        raise ServiceRejected(button=button)
