"""The hosts that need no connection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.hosts.stages import STAGES, Stage


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with STAGES[request.param](monkeypatch) as stage:
        yield stage
