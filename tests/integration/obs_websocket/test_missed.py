"""What no event has told, or what came while OBS was too busy to be asked more; beside a model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.unit.fakes import KEY, FakeVelora, wait_for
from tests.unit.model_obs import OTHER, ModelObs, Refused
from tests.unit.obs_websocket.conftest import Companion
from velora_hosts.obs_websocket import connection
from velora_hosts.obs_websocket.errors import ConnectionEnded

BUSY = "is busy loading"


@contextmanager
def busy(obs: ModelObs, connected: Companion, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have OBS load something until somebody has been told so."""

    def not_ready(_: dict[str, Any]) -> dict[str, Any]:
        raise Refused(207)

    monkeypatch.setattr(connection, "_BUSY_PAUSE", 60.0)  # more than a request has
    obs.overridden["GetVersion"] = not_ready
    yield
    connected.hears(BUSY)
    del obs.overridden["GetVersion"]


def look(connected: Companion) -> None:
    connected.link.post(connected.link._poll)


def profile(connected: Companion) -> str:
    return str(connected.app._host.profile().name)


def test_profile_switched_while_obs_is_busy__is_found(
    connected: Companion, obs: ModelObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy(obs, connected, monkeypatch):
        obs.switch("Other")
    assert profile(connected) == "Main"
    look(connected)
    wait_for(lambda: profile(connected) == "Other")
    connected.run_until_idle()
    connected.press(lambda app: app.actions.configure())
    assert obs.services["Other"][1]["key"] == KEY
    assert obs.services["Main"] == ("rtmp_common", OTHER)


def test_profile_that_no_event_told__is_found(connected: Companion, obs: ModelObs) -> None:
    obs.profile = "Other"
    look(connected)
    wait_for(lambda: profile(connected) == "Other")


def test_collection_loaded_while_obs_is_busy__its_texts_are_found(
    connected: Companion, obs: ModelObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    obs.slots["velora_texts/Games"] = {"Score": ["none", "7 viewers"]}
    obs.tell("CurrentSceneCollectionChanging", sceneCollectionName="Main")
    with busy(obs, connected, monkeypatch):
        obs.texts, obs.collection = {"Score": "7 viewers"}, "Games"
        obs.tell("CurrentSceneCollectionChanged", sceneCollectionName="Games")
    look(connected)
    wait_for(lambda: obs.texts == {"Score": "none"})


def test_profile_switched_while_obs_was_away__is_told(connected: Companion, obs: ModelObs) -> None:
    connected.press(lambda app: app.actions.configure())
    obs.stop()
    connected.hears("Velora lost the connection")
    obs.profile = "Other"
    obs.start()
    wait_for(lambda: connected.link.connected and profile(connected) == "Other")
    connected.run_until_idle()
    connected.press(lambda app: app.actions.restore_previous())
    assert obs.services["Main"][1]["key"] == KEY
    assert obs.services["Other"] == ("rtmp_common", OTHER)


def test_profile_switched_while_obs_was_away__is_told_by_the_second_connection(
    connected: Companion, obs: ModelObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one is lost before all of it is known."""
    host: Any = connected.app._host
    told: list[str] = []
    monkeypatch.setattr(connected.app, "profile_changed", lambda: told.append(profile(connected)))
    finish = host.finish_service

    def lost() -> None:
        monkeypatch.setattr(host, "finish_service", finish)
        raise ConnectionEnded(place="x")

    monkeypatch.setattr(host, "finish_service", lost)
    obs.profile = "Other"
    obs.drop()
    wait_for(lambda: told == ["Other"])


@pytest.mark.parametrize("reconnects", [False, True])
def test_stream_that_starts_while_obs_is_looked_at__is_one_stream(
    connected: Companion,
    obs: ModelObs,
    velora: FakeVelora,
    monkeypatch: pytest.MonkeyPatch,
    reconnects: bool,
) -> None:
    """The look finds it running, with its events not handled yet."""
    connected.press(lambda app: app.actions.configure())
    connected.on_link(lambda: connected.app.edit({"title": "Once"}))

    def starts(asked: dict[str, Any]) -> dict[str, Any]:
        del obs.overridden["GetStreamStatus"]
        obs.stream("STARTING", "STARTED")
        return obs.GetStreamStatus(asked)

    obs.overridden["GetStreamStatus"] = starts
    told: list[str] = []
    real = connected.app.stream_starting

    def starting() -> None:
        told.append("starting")
        real()

    monkeypatch.setattr(connected.app, "stream_starting", starting)
    if reconnects:
        obs.drop()
    else:
        look(connected)
    wait_for(lambda: velora.named("update"))
    connected.run_until_idle()
    connected.run_until_idle()
    assert told == ["starting"]
    assert velora.named("update") == [{"title": "Once"}]
