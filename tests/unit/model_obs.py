"""A model of OBS's websocket server, after obs-websocket's source: what it answers and refuses."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from tests.unit.model_websocket import Peer, WebsocketServer, frame

__all__ = ["OTHER", "ModelObs", "Refused"]

OTHER = {
    "service": "Other",
    "server": "rtmp://other.test/app",
    "key": "live_test_other",
    "bw": True,
}
CHALLENGE, SALT = "challenge", "salt"


class Refused(Exception):
    """A request that OBS does not do: the protocol's code."""


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class ModelObs(WebsocketServer):
    """One OBS with its profiles. `requests` has what was asked, in order."""

    def __init__(self, password: str = "", port: int = 0, version: str = "30.2.3") -> None:
        super().__init__(self._talk, port)
        self.password = password
        self.version = version
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.overridden: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
        self.silent: set[str] = set()
        """The names of requests that are not answered."""
        self.hello: Mapping[str, Any] = {}
        """Instead of what it says of itself."""
        self.services: dict[str, tuple[str, dict[str, Any]]] = {
            "Main": ("rtmp_common", dict(OTHER)),
            "Other": ("rtmp_common", dict(OTHER)),
        }
        self.profile = "Main"
        self.parameters: dict[tuple[str, str, str], str] = {
            ("Main", "SimpleOutput", "StreamAudioEncoder"): "aac",
            ("Main", "AdvOut", "AudioEncoder"): "ffmpeg_aac",
        }
        self.takes = True
        self.streaming = self.reconnecting = False
        self.scene = "Scene"
        self.collection = "Main"
        self.texts = {"Count": "soon", "Banner": "mine"}
        self.hotkeys = ["OBSBasic.StartStreaming"]
        self.slots: dict[str, Any] = {}
        self.identified: list[Peer] = []
        self._changed = threading.Lock()

    # -- what a test does to it --------------------------------------------------------------

    def tell(self, name: str, **data: Any) -> None:
        """Send an event to all who are there."""
        message = {"op": 5, "d": {"eventType": name, "eventIntent": 1, "eventData": data}}
        with self._changed:
            for peer in self.identified:
                peer.send(frame(json.dumps(message).encode()))

    def stream(self, *states: str) -> None:
        """Go through states of the stream's output: STARTING, STARTED, STOPPING, STOPPED …"""
        for state in states:
            self.streaming = state in ("STARTED", "STOPPING", "RECONNECTED", "RECONNECTING")
            self.reconnecting = state == "RECONNECTING"
            name = f"OBS_WEBSOCKET_OUTPUT_{state}"
            active = state in ("STARTED", "RECONNECTED")
            self.tell("StreamStateChanged", outputActive=active, outputState=name)

    def kick(self) -> None:
        with self._changed:
            for peer in self.identified:
                peer.close(4011)

    def switch(self, profile: str) -> None:
        self.tell("CurrentProfileChanging", profileName=self.profile)
        self.profile = profile
        self.tell("CurrentProfileChanged", profileName=profile)

    def names(self) -> list[str]:
        return [name for name, _ in self.requests]

    # -- the protocol ------------------------------------------------------------------------

    def _talk(self, peer: Peer) -> None:
        if not peer.shake_hands():
            return
        hello: dict[str, Any] = {"obsWebSocketVersion": "5.5.2", "rpcVersion": 1}
        if self.password:
            hello["authentication"] = {"challenge": CHALLENGE, "salt": SALT}
        peer.send(frame(json.dumps({"op": 0, "d": {**hello, **self.hello}}).encode()))
        said = peer.receive()
        if said is None:
            return
        identify = json.loads(said)["d"]
        proof = _digest(_digest(self.password + SALT) + CHALLENGE)
        if self.password and identify.get("authentication") != proof:
            peer.close(4009)
            return
        if identify["rpcVersion"] != 1:
            peer.close(4010)
            return
        with self._changed:  # whoever knows that it is let in gets each event from then on
            peer.send(frame(json.dumps({"op": 2, "d": {"negotiatedRpcVersion": 1}}).encode()))
            self.identified.append(peer)
        while (text := peer.receive()) is not None:
            self._serve_message(peer, json.loads(text))
        with self._changed:
            self.identified.remove(peer)

    def _serve_message(self, peer: Peer, message: dict[str, Any]) -> None:
        asked = message["d"]
        if message["op"] == 8:
            results: list[dict[str, Any]] = []
            for request in asked["requests"]:
                results.append(self._result(request) or {})
                if asked["haltOnFailure"] and not results[-1]["requestStatus"]["result"]:
                    break
            answer = {"op": 9, "d": {"requestId": asked["requestId"], "results": results}}
        else:
            result = self._result(asked)
            if result is None:
                return
            answer = {"op": 7, "d": {"requestId": asked["requestId"], **result}}
        peer.send(frame(json.dumps(answer).encode()))

    def _result(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        name, data = asked["requestType"], asked.get("requestData") or {}
        self.requests.append((name, data))
        if name in self.silent:
            return None
        try:
            serve = self.overridden.get(name) or getattr(self, name, None)
            if serve is None:
                raise Refused(204)
            answer, code = serve(data), 100
        except Refused as refused:
            answer, code = {}, refused.args[0]
        status = {"result": code == 100, "code": code}
        return {"requestType": name, "requestStatus": status, "responseData": answer}

    # -- requests ----------------------------------------------------------------------------

    def GetVersion(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"obsVersion": self.version, "obsWebSocketVersion": "5.5.2", "rpcVersion": 1}

    def GetStreamServiceSettings(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        kind, settings = self.services[self.profile]
        return {"streamServiceType": kind, "streamServiceSettings": settings}

    def SetStreamServiceSettings(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        if self.streaming:
            raise Refused(500)
        kind, settings = data["streamServiceType"], data["streamServiceSettings"]
        if not settings:
            raise Refused(403)
        if kind not in ("rtmp_common", "rtmp_custom", "whip_custom"):
            raise Refused(700)
        before, present = self.services[self.profile]
        merged = {**present, **settings} if kind == before else dict(settings)
        if self.takes:
            self.services[self.profile] = (kind, merged)
        return {}

    def GetProfileList(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"currentProfileName": self.profile, "profiles": list(self.services)}

    def GetProfileParameter(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        where = (self.profile, data["parameterCategory"], data["parameterName"])
        return {"parameterValue": self.parameters.get(where), "defaultParameterValue": None}

    def SetProfileParameter(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        where = (self.profile, data["parameterCategory"], data["parameterName"])
        self.parameters[where] = data["parameterValue"]
        return {}

    def GetStreamStatus(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {
            "outputActive": self.streaming,
            "outputReconnecting": self.reconnecting,
            "outputDuration": 1000,
            "outputCongestion": 0.25,
            "outputBytes": 123_000,
            "outputSkippedFrames": 3,
            "outputTotalFrames": 123,
        }

    def GetOutputList(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        record = {"outputName": "simple_file_output", "outputActive": True}
        stream = {"outputName": "simple_stream", "outputActive": self.streaming}
        return {"outputs": [record, stream]}

    def GetOutputStatus(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        assert data == {"outputName": "simple_stream"}
        return self.GetStreamStatus({})

    def StopOutput(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        if data != {"outputName": "simple_stream"} or not self.streaming:
            raise Refused(501)
        self.stream("STOPPING", "STOPPED")
        return {}

    def GetCurrentProgramScene(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"currentProgramSceneName": self.scene, "currentProgramSceneUuid": "a-b"}

    def GetSceneCollectionList(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"currentSceneCollectionName": self.collection, "sceneCollections": ["Main"]}

    def GetInputList(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        found = [
            {"inputName": name, "inputKind": "text_ft2_source_v2",
             "unversionedInputKind": "text_ft2_source"}
            for name in self.texts
        ]  # fmt: skip
        camera = {"inputName": "Camera", "unversionedInputKind": "v4l2_input"}
        return {"inputs": [*found, camera]}

    def GetInputSettings(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = data["inputName"]
        if name == "Camera":
            return {"inputKind": "v4l2_input", "inputSettings": {"text": "no"}}
        if name not in self.texts:
            raise Refused(600)
        return {"inputKind": "text_ft2_source_v2", "inputSettings": {"text": self.texts[name]}}

    def SetInputSettings(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        if data["inputName"] not in self.texts:
            raise Refused(600)
        self.texts[data["inputName"]] = data["inputSettings"]["text"]
        return {}

    def GetHotkeyList(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"hotkeys": list(self.hotkeys)}

    def GetPersistentData(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"slotValue": self.slots.get(data["slotName"])}

    def SetPersistentData(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.slots[data["slotName"]] = data["slotValue"]
        return {}
