"""What is in Meld Studio's session: its scenes, and the layers that show a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from velora_core.host.host import HostScene
from velora_hosts.companion.untrusted import Malformed, object_in, text_in

__all__ = ["Layer", "Session", "session_of"]


class Layer(NamedTuple):
    """A layer that shows a text."""

    id: str
    text: str


class Session(NamedTuple):
    """A session as far as it matters here.

    Attributes:
        scene: the one that viewers see.
        layers: those with a text, by names of which there is one each.
    """

    scene: HostScene = HostScene()
    layers: Mapping[str, Layer] = MappingProxyType({})

    def with_text(self, name: str, text: str) -> Session:
        """Return it with another text in a layer."""
        layer = self.layers[name]._replace(text=text)
        return self._replace(layers={**self.layers, name: layer})

    def renamed(self, before: Session) -> Iterator[tuple[str, str]]:
        """Yield the names of layers that were called otherwise before: the old and the new one."""
        names = {layer.id: name for name, layer in self.layers.items()}
        for name, layer in before.layers.items():
            now = names.get(layer.id, name)
            if now != name:
                yield name, now


def session_of(value: object) -> Session:
    """Return what is in the property `session`, whatever else is there; raises `Malformed`."""
    if value is None:
        return Session()
    if not isinstance(value, dict):
        raise Malformed
    items = object_in(value, "items")
    kept = {name: item for name, item in items.items() if isinstance(item, dict)}
    scenes = {name: text_in(item, "name") for name, item in kept.items() if _is(item, "scene")}
    current = next((name for name in scenes if kept[name].get("current") is True), "")
    return Session(HostScene(scenes.get(current, ""), current), _layers(kept, scenes))


def _is(item: Mapping[str, Any], kind: str) -> bool:
    return item.get("type") == kind


def _layers(items: Mapping[str, Mapping[str, Any]], scenes: Mapping[str, str]) -> dict[str, Layer]:
    """Return the layers with a text; those that are called alike have their scene in the name."""
    found = [
        (text_in(item, "name"), scenes.get(text_in(item, "parent"), ""), Layer(name, item["text"]))
        for name, item in sorted(items.items())
        if _is(item, "layer") and isinstance(item.get("text"), str)
    ]
    times = Counter(name for name, _, _ in found)
    layers: dict[str, Layer] = {}
    for name, scene, layer in found:
        unique = f"{name} ({scene})" if times[name] > 1 else name
        if unique:
            layers.setdefault(unique, layer)
    return layers
