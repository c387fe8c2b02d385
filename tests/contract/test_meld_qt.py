"""The host for Meld Studio against Qt's own WebChannel, which Meld Studio uses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.tooling.environment import ensure_qt
from tests.unit.fakes import FakeVelora, wait_for
from tests.unit.meld_studio.conftest import Companion
from velora_core.app.live_status import LiveStatus, Viewers
from velora_core.host.host import HostScene
from velora_hosts.companion import pauses as module

SCENE, GAMING, COUNT = "A" * 32, "B" * 32, "C" * 32


class QtMeld:
    """Qt's server, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("qt_meld.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.port: int = self.says()["port"]
        self.show(SCENE)

    def says(self) -> dict[str, Any]:
        """The next thing that it says; it is waited for."""
        assert self._process.stdout
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def take(self, **change: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(change) + "\n")
        self._process.stdin.flush()

    def show(self, scene: str) -> None:
        self.take(
            items={
                SCENE: {"type": "scene", "name": "Scene", "current": scene == SCENE},
                GAMING: {"type": "scene", "name": "Gaming", "current": scene == GAMING},
                COUNT: {"type": "layer", "name": "Count", "parent": SCENE, "text": "soon"},
                "D" * 32: {"type": "track", "name": "Microphone"},
            }
        )

    def stop(self) -> None:
        self._process.communicate(timeout=10)
        assert self._process.returncode == 0


@pytest.fixture
def meld() -> Iterator[QtMeld]:
    meld = QtMeld(ensure_qt(Path(sys.executable)))
    yield meld
    meld.stop()


@pytest.fixture
def velora(monkeypatch: pytest.MonkeyPatch) -> FakeVelora:
    velora = FakeVelora()
    monkeypatch.setattr("velora_core.api.client.VeloraClient", velora)
    return velora


def test_stream_scene_and_text(
    meld: QtMeld, velora: FakeVelora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STEPS", (0.01,))
    companion = Companion(meld.port, tmp_path)
    companion.start()
    companion.hears("is connected to Meld Studio")
    app, host = companion.app, companion.link.host
    wait_for(lambda: host.scene() == HostScene("Scene", SCENE))
    assert host.capabilities().texts
    assert host.text_sources() == ("Count",)

    meld.show(GAMING)
    wait_for(lambda: host.scene() == HostScene("Gaming", GAMING))

    for values in ({"title": "Hello"}, {"text_source": "Count"}, {"text_template": "{viewers}!"}):
        companion.on_link(partial(app.edit, values))
    meld.take(streams=True)
    wait_for(lambda: velora.named("update") == [{"title": "Hello"}])
    live = LiveStatus(is_live=True, viewers=Viewers(7))
    companion.on_link(lambda: app.features.show_live(live))
    assert meld.says() == {"item": COUNT, "text": "7!"}
    wait_for(lambda: host.text("Count") == "7!")

    meld.take(streams=False)
    assert meld.says() == {"item": COUNT, "text": "soon"}
    wait_for(lambda: not host.streaming())

    connection = companion.link._connection
    assert connection
    wire = connection._wire
    assert wire
    before = wire.heard
    companion.on_link(companion.link._poll)
    wait_for(lambda: wire.heard > before)  # Qt answers a ping
    companion.stop()
