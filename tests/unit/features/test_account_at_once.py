"""A stream that starts while files are still being read, as with ``--startstreaming``."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import KEY, RTMP, FakeHost, FakeVelora
from velora_core.application import Application
from velora_core.host.destination import IngestAddresses
from velora_hosts.obs.account import read_saved_setup
from velora_hosts.obs.service import Service

FOREIGN = "live_test_twitch_key"
OURS = Service("rtmp_custom", {"server": RTMP, "key": KEY})


@pytest.fixture
def profile(host: FakeHost, tmp_path: Path) -> Path:
    """A profile with a Twitch account that is set up for Velora."""
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "basic.ini").write_text("[Auth]\nType=Twitch\n")
    saved = {"type": OURS.kind, "settings": dict(OURS.settings)}
    (profile / "service.json").write_text(json.dumps(saved))
    host.services["Main"] = OURS
    host.folders["Main"] = profile
    return profile


@pytest.mark.parametrize("told", [True, False])
def test_start__while_a_keyring_is_waited_for__sends_our_key(
    profile: Path,
    make: Callable[..., Application],
    host: FakeHost,
    velora: FakeVelora,
    monkeypatch: pytest.MonkeyPatch,
    told: bool,
) -> None:
    before = make()
    before._opening.wait(5)
    before._session.cache_addresses(IngestAddresses(RTMP, "", ""))
    before.close()
    host.remembered.clear()
    host.account = "Twitch" if told else None
    go_on = threading.Event()
    monkeypatch.setattr("velora_core.app.session.Session.open", lambda *_: go_on.wait(5))

    def read_slowly() -> Any:
        go_on.wait(0.05)
        return read_saved_setup(str(profile))

    monkeypatch.setattr(host, "saved_setup", lambda: read_slowly)
    app = make()
    app.process_ui_queue()
    host.change_service({"key": FOREIGN})
    app.stream_starting()
    assert host.service() == OURS
    go_on.set()


def test_start__waits_for_no_file_that_hangs(
    profile: Path, make: Callable[..., Application], host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr("velora_core.features.connected_account._READING", 0.05)
    monkeypatch.setattr(host, "saved_setup", lambda: lambda: go_on.wait(60))
    app = make()
    app.process_ui_queue()
    began = time.monotonic()
    app.stream_starting()
    assert time.monotonic() - began < 30.0
    go_on.set()
