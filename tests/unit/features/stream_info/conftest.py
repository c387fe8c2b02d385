"""An application that is set up for Velora, with a clock of its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import FakeHost, run
from tests.unit.features.live import update_clock
from tests.unit.features.stream_info.steps import FULL
from velora_core.application import Application
from velora_core.features.stream_info import RETRY_DELAYS


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("velora_core.features.stream_info.RETRY_DELAYS", (0.0, 0.0, 0.0))


@pytest.fixture
def slow_retries(monkeypatch: pytest.MonkeyPatch, _quick_retries: None) -> None:
    monkeypatch.setattr("velora_core.features.stream_info.RETRY_DELAYS", RETRY_DELAYS)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return update_clock(monkeypatch)


@pytest.fixture
def app(make: Any, host: FakeHost, clock: Clock) -> Application:
    """Configured for Velora, with categories known."""
    app: Application = make()
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    app.settings = FULL
    host.logged.clear()
    return app
