"""More than one service to go back to."""

from __future__ import annotations

from typing import Any

from pytest_mock import MockerFixture

from tests.unit.fakes import OTHER, RTMP, SRT, TIMEOUT, FakeHost, run
from tests.unit.features.service_setup.steps import custom, protocol
from velora_core.application import Application
from velora_hosts.obs.service import Service, setup_of


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
        == "Previous service in the profile “Main”, until 2023-11-14: Other with key ••••ther."
    )


def test_restoring__ended_by_a_reload_loses_nothing(
    app: Application, make: Any, host: FakeHost
) -> None:
    run(app, app.actions.configure())
    host.services["Main"] = custom(1)
    job = app.actions.restore_previous()
    assert job.wait(TIMEOUT)
    app.process_ui_queue()
    app.close()  # before what was restored is forgotten
    assert host.service() == OTHER
    again = make()
    run(again, again.actions.refresh())
    kept = again._session.storage.previous[host.profile().id]
    assert custom(1) in [setup_of(service.snapshot)[0] for service in kept]


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
