"""Where things stand: the sentence in the panel when nothing has just happened."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import OTHER, FakeHost, run, run_until_idle, seen
from tests.unit.features.live import work
from velora_core.app.account import TokenOrigin
from velora_core.app.runtime import ABOUT_CHANNEL, ABOUT_SETUP
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_hosts.obs.service import Service

READY = "Press Configure Velora to set OBS up for Velora in the profile “{}”."
SET_UP = "OBS streams to Velora in the profile “{}” ("
TWITCH = Service("rtmp_common", {"service": "Twitch", "server": "auto", "key": "live_test_other"})


@pytest.fixture
def configured(app: Application) -> Application:
    run(app, app.actions.configure())
    run_until_idle(app)
    app.panel(drawn=True)
    app.features.overview.show()
    return app


def test_nobody_signed_in__says_how_to_begin(make: Any) -> None:
    app: Application = make(VELORA_NOTHING="")
    run_until_idle(app)
    assert seen(app).startswith("Step 1 of 2: sign in")


def test_sign_in_not_read_yet__says_nothing_that_may_be_wrong(make: Any) -> None:
    app: Application = make()
    run_until_idle(app)
    assert seen(app) == READY.format("Main")
    app._runtime.show("Reading.", lasting=False)
    known = app.state.account
    app._runtime.change(account=known._replace(origin=TokenOrigin.READING))
    app.features.overview.show()
    assert app.state.status == "Reading."
    app._runtime.change(account=known)
    app.features.overview.show()
    assert app.state.status == READY.format("Main")


def test_sign_in_that_cannot_be_read__is_a_warning(make: Any) -> None:
    app: Application = make(VELORA_NOTHING="")
    run_until_idle(app)
    app._runtime.change(account=app.state.account._replace(keyring="It is locked."))
    app.features.overview.show()
    assert app.state.tone is StatusLevel.WARNING
    assert app.state.status == str(app.state.account.missing)
    assert "Step 1 of 2" not in app.state.status


def test_software_that_cannot_be_set_up__says_what_to_copy(make: Any, host: FakeHost) -> None:
    host.able = {"sets": False}
    app: Application = make()
    run_until_idle(app)
    assert "copy both in Stream setup" in seen(app)


def test_plugin__sends_the_stream(app: Application) -> None:
    run_until_idle(app)
    app.settings = StreamSettings(by_plugin=True)
    app.features.overview.show()
    assert seen(app).startswith("Your stream goes to Velora with another plugin")
    app.settings = StreamSettings()
    assert seen(app) == READY.format("Main")


@pytest.mark.parametrize(
    ("profile", "sentence"), [("Main", SET_UP.format("Main")), ("Second", READY.format("Second"))]
)
def test_switch__says_it_of_the_profile_in_use(
    configured: Application, host: FakeHost, profile: str, sentence: str
) -> None:
    host.services["Second"] = OTHER
    host.current_profile = profile
    configured.profile_changed()
    assert configured.state.status.startswith(sentence)


@pytest.mark.parametrize("action", ["configure", "restore_previous"])
def test_switch__what_was_said_of_a_profile_goes_with_it(
    app: Application, host: FakeHost, action: str
) -> None:
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    app.panel(drawn=True)
    work(app)
    getattr(app.actions, action)()
    work(app)
    assert "stream" in app.state.status
    host.services["Second"] = OTHER
    host.current_profile = "Second"
    app.profile_changed()
    assert app.state.status == READY.format("Second")


def test_switch__while_a_button_works__it_is_said_that_nothing_was_changed(
    configured: Application, host: FakeHost
) -> None:
    host.services["Second"] = OTHER
    job = configured.actions.configure()
    host.current_profile = "Second"
    configured.profile_changed()
    assert "You switched to the profile “Second”" in run(configured, job)
    configured.panel(drawn=True)
    configured.features.overview.show()
    assert configured.state.status == READY.format("Second")


def test_renamed_profile__is_called_so(app: Application, host: FakeHost) -> None:
    app.features.overview.show()
    assert "“Main”" in app.state.status
    before = host.profile()
    host.services["New"] = host.services.pop("Main")
    host.current_profile = "New"
    app.profile_renamed(before)  # as a page shows it, which nobody draws in the software
    assert "“New”" in app.state.status
    assert "“Main”" not in app.state.status


def test_service_changed_in_obs__is_seen_when_the_panel_is_drawn(
    configured: Application, host: FakeHost
) -> None:
    """OBS tells nobody of it."""
    assert seen(configured).startswith(SET_UP.format("Main"))
    ours = host.services["Main"]
    host.services["Main"] = TWITCH
    assert seen(configured) == READY.format("Main")
    host.services["Main"] = ours
    assert seen(configured).startswith(SET_UP.format("Main"))


def test_service_changed_in_obs__hides_no_answer(configured: Application, host: FakeHost) -> None:
    configured._runtime.show("An answer.")
    host.services["Main"] = TWITCH
    configured.features.overview.refresh()
    assert configured.state.status.endswith("An answer.")
    assert READY.format("Main") not in configured.state.status


@pytest.mark.parametrize("moment", ["stream_started", "stream_stopped"])
def test_stream__takes_back_what_was_said_of_the_channel(
    configured: Application, host: FakeHost, moment: str
) -> None:
    configured._runtime.show("Your channel is offline.", topic=ABOUT_CHANNEL)
    feature = configured.features.overview
    if moment == "stream_started":
        feature.stream_started(configured.settings)
    else:
        feature.stream_stopped()
    assert "offline" not in configured.state.status
    assert SET_UP.format("Main") in configured.state.status


def test_stream__leaves_other_answers(configured: Application) -> None:
    configured._runtime.show("An answer.")
    configured.features.overview.stream_stopped()
    assert configured.state.status.endswith("An answer.")


def test_start__what_was_set_up_is_under_way(configured: Application, host: FakeHost) -> None:
    """How to go live is no news to somebody who has just done so."""
    configured._runtime.show("To go live, press Start Streaming.", topic=ABOUT_SETUP)
    configured.features.overview.stream_started(configured.settings)
    assert SET_UP.format("Main") in configured.state.status
    configured.panel(drawn=True)
    configured.features.overview.show()
    assert "Start Streaming" not in configured.state.status


def test_start__elsewhere_says_nothing_anew(configured: Application, host: FakeHost) -> None:
    host.services["Main"] = TWITCH
    configured._runtime.show("To go live, press Start Streaming.", topic=ABOUT_SETUP)
    before = configured.state.status
    configured.features.overview.stream_started(configured.settings)
    assert configured.state.status == before


@pytest.mark.parametrize(
    ("account", "tone"),
    [("Twitch", StatusLevel.NORMAL), ("YouTube - RTMPS", StatusLevel.WARNING)],
)
def test_connected_account__that_asks_before_each_start_is_a_warning(
    configured: Application, host: FakeHost, account: str, tone: StatusLevel
) -> None:
    host.account = account
    configured.features.overview.show()
    assert configured.state.status.startswith(SET_UP.format("Main"))
    assert configured.state.tone is tone
    assert ("Disconnect Account" in configured.state.status) == (tone is StatusLevel.WARNING)
    host.account = ""  # disconnected in OBS, which tells nobody
    assert "Disconnect Account" not in seen(configured)
