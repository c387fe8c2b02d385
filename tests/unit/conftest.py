"""An application between a fake broadcasting software and a fake Velora."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import TOKEN, FakeHost, FakeVelora, wait_for
from tests.unit.patience import patient
from velora_core.application import Application

__all__ = [
    "Make",
    "app",
    "folder",
    "host",
    "make",
    "no_threads",
    "opened",
    "patient",
    "quick_typing",
    "velora",
]

Make = Callable[..., Application]


def no_threads() -> bool:
    """Whether all of the application's threads have ended."""
    return not any(thread.name.startswith("velora") for thread in threading.enumerate())


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def velora(monkeypatch: pytest.MonkeyPatch) -> FakeVelora:
    velora = FakeVelora()
    monkeypatch.setattr("velora_core.api.client.VeloraClient", velora)
    monkeypatch.setattr("velora_core.features.channel._clock", lambda: "12:00")
    return velora


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "settings"


@pytest.fixture
def make(host: FakeHost, velora: FakeVelora, folder: Path) -> Iterator[Make]:
    """Make an application that is closed afterwards; signed in by the environment by default."""
    made: list[Application] = []

    def make(
        *, pending_update: Mapping[str, Any] | None = None, page: Any = None, **environment: str
    ) -> Application:
        variables = environment or {"VELORA_ACCESS_TOKEN": TOKEN}
        app = Application(
            host,
            environment=variables,
            folder=folder,
            pending_update=pending_update,
            page=page,
        )
        made.append(app)
        return app

    yield make
    for app in made:
        app.close()
    if velora.block:
        velora.block.set()
    wait_for(no_threads, "the threads to end")


@pytest.fixture
def app(make: Make) -> Application:
    return make()


@pytest.fixture
def quick_typing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types pauses sooner."""
    monkeypatch.setattr("velora_core.features.sign_in._TYPING_DELAY", 0.05)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was opened with."""
    addresses: list[str] = []

    def browse(address: str) -> bool:
        addresses.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    return addresses
