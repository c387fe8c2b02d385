"""An application that is set up for a Velora that pushes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import FakeHost, FakeVelora
from tests.unit.features.live import live_clock, set_up
from velora_core.application import Application


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = live_clock(monkeypatch, "features.live_events")
    monkeypatch.setattr(
        "velora_core.features.live_events.random.uniform", lambda least, most: least
    )
    return clock


@pytest.fixture
def app(make: Callable[[], Application], host: FakeHost, velora: FakeVelora) -> Application:
    """Set up for Velora, which pushes."""
    return set_up(make(), host, velora)
