"""Restore previous service: what comes back, and when nothing is changed."""

from __future__ import annotations

from typing import Any

from tests.unit.fakes import OTHER, RTMP, TIMEOUT, FakeHost, FakeVelora, previous, run
from tests.unit.features.service_setup.steps import AAC, protocol
from velora_core.application import Application
from velora_hosts.obs.service import Service


def test_previous_service__comes_back_whole(app: Application, host: FakeHost) -> None:
    protocol(app, "whip")
    run(app, app.actions.configure())
    assert previous(app)
    status = run(app, app.actions.restore_previous())
    again = "OBS streams to your previous service again in the profile “Main”"
    assert status == f"{again}: Other with key ••••ther."
    assert host.service() == OTHER
    assert host.audio_encoders() == AAC
    run(app, app.actions.refresh())
    assert not previous(app)
    assert "no previous streaming service" in run(app, app.actions.restore_previous())


def test_previous_service__is_never_our_own(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    for name in ("rtmp", "srt", "whip", "rtmp"):
        protocol(app, name)
        run(app, app.actions.configure())
    velora.setup = velora.setup._replace(rtmp_url="rtmp://moved.test/live")
    run(app, app.actions.configure())
    assert host.service().server == "rtmp://moved.test/live"
    run(app, app.actions.restore_previous())
    assert host.service() == OTHER


def test_previous_service__belongs_to_its_profile(app: Application, host: FakeHost) -> None:
    second = Service("rtmp_custom", {"server": "rtmp://second.test"})
    host.services["Second"] = second
    run(app, app.actions.configure())
    host.current_profile = "Second"
    assert not previous(app)
    run(app, app.actions.configure())
    run(app, app.actions.restore_previous())
    assert host.service() == second
    host.current_profile = "Main"
    assert previous(app)
    run(app, app.actions.restore_previous())
    assert host.service() == OTHER


def test_previous_service__survives_a_restart(make: Any, host: FakeHost) -> None:
    first = make()
    run(first, first.actions.configure())
    first.close()
    second = make()
    run(second, second.actions.refresh())
    assert previous(second)
    run(second, second.actions.restore_previous())
    assert host.service() == OTHER


def test_previous_service__is_kept_when_velora_moves_again_and_again(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    run(app, app.actions.configure())
    for number in range(3):
        velora.setup = velora.setup._replace(rtmp_url=f"rtmp://moved{number}.test/live")
        host.current_profile = f"Profile {number}"
        run(app, app.actions.configure())
    host.current_profile = "Main"
    velora.setup = velora.setup._replace(rtmp_url="rtmp://moved-at-last.test/live")
    run(app, app.actions.configure())
    run(app, app.actions.restore_previous())
    assert host.service() == OTHER


def test_restoring__profile_switched_meanwhile__neither_is_changed(
    app: Application, host: FakeHost
) -> None:
    run(app, app.actions.configure())
    configured = host.service()
    host.services["Second"] = OTHER
    host.current_profile = "Second"
    run(app, app.actions.configure())
    second = host.service()
    host.current_profile = "Main"
    job = app.actions.restore_previous()
    assert job.wait(TIMEOUT)
    host.current_profile = "Second"
    status = run(app, job)
    assert "You switched to the profile “Second”" in status
    assert "press Restore previous service again" in status
    assert host.services == {"Main": configured, "Second": second}
    host.current_profile = "Main"
    run(app, app.actions.restore_previous())
    assert host.service() == OTHER


def test_restoring__while_a_stream_begins_changes_nothing(app: Application, host: FakeHost) -> None:
    run(app, app.actions.configure())
    job = app.actions.restore_previous()
    assert job.wait(TIMEOUT)
    app.stream_starting()
    assert "stop the stream first" in run(app, job)
    assert host.service().server == RTMP
    app.stream_stopped()
    run(app, app.actions.restore_previous())
    assert host.service() == OTHER


def test_restoring__that_is_not_taken_keeps_the_way_back(app: Application, host: FakeHost) -> None:
    run(app, app.actions.configure())
    host.takes = False
    assert "OBS did not accept the settings" in run(app, app.actions.restore_previous())
    host.takes = True
    run(app, app.actions.restore_previous())
    assert host.service() == OTHER
