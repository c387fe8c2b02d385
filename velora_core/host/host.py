"""The interface that broadcasting software implements for the application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple, Protocol, runtime_checkable

from velora_core.errors import ServiceRejected

from .destination import Destination, same_destination
from .encoder import Encoder, EncoderFit
from .output import OutputSample

__all__ = [
    "AccountNotice",
    "Capabilities",
    "Capture",
    "CaptureSources",
    "EndReason",
    "Host",
    "HostProfile",
    "HostScene",
    "LogLevel",
    "ReplacedText",
    "SavedSetup",
    "Snapshot",
    "TextSources",
    "verify_destination",
]


class LogLevel(Enum):
    """How a log line is meant."""

    INFO = "info"
    WARNING = "warning"
    """The software may show its log for it, so: only what the streamer has to know now."""


class EndReason(Enum):
    """How a stream ended."""

    NORMAL = "normal"
    """Stopped, or lost in a way that says nothing of the stream key."""
    REFUSED = "refused"
    """The ingest answered, and closed the connection or said no before the stream was there."""
    UNREACHABLE = "unreachable"
    """The ingest could not be reached."""
    FAILED = "failed"
    """It never began, and the software doesn't say why."""
    UNSTARTED = "unstarted"
    """The software itself could not start it, has said so, and has reached for no ingest."""
    UNHEARD = "unheard"
    """It has not connected in time, and the software tells no more: it may have refused the start
    itself, or be connecting still."""


class Capabilities(NamedTuple):
    """What a broadcasting software can do for the application.

    Attributes:
        name: what the software is called in sentences.
        stream_settings: where a person finds its stream settings, for sentences.
        protocols: those that it can stream by.
        reads: it tells where its stream goes; else `Host.destination` is None.
        sets: the destination can be set, and what was there before restored; else a person has to
            enter address and key, and nobody asks for a `Snapshot`.
        tells_starting: it tells that a stream is about to connect, before it does.
        tells_started: it tells that a stream has connected.
        tells_stopped: it tells that a stream has ended.
        tells_refusal: and whether the ingest has refused it.
        texts: it has text sources whose text can be set.
        sets_audio: the audio codec can be set.
        applies_audio: the next stream goes out with it; else the software has to be restarted.
        sets_at_start: the destination can still be changed while a stream is about to connect.
        fits_encoder: `Host.fit_encoder` can do what it is for.
        profiles: it has profiles; else `Host.profile` is always the same one.
        scenes: it tells which scene viewers see; else `Host.scene` has no name.
        docks: the installer adds the page to this software's docks.
        start_button: what it calls the button that starts the stream.
    """

    name: str
    stream_settings: str
    protocols: tuple[str, ...]
    reads: bool = True
    sets: bool = True
    tells_starting: bool = True
    tells_started: bool = True
    tells_stopped: bool = True
    tells_refusal: bool = True
    texts: bool = True
    sets_audio: bool = True
    applies_audio: bool = True
    sets_at_start: bool = True
    fits_encoder: bool = True
    profiles: bool = True
    scenes: bool = True
    docks: bool = True
    start_button: str = "Start Streaming"


class Snapshot(NamedTuple):
    """How the software was set up to stream at one moment, to be restored.

    Attributes:
        data: JSON that the host alone understands; has secrets in it.
        description: how people know what is in it.
        destination: where the stream went.
        audio: the names that the host gives to the audio encoders that went with it.
    """

    data: Mapping[str, Any]
    description: str
    destination: Destination
    audio: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Snapshot({self.description!r})"


class SavedSetup(NamedTuple):
    """What the software has saved of a profile, which may not be what it has in memory.

    Attributes:
        destination: where the stream goes; None when that can't be read.
        account: the platform whose account is connected; empty without one.
    """

    destination: Destination | None
    account: str


class AccountNotice(NamedTuple):
    """What a platform's connected account means for a start to Velora.

    Attributes:
        sentence: that, and how to end it.
        stops_start: the software asks something of the streamer before each start.
    """

    sentence: str
    stops_start: bool


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


class HostScene(NamedTuple):
    """A scene of the broadcasting software.

    Attributes:
        name: as people know it; empty when there is none.
        uuid: stays when it is renamed; empty where the software has no such thing.
    """

    name: str = ""
    uuid: str = ""

    def is_same(self, other: HostScene) -> bool:
        """Return whether the two mean one scene."""
        return self.name == other.name or bool(self.uuid and self.uuid == other.uuid)


class Capture(NamedTuple):
    """A program whose picture is captured now.

    Attributes:
        source: id of the source that captures it.
        executable: the file's name, or what the system has instead; empty when that isn't known.
        title: of its window; empty when that isn't known.
    """

    source: str
    executable: str = ""
    title: str = ""


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

    def replaced_texts(self) -> Mapping[str, ReplacedText]:
        """Return what `save_replaced_texts` kept, perhaps before a crash."""

    def save_replaced_texts(self, covered: Mapping[str, ReplacedText]) -> None:
        """Keep the replaced texts as safe as the sources themselves are."""


@runtime_checkable
class CaptureSources(Protocol):
    """A software that tells which programs it captures; called on its UI thread."""

    def captures(self) -> tuple[Capture, ...]:
        """Return what is captured and seen by viewers now, and `wake` when that changes."""

    def leave_captures(self) -> None:
        """Wake no more for it."""


class Host(TextSources, Protocol):
    """The broadcasting software. All but `wake` and `sample` is called on its UI thread only."""

    def capabilities(self) -> Capabilities:
        """Return what the software can do; from any thread."""

    def destination(self) -> Destination | None:
        """Return where the stream goes; None when that can't be told.

        It is asked for often, so it has to be quick.
        """

    def set_destination(
        self, destination: Destination, audio: tuple[str, ...] | None, *, keep_options: bool
    ) -> None:
        """Use and save a destination that is authenticated by its key alone.

        Args:
            destination: Velora's.
            audio: the audio encoders to use and save, as `audio_for` names them; None: the same.
            keep_options: all else in the present destination stays.
        """

    def change_destination(self, destination: Destination, *, save: bool) -> None:
        """Change address and key of the destination in use, and nothing else of it."""

    def audio_for(self, protocol: str, audio: tuple[str, ...]) -> tuple[str, ...]:
        """Return these audio encoders, each replaced that the protocol can't carry.

        From any thread.
        """

    def snapshot(self) -> Snapshot:
        """Return how the software is set up to stream now."""

    def restore(self, snapshot: Snapshot) -> None:
        """Use and save what a snapshot has."""

    def read_snapshot(self, data: object) -> Snapshot | None:
        """Return the snapshot whose `data` was kept; None if it is none of this host's.

        From any thread.
        """

    def profile(self) -> HostProfile:
        """Return the current profile, which destination and audio encoders belong to."""

    def saved_setup(self) -> Callable[[], SavedSetup] | None:
        """Return what reads the files of the current profile, on any thread.

        None when it isn't known where they are.
        """

    def connected_account(self) -> str | None:
        """Return the platform whose account is connected in the current profile.

        It is empty when there is none, and None when that can't be found out.
        """

    def account_notice(self, platform: str, destination: Destination) -> AccountNotice | None:
        """Return what a connected account means for a start; None when it means nothing.

        From any thread.
        """

    def memory(self) -> dict[str, Any]:
        """Return what outlives this application while the host runs.

        It holds built-in types only, because the next application may be of another version.
        """

    def streaming(self) -> bool:
        """Return whether a stream is running (one that is only starting may not count)."""

    def still_streams(self) -> bool:
        """Return whether the stream that runs, as far as has been told, still does.

        The software is asked, so it may take a moment.
        """

    def scene(self) -> HostScene:
        """Return the scene that viewers see."""

    def encoder(self) -> Encoder | None:
        """Return how the encoder is set that a stream would use now; None when there is none."""

    def fit_encoder(self, keyframe_interval: int) -> EncoderFit:
        """Have the stream that is about to connect encoded as Velora's players like it.

        That is without B-frames, and with a keyframe each `keyframe_interval` seconds; for that
        stream alone, and in no file. An encoder that something else uses as well stays as it is.
        """

    def give_back_encoder(self) -> None:
        """Give the encoder the settings back that it had before `fit_encoder`."""

    def end_start(self) -> bool:
        """Ask the software to give up a start that doesn't connect; on the worker.

        Returns:
            False where it can't be asked.
        """

    def start_error(self) -> str:
        """Return what the software says is wrong with a start that hangs; on the worker.

        Empty where it says nothing.
        """

    def begin_sampling(self) -> None:
        """Make ready for `sample`: a stream has connected, or is about to."""

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


def verify_destination(host: Host, wanted: Destination, button: str) -> None:
    """Verify that the host has been set up for a destination.

    Raises:
        ServiceRejected: it hasn't; `button` is what to press again.
    """
    if not same_destination(host.destination(), wanted):
        able = host.capabilities()
        raise ServiceRejected(host=able.name, stream_settings=able.stream_settings, button=button)
