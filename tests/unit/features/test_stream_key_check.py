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
    previous,
    run,
    settle,
    wait_for,
)
from velora_core import errors
from velora_core.app.account import TokenOrigin
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.host.host import EndReason
from velora_core.secret import Secret
from velora_hosts.obs.service import Service

MENDED = "Your stream key had changed on Velora: OBS now has the new one (••••new9)."


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.rule(monkeypatch, "app.worker", "features.stream_info", "features.stream_key_check")
    return clock


@pytest.fixture
def app(make: Any, host: FakeHost, velora: FakeVelora) -> Application:
    """Configured, and then the key was regenerated on the website."""
    app: Application = make()
    run(app, app.actions.configure())
    regenerated(velora)
    host.logged.clear()
    return app


def regenerated(velora: FakeVelora, key: str = NEW_KEY) -> None:
    setup = velora.setup
    assert setup.whip_url is not None
    whip = setup.whip_url.reveal().replace(setup.stream_key.reveal(), key)
    velora.setup = setup._replace(stream_key=Secret(key), whip_url=Secret(whip))


def key_in_obs(host: FakeHost) -> object:
    return host.service().settings.get("key")


def test_panel_opened__puts_the_key_right(app: Application, host: FakeHost) -> None:
    app.panel_opened()
    settle(app)
    assert key_in_obs(host) == NEW_KEY
    assert app.state.status == MENDED
    assert [text for _, text in host.logged] == [MENDED]


def test_start__puts_the_key_right(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    app.close()
    again = make()
    settle(again)
    assert key_in_obs(host) == NEW_KEY
    assert again.state.status == MENDED


def test_after_a_stream__puts_the_key_right(app: Application, host: FakeHost) -> None:
    app.stream_starting()
    app.stream_started()
    host.live = True
    app.panel_opened()
    settle(app)
    assert key_in_obs(host) == KEY
    host.live = False
    app.stream_stopped()
    settle(app)
    assert key_in_obs(host) == NEW_KEY


def test_profile_changed__puts_that_profiles_key_right(app: Application, host: FakeHost) -> None:
    host.current_profile = "Second"
    run(app, app.actions.configure())
    host.current_profile = "Main"
    assert key_in_obs(host) == KEY
    app.profile_changed()
    settle(app)
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
    settle(app)
    after = host.service()
    assert after.server == server
    assert after.kind == before.kind
    assert set(after.settings) == set(before.settings)
    assert host.audio_encoders() == encoders


def test_other_settings_of_the_service__stay(app: Application, host: FakeHost) -> None:
    settings = {**host.service().settings, "use_auth": True, "username": "somebody"}
    host.services["Main"] = Service("rtmp_custom", settings)
    app.panel_opened()
    settle(app)
    assert host.service().settings == {**settings, "key": NEW_KEY}


def test_moved_ingest__is_followed(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    velora.setup = velora.setup._replace(rtmp_url="rtmp://moved.test/live")
    app.panel_opened()
    settle(app)
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
    settle(app)
    assert host.service() == OTHER
    assert velora.named("setup") == []


def test_key_is_right__says_nothing(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    app.panel_opened()
    settle(app)
    changes = len(host.changes)
    before = app.state.status
    app.stream_stopped()
    settle(app)
    assert len(host.changes) == changes
    assert app.state.status == before


def test_panel_opened_often__asks_once_in_a_while(
    app: Application, velora: FakeVelora, clock: Clock
) -> None:
    app.panel_opened()
    settle(app)
    velora.calls.clear()
    for _ in range(5):
        app.panel_opened()
        settle(app)
    assert velora.named("setup") == []
    clock.now += 60
    app.panel_opened()
    settle(app)
    assert len(velora.named("setup")) == 1


def test_nobody_signed_in__nothing_is_asked(make: Any, host: FakeHost, velora: FakeVelora) -> None:
    app = make(VELORA_ACCESS_TOKEN="")
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP, "key": KEY})
    app.panel_opened()
    settle(app)
    assert velora.calls == []


def test_permission_missing__nothing_is_asked(app: Application, velora: FakeVelora) -> None:
    account = app.state.account._replace(scopes=frozenset({"stream:read"}))
    app._runtime.change(account=account)
    velora.calls.clear()
    app.stream_stopped()
    settle(app)
    assert velora.named("setup") == []


def test_velora_fails__only_the_log_has_it(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    before = app.state
    velora.failures["setup"].append(errors.ServerError(status=500))
    app.stream_stopped()
    settle(app)
    assert key_in_obs(host) == KEY
    assert app.state == before
    assert host.warnings == []
    assert len(host.logged) == 1


def test_service_changed_meanwhile__is_left_alone(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.features.stream_key_check.check()
    host.services["Main"] = OTHER
    settle(app)
    assert host.service() == OTHER


def test_stream_started_meanwhile__nothing_is_changed(app: Application, host: FakeHost) -> None:
    app.features.stream_key_check.check()
    host.live = True
    settle(app)
    assert key_in_obs(host) == KEY


def test_obs_does_not_take_it__says_so(app: Application, host: FakeHost) -> None:
    host.takes = False
    app.panel_opened()
    settle(app)
    assert "OBS did not accept the settings" in app.state.status


# -- a start that was refused -----------------------------------------------------------------


def refused(app: Application, end: EndReason = EndReason.REFUSED) -> str:
    app.stream_starting()
    app.stream_stopped(end)
    settle(app)
    return app.state.status


@pytest.mark.parametrize("end", [EndReason.REFUSED, EndReason.UNREACHABLE])
def test_refused__old_key__start_again(app: Application, host: FakeHost, end: EndReason) -> None:
    assert refused(app, end) == (
        "Press Start Streaming again: the stream key was not the right one, and OBS now has yours "
        "(••••new9)."
    )
    assert key_in_obs(host) == NEW_KEY


def test_refused__right_key(app: Application, host: FakeHost) -> None:
    app.panel_opened()
    settle(app)
    assert "although OBS has the right key" in refused(app)
    assert app.state.tone is StatusLevel.WARNING
    assert len(host.warnings) == 1


def test_unreachable__right_key(app: Application) -> None:
    app.panel_opened()
    settle(app)
    assert "ingest can't be reached" in refused(app, EndReason.UNREACHABLE)


def test_refused__velora_fails(app: Application, velora: FakeVelora) -> None:
    velora.failures["setup"].append(errors.TransportError())
    status = refused(app)
    assert "your stream key could not be checked" in status
    assert "Velora can't be reached" in status


def test_refused__nobody_signed_in(app: Application, make: Any, host: FakeHost) -> None:
    app.close()
    again = make(VELORA_ACCESS_TOKEN="")
    settle(again)
    assert "without a sign-in your stream key can't be checked" in refused(again)
    assert key_in_obs(host) == KEY


# -- what was added to the service ----------------------------------------------------------------


def change(host: FakeHost, **settings: Any) -> Service:
    """As a person does in the software's own settings."""
    service = host.service()
    changed = Service(service.kind, {**service.settings, **settings})
    host.services["Main"] = changed
    return changed


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
    settle(app)
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
    settle(app)
    assert host.service().settings == {**mine.settings, "key": NEW_KEY}
    velora.setup = velora.setup._replace(srt_url="srt://moved.test:1?mode=caller")
    app.features.stream_key_check._checked = None
    app.panel_opened()
    settle(app)
    moved = "srt://moved.test:1?mode=caller&latency=2000000&passphrase=live_test_phrase"
    assert host.service().server == moved
    assert app.state.status == (
        "Velora has a new ingest address: OBS now has it (srt://moved.test:1)."
    )
    assert "live_test_phrase" not in str(app.state) + str(host.logged)


def test_moved_ingest__after_a_start_that_failed(make: Any, velora: FakeVelora) -> None:
    app: Application = make()
    run(app, app.actions.configure())
    velora.setup = velora.setup._replace(rtmp_url="rtmp://moved.test/live")
    assert refused(app, EndReason.UNREACHABLE) == (
        "Press Start Streaming again: OBS now has Velora's new ingest address "
        "(rtmp://moved.test/live). The old one no longer works."
    )


# -- a key that this application has not put there -----------------------------------------------

BY_HAND = Service("rtmp_custom", {"server": RTMP, "key": "live_test_by_hand"})
ASKED = (
    "The stream key in OBS is not your channel's: it is another channel's, or an old one of "
    "yours that you entered yourself. Press Use my channel's key, or Keep this key."
)


@pytest.fixture
def asked(make: Any, host: FakeHost) -> Application:
    """Signed in only for titles; OBS has the key of another channel."""
    host.services["Main"] = BY_HAND
    app: Application = make()
    settle(app)
    return app


def test_key_by_hand__is_asked_about_and_nothing_is_changed(
    asked: Application, host: FakeHost
) -> None:
    assert host.changes == []
    assert asked.state.status == ASKED
    assert asked.state.tone is StatusLevel.WARNING
    assert asked.actions.asking
    assert host.warnings == []
    assert previous(asked) is None
    logged = len(host.logged)
    asked.features.stream_key_check.check_anew()
    settle(asked)
    assert asked.actions.asking
    assert len(host.logged) == logged, "said once"


def test_key_by_hand__asked_about_also_with_something_kept_already(
    app: Application, host: FakeHost
) -> None:
    host.services["Main"] = BY_HAND
    app.panel_opened()
    settle(app)
    assert host.service() == BY_HAND
    assert app.actions.asking


def test_use_my_key__keeps_what_it_replaces(asked: Application, host: FakeHost) -> None:
    run(asked, asked.actions.use_my_key())
    assert key_in_obs(host) == KEY
    assert not asked.actions.asking
    assert previous(asked) == f"{RTMP} with key ••••hand"
    run(asked, asked.actions.restore_previous())
    settle(asked)
    assert host.service() == BY_HAND
    asked.features.stream_key_check.check_anew()
    settle(asked)
    assert host.service() == BY_HAND, "what was brought back is wanted"
    assert not asked.actions.asking


def test_use_my_key__by_the_protocol_that_is_there(make: Any, host: FakeHost) -> None:
    host.services["Main"] = Service("rtmp_custom", {"server": SRT, "key": "live_test_by_hand"})
    app: Application = make()
    settle(app)
    run(app, app.actions.use_my_key())
    assert (host.service().server, key_in_obs(host)) == (SRT, KEY)


def test_keep_this_key__is_for_good(
    asked: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    assert "you will not be asked about it again" in run(asked, asked.actions.keep_this_key())
    assert not asked.actions.asking
    asked.close()
    again = make()
    settle(again)
    assert host.service() == BY_HAND
    assert not again.actions.asking
    assert "not your channel's" in refused(again)
    run(again, again.actions.configure())
    assert key_in_obs(host) == KEY
    host.services["Main"] = BY_HAND._replace(settings={**BY_HAND.settings, "key": "live_test_3"})
    again.features.stream_key_check.check_anew()
    settle(again)
    assert again.actions.asking, "another one is another question"


def test_question__ends_with_what_it_is_about(asked: Application, host: FakeHost) -> None:
    for service in (OTHER, Service("rtmp_custom", {"server": RTMP, "key": KEY})):
        host.services["Main"] = BY_HAND
        asked.features.stream_key_check.check_anew()
        settle(asked)
        assert asked.actions.asking
        host.services["Main"] = service
        asked.features.stream_key_check.check_anew()
        settle(asked)
        assert not asked.actions.asking
        run(asked, asked.actions.use_my_key())
        run(asked, asked.actions.keep_this_key())
        assert host.changes == []


def test_question__is_one_profiles(asked: Application, host: FakeHost) -> None:
    host.current_profile = "Second"
    assert not asked.actions.asking
    asked.profile_changed()
    settle(asked)
    host.current_profile = "Main"
    assert asked.actions.asking
    account = asked.state.account._replace(origin=TokenOrigin.NONE)
    asked._runtime.change(account=account)
    assert not asked.actions.asking, "without a sign-in there is no key to use instead"


def test_refused__with_a_key_by_hand_asks(asked: Application, host: FakeHost) -> None:
    assert refused(asked) == ASKED
    assert host.warnings == [ASKED]
    assert host.changes == []


def test_right_key_by_hand__at_an_address_that_velora_has_left_is_said(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.services["Main"] = mine = Service(
        "rtmp_custom", {"server": RTMP, "key": "live_test_key_2"}
    )
    velora.setup = velora.setup._replace(stream_key=Secret("live_test_key_2"))
    velora.setup = velora.setup._replace(rtmp_url="rtmp://moved.test/live")
    app.panel_opened()
    settle(app)
    assert host.service() == mine
    assert not app.actions.asking
    assert "Velora has a new ingest address, and OBS has the old one" in app.state.status
    before = previous(app)
    run(app, app.actions.configure())
    assert host.service().server == "rtmp://moved.test/live"
    assert previous(app) == before, "the channel's own key is nothing to go back to"


def _fail(*_: Any, **__: Any) -> None:
    raise errors.StorageError(folder="x", reason="full")


def test_storage_fails__a_key_by_hand_is_not_replaced(
    asked: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked._session.storage, "keep_service", _fail)
    assert "could not be saved first" in run(asked, asked.actions.use_my_key())
    assert host.service() == BY_HAND
    assert asked.actions.asking


def test_storage_fails__an_old_key_of_ours_is_replaced_all_the_same(
    app: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app._session.storage, "save_applied_key", _fail)
    app.panel_opened()
    settle(app)
    assert key_in_obs(host) == NEW_KEY


def test_quit_before_it_was_applied__the_old_key_is_ours_all_the_same(
    app: Application, make: Any, host: FakeHost
) -> None:
    host.takes = False
    app.panel_opened()
    settle(app)
    assert key_in_obs(host) == KEY
    app.close()
    host.takes = True
    again = make()
    settle(again)
    assert key_in_obs(host) == NEW_KEY
    assert not again.actions.asking


def test_restart__knows_the_key_it_has_put_there(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    app.close()
    again = make()
    settle(again)
    assert key_in_obs(host) == NEW_KEY
    assert previous(again) == "Other with key ••••ther"  # what Configure Velora replaced


def test_refused_start__is_not_told_any_more_once_the_next_has_begun(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.stream_stopped(EndReason.REFUSED)
    wait_for(lambda: "Start Streaming again" in app.state.status, meanwhile=app.process_ui_queue)
    app.settings = StreamSettings(title="Hello")
    app.stream_starting()
    wait_for(lambda: "Velora now has" in app.state.status, meanwhile=app.process_ui_queue)
    assert app.panel(drawn=True).find("status").text == "Velora now has the title “Hello”."


# -- a new key was asked for ----------------------------------------------------------------------


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
    settle(app)
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
    settle(app)
    assert key_in_obs(host) == NEW_KEY
    host.current_profile = "Main"
    app.profile_changed()
    settle(app)
    assert key_in_obs(host) == NEW_KEY, "its old key was given, too"
