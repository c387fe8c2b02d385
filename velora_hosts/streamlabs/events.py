"""What Streamlabs's events mean to the application. The thread of the link alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from velora_core.host.host import HostScene
from velora_hosts.companion.followed_stream import FollowedStream
from velora_hosts.companion.untrusted import Malformed, text_in

from .errors import StreamlabsError

if TYPE_CHECKING:
    from velora_core.application import Application

    from .host import StreamlabsHost
    from .remote import RemoteStreamlabs, StreamState

__all__ = ["LOGGED_OUT", "NEEDED", "USEFUL", "Events", "gist"]

LOGGED_OUT: Final = "UserService.userLogout"
NEEDED: Final = "StreamingService.streamingStatusChange"
USEFUL: Final = (
    "ScenesService.sceneSwitched",
    "TransitionsService.studioModeChanged",
    "SceneCollectionsService.collectionWillSwitch",
    "SceneCollectionsService.collectionSwitched",
    "SourcesService.sourceUpdated",
    LOGGED_OUT,
)
"""Service and event, as Streamlabs calls them."""

_MAX_LENGTH: Final = 1024  # letters of a name


def gist(data: Any) -> Mapping[str, str]:
    """Return what of an event's data is used: many of them may wait, and each may be long.

    Raises:
        Malformed: Streamlabs doesn't send such data.
    """
    if isinstance(data, str):
        kept = {"text": data}
    elif isinstance(data, dict):
        kept = {name: text_in(data, name) for name in ("id", "sourceId", "name")}
    else:
        return {}
    if any(len(text) > _MAX_LENGTH for text in kept.values()):
        raise Malformed
    return kept


class Events:
    """Tells one application what happens in Streamlabs."""

    def __init__(self, app: Application, host: StreamlabsHost) -> None:
        self._app = app
        self._host = host
        self._followed = FollowedStream(app, host, host.read_setup)
        self._kinds: Mapping[str, Callable[[RemoteStreamlabs, Mapping[str, str]], None]] = {
            NEEDED: self._stream,
            "ScenesService.sceneSwitched": self._scene,
            "TransitionsService.studioModeChanged": self._look_at_scene,
            "SceneCollectionsService.collectionWillSwitch": self._collection_leaves,
            "SceneCollectionsService.collectionSwitched": self._collection_comes,
            "SourcesService.sourceUpdated": self._source,
        }

    def handle(self, remote: RemoteStreamlabs, name: str, data: Mapping[str, str]) -> None:
        """Handle an event.

        Raises:
            StreamlabsError: Streamlabs was to be asked more, and did not answer.
        """
        kind = self._kinds.get(name)
        if kind:
            kind(remote, data)

    def reconnected(self, remote: RemoteStreamlabs, lost_at: str) -> None:
        """Use a new connection, and tell what has happened without one; raises `StreamlabsError`.

        Args:
            remote: asks Streamlabs by it.
            lost_at: when the last one was lost, as Streamlabs writes a moment.
        """
        following = self._followed.there
        self._host.attach(remote)
        self._app.scenes_loaded()
        running = self._host.streaming()
        another = running and self._host.seen.since > lost_at
        if following and (not running or (another and self._followed.running)):
            self._followed.end()
        if running:
            self._followed.connected()

    def look(self, state: StreamState) -> None:
        """Put right what an event should have told, or did while Streamlabs was busy.

        Raises:
            StreamlabsError: it can't be asked now either.
        """
        if state.running and not self._followed.running:
            self._followed.connected()
        elif not state.active and self._followed.there:
            self._followed.end()
        if self._host.away:
            self._collection_comes()
        else:
            self._look_at_scene()

    # -- the stream ------------------------------------------------------------------------

    def _stream(self, remote: RemoteStreamlabs, data: Mapping[str, str]) -> None:
        state = data.get("text")
        if state == "starting" and not self._followed.there:
            self._followed.begin()
        elif state == "reconnecting" and self._followed.running:
            self._host.stream_is(running=True, reconnecting=True)
        elif state == "live" and self._followed.running:
            self._host.stream_is(running=True)
        elif state == "live":
            self._followed.connected()
        elif state == "ending":
            self._followed.stopping = True
        elif state == "offline" and self._followed.there:
            # With two pictures this may be the end of one of them.
            if _is_active(remote):
                return
            self._followed.over()

    # -- scenes and sources ----------------------------------------------------------------

    def _scene(self, _: RemoteStreamlabs, data: Mapping[str, str]) -> None:
        if self._host.scene_is(HostScene(data.get("name", ""), data.get("id", ""))):
            self._app.scene_changed()

    def _look_at_scene(self, *_: object) -> None:
        if self._host.look_at_scene():
            self._app.scene_changed()

    def _collection_leaves(self, *_: object) -> None:
        # What was put into texts stays in the collection that is saved, and is known as such when
        # that is loaded again.
        self._host.scenes_leave()
        self._app.scenes_unloading()

    def _collection_comes(self, *_: object) -> None:
        self._host.scenes_are_back()
        self._app.scenes_loaded()
        self._app.scene_changed()

    def _source(self, _: RemoteStreamlabs, data: Mapping[str, str]) -> None:
        source, name = data.get("sourceId", ""), data.get("name", "")
        before = self._host.names.get(source)
        if before and name and before != name:
            self._host.names[source] = name
            self._app.source_renamed(before, name)


def _is_active(remote: RemoteStreamlabs) -> bool:
    try:
        return remote.stream().active
    except StreamlabsError:
        return False
