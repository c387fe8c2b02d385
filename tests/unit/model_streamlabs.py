"""A model of Streamlabs Desktop's server for other programs, after its source (1.21.9).

What it takes from there: each piece that arrives is split at line ends and read at once; an id that
is 0, and params without a resource, are refused; what is empty or false counts as missing; a line
that can't be read ends the connection; while it loads, everything is answered with an error that
belongs to nobody, and most events are held back; observables become subscriptions, and promises
events that may never come; a key is dropped when the platform beside it changes.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from tests.unit.model_websocket import Peer, WebsocketServer

__all__ = ["OTHER", "ModelStreamlabs"]

OTHER: Mapping[str, Any] = {"service": "Twitch", "server": "auto", "key": "live_test_twitch"}
_PLATFORMS = {"twitch": "Twitch", "youtube": "YouTube / YouTube Gaming", "kick": "Custom"}
_FORMS: Mapping[str, Mapping[str, Any]] = {
    "rtmp_common": {"service": "Twitch", "server": "auto", "key": ""},
    "rtmp_custom": {"server": "", "key": "", "use_auth": False, "username": "", "password": ""},
    "whip_custom": {"server": "", "bearer_token": ""},
}
"""What is in the form of each type, and what is there at first."""
_EVENTS = {
    "StreamingService": ("streamingStatusChange", "streamErrorCreated"),
    "ScenesService": ("sceneSwitched",),
    "TransitionsService": ("studioModeChanged",),
    "SceneCollectionsService": ("collectionWillSwitch", "collectionSwitched"),
    "SourcesService": ("sourceUpdated",),
    "UserService": ("userLogin", "userLogout"),
}
_NEVER_HELD_BACK = ("collectionWillSwitch", "collectionSwitched")


class _Failed(Exception):
    """A request that gets an error: the code, and the message."""


class _Observable(str):
    """The name of an event that can be subscribed to."""


class _Promise(str):
    """The id of what is answered later, or never."""


class ModelStreamlabs(WebsocketServer):
    """One Streamlabs. `requests` has what was asked, in order: service, method, arguments."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(self._talk, port)
        self.requests: list[tuple[str, str, list[Any]]] = []
        self.chunks: list[bytes] = []
        self.busy = False
        self.silent: set[str] = set()
        """Methods that are not answered."""
        self.missing: set[str] = set()
        """Services or methods that there are not."""
        self.overridden: dict[str, Any] = {}
        """By method, what is answered instead."""
        self.promised: set[str] = set()
        """Methods whose answer is only promised."""
        self.kind = "rtmp_common"
        self.values: dict[str, Any] = dict(OTHER)
        self.protected = True
        self.logged_in = True
        self.takes = True
        self.status = "offline"
        self.pictures = {"horizontal": "offline"}
        self.since = "2026-01-01T00:00:00.000Z"
        self.output: dict[str, dict[str, Any]] = {
            "Untitled": {"Mode": "Simple"},
            "Streaming": {"VBitrate": 4500, "StreamEncoder": "x264", "Preset": "veryfast"},
            "Recording": {"Encoder": "none", "bitrate": 1},
        }
        self.performance: dict[str, Any] = {
            "CPU": 5.5, "bandwidth": 4000, "frameRate": 60, "numberDroppedFrames": 0,
            "percentageDroppedFrames": 0,
        }  # fmt: skip
        self.studio = False
        self.scene = {"id": "scene-1", "name": "Scene", "nodes": []}
        self.collection = {"id": "collection-1", "name": "Scenes"}
        self.sources: dict[str, dict[str, Any]] = {
            "text-1": {"name": "Count", "type": "text_gdiplus", "settings": {"text": "soon"}},
            "text-2": {"name": "Banner", "type": "text_ft2_source", "settings": {"text": "mine"}},
            "camera": {"name": "Camera", "type": "dshow_input", "settings": {"text": "no"}},
        }
        self.subscribed: dict[int, tuple[Peer, set[str]]] = {}
        self._lock = threading.Lock()
        self._kept: dict[str, Any] = {}
        self._forms = {kind: dict(form) for kind, form in _FORMS.items()}

    # -- what a test does to it --------------------------------------------------------------

    def tell(self, name: str, data: Any = None) -> None:
        """Send an event to those who have subscribed to it."""
        if self.busy and name.partition(".")[2] not in _NEVER_HELD_BACK:
            return
        event = {"_type": "EVENT", "emitter": "STREAM", "resourceId": name, "data": data}
        with self._lock:
            peers = [peer for peer, names in self.subscribed.values() if name in names]
        for peer in peers:
            self._say(peer, {"jsonrpc": "2.0", "id": None, "result": event})

    def fulfil(self, promise: str, data: Any = None, *, rejected: bool = False) -> None:
        """Tell all who wait what has become of a promise."""
        event = {"_type": "EVENT", "emitter": "PROMISE", "resourceId": promise, "data": data}
        for peer in list(self.peers):
            self._say(peer, {"id": None, "result": {**event, "isRejected": rejected}})

    def stream(self, *states: str) -> None:
        """Go through states of the stream: starting, live, ending, offline, reconnecting."""
        for state in states:
            self.status = self.pictures["horizontal"] = state
            self.tell("StreamingService.streamingStatusChange", state)

    def show(self, scene: str, name: str) -> None:
        self.scene = {"id": scene, "name": name, "nodes": []}
        self.tell("ScenesService.sceneSwitched", self.scene)

    def switch_studio_mode(self, *, on: bool) -> None:
        self.studio = on
        self.tell("TransitionsService.studioModeChanged", on)

    def rename(self, source: str, name: str) -> None:
        self.sources[source]["name"] = name
        self.tell("SourcesService.sourceUpdated", self._source_model(source))

    def log_out(self) -> None:
        self.logged_in = False
        self._set_stream({"protectedModeEnabled": True, "key": "", "streamType": "rtmp_common"})
        self.tell("UserService.userLogout")

    def enter(self, kind: str, values: Mapping[str, Any], *, protected: bool = False) -> None:
        """Set it up in its own window."""
        self.kind, self.protected = kind, protected
        self._forms[kind] = {**dict.fromkeys(values, ""), **_FORMS[kind]}
        self.values = {**self._forms[kind], **values}

    def methods(self) -> list[str]:
        return [method for _, method, _ in self.requests]

    def states_asked(self) -> int:
        """Return how often the state of the stream was asked for."""
        return sum(asked[:2] == ("StreamingService", "getModel") for asked in self.requests)

    # -- the protocol ------------------------------------------------------------------------

    def _talk(self, peer: Peer) -> None:
        with self._lock:
            self.subscribed[id(peer)] = (peer, set())
        with suppress(ConnectionError):
            while chunk := peer.socket.recv(1 << 16):
                self.chunks.append(chunk)
                if not self._take(peer, chunk.decode()):
                    break
        with self._lock:
            del self.subscribed[id(peer)]

    def _take(self, peer: Peer, chunk: str) -> bool:
        """Return whether the connection goes on."""
        if self.busy:
            text = "INTERNAL_JSON_RPC_ERROR API server is busy. Try again later"
            self._say(peer, _error(None, -32603, text))
            return True
        for line in chunk.split("\n"):
            if not line:
                return True
            try:
                request = json.loads(line)
            except ValueError:
                self._say(peer, _error(None, -32600, "INVALID_REQUEST Make sure that the request"))
                return False
            self._answer(peer, request)
        return True

    def _answer(self, peer: Peer, request: dict[str, Any]) -> None:
        params = request.get("params") or {}
        if not request.get("id") or not params.get("resource"):
            self._say(peer, _error(request.get("id"), -32602, "INVALID_PARAMS id is required;"))
            return
        resource, method, number = params["resource"], request["method"], request["id"]
        self.requests.append((resource, method, params.get("args") or []))
        if method in self.silent:
            return
        try:
            result = self._execute(resource, method, params.get("args") or [])
        except _Failed as failed:
            self._say(peer, _error(number, *failed.args))
            return
        if isinstance(result, _Observable):
            with self._lock:
                self.subscribed[id(peer)][1].add(str(result))
            result = {"_type": "SUBSCRIPTION", "resourceId": result, "emitter": "STREAM"}
        elif isinstance(result, _Promise):
            result = {"_type": "SUBSCRIPTION", "resourceId": result, "emitter": "PROMISE"}
        self._say(peer, {"id": number, "result": result, "jsonrpc": "2.0"})
        if method in self.promised and isinstance(result, dict):
            promise = result["resourceId"]
            self.fulfil(promise, self._kept.pop(promise))

    def _say(self, peer: Peer, said: Mapping[str, Any]) -> None:
        peer.send(json.dumps(said).encode() + b"\n")

    def _execute(self, resource: str, method: str, arguments: list[Any]) -> Any:
        found = self._resource(resource)
        if found is None or resource in self.missing:
            raise _Failed(-32602, f"INVALID_PARAMS resource not found: {resource}")
        value = self.overridden.get(method, found.get(method))
        if not value or method in self.missing:
            raise _Failed(-32601, f"METHOD_NOT_FOUND {method}")
        result = value(*arguments) if callable(value) else value
        if method in self.promised:
            promise = _Promise(f"promise-{len(self.requests)}")
            self._kept[promise] = result
            return promise
        return result

    # -- services ----------------------------------------------------------------------------

    def _resource(self, resource: str) -> Mapping[str, Any] | None:
        if resource.startswith("Source["):
            return self._source(json.loads(resource.removeprefix("Source"))[0])
        services: dict[str, dict[str, Any]] = {
            "StreamingService": {"getModel": self._stream_model, "toggleStreaming": self._toggle},
            "StreamSettingsService": {
                "settings": self._stream_settings(), "setSettings": self._set_stream,
                "protectedModeEnabled": self.protected and self.logged_in,
            },
            "SettingsService": {"state": self._state(), "setSettingsPatch": self._patch},
            "UserService": {"isLoggedIn": self.logged_in},
            "ScenesService": {"activeScene": {"_type": "HELPER", **self.scene}},
            "PerformanceService": {"getModel": lambda: self.performance},
            "TransitionsService": {"getModel": lambda: {"studioMode": self.studio}},
            "SceneCollectionsService": {"activeCollection": self.collection},
            "SourcesService": {
                "getSources": lambda: [self._source_model(source) for source in self.sources]
            },
        }  # fmt: skip
        found = services.get(resource)
        if found is not None:
            for name in _EVENTS.get(resource, ()):
                found[name] = _Observable(f"{resource}.{name}")
        return found

    def _stream_model(self) -> Mapping[str, Any]:
        pictures = {name: {"streaming": state} for name, state in self.pictures.items()}
        return {
            "status": pictures, "streamingStatus": self.status, "streamingStatusTime": self.since,
            "recordingStatus": "offline",
        }  # fmt: skip

    def _toggle(self) -> Any:
        return _Promise("behind a dialog")

    def _stream_settings(self) -> Mapping[str, Any]:
        service = self.values.get("service")
        named = [name for name, known in _PLATFORMS.items() if known == service]
        found: dict[str, Any] = {
            "protectedModeEnabled": self.protected, "streamType": self.kind, "title": "",
            "platform": named[0] if named else None, "goLiveSettings": {"platforms": {}},
            **{name: self.values.get(name) for name in ("key", "server", "service")},
        }  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}

    def _state(self) -> Mapping[str, Any]:
        fields = [{"name": "streamType", "value": self.kind, "type": "OBS_PROPERTY_LIST"}]
        fields += [{"name": name, "value": value} for name, value in self.values.items()]
        form = [{"nameSubCategory": "Untitled", "parameters": fields}]
        output = [
            {"nameSubCategory": group, "parameters": [
                {"name": name, "value": value} for name, value in fields.items()
            ]}
            for group, fields in self.output.items()
        ]  # fmt: skip
        return {"Stream": {"type": 0, "formData": form}, "Output": {"type": 0, "formData": output}}

    def _set_stream(self, patch: Mapping[str, Any], *_: Any) -> None:
        if not self.takes:
            return
        self.protected = patch.get("protectedModeEnabled", self.protected)
        if "streamType" in patch and patch["streamType"] != self.kind:
            self.kind, self.values = patch["streamType"], dict(self._forms[patch["streamType"]])
        if not {"platform", "key", "server", "bearer_token"} & set(patch):
            return
        given = {name: patch[name] for name in ("key", "server") if name in patch}
        if "platform" in patch:
            given["service"] = _PLATFORMS[patch["platform"]]
        self._save(given)

    def _patch(self, patch: Mapping[str, Mapping[str, Any]]) -> None:
        self._save(patch["Stream"])

    def _save(self, given: Mapping[str, Any]) -> None:
        """As the form is saved: what is not in it is passed over."""
        before = dict(self.values)
        for name, value in given.items():
            if self.takes and name in self.values:
                self.values[name] = value
        moved = before.get("service") != self.values.get("service")
        if moved and before.get("key") == self.values.get("key"):
            self.values["key"] = ""

    def _source_model(self, source: str) -> Mapping[str, Any]:
        found = self.sources[source]
        resource = f"Source{json.dumps([source])}"
        return {
            "_type": "HELPER", "resourceId": resource, "sourceId": source, "id": source,
            "name": found["name"], "type": found["type"],
        }  # fmt: skip

    def _source(self, source: str) -> Mapping[str, Callable[..., Any]]:
        if source not in self.sources:
            raise _Failed(-32000, f"INTERNAL_SERVER_ERROR {source} is not defined; at Source …")
        settings = self.sources[source]["settings"]

        def update(changes: Mapping[str, Any]) -> None:
            settings.update(changes)
            self.tell("SourcesService.sourceUpdated", self._source_model(source))

        return {"getSettings": lambda: settings, "updateSettings": update}


def _error(number: Any, code: int, text: str) -> dict[str, Any]:
    return {"id": number, "jsonrpc": "2.0", "error": {"code": code, "message": text}}
