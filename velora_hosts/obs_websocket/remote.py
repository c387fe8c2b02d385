"""What is asked of OBS and set in it: requests with their types. Everything here waits for OBS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from velora_core.host.host import HostScene
from velora_core.host.output import OutputSample
from velora_hosts.obs.audio import PROFILE_KEYS, AudioEncoders
from velora_hosts.obs.service import WHIP, Service

from .connection import Connection
from .errors import NotObs, ObsRefused, ObsStreaming, ObsWithoutWhip
from .protocol import Malformed, Status, object_in, text_in
from .replacement import finished, replacing

__all__ = ["RemoteObs", "StreamStatus"]

_TEXT_KINDS: Final = ("text_gdiplus", "text_ft2_source")
_STREAM_OUTPUTS: Final = ("simple_stream", "adv_stream")
"""What OBS calls the outputs of its two modes that stream."""
_REALM: Final = "OBS_WEBSOCKET_DATA_REALM_GLOBAL"
_SAMPLE_TIMEOUT: Final = 2.0  # seconds: the worker waits, and has more to do


class StreamStatus(NamedTuple):
    """A stream at one moment.

    Attributes:
        running: there is one.
        reconnecting: it tries to connect, perhaps for the first time.
        seconds: for which it has run.
    """

    running: bool
    reconnecting: bool
    seconds: float


class RemoteObs:
    """One connected OBS. Every method raises `ObsError`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._place = str(connection.address)
        self.unfinished = False
        """Whether the service that was found last has yet to be followed by another one."""

    def _ask(self, name: str, **data: Any) -> dict[str, Any]:
        return self._connection.request(name, data)

    def _text(self, answer: Mapping[str, Any], name: str) -> str:
        try:
            return text_in(answer, name)
        except Malformed:
            raise NotObs(place=self._place) from None

    # -- the streaming service -------------------------------------------------------------

    def service(self) -> Service:
        """Return the service in use, or the one that is to follow it."""
        found = self._found()
        meant = finished(found)
        self.unfinished = meant is not found
        return meant

    def _found(self) -> Service:
        answer = self._ask("GetStreamServiceSettings")
        try:
            settings = object_in(answer, "streamServiceSettings")
            return Service(text_in(answer, "streamServiceType"), settings)
        except Malformed:
            raise NotObs(place=self._place) from None

    def use(self, service: Service, audio: AudioEncoders | None) -> None:
        """Put a service, and audio encoders unless None, into use; OBS saves both.

        Raises:
            ObsStreaming: a stream runs, in which OBS changes neither.
            ObsWithoutWhip: it doesn't know the service's type.
        """
        requests = replacing(self._found(), service)
        for (section, name), encoder in zip(PROFILE_KEYS, audio or (), strict=False):
            if encoder:
                where = {"parameterCategory": section, "parameterName": name}
                requests.append(("SetProfileParameter", {**where, "parameterValue": encoder}))
        try:
            self._connection.batch(requests)
        except ObsRefused as refused:
            if refused.code == Status.OUTPUT_RUNNING:
                raise ObsStreaming(place=self._place) from None
            if refused.code == Status.NOT_CREATED and service.kind == WHIP:
                raise ObsWithoutWhip(place=self._place) from None
            raise

    def audio_encoders(self) -> AudioEncoders:
        """Return those that the profile names."""
        simple, advanced = (self.parameter(*where) for where in PROFILE_KEYS)
        return AudioEncoders(simple, advanced)

    # -- the profile -----------------------------------------------------------------------

    def profiles(self) -> tuple[str, tuple[str, ...]]:
        """Return the name of the profile in use, and those of all."""
        answer = self._ask("GetProfileList")
        found = self._list(answer, "profiles")
        names = tuple(entry for entry in found if isinstance(entry, str))
        return self._text(answer, "currentProfileName"), names

    def parameter(self, section: str, name: str) -> str:
        """Return a setting of the profile, or OBS's default for it; empty without either."""
        answer = self._ask("GetProfileParameter", parameterCategory=section, parameterName=name)
        value = self._text(answer, "parameterValue")
        return value or self._text(answer, "defaultParameterValue")

    # -- scenes and sources ----------------------------------------------------------------

    def scene(self) -> HostScene:
        """Return the scene that viewers see."""
        answer = self._ask("GetCurrentProgramScene")
        name = self._text(answer, "currentProgramSceneName") or self._text(answer, "sceneName")
        return HostScene(name, self._text(answer, "sceneUuid"))

    def collection(self) -> str:
        """Return the name of the scene collection."""
        return self._text(self._ask("GetSceneCollectionList"), "currentSceneCollectionName")

    def text_sources(self) -> tuple[str, ...]:
        """Return the names of the text sources, in order."""
        found = self._list(self._ask("GetInputList"), "inputs")
        return tuple(
            sorted(
                self._text(entry, "inputName")
                for entry in found
                if isinstance(entry, dict) and entry.get("unversionedInputKind") in _TEXT_KINDS
            )
        )

    def text(self, source: str) -> str | None:
        """Return what a text source shows; None when there is none of that name."""
        try:
            answer = self._ask("GetInputSettings", inputName=source)
        except ObsRefused:
            return None
        if not self._text(answer, "inputKind").startswith(_TEXT_KINDS):
            return None
        try:
            return text_in(object_in(answer, "inputSettings"), "text")
        except Malformed:
            raise NotObs(place=self._place) from None

    def set_text(self, source: str, text: str) -> None:
        """Have a text source show this."""
        self._ask("SetInputSettings", inputName=source, inputSettings={"text": text}, overlay=True)

    # -- the stream ------------------------------------------------------------------------

    def stream(self) -> StreamStatus:
        """Return how it is with the stream."""
        answer = self._ask("GetStreamStatus")
        reconnecting = answer.get("outputReconnecting") is True
        running = answer.get("outputActive") is True or reconnecting
        return StreamStatus(running, reconnecting, self._number(answer, "outputDuration") / 1000)

    def end_attempts(self) -> None:
        """Stop a stream that goes on trying to connect, and none that has; from any thread.

        `StopStream` refuses where a stream has not connected yet.
        """
        for output in self._list(self._ask("GetOutputList"), "outputs"):
            name = self._text(output, "outputName") if isinstance(output, dict) else ""
            if name not in _STREAM_OUTPUTS or output.get("outputActive") is not True:
                continue
            if self._ask("GetOutputStatus", outputName=name).get("outputReconnecting") is True:
                self._ask("StopOutput", outputName=name)

    def sample(self) -> OutputSample | None:
        """Return what the stream's output has counted; None without one. From any thread."""
        answer = self._connection.request("GetStreamStatus", seconds=_SAMPLE_TIMEOUT)
        reconnecting = answer.get("outputReconnecting") is True
        if answer.get("outputActive") is not True and not reconnecting:
            return None
        return OutputSample(
            bytes_sent=int(self._number(answer, "outputBytes")),
            frames=int(self._number(answer, "outputTotalFrames")),
            dropped=int(self._number(answer, "outputSkippedFrames")),
            congestion=self._number(answer, "outputCongestion"),
            reconnecting=reconnecting,
        )

    def frame_seconds(self) -> float:
        """Return how long a frame of the picture is shown; 0 when that can't be told."""
        answer = self._ask("GetVideoSettings")
        rate = self._number(answer, "fpsNumerator")
        return self._number(answer, "fpsDenominator") / rate if rate else 0.0

    # -- OBS itself ------------------------------------------------------------------------

    def version(self) -> int:
        """Return the first part of OBS's version; 0 when it can't be told."""
        first = self._text(self._ask("GetVersion"), "obsVersion").partition(".")[0]
        return int(first) if first.isascii() and first.isdigit() and len(first) < 4 else 0

    def hotkeys(self) -> tuple[str, ...]:
        """Return the names of all hotkeys."""
        found = self._list(self._ask("GetHotkeyList"), "hotkeys")
        return tuple(entry for entry in found if isinstance(entry, str))

    def slot(self, name: str) -> Any:
        """Return what was kept in OBS under a name; None without it."""
        try:
            return self._ask("GetPersistentData", realm=_REALM, slotName=name).get("slotValue")
        except ObsRefused:
            return None

    def save_slot(self, name: str, value: Any) -> None:
        """Keep something in OBS under a name."""
        self._ask("SetPersistentData", realm=_REALM, slotName=name, slotValue=value)

    # -- types -----------------------------------------------------------------------------

    def _number(self, answer: Mapping[str, Any], name: str) -> float:
        value = answer.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise NotObs(place=self._place)
        return value

    def _list(self, answer: Mapping[str, Any], name: str) -> Sequence[Any]:
        value = answer.get(name)
        if not isinstance(value, list):
            raise NotObs(place=self._place)
        return value
