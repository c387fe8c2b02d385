"""An application whose key was regenerated on the website."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import FakeHost, FakeVelora, run, run_until_idle
from tests.unit.features.live import update_clock
from tests.unit.features.stream_key_check.steps import BY_HAND, regenerated
from velora_core.application import Application


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return update_clock(monkeypatch, "features.stream_key_check")


@pytest.fixture
def app(make: Any, host: FakeHost, velora: FakeVelora) -> Application:
    """Configured, and then the key was regenerated on the website."""
    app: Application = make()
    run(app, app.actions.configure())
    regenerated(velora)
    host.logged.clear()
    return app


@pytest.fixture
def asked(make: Any, host: FakeHost) -> Application:
    """Signed in only for titles; OBS has the key of another channel."""
    host.services["Main"] = BY_HAND
    app: Application = make()
    run_until_idle(app)
    return app
