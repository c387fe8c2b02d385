"""A model of Meld Studio's WebChannel, after its documentation and Qt's protocol."""

from __future__ import annotations

import json
import threading
from typing import Any

from tests.unit.model_websocket import Peer, WebsocketServer, frame

__all__ = ["COUNT", "ModelMeld"]

SCENE, OTHER_SCENE = "05731BDA0C5DE934359C8F7F24CE6C1B", "9DA5A633182EB0C0804E671B26A1B581"
COUNT, BANNER, CAMERA = "A" * 32, "B" * 32, "C" * 32
NAMES = ("objectName", "isStreaming", "isRecording", "session", "version")
METHODS = ("toggleStream", "sendCommand", "setProperty")


def _layer(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "layer", "name": name, "parent": SCENE, "index": 0, "visible": True, **more}


class ModelMeld(WebsocketServer):
    """One Meld Studio with its session. `invoked` has what was done, in order."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(self._talk, port)
        self.invoked: list[tuple[str, list[Any]]] = []
        self.takes = True
        self.introduction: str | None = None
        """What it answers to the introduction, instead of what it should."""
        self.values: dict[str, Any] = {
            "objectName": "",
            "isStreaming": False,
            "isRecording": False,
            "version": 2,
            "session": {
                "items": {
                    SCENE: {"type": "scene", "name": "Scene", "current": True, "index": 0},
                    OTHER_SCENE: {"type": "scene", "name": "Gaming", "current": False, "index": 1},
                    COUNT: _layer("Count", text="soon"),
                    BANNER: _layer("Banner", text="mine"),
                    CAMERA: _layer("Camera"),
                    "D" * 32: {"type": "track", "name": "Microphone", "muted": False},
                }
            },
        }
        self._changed = threading.Lock()
        self._waiting: dict[Peer, dict[str, Any]] = {}
        self._ready: set[Peer] = set()

    # -- what a test does to it --------------------------------------------------------------

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        items: dict[str, dict[str, Any]] = self.values["session"]["items"]
        return items

    @property
    def introduced(self) -> int:
        """How many clients know it."""
        return len(self._waiting)

    def set(self, **values: Any) -> None:
        """Change properties, and tell each client as soon as it is ready."""
        with self._changed:
            self.values.update(values)
            for waiting in self._waiting.values():
                waiting.update(values)
            self._send_changes()

    def change(self, item: str, **values: Any) -> None:
        """Change an item of the session."""
        items = {**self.items, item: {**self.items.get(item, {}), **values}}
        self.set(session={"items": items})

    def show(self, scene: str) -> None:
        """Have viewers see a scene."""
        items = {
            name: {**item, "current": name == scene} if item["type"] == "scene" else item
            for name, item in self.items.items()
        }
        self.set(session={"items": items})

    def tell(self, message: Any) -> None:
        """Send something to all clients, whether or not it makes sense."""
        for peer in list(self._waiting):
            peer.send(frame(json.dumps(message).encode()))

    def _send_changes(self) -> None:
        for peer, waiting in self._waiting.items():
            if peer in self._ready and waiting:
                self._ready.remove(peer)
                properties = {str(NAMES.index(name)): value for name, value in waiting.items()}
                update = {"object": "meld", "signals": {"9": []}, "properties": properties}
                waiting.clear()
                peer.send(frame(json.dumps({"type": 2, "data": [update]}).encode()))

    # -- the protocol ------------------------------------------------------------------------

    def _talk(self, peer: Peer) -> None:
        if not peer.shake_hands():
            return
        while (text := peer.receive()) is not None:
            self._serve_message(peer, json.loads(text))
        with self._changed:
            self._waiting.pop(peer, None)
            self._ready.discard(peer)

    def _serve_message(self, peer: Peer, asked: dict[str, Any]) -> None:
        if asked["type"] == 3:
            with self._changed:
                answer = {"type": 10, "id": asked["id"], "data": {"meld": self._described()}}
                peer.send(frame((self.introduction or json.dumps(answer)).encode()))
                self._waiting[peer] = {}
        elif asked["type"] == 4:
            with self._changed:
                self._ready.add(peer)
                self._send_changes()
        elif asked["type"] == 6:
            name = METHODS[asked["method"]]
            peer.send(frame(json.dumps({"type": 10, "id": asked["id"], "data": None}).encode()))
            if name == "setProperty" and self.takes:
                layer, called, value = asked["args"]
                self.change(layer, **{called: value})
            self.invoked.append((name, asked["args"]))

    def _described(self) -> dict[str, Any]:
        there = [name for name in NAMES if name in self.values]
        return {
            "methods": [[name, at] for at, name in enumerate(METHODS)],
            "signals": [["gainUpdated", 8]],
            "properties": [[NAMES.index(name), name, [1, 9], self.values[name]] for name in there],
            "enums": {},
        }
