"""A model of Streamlabs Desktop with a companion that is connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.fakes import FakeVelora
from tests.unit.linked import Linked, no_thread_is_left
from tests.unit.model_streamlabs import ModelStreamlabs
from velora_hosts.companion import pauses
from velora_hosts.streamlabs import connection
from velora_hosts.streamlabs.door import doors
from velora_hosts.streamlabs.link import StreamlabsLink


class Companion(Linked[StreamlabsLink]):
    def __init__(self, *ports: int, folder: Path) -> None:
        opens = [doors(port)[0] for port in ports]
        super().__init__(
            lambda links: StreamlabsLink("Streamlabs", links, doors=opens, folder=folder), folder
        )

    def poll(self) -> None:
        self.link.post(self.link._poll)
        self.on_link(lambda: None)

    def configure(self) -> str:
        return self.press(lambda app: app.actions.configure())

    def restore(self) -> str:
        return self.press(lambda app: app.actions.restore_previous())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No pauses between attempts; and no thread is left."""
    monkeypatch.setattr(pauses, "_STEPS", (0.01,))
    monkeypatch.setattr(connection, "_BUSY_PAUSE", 0.01)
    with no_thread_is_left("velora-streamlabs"):
        yield


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
    companion.run_until_idle()
    return companion
