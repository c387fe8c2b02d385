"""A model of OBS with a companion that is connected to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.unit.fakes import SOON, TOKEN, FakeVelora, wait_for
from tests.unit.model_obs import ModelObs
from velora_core.app.worker import Job
from velora_core.application import Application
from velora_core.host.host import Host
from velora_core.secret import Secret
from velora_hosts.companion import link as module
from velora_hosts.companion.software import Links
from velora_hosts.obs_websocket.link import ObsLink
from velora_hosts.websocket.address import Address

T = TypeVar("T")


class Companion:
    """A link on a thread of its own, and what it has said."""

    def __init__(self, port: int, folder: Path) -> None:
        self.said: list[str] = []
        self.made: list[Application] = []
        self.password: str | None = None
        self._folder = folder
        links = Links(self._make, lambda _, sentence: self.said.append(sentence))
        self.link = ObsLink(
            Address("127.0.0.1", port),
            links,
            password=lambda: None if self.password is None else Secret(self.password),
        )
        self._thread = threading.Thread(target=self.link.run, name="velora-link", daemon=True)

    def _make(self, host: Host) -> Application:
        environment = {"VELORA_ACCESS_TOKEN": TOKEN}
        app = Application(host, environment=environment, folder=self._folder)
        self.made.append(app)
        return app

    def start(self) -> Companion:
        self._thread.start()
        return self

    def stop(self) -> None:
        self.link.close()
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

    def press(self, action: Callable[[Application], Job]) -> str:
        """Press a button, wait until all that follows is done, and return the status."""
        app = self.app
        job = self.on_link(lambda: action(app))
        assert job.wait(SOON)
        self.settle()
        return app.state.status

    def settle(self) -> None:
        app = self.app
        for _ in range(4):
            done = app._runtime.worker.submit(lambda: None)
            assert done.wait(SOON)
            self.on_link(lambda: None)

    def hears(self, part: str) -> None:
        wait_for(
            lambda: any(part in sentence for sentence in self.said), f"{part!r} in {self.said}"
        )


@pytest.fixture
def obs() -> Iterator[ModelObs]:
    with ModelObs() as obs:
        yield obs
    for thread in threading.enumerate():
        if thread.name == "velora-obs":
            thread.join(SOON)
            assert not thread.is_alive()


@pytest.fixture
def companion(
    obs: ModelObs, velora: FakeVelora, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Companion]:
    """Not started yet."""
    monkeypatch.setattr(module, "_PAUSES", (0.01,))
    companion = Companion(obs.port, folder)
    yield companion
    if companion._thread.is_alive():
        companion.stop()


@pytest.fixture
def connected(companion: Companion) -> Companion:
    companion.start()
    companion.settle()
    return companion
