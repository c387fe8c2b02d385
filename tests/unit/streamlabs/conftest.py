"""A model of Streamlabs Desktop with a companion that is connected to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.unit.fakes import SOON, TOKEN, FakeVelora, wait_for
from tests.unit.model_streamlabs import ModelStreamlabs
from velora_core.app.worker import Job
from velora_core.application import Application
from velora_core.host.host import Host
from velora_hosts.companion import link as pauses
from velora_hosts.companion.software import Links
from velora_hosts.streamlabs import connection
from velora_hosts.streamlabs.door import doors
from velora_hosts.streamlabs.link import StreamlabsLink

T = TypeVar("T")


class Companion:
    """A link on a thread of its own, and what it has said."""

    def __init__(self, *ports: int, folder: Path) -> None:
        self.said: list[str] = []
        self.made: list[Application] = []
        self._folder = folder
        links = Links(self._make, lambda _, sentence: self.said.append(sentence))
        opens = [doors(port)[0] for port in ports]
        self.link = StreamlabsLink("Streamlabs", links, doors=opens, folder=folder)
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
        if self._thread.ident:
            self._thread.join(SOON)
            assert not self._thread.is_alive()

    def on_link(self, work: Callable[[], T]) -> T:
        """Have it done as the link does things, and return what came of it."""
        results: list[T] = []
        self.link.post(lambda: results.append(work()))
        wait_for(lambda: results)
        return results[0]

    def glance(self) -> None:
        self.link.post(self.link._glance)
        self.on_link(lambda: None)

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

    def configure(self) -> str:
        return self.press(lambda app: app.actions.configure())

    def restore(self) -> str:
        return self.press(lambda app: app.actions.restore_previous())

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


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No pauses between attempts; and no thread is left."""
    monkeypatch.setattr(pauses, "_PAUSES", (0.01,))
    monkeypatch.setattr(connection, "_BUSY_PAUSE", 0.01)
    yield
    for thread in threading.enumerate():
        if thread.name == "velora-streamlabs":
            thread.join(SOON)
            assert not thread.is_alive()


@pytest.fixture
def model() -> Iterator[ModelStreamlabs]:
    with ModelStreamlabs() as model:
        yield model


@pytest.fixture
def companion(model: ModelStreamlabs, velora: FakeVelora, folder: Path) -> Iterator[Companion]:
    """Not started yet."""
    companion = Companion(model.port, folder=folder)
    yield companion
    companion.stop()


@pytest.fixture
def connected(companion: Companion) -> Companion:
    companion.start()
    companion.settle()
    return companion
