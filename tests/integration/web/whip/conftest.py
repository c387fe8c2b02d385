"""A Velora with a WHIP address, and an application whose page may stream to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.web.whip.endpoint import WhipEndpoint
from tests.unit.fakes import TOKEN, FakeVelora, run_until_idle
from velora_core.application import Application
from velora_core.secret import Secret
from velora_core.web import start_page


@pytest.fixture
def endpoint() -> Iterator[WhipEndpoint]:
    with WhipEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
def app(make: Any, opened: list[str], velora: FakeVelora, endpoint: WhipEndpoint) -> Application:
    velora.setup = velora.setup._replace(whip_url=Secret(endpoint.url))
    variables = {"VELORA_ACCESS_TOKEN": TOKEN, "VELORA_API_URL": "http://127.0.0.1:9/api"}
    app: Application = make(page=start_page, **variables)
    app.panel_opened()
    run_until_idle(app)
    return app
