"""A model of Meld Studio with a companion that is connected to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.unit.fakes import SOON, TOKEN, FakeVelora, wait_for
from tests.unit.model_meld import ModelMeld
from velora_core.application import Application
from velora_core.host.host import Host
from velora_hosts.companion import link as module
from velora_hosts.companion.settings import CompanionSettings
from velora_hosts.companion.software import Links
from velora_hosts.meld_studio.link import MeldLink
from velora_hosts.websocket.address import Address

T = TypeVar("T")


class Companion:
    """A link on a thread of its own, and what it has said."""

    def __init__(self, port: int, folder: Path) -> None:
        self.said: list[str] = []
        self._folder = folder
        self.link = MeldLink(
            "meld",
            Address("127.0.0.1", port),
            Links(self._make, lambda _, sentence: self.said.append(sentence)),
            CompanionSettings(folder),
        )
        self._thread = threading.Thread(target=self.link.run, name="velora-link", daemon=True)

    def _make(self, host: Host) -> Application:
        environment = {"VELORA_ACCESS_TOKEN": TOKEN}
        return Application(host, environment=environment, folder=self._folder)

    def start(self) -> Companion:
        self._thread.start()
        return self

    def stop(self) -> None:
        self.link.close()
        if self._thread.ident:
            self._thread.join(SOON)
            assert not self._thread.is_alive()

    def on_link(self, work: Callable[[], T]) -> T:
        """Have it done as the link does things, and return what came of it."""
        results: list[T] = []
        self.link.post(lambda: results.append(work()))
        wait_for(lambda: results)
        return results[0]

    @property
    def app(self) -> Application:
        wait_for(lambda: self.link.app, "an application")
        assert self.link.app
        return self.link.app

    def settle(self) -> None:
        app = self.app
        for _ in range(4):
            done = app._runtime.worker.submit(lambda: None)
            assert done.wait(SOON)
            self.on_link(lambda: None)

    def hears(self, part: str, *, times: int = 1) -> None:
        wait_for(
            lambda: sum(part in sentence for sentence in self.said) >= times,
            f"{part!r} in {self.said}",
        )


@pytest.fixture
def meld() -> Iterator[ModelMeld]:
    with ModelMeld() as meld:
        yield meld
    for thread in threading.enumerate():
        if thread.name == "velora-meld":
            thread.join(SOON)
            assert not thread.is_alive()


@pytest.fixture
def companion(
    meld: ModelMeld, velora: FakeVelora, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Companion]:
    """Not started yet."""
    monkeypatch.setattr(module, "_PAUSES", (0.01,))
    companion = Companion(meld.port, folder)
    yield companion
    companion.stop()


@pytest.fixture
def connected(companion: Companion) -> Companion:
    companion.start()
    companion.settle()
    return companion
