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
    wait_for,
)
from velora_core import errors
from velora_core.app import Application
from velora_core.host import StreamEnd
from velora_core.secret import Secret
from velora_core.service import Service
from velora_core.state import StreamSettings, Tone
from velora_core.worker import Priority

MENDED = "Your stream key had changed on Velora: OBS now has the new one (••••new9)."


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.rule(monkeypatch, "worker", "going_live", "key_check")
    return clock


@pytest.fixture
def app(make: Any, host: FakeHost, velora: FakeVelora) -> Application:
    """Configured, and then the key was regenerated on the website."""
    app: Application = make()
    run(app, app.configure())
    regenerated(velora)
    host.logged.clear()
    return app


def regenerated(velora: FakeVelora, key: str = NEW_KEY) -> None:
    setup = velora.setup
    whip = setup.whip_url.reveal().replace(setup.stream_key.reveal(), key)
    velora.setup = setup._replace(stream_key=Secret(key), whip_url=Secret(whip))


def settle(app: Application) -> None:
    """Until everything is done that is under way."""
    for _ in range(3):
        run(app, app._runtime.worker.submit(lambda: None, priority=Priority.BACKGROUND))
        app.ui_turn()


def key_in_obs(host: FakeHost) -> object:
    return host.service().settings.get("key")


def test_panel_opened__puts_the_key_right(app: Application, host: FakeHost) -> None:
    app.panel_opened()
    settle(app)
    assert key_in_obs(host) == NEW_KEY
    assert app.state.status == MENDED
    assert [text for _, text in host.logged] == [f"Velora: {MENDED}"]


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
    host.services["Second"] = Service("rtmp_custom", {"server": RTMP, "key": "live_test_second"})
    host.current_profile = "Second"
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
    run(app, app.configure())
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


def test_other_platform__is_left_alone_and_nothing_is_asked(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.services["Main"] = OTHER
    velora.calls.clear()
    app.panel_opened()
    app.stream_stopped(StreamEnd.REFUSED)
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
    app._key_check.check()
    host.services["Main"] = OTHER
    settle(app)
    assert host.service() == OTHER


def test_stream_started_meanwhile__nothing_is_changed(app: Application, host: FakeHost) -> None:
    app._key_check.check()
    host.live = True
    settle(app)
    assert key_in_obs(host) == KEY


def test_obs_does_not_take_it__says_so(app: Application, host: FakeHost) -> None:
    host.takes = False
    app.panel_opened()
    settle(app)
    assert "OBS did not take the settings" in app.state.status


# -- a start that was refused -----------------------------------------------------------------


def refused(app: Application, end: StreamEnd = StreamEnd.REFUSED) -> str:
    app.stream_starting()
    app.stream_stopped(end)
    settle(app)
    return app.state.status


@pytest.mark.parametrize("end", [StreamEnd.REFUSED, StreamEnd.UNREACHABLE])
def test_refused__old_key__start_again(app: Application, host: FakeHost, end: StreamEnd) -> None:
    assert refused(app, end) == (
        "Velora refused the old stream key; OBS now has the right one (••••new9): "
        "press Start Streaming again."
    )
    assert key_in_obs(host) == NEW_KEY


def test_refused__right_key(app: Application, host: FakeHost) -> None:
    app.panel_opened()
    settle(app)
    assert "although OBS has the right key" in refused(app)
    assert app.state.tone is Tone.WARNING
    assert len(host.warnings) == 1


def test_unreachable__right_key(app: Application) -> None:
    app.panel_opened()
    settle(app)
    assert "ingest can't be reached" in refused(app, StreamEnd.UNREACHABLE)


def test_refused__velora_fails(app: Application, velora: FakeVelora) -> None:
    velora.failures["setup"].append(errors.ConnectionFailed())
    status = refused(app)
    assert "your stream key could not be checked" in status
    assert "Velora can't be reached" in status


def test_refused__nobody_signed_in(app: Application, make: Any, host: FakeHost) -> None:
    app.close()
    again = make(VELORA_ACCESS_TOKEN="")
    settle(again)
    assert "without a sign-in your stream key can't be checked" in refused(again)
    assert key_in_obs(host) == KEY


# -- a key that this application has not put there -----------------------------------------------


def test_key_by_hand__is_kept_and_can_come_back_for_good(
    make: Any, host: FakeHost, clock: Clock
) -> None:
    """It may be that of another channel, and stand nowhere else."""
    mine = Service("rtmp_custom", {"server": RTMP, "key": "live_test_by_hand"})
    host.services["Main"] = mine
    app: Application = make()
    settle(app)
    assert key_in_obs(host) == KEY
    assert app.previous == f"{RTMP} with key ••••hand"
    run(app, app.restore_previous())
    settle(app)
    assert host.service() == mine
    clock.now += 100
    app.panel_opened()
    settle(app)
    assert host.service() == mine
    assert "not your channel's" in refused(app)
    run(app, app.configure())
    assert key_in_obs(host) == KEY


def test_key_by_hand__with_something_kept_already__is_left_and_said(
    app: Application, host: FakeHost
) -> None:
    mine = Service("rtmp_custom", {"server": RTMP, "key": "live_test_by_hand"})
    host.services["Main"] = mine
    app.panel_opened()
    settle(app)
    assert host.service() == mine
    assert app.state.status == (
        "The stream key in OBS is not your channel's: press Configure Velora to use yours."
    )


def _fail(*_: Any) -> None:
    raise errors.StorageFailed(folder="x", reason="full")


def test_storage_fails__a_key_by_hand_is_not_replaced(
    app: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Service("rtmp_custom", {"server": RTMP, "key": "live_test_by_hand"})
    host.services["Main"] = mine
    app._connection.storage.previous.clear()
    monkeypatch.setattr(app._connection.storage, "save_previous", _fail)
    app.panel_opened()
    settle(app)
    assert host.service() == mine


def test_storage_fails__an_old_key_of_ours_is_replaced_all_the_same(
    app: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app._connection.storage, "save_given_key", _fail)
    app.panel_opened()
    settle(app)
    assert key_in_obs(host) == NEW_KEY


def test_restart__knows_the_key_it_has_put_there(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    app.close()
    again = make()
    settle(again)
    assert key_in_obs(host) == NEW_KEY
    assert again.previous == "Other with key ••••ther"  # what Configure Velora replaced


def test_refused_start__is_not_told_any_more_once_the_next_has_begun(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    app.stream_stopped(StreamEnd.REFUSED)
    wait_for(lambda: app.ui_turn() or "Start Streaming again" in app.state.status)
    app.settings = StreamSettings(title="Hello")
    app.stream_starting()
    wait_for(lambda: app.ui_turn() or "Velora now has" in app.state.status)
    assert app.drawn().status == "Velora now has the title “Hello”."
