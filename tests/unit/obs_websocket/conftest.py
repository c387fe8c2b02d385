"""A model of OBS with a companion that is connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.fakes import FakeVelora
from tests.unit.linked import Linked, no_thread_is_left
from tests.unit.model_obs import ModelObs
from velora_core.secret import Secret
from velora_hosts.companion import pauses as module
from velora_hosts.obs_websocket.link import ObsLink
from velora_hosts.websocket.address import Address


class Companion(Linked[ObsLink]):
    def __init__(self, port: int, folder: Path) -> None:
        self.password: str | None = None
        address = Address("127.0.0.1", port)
        super().__init__(lambda links: ObsLink(address, links, password=self._secret), folder)

    def _secret(self) -> Secret | None:
        return None if self.password is None else Secret(self.password)


@pytest.fixture
def obs() -> Iterator[ModelObs]:
    with no_thread_is_left("velora-obs"), ModelObs() as obs:
        yield obs


@pytest.fixture
def companion(
    obs: ModelObs, velora: FakeVelora, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Companion]:
    """Not started yet."""
    monkeypatch.setattr(module, "_STEPS", (0.01,))
    companion = Companion(obs.port, folder)
    yield companion
    companion.stop()


@pytest.fixture
def connected(companion: Companion) -> Companion:
    companion.start()
    companion.run_until_idle()
    return companion
