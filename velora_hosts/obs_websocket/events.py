"""What OBS's events mean to the application. The thread of the `Link` alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from velora_core.host.host import EndReason
from velora_hosts.companion.followed_stream import FollowedStream

from .protocol import Malformed, text_in

if TYPE_CHECKING:
    from velora_core.application import Application

    from .host import ObsWebsocketHost
    from .remote import RemoteObs, StreamStatus

__all__ = ["USED", "Events", "gist"]

USED: Final = frozenset(
    (
        "StreamStateChanged",
        "CurrentProfileChanged",
        "ProfileListChanged",
        "CurrentProgramSceneChanged",
        "SceneNameChanged",
        "CurrentSceneCollectionChanging",
        "CurrentSceneCollectionChanged",
        "InputNameChanged",
        "ExitStarted",
    )
)
"""The events that mean something here."""
_TEXTS: Final = (
    *("outputState", "sceneName", "sceneUuid", "oldSceneName"),
    *("inputName", "oldInputName"),
)
_MAX_LENGTH: Final = 1024  # letters of a name
_START_LIMIT: Final = 8.0
"""Seconds for a start to connect: of one that OBS refuses itself it tells nothing more. One that
takes longer counts as another start when it has connected."""
_LEFT_OUT: Final = 5.0
"""Seconds that a busy OBS may be behind in what it says of how long it has streamed."""
_STATE: Final = "OBS_WEBSOCKET_OUTPUT_"


def gist(data: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what of an event's data is used: many of them may wait, and each may be long.

    Raises:
        Malformed: OBS doesn't send such data.
    """
    kept = {name: text_in(data, name) for name in _TEXTS if name in data}
    if any(len(text) > _MAX_LENGTH for text in kept.values()):
        raise Malformed
    return kept


class Events:
    """Tells one application what happens in its OBS."""

    def __init__(
        self, app: Application, host: ObsWebsocketHost, *, stream_is_told: Callable[[], bool]
    ) -> None:
        """Follow what happens from now on.

        Args:
            app: is told.
            host: knows that OBS.
            stream_is_told: whether events about the stream wait to be handled.
        """
        self._app = app
        self._host = host
        self._stream_is_told = stream_is_told
        self._followed = FollowedStream(app, host, host.read_service)
        self._profile_told = host.profile()
        self.quitting = False
        self._kinds: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
            "StreamStateChanged": self._stream,
            "CurrentProfileChanged": self._profile,
            "ProfileListChanged": self._profile,
            "CurrentProgramSceneChanged": self._scene,
            "SceneNameChanged": self._scene_renamed,
            "CurrentSceneCollectionChanging": self._collection_changing,
            "CurrentSceneCollectionChanged": self._collection_changed,
            "InputNameChanged": self._input_renamed,
            "ExitStarted": self._exit,
        }

    @property
    def starting(self) -> bool:
        """Whether a stream begins that has not connected yet."""
        return self._followed.starting

    def handle(self, name: str, data: Mapping[str, Any]) -> None:
        """Handle an event.

        Raises:
            Malformed: OBS doesn't send such data.
            ObsError: OBS was to be asked more, and did not answer.
        """
        kind = self._kinds.get(name)
        if kind:
            kind(data)

    def reconnected(self, remote: RemoteObs, lost_at: float) -> None:
        """Use a new connection, and tell what has happened without one; raises `ObsError`.

        Args:
            remote: asks OBS by it.
            lost_at: when the last one was lost, by `time.monotonic`.
        """
        following, before = self._followed.there, self._host.seen.identity
        self._host.attach(remote)
        self.quitting = False
        if self._host.profile() != self._profile_told:  # by any connection since, also half made
            self._profile_told = self._host.profile()
            self._app.profile_changed()
        self._app.scenes_loaded()
        running, seconds = self._host.streaming(), self._host.seen.stream_seconds
        stranger = self._host.seen.identity != before  # two OBS take turns at one port
        another = running and (stranger or seconds < self._least_seconds(lost_at))
        if following and (not running or (another and self._followed.running)):
            self._followed.end()
        if running and not self._stream_is_told():
            self._followed.connected()

    def _least_seconds(self, lost_at: float) -> float:
        """Return how long the stream has lasted for OBS at least, if it is still the same.

        OBS counts frames: it has none yet in a stream's first second, and a busy one is behind.

        Args:
            lost_at: when the connection was lost.
        """
        known = lost_at - self._followed.began  # infinite for one that ran before we came
        since = time.monotonic() - lost_at - _LEFT_OUT
        least = min(known / 2, known - _LEFT_OUT) if known < float("inf") else 0.0
        return max(0.0, since, least)

    def look(self, remote: RemoteObs) -> None:
        """Put right what an event should have told, or did while OBS was too busy to be asked.

        Raises:
            ObsError: OBS can't be asked now either.
        """
        seen = self._host.seen
        if self._host.away:
            self._collection_changed({})
        elif remote.profiles() != (seen.profile, seen.profiles):
            self._look_again()
        self._look_at_stream(remote.stream())

    def _look_at_stream(self, stream: StreamStatus) -> None:
        followed = self._followed
        if self._stream_is_told():  # of what was just found, which must not count twice
            return
        starts = followed.starting and time.monotonic() - followed.began < _START_LIMIT
        if starts and (stream.reconnecting or not stream.running):
            return  # by SRT, OBS before 32 takes a refused start for a lost connection
        if stream.running:
            followed.connected()
        elif followed.running:
            followed.end()
        elif followed.starting:
            followed.end(EndReason.UNHEARD)

    # -- the stream ------------------------------------------------------------------------

    def _stream(self, data: Mapping[str, Any]) -> None:
        state = text_in(data, "outputState").removeprefix(_STATE)
        if state == "STARTING":
            self._followed.begin()
        elif state in ("STARTED", "RECONNECTED"):
            self._followed.connected()
        elif state == "STOPPING":
            self._followed.stopping = True
        elif state == "STOPPED" and self._followed.there:
            self._followed.over()

    def _exit(self, _: Mapping[str, Any]) -> None:
        self.quitting = True
        if self._followed.there:
            self._followed.end()

    # -- profiles and scenes ---------------------------------------------------------------

    def _profile(self, _: Mapping[str, Any]) -> None:
        self._look_again()

    def _look_again(self) -> None:
        """Read anew what OBS has, and tell of a profile that has changed with it."""
        before, there = self._profile_told, self._host.seen.profiles
        self._host.look_again()
        now, names = self._host.profile(), self._host.seen.profiles
        if now == before:
            return
        self._profile_told = now
        if before.name not in names and len(names) == len(there):
            self._app.profile_renamed(before)
        else:
            self._app.profile_changed()

    def _scene(self, data: Mapping[str, Any]) -> None:
        self._host.scene_is(text_in(data, "sceneName"), text_in(data, "sceneUuid"))
        self._app.scene_changed()

    def _scene_renamed(self, data: Mapping[str, Any]) -> None:
        before, after = text_in(data, "oldSceneName"), text_in(data, "sceneName")
        if before and after and before != after:
            self._app.source_renamed(before, after, scene=True)
        if before == self._host.scene().name:
            self._scene(data)

    def _collection_changing(self, _: Mapping[str, Any]) -> None:
        # OBS answers nothing about sources from now on: what was put there stays in the
        # collection that is saved, and is known as such when that is loaded again.
        self._host.scenes_leave()
        self._app.scenes_unloading()

    def _collection_changed(self, _: Mapping[str, Any]) -> None:
        self._look_again()
        self._app.scenes_loaded()
        self._app.scene_changed()

    def _input_renamed(self, data: Mapping[str, Any]) -> None:
        before, after = text_in(data, "oldInputName"), text_in(data, "inputName")
        if before and after and before != after:
            self._app.source_renamed(before, after)
