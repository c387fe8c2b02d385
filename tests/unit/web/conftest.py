"""An application whose page is on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import run, run_until_idle
from tests.unit.web.client import Client
from velora_core.application import Application
from velora_core.web import start_page


@pytest.fixture(autouse=True)
def _any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual one may be somebody's."""
    monkeypatch.setattr("velora_core.web.server.PORT", 0)


@pytest.fixture
def app(make: Any, opened: list[str]) -> Application:
    app: Application = make(page=start_page)
    app.panel_opened()
    run_until_idle(app)
    return app


@pytest.fixture
def client(app: Application) -> Client:
    """A browser that was let in."""
    run(app, app.features.page.open())
    address = app.panel().find("page_address").value
    client = Client(app, str(address))
    assert client.log_in().status == 303
    return client
