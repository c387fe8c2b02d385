"""The interface that broadcasting software implements for the application."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple, Protocol

from velora_core.errors import ServiceRejected

from .encoder import Encoder, EncoderFit
from .output import OutputSample
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

    def text_sources(self) -> tuple[str, ...]:
        """Return the names of all there are, in order."""

    def text(self, source: str) -> str | None:
        """Return what a source shows; None when there is no such text source."""

    def set_text(self, source: str, text: str) -> None:
        """Set what a source shows."""

    def covered(self) -> Mapping[str, ReplacedText]:
        """Return what `save_replaced_texts` kept, perhaps before a crash."""

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        """Keep the replaced texts as safe as the sources themselves are."""


class Host(TextSources, Protocol):
    """The broadcasting software. All but `wake` and `sample` is called on its UI thread only."""

    def service(self) -> Service:
        """Return the streaming service in use, with all its settings."""

    def audio_encoders(self) -> AudioEncoders:
        """Return the current profile's audio encoders for streaming."""

    def set_service(self, service: Service, audio: AudioEncoders | None) -> None:
        """Use and save a service, and audio encoders unless None."""

    def change_service(self, settings: Mapping[str, str]) -> None:
        """Change settings of the service in use without saving them."""

    def profile(self) -> HostProfile:
        """Return the current profile, which service and audio encoders belong to."""

    def profile_folder(self) -> str:
        """Return the folder of the current profile; empty when it is unknown.

        It holds `basic.ini` and `service.json`.
        """

    def connected_account(self) -> str | None:
        """Return the platform whose account is connected in the current profile.

        It is empty when there is none, and None when that can't be found out.
        """

    def memory(self) -> dict[str, Any]:
        """Return what outlives this application while the host runs.

        It holds built-in types only, because the next application may be of another version.
        """

    def streaming(self) -> bool:
        """Return whether a stream is running (one that is only starting may not count)."""

    def scene(self) -> str:
        """Return the name of the scene that viewers see; empty without one."""

    def has_whip(self) -> bool:
        """Return whether a stream can go out by WHIP."""

    def encoder(self) -> Encoder | None:
        """Return how the encoder is set that a stream would use now; None when there is none."""

    def fit_encoder(self, keyframe_interval: int) -> EncoderFit:
        """Have the stream that is about to connect encoded as Velora's players like it.

        That is without B-frames, and with a keyframe each `keyframe_interval` seconds; for that
        stream alone, and in no file. An encoder that something else uses as well stays as it is.
        """

    def give_back_encoder(self) -> None:
        """Give the encoder the settings back that it had before `fit_encoder`."""

    def begin_sampling(self) -> None:
        """Make ready for `sample`: a stream has connected."""

    def end_sampling(self) -> None:
        """Let go of the stream's output."""

    def sample(self) -> OutputSample | None:
        """Return what the stream's output has counted; from any thread.

        None without a stream, or where it can't be told.
        """

    def log(self, severity: LogLevel, sentence: str) -> None:
        """Write a line into the software's log."""

    def wake(self) -> None:
        """Ask for a call of `Application.process_ui_queue` on the UI thread; from any thread."""


def apply_service(host: Host, wanted: Service, audio: AudioEncoders | None, button: str) -> None:
    """Set a service, and verify that the host has it.

    Raises:
        ServiceRejected: it isn't; `button` is what to press again.
    """
    host.set_service(wanted, audio)
    now = host.service()
    same = all(now.settings.get(one) == wanted.settings.get(one) for one in ("server", "key"))
    if now.kind != wanted.kind or not same:
        raise ServiceRejected(button=button)
