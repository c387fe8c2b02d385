"""Configure Velora, and Restore previous service."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import (
    KEY,
    NEW_KEY,
    OTHER,
    RTMP,
    SOON,
    SRT,
    WHIP,
    FakeHost,
    FakeVelora,
    previous,
    run,
    wait_for,
)
from velora_core import errors
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.secret import Secret
from velora_hosts.obs.audio import AudioEncoders
from velora_hosts.obs.service import Service, setup_of

AAC = AudioEncoders("aac", "ffmpeg_aac")
OPUS = AudioEncoders("opus", "ffmpeg_opus")


def protocol(app: Application, name: str) -> None:
    app.settings = StreamSettings(protocol=name)


@pytest.mark.parametrize(("name", "server"), [("rtmp", RTMP), ("srt", SRT)])
def test_rtmp_and_srt__server_and_key(
    app: Application, host: FakeHost, name: str, server: str
) -> None:
    protocol(app, name)
    status = run(app, app.actions.configure())
    assert status == f"OBS will stream to {server} with key ••••z789."
    assert host.service().kind == "rtmp_custom"
    assert host.service().settings["server"] == server
    assert host.service().settings["key"] == KEY
    assert host.audio_encoders() == AAC
    assert status in [text for _, text in host.logged]


def test_whip__has_its_own_service_and_needs_opus(app: Application, host: FakeHost) -> None:
    protocol(app, "whip")
    status = run(app, app.actions.configure())
    assert status == "OBS will stream to https://ingest.test:3334 by WHIP with key ••••z789."
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
    assert "has no WHIP" in run(app, app.actions.configure())
    assert host.changes == []
    offered = app.panel().find("protocol").options
    assert "whip" not in [one.value for one in offered]


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
    assert "OBS is streaming" in run(app, app.actions.configure())
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


def test_previous_service__comes_back_whole(app: Application, host: FakeHost) -> None:
    protocol(app, "whip")
    run(app, app.actions.configure())
    assert previous(app)
    status = run(app, app.actions.restore_previous())
    assert status == "OBS streams to your previous service again: Other with key ••••ther."
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


def test_restoring__in_another_profile_meanwhile_is_done_for_that_one(
    app: Application, host: FakeHost, mocker: MockerFixture
) -> None:
    run(app, app.actions.configure())
    second = Service("rtmp_custom", {"server": "rtmp://second.test"})
    host.services["Second"] = second
    job = app.actions.restore_previous()
    assert job.wait(SOON)
    host.current_profile = "Second"
    app.process_ui_queue()
    assert "no previous streaming service" in run(app, app.actions.restore_previous())
    assert host.service() == second
    host.current_profile = "Main"
    assert host.service().server == RTMP
    run(app, app.actions.restore_previous())
    assert host.service() == OTHER


def test_restoring__while_a_stream_begins_changes_nothing(app: Application, host: FakeHost) -> None:
    run(app, app.actions.configure())
    job = app.actions.restore_previous()
    assert job.wait(SOON)
    app.stream_starting()
    assert "OBS is streaming" in run(app, job)
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


def test_profile_changed_meanwhile__that_ones_service_is_kept(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    second = Service("rtmp_custom", {"server": "rtmp://second.test", "key": "live_test_second"})
    host.services["Second"] = second
    velora.block = threading.Event()
    job = app.actions.configure()
    host.current_profile = "Second"
    velora.block.set()
    run(app, job)
    run(app, app.actions.refresh())
    app.process_ui_queue()
    assert host.service().server == RTMP
    assert host.services["Main"] == OTHER
    run(app, app.actions.restore_previous())
    assert host.service() == second


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


def test_read_only_folder__nothing_is_replaced(
    make: Any, host: FakeHost, folder: Path, mocker: MockerFixture
) -> None:
    mocker.patch("pathlib.Path.mkdir", side_effect=PermissionError(13, "Permission denied"))
    app = make()
    status = run(app, app.actions.configure())
    assert "could not be saved first" in status
    assert "Permission denied" in status
    assert str(folder) in status
    assert host.changes == []
    assert not previous(app)


@pytest.mark.parametrize("step", ["os.fsync", "os.replace", "tempfile.mkstemp"])
def test_no_room_to_keep_it__nothing_is_replaced(
    app: Application, host: FakeHost, mocker: MockerFixture, step: str
) -> None:
    broken = mocker.patch(step, side_effect=OSError(28, "No space left on device"))
    status = run(app, app.actions.configure())
    assert "could not be saved first" in status
    assert "No space left on device" in status
    assert host.changes == []
    assert "could not be saved first" in run(
        app, app.actions.configure()
    )  # not even at the second try
    mocker.stop(broken)
    assert "OBS will stream" in run(app, app.actions.configure())


def test_no_room_for_what_is_not_needed__is_no_obstacle(
    app: Application, host: FakeHost, velora: FakeVelora, mocker: MockerFixture
) -> None:
    run(app, app.actions.configure())
    velora.setup = velora.setup._replace(stream_key=Secret(NEW_KEY))
    mocker.patch("os.replace", side_effect=OSError(28, "No space left on device"))
    assert "OBS will stream" in run(app, app.actions.configure())
    assert host.service().settings["key"] == NEW_KEY


def test_key_that_is_not_taken__is_said(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    """The address is the same before and after, so that alone proves nothing."""
    run(app, app.actions.configure())
    host.takes = False
    velora.setup = velora.setup._replace(stream_key=Secret(NEW_KEY))
    assert "OBS did not accept the settings" in run(app, app.actions.configure())
    app.actions.request_new_key()
    assert run(app, app.actions.regenerate()) == str(errors.KeyNotApplied(host="OBS"))
    assert host.service().settings["key"] == KEY


def test_service_that_is_not_taken__is_said(app: Application, host: FakeHost) -> None:
    host.takes = False
    assert "OBS did not accept the settings" in run(app, app.actions.configure())


@pytest.mark.parametrize(
    "failure",
    [
        errors.Unauthorized(),
        errors.TimedOut(),
        errors.InvalidResponse(endpoint="/stream/setup", field="streamKey", problem="missing"),
    ],
)
def test_velora_fails__nothing_is_changed(
    app: Application, host: FakeHost, velora: FakeVelora, failure: Exception
) -> None:
    velora.failures["setup"].append(failure)
    assert run(app, app.actions.configure()) == str(failure)
    assert app.state.tone is StatusLevel.ERROR
    assert host.changes == []


def test_nothing_secret__is_kept_outside_the_secrets(
    app: Application, host: FakeHost, folder: Path
) -> None:
    protocol(app, "whip")
    run(app, app.actions.configure())
    known = (folder / "known.json").read_text()
    assert KEY not in known
    assert json.loads(known)["addresses"] == [RTMP, SRT, "https://ingest.test:3334"]
    shown = repr((app.state, host.service(), app.settings)) + "".join(t for _, t in host.logged)
    assert KEY not in shown
    assert "live_test_other" not in repr(OTHER)


def test_address_with_a_passphrase__is_shown_without_it(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.setup = velora.setup._replace(
        srt_url=SRT + "?passphrase=live_test_phrase", stream_key=Secret(KEY)
    )
    protocol(app, "srt")
    assert "passphrase" not in run(app, app.actions.configure())
    assert host.service().server.endswith("live_test_phrase")


# -- more than one service to go back to -----------------------------------------------------------


def custom(number: int) -> Service:
    return Service("rtmp_custom", {"server": f"rtmp://{number}.test", "key": f"live_test_{number}"})


def test_previous_services__each_that_was_replaced_can_come_back(
    app: Application, host: FakeHost
) -> None:
    for number in (1, 2):
        host.services["Main"] = custom(number)
        run(app, app.actions.configure())
    assert "rtmp://2.test" in app.panel().find("previous").text
    assert (
        app.panel()
        .find("previous")
        .text.endswith("Earlier services that you can restore after it: 1.")
    )
    for number in (2, 1, 2):
        run(app, app.actions.restore_previous())
        run(app, app.actions.refresh())
        assert host.service() == custom(number)


def test_previous_service__says_since_when(app: Application, mocker: MockerFixture) -> None:
    mocker.patch("velora_core.storage.storage.time.time", return_value=1_700_000_000.0)
    assert app.panel().find("previous").text == ""
    run(app, app.actions.configure())
    assert (
        app.panel().find("previous").text
        == "Previous service, until 2023-11-14: Other with key ••••ther."
    )


def test_restoring__ended_by_a_reload_loses_nothing(
    app: Application, make: Any, host: FakeHost
) -> None:
    run(app, app.actions.configure())
    host.services["Main"] = custom(1)
    job = app.actions.restore_previous()
    assert job.wait(SOON)
    app.process_ui_queue()
    app.close()  # before what was restored is forgotten
    assert host.service() == OTHER
    again = make()
    run(again, again.actions.refresh())
    kept = again._session.storage.previous[host.profile().id]
    assert custom(1) in [setup_of(one.snapshot)[0] for one in kept]


def test_restoring__another_channels_key_changes_places(app: Application, host: FakeHost) -> None:
    run(app, app.actions.configure())
    foreign = Service("rtmp_custom", {"server": RTMP, "key": "live_test_foreign"})
    host.services["Main"] = foreign
    run(app, app.actions.restore_previous())
    assert host.service() == OTHER
    run(app, app.actions.refresh())
    run(app, app.actions.restore_previous())
    assert host.service() == foreign


def test_configure__keeps_what_was_added_to_the_address(app: Application, host: FakeHost) -> None:
    protocol(app, "srt")
    run(app, app.actions.configure())
    server = SRT + "?latency=2000000&passphrase=live_test_phrase"
    added = {**host.service().settings, "server": server, "something": "added"}
    host.services["Main"] = Service("rtmp_custom", added)
    run(app, app.actions.configure())
    assert host.service().settings == added
    protocol(app, "rtmp")
    run(app, app.actions.configure())
    assert host.service().server == RTMP


# -- whose it is: profiles with the same name ---------------------------------------------------


def test_second_obs__has_nothing_of_the_first_one(
    app: Application, make: Any, host: FakeHost
) -> None:
    run(app, app.actions.configure())
    other = FakeHost()
    other.config_folder = "/portable/obs"
    other.services["Main"] = custom(1)
    second = Application(other, environment=app._session.environment, folder=app._session._folder)
    try:
        run(second, second.actions.refresh())
        assert previous(second) is None
        assert second.applied_key is None
        assert "no previous streaming service" in run(second, second.actions.restore_previous())
        run(second, second.actions.configure())
        run(second, second.actions.restore_previous())
        assert other.service() == custom(1)
    finally:
        second.close()
    run(app, app.actions.restore_previous())
    assert host.service() == OTHER


def test_renamed_profile__has_what_it_had(app: Application, make: Any, host: FakeHost) -> None:
    run(app, app.actions.configure())
    before = host.profile()
    host.services["New"] = host.services.pop("Main")
    host.current_profile = "New"
    app.profile_renamed(before)
    run(app, app.actions.refresh())
    assert previous(app)
    assert app.applied_key == Secret(KEY)
    app.close()
    again = make()
    run(again, again.actions.restore_previous())
    assert host.service() == OTHER
    host.current_profile = "Main"
    assert previous(again) is None, "a new profile with the old name"


def test_recreated_profile__a_key_in_it_is_somebodys_own(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.current_profile = "Second"
    run(app, app.actions.configure())
    host.current_profile = "Main"
    host.services["Second"] = Service("rtmp_common", {})  # deleted, and made again
    host.current_profile = "Second"
    app.profile_changed()
    run(app, app.actions.refresh())
    assert app.applied_key is None
    host.services["Second"] = by_hand = Service("rtmp_custom", {"server": RTMP, "key": KEY})
    velora.setup = velora.setup._replace(stream_key=Secret(NEW_KEY))
    app.features.stream_key_check.check_anew()
    run(app, app.actions.refresh())
    wait_for(lambda: app.actions.asking)
    assert host.service() == by_hand


@pytest.mark.parametrize("native", [True, False])
def test_filed_by_the_bare_name__the_first_native_one_takes_it_over(
    make: Any, host: FakeHost, folder: Path, native: bool
) -> None:
    kept = {"kind": OTHER.kind, "settings": dict(OTHER.settings), "audio": list(AAC)}
    folder.mkdir()
    content = {"version": 1, "previous_services": {"Main": kept}, "given_keys": {"Main": KEY}}
    (folder / "secrets.json").write_text(json.dumps(content))
    host.native = native
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": KEY})
    app = make()
    run(app, app.actions.refresh())
    assert (previous(app) is not None) is native
    if native:
        wait_for(lambda: (app.process_ui_queue(), app.applied_key == Secret(KEY))[1])
    assert app.applied_key is None or native
    app.close()
    host.config_folder, host.native = "/second/obs", True
    second = make()
    run(second, second.actions.refresh())
    assert (previous(second) is not None) is not native
    if native:
        stored = (folder / "secrets.json").read_text()
        assert KEY not in stored
        assert "Main" not in json.loads(stored)["applied_keys"]


# -- whose key is in the profile ----------------------------------------------------------------


def test_applied_key__is_known_to_the_ui_thread(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    assert app.applied_key is None
    run(app, app.actions.configure())
    assert app.applied_key == Secret(KEY)
    assert KEY not in repr(app.state)
    host.current_profile = "Second"
    assert app.applied_key is None
    protocol(app, "whip")
    run(app, app.actions.configure())
    assert app.applied_key == Secret(WHIP)
    app.close()
    again = make()
    # Kept is a digest; which key it is of is known once Velora has said it again.
    wait_for(lambda: (again.process_ui_queue(), again.applied_key == Secret(WHIP))[1])
    run(again, again.actions.sign_out())
    assert again.applied_key is None


# -- a software that can't be set up by a program -----------------------------------------------


@pytest.fixture
def meld(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    """It tells nothing of where its stream goes, and takes nothing."""
    host.able = {"name": "Meld Studio", "sets": False, "reads": False, "protocols": ("rtmp",)}
    monkeypatch.setattr(host, "destination", lambda: None)
    for name in ("snapshot", "restore", "set_destination", "change_destination"):
        monkeypatch.delattr(FakeHost, name)
    return host


def test_not_settable__says_what_to_do_by_hand(meld: FakeHost, app: Application) -> None:
    said = "Meld Studio can't be set up from here: enter Velora's address and your stream key"
    assert run(app, app.actions.configure()).startswith(said)
    assert run(app, app.actions.restore_previous()).startswith(said)


def test_not_settable__a_new_key_is_made_all_the_same(
    meld: FakeHost, app: Application, velora: FakeVelora
) -> None:
    run(app, app.actions.request_new_key())
    status = run(app, app.actions.regenerate())
    assert status.startswith("Your new key is ••••new9; the old one no longer works. Enter")
    assert "in Meld Studio yourself (Settings → Stream)" in status
    assert velora.setup.stream_key == Secret(NEW_KEY)


def test_not_readable__the_stream_is_taken_for_veloras(
    meld: FakeHost, app: Application, velora: FakeVelora
) -> None:
    app.settings = StreamSettings(title="Hello")
    app.stream_starting()
    app.stream_started()
    wait_for(lambda: velora.named("update"))
    app.panel_opened()
    app.profile_changed()
    assert "Something unexpected" not in run(app, app.actions.check())
    app.stream_stopped()
