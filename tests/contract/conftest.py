"""A simulated Velora for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator import Simulator


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def velora() -> Iterator[Simulator]:
    with Simulator() as velora:
        yield velora
