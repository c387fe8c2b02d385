"""Configure Velora: protocols, audio encoders, and what changes meanwhile."""

from __future__ import annotations

import threading

import pytest

from tests.unit.fakes import KEY, OTHER, RTMP, SRT, WHIP, FakeHost, FakeVelora, run, wait_for
from tests.unit.features.service_setup.steps import AAC, protocol
from velora_core.app.state import StatusLevel
from velora_core.application import Application
from velora_hosts.obs.audio import AudioEncoders
from velora_hosts.obs.service import Service

OPUS = AudioEncoders("opus", "ffmpeg_opus")


@pytest.mark.parametrize(("name", "server"), [("rtmp", RTMP), ("srt", SRT)])
def test_rtmp_and_srt__server_and_key(
    app: Application, host: FakeHost, name: str, server: str
) -> None:
    protocol(app, name)
    status = run(app, app.actions.configure())
    assert status == (
        f"OBS will stream to {server} with key ••••z789 in the profile “Main”. "
        "To go live, press Start Streaming."
    )
    assert host.service().kind == "rtmp_custom"
    assert host.service().settings["server"] == server
    assert host.service().settings["key"] == KEY
    assert host.audio_encoders() == AAC
    assert status in [text for _, text in host.logged]


def test_whip__has_its_own_service_and_needs_opus(app: Application, host: FakeHost) -> None:
    protocol(app, "whip")
    status = run(app, app.actions.configure())
    assert status.startswith(
        "OBS will stream to https://ingest.test:3334 by WHIP with key ••••z789 "
    )
    assert host.service().kind == "whip_custom"
    assert host.service().settings["server"] == WHIP
    assert host.audio_encoders() == OPUS


def test_whip__and_back_brings_the_audio_encoder_back(app: Application, host: FakeHost) -> None:
    for name, encoders in (("whip", OPUS), ("whip", OPUS), ("rtmp", AAC), ("srt", AAC)):
        protocol(app, name)
        run(app, app.actions.configure())
        assert host.audio_encoders() == encoders


def test_whip__an_encoder_chosen_since_stays(app: Application, host: FakeHost) -> None:
    protocol(app, "whip")
    run(app, app.actions.configure())
    host.encoders["Main"] = AudioEncoders("opus", "other_opus")
    protocol(app, "rtmp")
    run(app, app.actions.configure())
    assert host.audio_encoders() == AudioEncoders("opus", "other_opus")


def test_whip__where_opus_is_in_use_nothing_changes(app: Application, host: FakeHost) -> None:
    host.encoders["Main"] = OPUS
    for name in ("whip", "rtmp"):
        protocol(app, name)
        run(app, app.actions.configure())
        assert host.audio_encoders() == OPUS


def test_whip__only_where_the_software_has_it(app: Application, host: FakeHost) -> None:
    host.whip = False
    protocol(app, "whip")
    assert "set up for WHIP: choose RTMP or SRT" in run(app, app.actions.configure())
    assert host.changes == []
    offered = app.panel().find("protocol").options
    assert "whip" not in [item.value for item in offered]


def test_unknown_protocol__is_refused(app: Application, host: FakeHost) -> None:
    protocol(app, "carrier-pigeon")
    assert "carrier-pigeon" in run(app, app.actions.configure())
    assert host.changes == []


def test_streaming__nothing_is_changed(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.live = True
    assert "OBS is streaming" in run(app, app.actions.configure())
    assert "OBS is streaming" in run(app, app.actions.restore_previous())
    assert app.state.tone is StatusLevel.ERROR
    assert (host.changes, velora.named("setup")) == ([], [])


def test_starting__counts_as_streaming(app: Application, host: FakeHost) -> None:
    app.stream_starting()
    said = run(app, app.actions.configure())
    assert said == (
        "OBS is starting a stream: stop the stream first, or wait a minute and a half if there is "
        "none, then press Configure Velora again. Nothing was changed."
    )
    app.stream_stopped()
    assert "OBS will stream" in run(app, app.actions.configure())


def test_starting__that_leads_nowhere_ends_by_itself(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.features.stream_info._START_LIMIT", -1.0)
    app.stream_starting()
    assert "OBS will stream" in run(app, app.actions.configure())


def test_stream_begun_meanwhile__nothing_is_changed(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    job = app.actions.configure()
    host.live = True
    velora.block.set()
    assert "OBS is streaming" in run(app, job)
    assert host.changes == []


def test_service_changed_meanwhile__that_one_is_kept(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    job = app.actions.configure()
    newer = Service("rtmp_custom", {"server": "rtmp://newer.test", "key": "live_test_newer"})
    host.services["Main"] = newer
    velora.block.set()
    run(app, job)
    run(app, app.actions.refresh())
    assert host.service().server == RTMP
    run(app, app.actions.restore_previous())
    assert host.service() == newer


def test_profile_switched_meanwhile__neither_is_changed(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    """Nobody has asked for the other one."""
    second = Service("rtmp_custom", {"server": "rtmp://second.test", "key": "live_test_second"})
    host.services["Second"] = second
    velora.block = threading.Event()
    job = app.actions.configure()
    host.current_profile = "Second"
    velora.block.set()
    status = run(app, job)
    assert "You switched to the profile “Second”" in status
    assert "press Configure Velora again" in status
    assert host.services == {"Main": OTHER, "Second": second}
    run(app, app.actions.configure())
    assert host.service().server == RTMP
    assert host.services["Main"] == OTHER


def test_encoder_changed_meanwhile__that_one_is_kept(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    protocol(app, "whip")
    velora.block = threading.Event()
    job = app.actions.configure()
    host.encoders["Main"] = AudioEncoders("aac", "other_aac")
    velora.block.set()
    run(app, job)
    run(app, app.actions.refresh())
    app.process_ui_queue()
    assert host.audio_encoders() == OPUS
    protocol(app, "rtmp")
    run(app, app.actions.configure())
    assert host.audio_encoders() == AudioEncoders("aac", "other_aac")


def test_service_without_a_server__is_named_by_what_it_has(
    app: Application, host: FakeHost
) -> None:
    host.services["Main"] = Service("rtmp_common", {"service": "Other", "key": "live_test_other"})
    run(app, app.actions.configure())
    assert run(app, app.actions.restore_previous()).endswith(": Other with key ••••ther.")


@pytest.mark.parametrize("seen", [True, False])
def test_to_go_live__is_said_until_the_stream_starts(app: Application, seen: bool) -> None:
    app.actions.configure()
    wait_for(lambda: "To go live" in app.state.status, meanwhile=app.process_ui_queue)
    app.panel(drawn=seen)
    app.settings = app.settings._replace(update_on_start=False)
    app.stream_starting()
    app.stream_started()
    assert app.state.status == f"OBS streams to Velora in the profile “Main” ({RTMP})."


def test_to_go_live__is_named_as_the_software_does(app: Application, host: FakeHost) -> None:
    host.able = {"start_button": "Go Live"}
    second = Application(host, environment=app._session.environment, folder=app._session._folder)
    try:
        assert run(second, second.actions.configure()).endswith("To go live, press Go Live.")
    finally:
        second.close()


def test_to_go_live__is_not_said_where_it_has_to_be_restarted_first(
    app: Application, host: FakeHost
) -> None:
    host.able = {"applies_audio": False}
    protocol(app, "whip")
    status = run(app, app.actions.configure())
    assert "Restart OBS before you stream" in status
    assert "To go live" not in status
