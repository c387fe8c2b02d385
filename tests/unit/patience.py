"""The moments for which one thread waits for another, as long as the tests' own."""

from __future__ import annotations

from typing import Final

import pytest

from tests.unit.fakes import TIMEOUT
from velora_core.app.runtime import Runtime

__all__ = ["patient"]

_MOMENTS: Final = (
    "velora_core.app.session._LOOK_TIMEOUT",
    "velora_core.application._OPENING_TIMEOUT",
    "velora_core.features.connected_account._READING",
    "velora_core.features.own_settings._CLOSING_TIMEOUT",
    "velora_core.features.plugin_copy._CLOSING_TIMEOUT",
    "velora_core.features.sign_in._TYPED_TIMEOUT",
    "velora_core.web.server._FAREWELL",
    "velora_core.web.server._GOODBYE",
)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have whoever waits a moment for another thread wait as long as a test does.

    A moment is what a streamer may wait for: a few tenths of a second. On a busy computer the other
    thread may have no turn in it, and what a test looks at comes later. What comes of a moment that
    is over is the business of tests that say how long theirs is.
    """
    for moment in _MOMENTS:
        monkeypatch.setattr(moment, TIMEOUT)
    monkeypatch.setattr(Runtime.wait_for, "__defaults__", (TIMEOUT,))
