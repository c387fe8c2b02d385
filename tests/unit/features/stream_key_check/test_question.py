"""A key that this application has not put there is asked about."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from tests.unit.fakes import (
    KEY,
    NEW_KEY,
    OTHER,
    RTMP,
    SRT,
    TIMEOUT,
    FakeHost,
    FakeVelora,
    previous,
    run,
    run_until_idle,
)
from tests.unit.features.stream_key_check.steps import BY_HAND, key_in_obs, refused
from velora_core import errors
from velora_core.api.models import StreamSetup
from velora_core.app.account import TokenOrigin
from velora_core.app.state import StatusLevel
from velora_core.application import Application
from velora_core.secret import Secret
from velora_hosts.obs.service import Service

ASKED = (
    "The stream key in OBS is not your channel's: it is another channel's, or an old one of "
    "yours that you entered yourself. Press Use my channel's key, or Keep this key."
)


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
    run_until_idle(asked)
    assert asked.actions.asking
    assert len(host.logged) == logged, "said once"


def test_key_by_hand__asked_about_also_with_something_kept_already(
    app: Application, host: FakeHost
) -> None:
    host.services["Main"] = BY_HAND
    app.panel_opened()
    run_until_idle(app)
    assert host.service() == BY_HAND
    assert app.actions.asking


def test_use_my_key__keeps_what_it_replaces(asked: Application, host: FakeHost) -> None:
    run(asked, asked.actions.use_my_key())
    assert key_in_obs(host) == KEY
    assert not asked.actions.asking
    assert previous(asked) == f"{RTMP} with key ••••hand"
    run(asked, asked.actions.restore_previous())
    run_until_idle(asked)
    assert host.service() == BY_HAND
    asked.features.stream_key_check.check_anew()
    run_until_idle(asked)
    assert host.service() == BY_HAND, "what was brought back is wanted"
    assert not asked.actions.asking


def test_use_my_key__by_the_protocol_that_is_there(make: Any, host: FakeHost) -> None:
    host.services["Main"] = Service("rtmp_custom", {"server": SRT, "key": "live_test_by_hand"})
    app: Application = make()
    run_until_idle(app)
    run(app, app.actions.use_my_key())
    assert (host.service().server, key_in_obs(host)) == (SRT, KEY)


def test_keep_this_key__is_for_good(
    asked: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    assert "you will not be asked about it again" in run(asked, asked.actions.keep_this_key())
    assert not asked.actions.asking
    asked.close()
    again = make()
    run_until_idle(again)
    assert host.service() == BY_HAND
    assert not again.actions.asking
    assert "not your channel's" in refused(again)
    run(again, again.actions.configure())
    assert key_in_obs(host) == KEY
    host.services["Main"] = BY_HAND._replace(settings={**BY_HAND.settings, "key": "live_test_3"})
    again.features.stream_key_check.check_anew()
    run_until_idle(again)
    assert again.actions.asking, "another one is another question"


def test_keep_this_key__while_it_is_compared_is_not_asked_about_again(
    asked: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup, compares, kept = asked._session.get_setup(), Event(), Event()

    def answer() -> StreamSetup:
        compares.set()
        assert kept.wait(TIMEOUT)
        return setup

    monkeypatch.setattr(asked._session, "get_setup", answer)
    asked.features.stream_key_check.check_anew()
    assert compares.wait(TIMEOUT)
    job = asked.actions.keep_this_key()
    kept.set()
    assert job.wait(TIMEOUT)  # before the UI thread has its turn
    run_until_idle(asked)
    assert not asked.actions.asking
    assert "you will not be asked about it again" in asked.state.status


def test_question__ends_with_what_it_is_about(asked: Application, host: FakeHost) -> None:
    for service in (OTHER, Service("rtmp_custom", {"server": RTMP, "key": KEY})):
        host.services["Main"] = BY_HAND
        asked.features.stream_key_check.check_anew()
        run_until_idle(asked)
        assert asked.actions.asking
        host.services["Main"] = service
        asked.features.stream_key_check.check_anew()
        run_until_idle(asked)
        assert not asked.actions.asking
        run(asked, asked.actions.use_my_key())
        run(asked, asked.actions.keep_this_key())
        assert host.changes == []


def test_question__is_one_profiles(asked: Application, host: FakeHost) -> None:
    host.current_profile = "Second"
    assert not asked.actions.asking
    asked.profile_changed()
    run_until_idle(asked)
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
    run_until_idle(app)
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
    run_until_idle(app)
    assert key_in_obs(host) == NEW_KEY


def test_quit_before_it_was_applied__the_old_key_is_ours_all_the_same(
    app: Application, make: Any, host: FakeHost
) -> None:
    host.takes = False
    app.panel_opened()
    run_until_idle(app)
    assert key_in_obs(host) == KEY
    app.close()
    host.takes = True
    again = make()
    run_until_idle(again)
    assert key_in_obs(host) == NEW_KEY
    assert not again.actions.asking


def test_restart__knows_the_key_it_has_put_there(
    app: Application, make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    app.close()
    again = make()
    run_until_idle(again)
    assert key_in_obs(host) == NEW_KEY
    assert previous(again) == "Other with key ••••ther"  # what Configure Velora replaced


def test_key_by_hand__replaced_before_it_was_asked_about__is_not_asked_about(
    app: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.app.session._LOOK_TIMEOUT", 0.0)
    host.services["Main"] = BY_HAND
    with app.undisturbed():  # the button comes before what nobody waits for
        app.panel_opened()
        job = app.actions.configure()
    run(app, job)
    run_until_idle(app)
    assert key_in_obs(host) == NEW_KEY
    assert not app.actions.asking
    assert "is not your channel's" not in app.state.status
    assert not any("is not your channel's" in line for _, line in host.logged)
