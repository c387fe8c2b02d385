"""A stream key that went stale is put right, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import (
    KEY,
    NEW_KEY,
    OTHER,
    RTMP,
    SRT,
    WHIP,
    FakeHost,
    FakeVelora,
    run,
    run_until_idle,
)
from tests.unit.features.stream_key_check.steps import key_in_obs, regenerated
from velora_core import errors
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.host.host import EndReason
from velora_hosts.obs.service import Service

MENDED = "Your stream key had changed on Velora: OBS now has the new one (••••new9)."


def test_panel_opened__puts_the_key_right(app: Application, host: FakeHost) -> None:
    app.panel_opened()
    run_until_idle(app)
    assert key_in_obs(host) == NEW_KEY
    assert app.state.status == MENDED
    assert [text for _, text in host.logged] == [MENDED]


def test_start__puts_the_key_right(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    app.close()
    again = make()
    run_until_idle(again)
    assert key_in_obs(host) == NEW_KEY
    assert again.state.status == MENDED


def test_after_a_stream__puts_the_key_right(app: Application, host: FakeHost) -> None:
    app.stream_starting()
    app.stream_started()
    host.live = True
    app.panel_opened()
    run_until_idle(app)
    assert key_in_obs(host) == KEY
    host.live = False
    app.stream_stopped()
    run_until_idle(app)
    assert key_in_obs(host) == NEW_KEY


def test_profile_changed__puts_that_profiles_key_right(app: Application, host: FakeHost) -> None:
    host.current_profile = "Second"
    run(app, app.actions.configure())
    host.current_profile = "Main"
    assert key_in_obs(host) == KEY
    app.profile_changed()
    run_until_idle(app)
    assert key_in_obs(host) == NEW_KEY


@pytest.mark.parametrize(
    ("protocol", "server"), [("rtmp", RTMP), ("srt", SRT), ("whip", WHIP.replace(KEY, NEW_KEY))]
)
def test_each_protocol__stays_what_it_is(
    make: Any, host: FakeHost, velora: FakeVelora, protocol: str, server: str
) -> None:
    app: Application = make()
    app.settings = StreamSettings(protocol=protocol)
    run(app, app.actions.configure())
    encoders = host.audio_encoders()
    before = host.service()
    regenerated(velora)
    app.panel_opened()
    run_until_idle(app)
    after = host.service()
    assert after.server == server
    assert after.kind == before.kind
    assert set(after.settings) == set(before.settings)
    assert host.audio_encoders() == encoders


def test_other_settings_of_the_service__stay(app: Application, host: FakeHost) -> None:
    settings = {**host.service().settings, "use_auth": True, "username": "somebody"}
    host.services["Main"] = Service("rtmp_custom", settings)
    app.panel_opened()
    run_until_idle(app)
    assert host.service().settings == {**settings, "key": NEW_KEY}


def test_moved_ingest__is_followed(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    velora.setup = velora.setup._replace(rtmp_url="rtmp://moved.test/live")
    app.panel_opened()
    run_until_idle(app)
    assert host.service().server == "rtmp://moved.test/live"
    assert app.state.status == (
        "Your stream key and Velora's address had changed: OBS now has the new ones "
        "(rtmp://moved.test/live, ••••new9)."
    )


def test_other_platform__is_left_alone_and_nothing_is_asked(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.services["Main"] = OTHER
    velora.calls.clear()
    app.panel_opened()
    app.stream_stopped(EndReason.REFUSED)
    run_until_idle(app)
    assert host.service() == OTHER
    assert velora.named("setup") == []


def test_key_is_right__says_nothing(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    app.panel_opened()
    run_until_idle(app)
    changes = len(host.changes)
    before = app.state.status
    app.stream_stopped()
    run_until_idle(app)
    assert len(host.changes) == changes
    assert app.state.status == before


def test_panel_opened_often__asks_once_in_a_while(
    app: Application, velora: FakeVelora, clock: Clock
) -> None:
    app.panel_opened()
    run_until_idle(app)
    velora.calls.clear()
    for _ in range(5):
        app.panel_opened()
        run_until_idle(app)
    assert velora.named("setup") == []
    clock.now += 60
    app.panel_opened()
    run_until_idle(app)
    assert len(velora.named("setup")) == 1


def test_nobody_signed_in__nothing_is_asked(make: Any, host: FakeHost, velora: FakeVelora) -> None:
    app = make(VELORA_ACCESS_TOKEN="")
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": KEY})
    app.panel_opened()
    run_until_idle(app)
    assert velora.calls == []


def test_permission_missing__nothing_is_asked(app: Application, velora: FakeVelora) -> None:
    account = app.state.account._replace(scopes=frozenset({"stream:read"}))
    app._runtime.change(account=account)
    velora.calls.clear()
    app.stream_stopped()
    run_until_idle(app)
    assert velora.named("setup") == []


def test_velora_fails__only_the_log_has_it(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    before = app.state
    velora.failures["setup"].append(errors.ServerError(status=500))
    app.stream_stopped()
    run_until_idle(app)
    assert key_in_obs(host) == KEY
    assert app.state == before
    assert host.warnings == []
    assert len(host.logged) == 1


def test_service_changed_meanwhile__is_left_alone(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.features.stream_key_check.check()
    host.services["Main"] = OTHER
    run_until_idle(app)
    assert host.service() == OTHER


def test_stream_started_meanwhile__nothing_is_changed(app: Application, host: FakeHost) -> None:
    app.features.stream_key_check.check()
    host.live = True
    run_until_idle(app)
    assert key_in_obs(host) == KEY


def test_obs_does_not_take_it__says_so(app: Application, host: FakeHost) -> None:
    host.takes = False
    app.panel_opened()
    run_until_idle(app)
    assert "OBS did not accept the settings" in app.state.status
