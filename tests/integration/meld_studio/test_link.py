"""The companion beside a model of Meld Studio: connections come and go, a stream runs, texts."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import FakeVelora, wait_for
from tests.unit.meld_studio.conftest import Companion
from tests.unit.model_meld import COUNT, OTHER_SCENE, SCENE, ModelMeld
from tests.unit.model_websocket import frame
from tests.unit.raw_server import RawServer
from velora_core.app.live_status import LiveStatus, Viewers
from velora_hosts.companion import connected_link
from velora_hosts.companion import pauses as module
from velora_hosts.companion.terminal import perform
from velora_hosts.meld_studio import connection as meld_connection
from velora_hosts.meld_studio.software import MeldSoftware
from velora_hosts.websocket import connection as websocket_connection

NOT_MELD = "is not Meld Studio"


def live(companion: Companion, meld: ModelMeld, template: str = "{viewers} watching") -> None:
    """Have a stream with seven viewers, and a text on the picture."""
    app = companion.app
    companion.on_link(lambda: app.edit({"text_source": "Count"}))
    companion.on_link(lambda: app.edit({"text_template": template}))
    meld.set(isStreaming=True)
    wait_for(lambda: companion.link.host.streaming())
    status = LiveStatus(is_live=True, viewers=Viewers(7))
    companion.on_link(lambda: app.features.show_live(status))


# -- a stream ------------------------------------------------------------------------------------


def test_stream__sends_its_info_as_it_starts(
    connected: Companion, meld: ModelMeld, velora: FakeVelora
) -> None:
    connected.on_link(lambda: connected.app.edit({"title": "Hello"}))
    meld.set(isStreaming=True)
    wait_for(lambda: velora.named("update") == [{"title": "Hello"}])
    meld.set(isStreaming=False)
    wait_for(lambda: not connected.link.host.streaming())
    wait_for(lambda: connected.app.features.live_monitor._watched is None)


def test_stream_that_runs_already__is_followed_and_nothing_sent(
    companion: Companion, meld: ModelMeld, velora: FakeVelora
) -> None:
    meld.values["isStreaming"] = True
    companion.start()
    wait_for(lambda: companion.app.features.stream_info.following)
    companion.run_until_idle()
    assert velora.named("update") == []


def test_recording__is_no_stream(connected: Companion, meld: ModelMeld, velora: FakeVelora) -> None:
    connected.on_link(lambda: connected.app.edit({"title": "Hello"}))
    meld.set(isRecording=True)
    connected.run_until_idle()
    assert velora.named("update") == []


def test_configure__says_where_to_enter_it(connected: Companion) -> None:
    said = connected.on_link(lambda: perform(connected.app, "configure"))
    assert "Meld Studio can't be set up from here" in said
    assert "Add output → Custom RTMP" in said


# -- the connection ------------------------------------------------------------------------------


def test_meld_that_starts_later__is_found(companion: Companion, meld: ModelMeld) -> None:
    meld.stop()
    companion.start()
    companion.hears("start Meld Studio.")
    meld.start()
    companion.hears("is connected to Meld Studio")
    assert len([said for said in companion.said if "start Meld Studio." in said]) == 1


def test_restarted_in_mid_stream__the_stream_is_over(
    connected: Companion, meld: ModelMeld, velora: FakeVelora
) -> None:
    app = connected.app
    connected.on_link(lambda: app.edit({"title": "Hello"}))
    meld.set(isStreaming=True)
    wait_for(lambda: velora.named("update"))
    meld.stop()
    connected.hears("Velora lost the connection to Meld Studio")
    meld.values["isStreaming"] = False
    meld.start()
    wait_for(lambda: not connected.link.host.streaming())
    connected.on_link(lambda: app.edit({"title": "Again"}))
    wait_for(lambda: meld.introduced)
    meld.set(isStreaming=True)
    wait_for(lambda: velora.named("update")[-1] == {"title": "Again"})
    assert connected.link.app is app


def test_connection_lost_in_mid_stream__the_stream_goes_on(
    connected: Companion, meld: ModelMeld, velora: FakeVelora
) -> None:
    connected.on_link(lambda: connected.app.edit({"title": "Hello"}))
    meld.set(isStreaming=True)
    wait_for(lambda: velora.named("update"))
    meld.drop()
    connected.hears("is connected to Meld Studio", times=2)
    connected.run_until_idle()
    assert connected.link.host.streaming()
    assert len(velora.named("update")) == 1


def test_meld_that_hangs__is_left_and_sought_again(
    connected: Companion, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as impatient:
        impatient.setattr(meld_connection, "_IDLE_TIMEOUT", -1.0)
        connected.link.post(connected.link._poll)
        connected.hears("has not answered in time")
    connected.hears("is connected to Meld Studio", times=2)


def test_sign_of_life__is_asked_for(connected: Companion) -> None:
    connection = connected.link._connection
    assert connection
    wire = connection._wire
    assert wire
    before = wire.heard
    connected.on_link(connected.link._poll)
    wait_for(lambda: wire.heard > before)


# -- another program, or lies ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        "no JSON",
        "[]",
        '{"type": "ten", "id": 0}',
        '{"type": 10, "id": 0}',
        '{"type": 10, "id": 0, "data": {"other": {}}}',
        '{"type": 10, "id": 0, "data": {"meld": 5}}',
        '{"type": 10, "id": 0, "data": {"meld": {"methods": 1, "properties": []}}}',
        '{"type": 10, "id": 0, "data": {"meld": {"methods": [[1, 2]], "properties": []}}}',
        '{"type": 10, "id": 0, "data": {"meld": {"methods": [], "properties": [[0, "a"]]}}}',
        '{"type": 10, "id": 0, "data": ' + "[" * 100 + "]" * 100 + "}",
    ],
)
def test_introduction_of_the_wrong_shape__is_another_program(
    companion: Companion, meld: ModelMeld, answer: str
) -> None:
    meld.introduction = answer
    companion.start()
    companion.hears(NOT_MELD)
    meld.introduction = None
    companion.hears("is connected to Meld Studio")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("isStreaming", "yes"),
        ("isStreaming", None),
        ("session", []),
        ("session", {"items": 5}),
        ("session", {"items": {"a": {"type": "scene", "name": 5}}}),
    ],
)
def test_property_of_the_wrong_type__ends_the_connection(
    connected: Companion, meld: ModelMeld, name: str, value: Any
) -> None:
    right = meld.values[name]
    meld.set(**{name: value})
    connected.hears(NOT_MELD)
    meld.values[name] = right
    connected.hears("is connected to Meld Studio", times=2)


@pytest.mark.parametrize(
    "message",
    [
        5,
        {"type": True},
        {"type": 2, "data": {}},
        {"type": 2, "data": [5]},
        {"type": 2, "data": [{"object": "meld", "properties": {"-1": 1}}]},
        {"type": 2, "data": [{"object": "meld", "properties": []}]},
    ],
)
def test_update_of_the_wrong_shape__ends_the_connection(
    connected: Companion, meld: ModelMeld, message: Any
) -> None:
    meld.tell(message)
    connected.hears(NOT_MELD)
    connected.hears("is connected to Meld Studio", times=2)


@pytest.mark.parametrize(
    "message",
    [
        {"type": 1, "object": "meld", "signal": 8, "args": ["a", 0.5, True]},
        {"type": 10, "id": 77, "data": None},
        {"type": 99},
        {"type": 2, "data": [{"object": "other", "properties": {"1": 5}}]},
        {"type": 2, "data": [{"object": "meld", "properties": {"55": 5}}]},
    ],
)
def test_message_of_no_interest__is_left_alone(
    connected: Companion, meld: ModelMeld, message: Any
) -> None:
    meld.tell(message)
    meld.set(isStreaming=True)
    wait_for(lambda: connected.link.host.streaming())
    assert not any(NOT_MELD in said for said in connected.said)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", NOT_MELD),
        (b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.2:1/\r\n\r\n", NOT_MELD),
        (b"SSH-2.0-other\r\n\r\n", NOT_MELD),
        (b"", "has not answered in time"),
    ],
)
def test_another_program_on_the_port__is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, reply: bytes, said: str
) -> None:
    monkeypatch.setattr(module, "_STEPS", (10.0,))
    monkeypatch.setattr(websocket_connection, "_OPENING_TIMEOUT", 0.2 if not reply else 5.0)

    def act(connection: socket.socket, _: bytes) -> None:
        connection.sendall(reply)
        server.end.wait(0 if reply else 5)

    with RawServer(act) as server:
        companion = Companion(server.port, folder)
        companion.start()
        companion.hears(said)
        companion.stop()


def test_message_of_ten_mebibytes__ends_the_connection(
    connected: Companion, meld: ModelMeld
) -> None:
    huge = frame(b" " * (10 << 20))
    for peer in meld.peers:
        peer.send(huge)
    connected.hears(NOT_MELD)
    connected.hears("is connected to Meld Studio", times=2)


def test_flood__ends_the_connection(
    connected: Companion, meld: ModelMeld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected_link, "_MAX_WAITING", 20)
    update = {"type": 2, "data": []}
    flood = frame(json.dumps(update).encode()) * 100

    def hold() -> None:
        for peer in meld.peers:
            peer.send(flood)
        wait_for(lambda: not meld.introduced)

    connected.link.post(hold)
    connected.hears(NOT_MELD)
    connected.hears("is connected to Meld Studio", times=2)


def test_too_old__is_said(companion: Companion, meld: ModelMeld) -> None:
    streaming = meld.values.pop("isStreaming")
    companion.start()
    companion.hears("does not tell whether it streams: update Meld Studio")
    meld.values["isStreaming"] = streaming
    companion.hears("is connected")


# -- scenes and texts ------------------------------------------------------------------------------


def test_scene__sends_its_preset(connected: Companion, meld: ModelMeld, velora: FakeVelora) -> None:
    app = connected.app
    connected.on_link(lambda: app.edit({"title": "In game"}))
    library, scenes = app.features.preset_library, app.features.scene_presets
    connected.on_link(lambda: library.save("Game"))
    connected.run_until_idle()
    meld.show(OTHER_SCENE)
    wait_for(lambda: connected.link.host.scene().name == "Gaming")
    connected.on_link(lambda: scenes.tie(app.settings.preset))
    connected.run_until_idle()
    meld.show(SCENE)
    wait_for(lambda: connected.link.host.scene().name == "Scene")
    connected.on_link(lambda: app.edit({"title": "Hello"}))
    meld.set(isStreaming=True)
    wait_for(lambda: velora.named("update") == [{"title": "Hello"}])
    meld.show(OTHER_SCENE)
    wait_for(lambda: velora.named("update")[1:] == [{"title": "In game"}])


def test_text__is_put_on_the_picture_and_taken_back(connected: Companion, meld: ModelMeld) -> None:
    live(connected, meld)
    wait_for(lambda: meld.items[COUNT]["text"] == "7 watching")
    wait_for(lambda: meld.invoked)
    assert meld.invoked == [("setProperty", [COUNT, "text", "7 watching"])]
    meld.set(isStreaming=False)
    wait_for(lambda: meld.items[COUNT]["text"] == "soon")


def test_companion_that_ends__gives_the_text_back(connected: Companion, meld: ModelMeld) -> None:
    live(connected, meld)
    wait_for(lambda: meld.items[COUNT]["text"] == "7 watching")
    connected.stop()
    wait_for(lambda: meld.items[COUNT]["text"] == "soon")


def test_companion_that_crashed__gives_the_text_back(
    connected: Companion, meld: ModelMeld, folder: Path
) -> None:
    live(connected, meld)
    wait_for(lambda: meld.items[COUNT]["text"] == "7 watching")
    kept = json.loads((folder / "companion.json").read_text())
    place = f"127.0.0.1:{meld.port}"
    assert kept["texts"] == {place: {"Count": ["soon", "7 watching"]}}
    after = Companion(meld.port, folder)
    meld.values["isStreaming"] = False
    after.start()
    wait_for(lambda: meld.items[COUNT]["text"] == "soon")
    after.stop()


def test_renamed_layer__is_followed(connected: Companion, meld: ModelMeld) -> None:
    live(connected, meld)
    wait_for(lambda: meld.items[COUNT]["text"] == "7 watching")
    meld.change(COUNT, name="Viewers")
    wait_for(lambda: "Viewers" in connected.link.host.text_sources())
    meld.set(isStreaming=False)
    wait_for(lambda: meld.items[COUNT]["text"] == "soon")


def test_layers_that_are_called_alike__have_their_scene_in_the_name(
    connected: Companion, meld: ModelMeld
) -> None:
    meld.change("E" * 32, type="layer", name="Count", parent=OTHER_SCENE, text="x")
    names = ("Banner", "Count (Gaming)", "Count (Scene)")
    wait_for(lambda: connected.link.host.text_sources() == names)


@pytest.mark.parametrize("version", [None, 1, "new"])
def test_version_without_texts__says_so(
    companion: Companion, meld: ModelMeld, version: Any
) -> None:
    meld.values["version"] = version
    companion.start()
    app = companion.app
    companion.run_until_idle()
    companion.on_link(lambda: app.edit({"section": "picture"}))
    panel = companion.on_link(lambda: app.panel())
    assert panel.shows("no_texts")
    assert not panel.shows("text_source")
    assert companion.link.host.text("Count") is None


def test_software__is_told_by_its_address() -> None:
    assert MeldSoftware("").name == "meld 127.0.0.1:13376"
    assert MeldSoftware("studio-pc").name == "meld studio-pc:13376"
    with pytest.raises(ValueError, match=r"^$"):
        MeldSoftware("a b")


def test_page_of_another_program_at_the_models_port__is_refused_and_no_more() -> None:
    """The system gives a port again that a page's server had, and the page still asks there."""
    with (
        ModelMeld() as meld,
        socket.create_connection(("127.0.0.1", meld.port), timeout=5) as page,
    ):
        page.sendall(b"GET /state HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert page.recv(1000).startswith(b"HTTP/1.1 426 ")
        assert page.recv(1000) == b""
