"""A start that is held back, because the right key isn't known, has its moment to fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.fakes import RTMP, FakeHost, run
from velora_core.app.worker import Job
from velora_core.application import Application
from velora_core.features.connected_account import _HELD
from velora_core.host.destination import IngestAddresses
from velora_hosts.obs.service import Service

FOREIGN = Service("rtmp_custom", {"server": RTMP, "key": "live_test_twitch_key"})


def test_next_start_a_moment_later__is_held_back_as_long(
    make: Callable[[], Application], host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.account, host.services["Main"] = "Twitch", FOREIGN
    app, over = make(), list[Callable[[], None]]()
    addresses = IngestAddresses(RTMP, "srt://ingest.test:9999", "")
    run(app, app._runtime.press("", lambda: app._session.cache_addresses(addresses)))
    submit = app._runtime.worker.submit

    def note(work: Callable[[], None], **how: Any) -> Job:
        if how.get("delay") == _HELD:
            over.append(work)
            return Job.finished()
        return submit(work, **how)

    monkeypatch.setattr(app._runtime.worker, "submit", note)
    servers = []
    for _ in range(2):
        host.services["Main"] = FOREIGN  # as OBS writes it at each start
        app.stream_starting()
        servers.append(host.service().server)
    for end in over:
        end()
        app.process_ui_queue()
        servers.append(host.service().server)
    assert servers == ["", "", "", RTMP]
