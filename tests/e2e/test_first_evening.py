"""A new streamer's first evening, with a mouse, in the window that OBS opens.

From the installer to a stream, by way of a wrong token, and on to a stream key that is refused. Run
it with ``-s`` to have each step printed, with what the hand does for it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.install_world import InstallWorld
from tests.harness import Display, WaitTimeout
from tests.harness.viewport import Viewport

WRONG_TOKEN = "test_token_of_yesterday"


class Step(NamedTuple):
    """What a hand has done."""

    what: str
    notches: int
    presses: int
    keys: int
    answer: str


class Hand:
    """Scrolls, clicks and types, and counts that."""

    def __init__(self, world: InstallWorld) -> None:
        self._world = world
        self._panel = world.panel
        self._viewport = Viewport(world.panel)
        self.steps: list[Step] = []

    def open_panel(self) -> None:
        self._world.open_panel()
        self._note("open Tools → Scripts, click velora_obs.py", 0, 3, 0)

    def click(self, button: str) -> str:
        notches = self._viewport.click(button)
        status = self._world.answer()
        assert self._viewport.shows_text(status), f"the answer to {button!r} is out of sight"
        self._note(f"click “{button}”", notches, 1, 0, status)
        return status

    def type(self, label: str, text: str) -> None:
        notches = self._viewport.notches(label)
        self._panel.set_text(label, text)
        self._note(f"type “{text}” into {label}", notches, 1, len(text))

    def type_in_choice(self, label: str, text: str) -> None:
        notches = self._viewport.notches(label)
        self._panel.type_in_choice(label, text)
        self._note(f"type “{text}” into {label}", notches, 1, len(text))

    def paste(self, label: str, text: str) -> None:
        notches = self._viewport.notches(label)
        self._panel.paste(label, text)
        self._note(f"paste into {label}", notches, 1, 1)

    def start_stream(self, *, refused: bool = False) -> None:
        if refused:
            with pytest.raises(WaitTimeout):
                self._world.obs.start_stream(timeout=3)
        else:
            self._world.obs.start_stream()
        self._note("press “Start Streaming”", 0, 1, 0)

    def dismiss(self, dialog: str) -> None:
        self._panel.answer("OK")
        self._note(f"press “OK” in {dialog}", 0, 1, 0)

    def _note(self, what: str, notches: int, presses: int, keys: int, answer: str = "") -> None:
        self.steps.append(Step(what, notches, presses, keys, answer))

    def tell(self, name: str, seconds: float) -> None:
        print(f"\n{name}, OBS {os.environ.get('VELORA_TEST_OBS') or 29}: {seconds:.0f} s")
        for step in self.steps:
            print(f"  {step.what} ({step.notches} notches): {step.answer}")
        print(f"  {self.presses} presses, {self.notches} notches, {self.keys} keys")

    @property
    def presses(self) -> int:
        return sum(step.presses for step in self.steps)

    @property
    def notches(self) -> int:
        return sum(step.notches for step in self.steps)

    @property
    def keys(self) -> int:
        return sum(step.keys for step in self.steps)


@pytest.fixture
def world(display: Display, tmp_path: Path) -> Iterator[InstallWorld]:
    with InstallWorld(display, tmp_path) as world:
        world.make_obs(token=False)
        world.window_size = None
        yield world


def test_first_evening(world: InstallWorld) -> None:
    velora = world.velora
    began = time.monotonic()
    code, said = world.install()
    assert code == 0, said
    world.obs.start()
    hand = Hand(world)
    hand.open_panel()

    hand.paste("Access token", WRONG_TOKEN)
    assert "token" in hand.click("Configure Velora")
    assert not velora.journal.find("PUT", "/stream/info")
    hand.paste("Access token", world.token)
    assert hand.click("Configure Velora").startswith(f"OBS will stream to {world.rtmp.url}")

    hand.type("Title", "My first stream")
    hand.type_in_choice("Category", "Music")
    hand.type("Tags", "english, cozy")
    hand.start_stream()
    world.rtmp.wait_for_media()
    (update,) = velora.journal.wait_for("PUT", "/stream/info", timeout=30)
    assert update.json == {
        "title": "My first stream",
        "categorySlug": "music",
        "tags": ["english", "cozy"],
    }
    hand.tell("From nothing to live, with a wrong token", time.monotonic() - began)
    assert hand.presses <= 14
    assert hand.notches <= 6
    checks = len(velora.journal.find("GET", "/stream/setup"))
    world.obs.stop_stream()
    world.rtmp.wait_for_end()
    velora.journal.wait_for("GET", "/stream/setup", checks + 1, timeout=30)

    velora.account.regenerate()  # not before that check, which would put the key right
    hand.steps.clear()
    began = time.monotonic()
    hand.start_stream(refused=True)
    world.wait_for_log("Start Streaming again")
    hand.dismiss("OBS's own window")
    hand.start_stream()
    media = world.rtmp.wait_for_media()
    assert media.key == velora.account.stream_key
    hand.tell("From a refused key to live", time.monotonic() - began)
    assert hand.presses <= 3
    world.obs.stop_stream()
    world.quit_clean()
