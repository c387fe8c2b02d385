"""A new key was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import NEW_KEY, RTMP, SRT, FakeHost, FakeVelora, previous, run, run_until_idle
from tests.unit.features.stream_key_check.steps import change, key_in_obs, regenerated
from velora_core.app.state import StreamSettings
from velora_core.application import Application


@pytest.mark.parametrize("protocol", ["rtmp", "srt", "whip"])
@pytest.mark.parametrize("with_previous", [True, False])
def test_regenerated_here__a_later_change_is_put_right(
    make: Any, host: FakeHost, velora: FakeVelora, protocol: str, with_previous: bool
) -> None:
    app: Application = make()
    app.settings = StreamSettings(protocol=protocol)
    run(app, app.actions.configure())
    if not with_previous:
        run(app, app.actions.restore_previous())
        run(app, app.actions.configure())
    before = previous(app)
    app.actions.request_new_key()
    run(app, app.actions.regenerate())
    assert NEW_KEY in str(dict(host.service().settings))
    regenerated(velora, "live_test_key_3rd")
    app.features.stream_key_check.check_anew()
    run_until_idle(app)
    assert "live_test_key_3rd" in str(dict(host.service().settings))
    assert "had changed on Velora" in app.state.status
    assert previous(app) == before, "a dead key is nothing to go back to"


def test_regenerated_here__another_channels_key_is_kept(asked: Application, host: FakeHost) -> None:
    asked.actions.request_new_key()
    run(asked, asked.actions.regenerate())
    assert key_in_obs(host) == NEW_KEY
    assert previous(asked) == f"{RTMP} with key ••••hand"
    assert not asked.actions.asking


def test_regenerated_here__parameters_stay(make: Any, host: FakeHost, velora: FakeVelora) -> None:
    app: Application = make()
    app.settings = StreamSettings(protocol="srt")
    run(app, app.actions.configure())
    mine = change(host, server=SRT + "?latency=2000000", use_auth=True)
    app.actions.request_new_key()
    run(app, app.actions.regenerate())
    assert host.service().settings == {**mine.settings, "key": NEW_KEY}


def test_regenerated_here__in_another_profile_by_then(
    make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    app: Application = make()
    host.current_profile = "Second"
    run(app, app.actions.configure())
    host.current_profile = "Main"
    run(app, app.actions.configure())
    app.actions.request_new_key()
    job = app.actions.regenerate()
    assert job.wait(5)
    host.current_profile = "Second"
    app.process_ui_queue()
    run_until_idle(app)
    assert key_in_obs(host) == NEW_KEY
    host.current_profile = "Main"
    app.profile_changed()
    run_until_idle(app)
    assert key_in_obs(host) == NEW_KEY, "its old key was given, too"
