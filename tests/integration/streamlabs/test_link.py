"""The companion beside a model of Streamlabs: connections come and go, people do things there."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import KEY, RTMP, SETUP, SRT, WHIP, FakeVelora, wait_for
from tests.unit.model_streamlabs import OTHER, ModelStreamlabs
from tests.unit.raw_server import RawServer, answer
from tests.unit.streamlabs.conftest import Companion
from velora_core.host.destination import velora_destination
from velora_hosts.obs.service import service_for
from velora_hosts.streamlabs import connection as module

SRT_KEY = service_for(velora_destination(SETUP, "srt")).settings["key"]


def velora_is_set(model: ModelStreamlabs) -> bool:
    there = (model.kind, model.values["server"], model.values["key"], model.protected)
    return there == ("rtmp_custom", RTMP, KEY, False)


def before(model: ModelStreamlabs) -> tuple[Any, ...]:
    return model.kind, dict(model.values), model.protected


# -- configure, restore --------------------------------------------------------------------------


def test_configure_and_restore__leave_nothing_behind(
    connected: Companion, model: ModelStreamlabs
) -> None:
    was = before(model)
    assert "will stream to rtmp://ingest.test:1935/live" in connected.configure()
    assert velora_is_set(model)
    assert KEY not in " ".join(connected.said)
    connected.restore()
    assert before(model) == was


def test_server_with_a_login__comes_back_with_it(
    connected: Companion, model: ModelStreamlabs
) -> None:
    login = {"use_auth": True, "username": "me", "password": "test password"}
    model.enter("rtmp_custom", {"server": "rtmp://mine.test/a", "key": "live_test_m", **login})
    was = before(model)
    connected.configure()
    assert velora_is_set(model)
    assert model.values["use_auth"] is False
    connected.restore()
    assert before(model) == was


def test_platform_that_is_no_account__keeps_its_key(
    connected: Companion, model: ModelStreamlabs
) -> None:
    # Its key is the one of the platform before it, which Streamlabs drops as it changes.
    model.enter("rtmp_common", {"service": "Other", "server": "auto", "key": ""})
    was = before(model)
    connected.configure()
    connected.restore()
    assert before(model) == was


def test_not_taken__is_said(connected: Companion, model: ModelStreamlabs) -> None:
    model.takes = False
    assert "did not take all" in connected.configure()
    assert model.values == OTHER


@pytest.mark.parametrize("state", ["starting", "live", "reconnecting", "ending"])
def test_streaming__nothing_is_changed(
    connected: Companion, model: ModelStreamlabs, state: str
) -> None:
    model.status = state  # and nothing has told of it
    was = before(model)
    assert "Streamlabs Desktop" in connected.configure()
    assert before(model) == was
    assert "setSettings" not in model.methods()


def test_second_picture_streams__nothing_is_changed(
    connected: Companion, model: ModelStreamlabs
) -> None:
    model.pictures["vertical"] = "live"
    connected.configure()
    assert "setSettings" not in model.methods()


def test_key_typed_by_hand_meanwhile__is_not_lost(
    connected: Companion, model: ModelStreamlabs, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    app = connected.app
    connected.on_link(lambda: app.actions.configure())
    model.enter("rtmp_custom", {"server": "rtmp://mine.test/a", "key": "live_test_m"})
    velora.block.set()
    connected.run_until_idle()
    connected.run_until_idle()
    assert velora_is_set(model)
    connected.restore()
    assert model.values["key"] == "live_test_m"


def test_services_that_are_not_there__are_said(
    companion: Companion, model: ModelStreamlabs
) -> None:
    model.missing.add("StreamSettingsService")
    companion.start()
    companion.hears("update Velora")
    assert companion.made == []


def test_settings_that_cannot_be_set__are_said(
    connected: Companion, model: ModelStreamlabs
) -> None:
    model.missing.add("setSettings")
    assert "does not let Velora read or set" in connected.configure()


@pytest.mark.parametrize(
    ("protocol", "kind", "values"),
    [
        ("srt", "rtmp_custom", {"server": SRT, "key": SRT_KEY}),
        ("whip", "whip_custom", {"server": WHIP, "bearer_token": ""}),
    ],
)
def test_other_protocols__are_set_and_taken_back(
    connected: Companion, model: ModelStreamlabs, protocol: str, kind: str, values: dict[str, str]
) -> None:
    was = before(model)
    connected.on_link(lambda: connected.app.edit({"protocol": protocol}))
    assert KEY not in connected.configure()
    assert (model.kind, model.protected) == (kind, False)
    assert {name: model.values[name] for name in values} == values
    connected.poll()
    assert not any("no longer set up" in sentence for sentence in connected.said)
    connected.restore()
    assert before(model) == was


def test_whip_key_changed_by_hand__is_noticed(connected: Companion, model: ModelStreamlabs) -> None:
    connected.on_link(lambda: connected.app.edit({"protocol": "whip"}))
    connected.configure()
    model.values["bearer_token"] = "live_test_mine"  # which nothing tells of
    connected.poll()
    connected.hears("no longer set up")


# -- what takes it away --------------------------------------------------------------------------


def test_log_out__is_noticed(connected: Companion, model: ModelStreamlabs) -> None:
    connected.configure()
    model.log_out()
    connected.hears("no longer set up for Velora")
    connected.configure()
    assert velora_is_set(model)
    connected.poll()
    assert sum("no longer" in sentence for sentence in connected.said) == 1


def test_protected_mode_turned_on_by_hand__is_noticed(
    connected: Companion, model: ModelStreamlabs
) -> None:
    connected.configure()
    model.protected = True
    connected.poll()
    connected.hears("no longer set up for Velora")


def test_own_changes__are_nobodys(connected: Companion, model: ModelStreamlabs) -> None:
    connected.configure()
    connected.poll()
    connected.restore()
    connected.poll()
    assert "no longer" not in " ".join(connected.said)


# -- a stream ------------------------------------------------------------------------------------


def test_stream__sends_its_info_as_it_starts(
    connected: Companion, model: ModelStreamlabs, velora: FakeVelora
) -> None:
    connected.configure()
    connected.on_link(lambda: connected.app.edit({"title": "Hello"}))
    model.stream("starting")
    wait_for(lambda: velora.named("update"))
    assert velora.named("update") == [{"title": "Hello"}]
    model.stream("starting", "live", "live", "reconnecting", "live", "ending", "offline", "offline")
    wait_for(lambda: not connected.app._host.streaming())
    assert velora.named("update") == [{"title": "Hello"}]


def test_start_that_failed__is_said(connected: Companion, model: ModelStreamlabs) -> None:
    connected.configure()
    model.stream("starting", "offline")
    connected.hears("The stream did not start")


def test_start_that_was_stopped__is_no_failure(
    connected: Companion, model: ModelStreamlabs
) -> None:
    connected.configure()
    model.stream("starting", "ending", "offline")
    connected.run_until_idle()
    connected.run_until_idle()
    assert not any("did not start" in sentence for sentence in connected.said)


def test_start_while_the_settings_cannot_be_read__is_one(
    connected: Companion, model: ModelStreamlabs, velora: FakeVelora
) -> None:
    connected.configure()
    connected.on_link(lambda: connected.app.edit({"title": "Hello"}))
    model.missing.add("StreamSettingsService")
    model.stream("starting")
    wait_for(lambda: velora.named("update") == [{"title": "Hello"}])


def test_end_of_one_of_two_pictures__ends_nothing(
    connected: Companion, model: ModelStreamlabs
) -> None:
    connected.configure()
    model.stream("starting", "live")
    wait_for(lambda: connected.app._host.streaming())
    asked = model.states_asked()
    model.tell("StreamingService.streamingStatusChange", "offline")  # the vertical one
    wait_for(lambda: model.states_asked() > asked)
    connected.run_until_idle()
    assert connected.app._host.streaming()
    model.stream("offline")
    wait_for(lambda: not connected.app._host.streaming())


def test_beginning_that_was_not_told__is_found(
    connected: Companion, model: ModelStreamlabs, velora: FakeVelora
) -> None:
    connected.configure()
    connected.on_link(lambda: connected.app.edit({"title": "Late"}))
    model.status = "live"
    connected.poll()
    wait_for(lambda: velora.named("update"))
    model.status = "offline"
    connected.poll()
    wait_for(lambda: not connected.app._host.streaming())


def test_health__of_a_stream_to_velora_is_watched(
    connected: Companion, model: ModelStreamlabs
) -> None:
    connected.configure()
    model.stream("starting", "live")
    wait_for(lambda: connected.app.state.health, "what the application makes of it")


def test_bitrate_and_losses__are_counted(connected: Companion, model: ModelStreamlabs) -> None:
    host = connected.app._host
    assert host.sample() is None
    model.stream("starting", "live")
    wait_for(host.streaming)
    model.performance["numberDroppedFrames"] = 3
    wait_for(lambda: (host.sample() or (0,))[0] > 0)
    sample = host.sample()
    assert sample
    assert sample.dropped == 3 <= sample.frames
    assert not sample.reconnecting
    model.stream("reconnecting")
    wait_for(lambda: (found := host.sample()) and found.reconnecting)
    model.stream("live")
    wait_for(lambda: (found := host.sample()) and not found.reconnecting)
    model.missing.add("PerformanceService")
    assert host.sample() is None


# -- the connection ------------------------------------------------------------------------------


def test_streamlabs_that_starts_later__is_found(
    companion: Companion, model: ModelStreamlabs
) -> None:
    model.stop()
    companion.start()
    companion.hears("start it. Velora connects by itself")
    model.start()
    companion.hears("is connected to Streamlabs")
    assert len([sentence for sentence in companion.said if "start it" in sentence]) == 1


def test_streamlabs_that_still_loads__is_waited_for(
    companion: Companion, model: ModelStreamlabs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUSY_PAUSE", 60)  # longer than is waited
    model.busy = True
    companion.start()
    companion.hears("starting or loading scenes")
    model.busy = False
    companion.hears("is connected")


def test_restarted_in_mid_stream__goes_on(
    connected: Companion, model: ModelStreamlabs, velora: FakeVelora
) -> None:
    connected.configure()
    app = connected.app
    connected.on_link(lambda: app.edit({"title": "Hello"}))
    model.stream("starting", "live")
    wait_for(lambda: velora.named("update"))
    model.stop()
    connected.hears("Velora lost the connection to Streamlabs Desktop")
    model.status = model.pictures["horizontal"] = "offline"
    model.start()
    wait_for(lambda: connected.link.connected)
    wait_for(lambda: not app._host.streaming())
    connected.on_link(lambda: app.edit({"title": "Again"}))
    model.stream("starting", "live")
    wait_for(lambda: velora.named("update")[-1] == {"title": "Again"})
    assert connected.made == [app]


def test_without_a_connection__nothing_is_set(connected: Companion, model: ModelStreamlabs) -> None:
    model.stop()
    connected.hears("Velora lost the connection")
    wait_for(lambda: not connected.link.connected)
    assert "Velora lost the connection" in connected.configure()
    model.start()


def test_connection_lost_in_mid_stream__the_stream_goes_on(
    connected: Companion, model: ModelStreamlabs, velora: FakeVelora
) -> None:
    connected.configure()
    model.stream("starting", "live")
    wait_for(lambda: connected.app._host.streaming())
    updates = len(velora.named("update"))
    model.drop()
    connected.hears("is connected", times=2)
    connected.run_until_idle()
    assert connected.app._host.streaming()
    assert len(velora.named("update")) == updates


def test_another_stream_since__is_another_one(
    connected: Companion, model: ModelStreamlabs, velora: FakeVelora
) -> None:
    connected.configure()
    model.stream("starting", "live")
    wait_for(lambda: connected.app._host.streaming())
    connected.on_link(lambda: connected.app.edit({"title": "Second"}))
    model.since = "2999-01-01T00:00:00.000Z"
    model.drop()
    wait_for(lambda: {"title": "Second"} in velora.named("update"))


def test_streamlabs_that_hangs__is_left_and_sought_again(
    connected: Companion, model: ModelStreamlabs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module.Connection.request, "__kwdefaults__", {"seconds": 0.01})
        model.silent.add("getModel")
        connected.link.post(connected.link._poll)
        connected.hears("has not answered in time")
        model.silent.clear()
    connected.hears("is connected", times=2)


@pytest.mark.parametrize(
    "lie",
    [
        {"getModel": {"streamingStatus": "dancing"}},
        {"getModel": ["live"]},
        {"getModel": {"streamingStatus": "live", "status": [1]}},
        {"getModel": {"streamingStatus": "live", "streamingStatusTime": 5}},
        {"settings": "all of them"},
        {"settings": {"protectedModeEnabled": True, "streamType": 5}},
        {"settings": {"protectedModeEnabled": True, "streamType": "x", "key": ["k"]}},
        {"activeScene": {"name": {}}},
        {"activeCollection": {"id": 7}},
        {"streamingStatusChange": True},
        {"streamingStatusChange": {"_type": "SOMETHING"}},
    ],
)
def test_answer_of_the_wrong_shape__is_another_program(
    companion: Companion, model: ModelStreamlabs, lie: dict[str, Any]
) -> None:
    model.overridden.update(lie)
    companion.start()
    companion.hears("another program, or a version")
    model.overridden.clear()
    companion.hears("is connected")


@pytest.mark.parametrize(
    "said",
    [
        answer(b"not found", 404),
        lambda peer, _: peer.sendall(b"[1, 2]\n"),
        lambda peer, _: peer.sendall(b'{"id": 1, "error": {"code": "bad"}}\n'),
        lambda peer, _: None,
    ],
)
def test_another_program_on_the_port__is_passed_by(
    said: Any, model: ModelStreamlabs, velora: FakeVelora, folder: Path
) -> None:
    def at_once(peer: Any, request: bytes) -> None:
        said(peer, request)

    with RawServer(at_once, ends=b"\n") as other:
        companion = Companion(other.port, model.port, folder=folder)
        companion.start()
        companion.hears("is connected")
        companion.stop()
        assert KEY.encode() not in b"".join(other.requests)


def test_another_program_alone__is_named(velora: FakeVelora, folder: Path) -> None:
    with RawServer(answer(b"hello"), ends=b"\n") as other:
        companion = Companion(other.port, folder=folder)
        companion.start()
        companion.hears("another program, or a version")
        companion.stop()


def test_flood_of_events__ends_the_connection(connected: Companion, model: ModelStreamlabs) -> None:
    stopped, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        stopped.set()
        go_on.wait(10)

    connected.link.post(hold)
    stopped.wait(10)
    for _ in range(2100):
        model.tell("ScenesService.sceneSwitched", {"id": "x", "name": "Scene"})
    wait_for(lambda: not model.subscribed)
    go_on.set()
    connected.hears("is connected", times=2)


def test_event_with_an_endless_name__ends_the_connection(
    connected: Companion, model: ModelStreamlabs
) -> None:
    model.tell("ScenesService.sceneSwitched", {"id": "x", "name": "x" * 5000})
    connected.hears("another program, or a version")
