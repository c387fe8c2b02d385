"""A stream of OBS, from what the companion hears of it to what it does and says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import FakeVelora, wait_for
from tests.unit.model_obs import ModelObs, Refused
from tests.unit.obs_websocket.conftest import Companion
from velora_hosts.obs_websocket import events
from velora_hosts.obs_websocket import link as module


def test_stream__sends_its_info_as_it_starts(
    connected: Companion, obs: ModelObs, velora: FakeVelora
) -> None:
    connected.press(lambda app: app.actions.configure())
    connected.on_link(lambda: connected.app.edit({"title": "Hello"}))
    obs.stream("STARTING")
    wait_for(lambda: velora.named("update"))
    assert velora.named("update") == [{"title": "Hello"}]
    obs.stream("STARTED", "STOPPING", "STOPPED")
    wait_for(lambda: not connected.app._host.streaming())


def test_end_that_was_not_told_yet__does_not_keep_from_being_set_up(
    connected: Companion, obs: ModelObs
) -> None:
    before = obs.services["Main"]
    connected.press(lambda app: app.actions.configure())
    obs.stream("STARTING", "STARTED")
    wait_for(lambda: connected.app._host.streaming())
    said = connected.press(lambda app: app.actions.restore_previous())
    assert "stop the stream first" in said
    assert obs.services["Main"] != before
    obs.streaming = False  # OBS tells of it when its window's thread gets round to that
    connected.press(lambda app: app.actions.restore_previous())
    assert obs.services["Main"] == before
    obs.stream("STOPPED")
    wait_for(lambda: not connected.app._host.streaming())
    assert obs.services["Main"] == before


@pytest.mark.parametrize("fault", ["does not say", "reconnects"])
def test_stream_that_may_run__keeps_from_being_set_up(
    connected: Companion, obs: ModelObs, fault: str
) -> None:
    obs.stream("STARTING", "STARTED")
    wait_for(lambda: connected.app._host.streaming())
    before = obs.services["Main"]

    def refuse(_: dict[str, Any]) -> dict[str, Any]:
        raise Refused(205)

    if fault == "does not say":
        obs.overridden["GetStreamStatus"] = refuse
    else:
        obs.streaming, obs.reconnecting = False, True
    assert "stop the stream first" in connected.press(lambda app: app.actions.configure())
    assert obs.services["Main"] == before


def test_start_while_the_service_cannot_be_read__is_one(
    connected: Companion, obs: ModelObs, velora: FakeVelora
) -> None:
    connected.press(lambda app: app.actions.configure())
    connected.on_link(lambda: connected.app.edit({"title": "Hello"}))

    def refuse(_: dict[str, Any]) -> dict[str, Any]:
        raise Refused(205)

    obs.overridden["GetStreamServiceSettings"] = refuse
    obs.stream("STARTING")
    wait_for(lambda: velora.named("update") == [{"title": "Hello"}])


def test_start_that_failed__is_said(connected: Companion, obs: ModelObs) -> None:
    connected.press(lambda app: app.actions.configure())
    obs.stream("STARTING", "STOPPED")
    connected.hears("The stream did not start")


def test_start_of_which_obs_says_no_more__is_over_within_seconds(
    connected: Companion, obs: ModelObs, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_START_LIMIT", 0.05)
    monkeypatch.setattr(module, "_START_POLL_INTERVAL", 0.01)
    connected.press(lambda app: app.actions.configure())
    connected.on_link(lambda: connected.app.edit({"title": "Hello"}))
    obs.stream("STARTING")  # and an encoder fails
    connected.hears("has not started streaming yet")
    assert not connected.app.features.stream_info.streaming()
    obs.stream("STARTED")  # it was only slow
    wait_for(lambda: connected.app._host.streaming())
    wait_for(lambda: velora.named("update") == 2 * [{"title": "Hello"}])


def test_start_that_goes_on_trying__is_one(
    connected: Companion, obs: ModelObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected.press(lambda app: app.actions.configure())
    obs.stream("STARTING", "RECONNECTING")
    wait_for(lambda: connected.link._events and connected.link._events.starting)
    connected.on_link(connected.link._poll)
    assert not connected.app._host.streaming()
    monkeypatch.setattr(events, "_START_LIMIT", 0.0)
    connected.on_link(connected.link._poll)
    assert connected.app._host.streaming()


def test_end_of_a_start__is_no_end_of_a_stream(connected: Companion, obs: ModelObs) -> None:
    obs.stream("STARTING", "RECONNECTING", "RECONNECTED")
    assert connected.app._host.end_start()
    assert obs.streaming
    obs.stream("RECONNECTING")
    assert connected.app._host.end_start()
    assert not obs.streaming


def test_start_that_was_stopped__is_no_failure(connected: Companion, obs: ModelObs) -> None:
    connected.press(lambda app: app.actions.configure())
    obs.stream("STARTING", "STOPPING", "STOPPED")
    connected.run_until_idle()
    connected.run_until_idle()
    assert not any("did not start" in sentence for sentence in connected.said)


def test_beginning_that_was_not_told__is_found(
    connected: Companion, obs: ModelObs, velora: FakeVelora
) -> None:
    connected.press(lambda app: app.actions.configure())
    connected.on_link(lambda: connected.app.edit({"title": "Late"}))
    obs.streaming = True
    connected.on_link(connected.link._poll)
    wait_for(lambda: velora.named("update"))
    obs.streaming = False
    connected.on_link(connected.link._poll)
    wait_for(lambda: not connected.app._host.streaming())
