"""A Velora that rotates refresh tokens, and applications that use it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.auth.refresh.steps import Rotating, sign_in, stored
from tests.unit.fakes import KEY, RTMP, SRT, FakeHost, wait_for
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.host.destination import IngestAddresses
from velora_hosts.obs.service import Service


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_look(monkeypatch: pytest.MonkeyPatch, patient: None) -> None:
    """No panel waits for the files, which are behind a refresh here."""
    monkeypatch.setattr("velora_core.app.session._LOOK_TIMEOUT", 0.0)


@pytest.fixture
def velora() -> Iterator[Rotating]:
    velora = Rotating()
    with velora.server:
        yield velora


@pytest.fixture
def folder(velora: Rotating, tmp_path: Path) -> Path:
    folder = tmp_path / "settings"
    storage = stored(velora, folder)
    storage.save_sign_in(sign_in())
    storage.save_addresses(IngestAddresses(RTMP, SRT, "https://ingest.test:3334"))
    return folder


@pytest.fixture
def start(velora: Rotating, folder: Path, host: FakeHost) -> Iterator[Callable[[], Application]]:
    made: list[Application] = []
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": KEY})

    def start() -> Application:
        made.append(Application(host, environment={"VELORA_API_URL": velora.url}, folder=folder))
        made[-1].settings = StreamSettings(title="Hello")
        return made[-1]

    yield start
    velora.pause = 0.0
    for app in made:
        app.close()
    wait_for(lambda: not any(thread.name == "velora-worker" for thread in threading.enumerate()))
