"""The hosts that reach their software through a connection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.hosts.stages import CONNECTED_STAGES, Stage


@pytest.fixture(params=CONNECTED_STAGES)
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with CONNECTED_STAGES[request.param](monkeypatch) as stage:
        yield stage
