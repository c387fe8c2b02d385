"""No proxy, and no thread is left."""

from __future__ import annotations

import threading
import time

import pytest


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> object:
    yield
    deadline = time.monotonic() + 5
    names: list[str] = []
    while time.monotonic() < deadline:
        names = [
            thread.name for thread in threading.enumerate() if thread.name.startswith("velora")
        ]
        if not names:
            return
        time.sleep(0.01)
    raise AssertionError(names)
