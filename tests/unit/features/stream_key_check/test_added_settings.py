"""What somebody added to the service stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import (
    KEY,
    NEW_KEY,
    RTMP,
    SRT,
    WHIP,
    FakeHost,
    FakeVelora,
    run,
    run_until_idle,
)
from tests.unit.features.stream_key_check.steps import change, refused, regenerated
from velora_core.app.state import StreamSettings
from velora_core.application import Application


@pytest.mark.parametrize(
    ("protocol", "server"),
    [
        ("rtmp", RTMP + "/"),
        ("rtmp", RTMP.replace("ingest", "INGEST").replace("rtmp:", "RTMP:")),
        ("rtmp", RTMP.replace(":1935", "")),
        ("srt", SRT + "?latency=2000000&passphrase=live_test_phrase"),
        ("whip", WHIP.replace(KEY, KEY) + "/?region=eu"),
    ],
)
def test_right_key__an_address_that_means_the_same_is_left_alone(
    make: Any, host: FakeHost, protocol: str, server: str
) -> None:
    app: Application = make()
    app.settings = StreamSettings(protocol=protocol)
    run(app, app.actions.configure())
    mine = change(host, server=server)
    before = app.state.status
    app.panel_opened()
    run_until_idle(app)
    assert host.service() == mine
    assert app.state.status == before
    # By SRT it isn't known what the ingest takes, and that is what is said.
    assert ("Use RTMP instead" if protocol == "srt" else "right key") in refused(app)


def test_new_key__parameters_of_the_address_stay(
    make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    app: Application = make()
    app.settings = StreamSettings(protocol="srt")
    run(app, app.actions.configure())
    server = SRT + "?latency=2000000&passphrase=live_test_phrase"
    mine = change(host, server=server, use_auth=True)
    regenerated(velora)
    app.panel_opened()
    run_until_idle(app)
    assert host.service().settings == {**mine.settings, "key": NEW_KEY}
    velora.setup = velora.setup._replace(srt_url="srt://moved.test:1?mode=caller")
    app.features.stream_key_check._checked = None
    app.panel_opened()
    run_until_idle(app)
    moved = "srt://moved.test:1?mode=caller&latency=2000000&passphrase=live_test_phrase"
    assert host.service().server == moved
    assert app.state.status == (
        "Velora has a new ingest address: OBS now has it (srt://moved.test:1)."
    )
    assert "live_test_phrase" not in str(app.state) + str(host.logged)
