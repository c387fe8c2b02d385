"""A model of Meld Studio with a companion that is connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.fakes import FakeVelora
from tests.unit.linked import Linked, no_thread_is_left
from tests.unit.model_meld import ModelMeld
from velora_hosts.companion import pauses as module
from velora_hosts.companion.settings import CompanionSettings
from velora_hosts.meld_studio.link import MeldLink
from velora_hosts.websocket.address import Address


class Companion(Linked[MeldLink]):
    def __init__(self, port: int, folder: Path) -> None:
        address, settings = Address("127.0.0.1", port), CompanionSettings(folder)
        super().__init__(lambda links: MeldLink("meld", address, links, settings), folder)


@pytest.fixture
def meld() -> Iterator[ModelMeld]:
    with no_thread_is_left("velora-meld"), ModelMeld() as meld:
        yield meld


@pytest.fixture
def companion(
    meld: ModelMeld, velora: FakeVelora, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Companion]:
    """Not started yet."""
    monkeypatch.setattr(module, "_STEPS", (0.01,))
    companion = Companion(meld.port, folder)
    yield companion
    companion.stop()


@pytest.fixture
def connected(companion: Companion) -> Companion:
    companion.start()
    companion.run_until_idle()
    return companion
