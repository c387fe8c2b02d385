"""Tests of what needs sockets, processes of its own or long random walks, but no OBS.

They mirror the tree as the unit tests do, and use the same fixtures.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.conftest import app, folder, host, make, opened, patient, quick_typing, velora
from velora_core.api.cancellation import CallRegistry

__all__ = ["app", "folder", "host", "make", "opened", "patient", "quick_typing", "velora"]


@pytest.fixture(autouse=True)
def nobody_watches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave no thread that watches over calls which are over.

    It stays as long as the first of them might have taken, and tests that fork come later.
    """
    watching: set[CallRegistry] = set()
    watch = CallRegistry._watch

    def noted(registry: CallRegistry) -> None:
        watching.add(registry)
        watch(registry)
        watching.discard(registry)

    monkeypatch.setattr(CallRegistry, "_watch", noted)
    yield
    for registry in tuple(watching):
        with registry._lock:
            registry._sooner.notify()
