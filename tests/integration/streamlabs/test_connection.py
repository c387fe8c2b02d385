"""A connection to Streamlabs, by its rules and against all of them."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.ports import free_port
from tests.unit.fakes import TIMEOUT, wait_for
from tests.unit.model_streamlabs import ModelStreamlabs
from tests.unit.raw_server import RawServer
from velora_hosts.streamlabs import connection as module
from velora_hosts.streamlabs.connection import Connection
from velora_hosts.streamlabs.door import doors
from velora_hosts.streamlabs.errors import (
    ConnectionEnded,
    Missing,
    NotStreamlabs,
    StreamlabsBusy,
    StreamlabsDenied,
    StreamlabsError,
    StreamlabsRefused,
    StreamlabsSilent,
    StreamlabsUnreachable,
)


class Told:
    """What a connection tells."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self.ended: list[StreamlabsError] = []
        self.connection = Connection(
            event=lambda *event: self.events.append(event), ended=self.ended.append
        )

    def open(self, port: int) -> Connection:
        self.connection.open(*doors(port))
        return self.connection


@pytest.fixture
def told() -> Iterator[Told]:
    told = Told()
    yield told
    told.connection.close()


@pytest.fixture
def connection(told: Told, model: ModelStreamlabs) -> Connection:
    return told.open(model.port)


def test_requests__one_whole_line_each(connection: Connection, model: ModelStreamlabs) -> None:
    for _ in range(3):
        connection.request("ScenesService", "activeScene")
    assert len(model.chunks) == 3
    assert all(chunk.count(b"\n") == 1 and chunk.endswith(b"\n") for chunk in model.chunks)
    assert [json.loads(chunk)["id"] for chunk in model.chunks] == [1, 2, 3]


def test_requests_of_several_threads__never_meet(
    connection: Connection, model: ModelStreamlabs
) -> None:
    names: list[str] = []

    def ask() -> None:
        for _ in range(20):
            names.append(connection.request("ScenesService", "activeScene")["name"])

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == ["Scene"] * 100
    assert len(model.chunks) == 100


def test_what_is_empty__is_missing(connection: Connection, model: ModelStreamlabs) -> None:
    model.logged_in = False
    for resource, method in (
        ("UserService", "isLoggedIn"),
        ("UserService", "nothing"),
        ("NoService", "nothing"),
    ):
        with pytest.raises(Missing):
            connection.request(resource, method)


def test_error_of_its_own__has_nothing_of_it(connection: Connection) -> None:
    with pytest.raises(StreamlabsRefused) as failure:
        connection.request('Source["live_test_secret"]', "getSettings")
    assert "live_test" not in str(failure.value)


def test_request_that_may_come_in_two_pieces__is_not_sent(
    connection: Connection, model: ModelStreamlabs
) -> None:
    with pytest.raises(StreamlabsRefused):
        connection.request('Source["text-1"]', "updateSettings", {"text": "x" * 20_000})
    assert model.chunks == []
    assert connection.request("ScenesService", "activeScene")["name"] == "Scene"


def test_busy__is_asked_again(connection: Connection, model: ModelStreamlabs) -> None:
    model.busy = True

    def free() -> None:
        wait_for(lambda: len(model.chunks) > 1)
        model.busy = False

    threading.Thread(target=free).start()
    assert connection.request("ScenesService", "activeScene")["name"] == "Scene"


def test_busy_for_too_long__is_said(
    connection: Connection, model: ModelStreamlabs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUSY_PAUSE", 60)  # longer than is waited
    model.busy = True
    with pytest.raises(StreamlabsBusy):
        connection.request("ScenesService", "activeScene")
    model.busy = False
    assert connection.request("ScenesService", "activeScene")["name"] == "Scene"


def test_promise__is_waited_for(connection: Connection, model: ModelStreamlabs) -> None:
    model.promised.add("getModel")
    assert connection.request("StreamingService", "getModel")["streamingStatus"] == "offline"


def test_promise_that_stays_open__is_left(connection: Connection, model: ModelStreamlabs) -> None:
    with pytest.raises(StreamlabsSilent):
        connection.request("StreamingService", "toggleStreaming", seconds=0.05)
    model.fulfil("behind a dialog")
    assert connection.request("ScenesService", "activeScene")["name"] == "Scene"


def test_promise_that_is_broken__is_a_refusal(
    connection: Connection, model: ModelStreamlabs
) -> None:
    failures: list[Exception] = []

    def ask() -> None:
        try:
            connection.request("StreamingService", "toggleStreaming")
        except StreamlabsRefused as failure:
            failures.append(failure)

    thread = threading.Thread(target=ask)
    thread.start()
    while not failures and thread.is_alive():
        model.fulfil("behind a dialog", {"error": "live_test_secret"}, rejected=True)
        thread.join(0.01)
    assert "live_test" not in str(failures[0])


def test_late_answer__belongs_to_nobody(connection: Connection, model: ModelStreamlabs) -> None:
    model.silent.add("activeScene")
    with pytest.raises(StreamlabsSilent):
        connection.request("ScenesService", "activeScene", seconds=0.01)
    late = {"id": 1, "result": {"name": "late"}}
    model._say(model.peers[0], late)
    assert connection.request("SceneCollectionsService", "activeCollection")["name"] == "Scenes"


def test_events__are_told_once_subscribed(
    told: Told, connection: Connection, model: ModelStreamlabs
) -> None:
    model.tell("ScenesService.sceneSwitched", {"name": "nobody"})
    connection.subscribe("ScenesService", "sceneSwitched")
    model.tell("ScenesService.sceneSwitched", {"name": "Break"})
    wait_for(lambda: told.events)
    assert told.events == [("ScenesService.sceneSwitched", {"name": "Break"})]


def test_nobody_there(told: Told) -> None:
    with pytest.raises(StreamlabsUnreachable):
        told.open(free_port())
    with pytest.raises(ConnectionEnded):
        told.connection.request("ScenesService", "activeScene")


def test_door_that_does_not_open_for_this_user(told: Told) -> None:
    def denied() -> Any:
        raise PermissionError

    with pytest.raises(StreamlabsDenied):
        told.connection.open(denied)


def test_quit__is_told_once(told: Told, connection: Connection, model: ModelStreamlabs) -> None:
    model.silent.add("activeScene")

    def quit_then() -> None:
        wait_for(lambda: model.chunks)
        model.drop()

    threading.Thread(target=quit_then).start()
    with pytest.raises(ConnectionEnded):
        connection.request("ScenesService", "activeScene")
    wait_for(lambda: told.ended)
    assert [type(error) for error in told.ended] == [ConnectionEnded]


def test_close__is_not_told(told: Told, connection: Connection) -> None:
    connection.close()
    with pytest.raises(ConnectionEnded):
        connection.request("ScenesService", "activeScene")
    assert told.ended == []


def flood(text: bytes) -> Callable[[socket.socket, bytes], None]:
    def send(peer: socket.socket, _: bytes) -> None:
        for _number in range(200):
            peer.sendall(text)

    return send


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(flood(b"x" * 65536), id="a message of 13 MB"),
        pytest.param(lambda peer, _: peer.sendall(b"[" * 100_000 + b"\n"), id="deep"),
        pytest.param(
            lambda peer, _: peer.sendall(b'{"result":' + b'{"a":' * 40 + b"1" + b"}" * 41 + b"\n"),
            id="nested",
        ),
        pytest.param(lambda peer, _: peer.sendall(b'{"id": NaN}\n'), id="no number"),
        pytest.param(
            lambda peer, _: peer.sendall(b'{"id": ' + b"1" * 5000 + b"}\n"), id="long number"
        ),
        pytest.param(lambda peer, _: peer.sendall(b"\xff\xfe\n"), id="no text"),
        pytest.param(lambda peer, _: peer.sendall(b"\n"), id="empty line"),
        pytest.param(
            lambda peer, _: peer.sendall(b'{"id": 1, "error": {"code": true}}\n'), id="no code"
        ),
        pytest.param(
            lambda peer, _: peer.sendall(b'{"id": 1, "error": ["live_test"]}\n'), id="no error"
        ),
        pytest.param(
            lambda peer, _: peer.sendall(b'{"result": {"_type": "EVENT", "resourceId": 5}}\n'),
            id="event without a name",
        ),
    ],
)
def test_what_streamlabs_would_not_send__ends_the_connection(told: Told, said: Any) -> None:
    with RawServer(said, ends=b"\n") as server:
        connection = told.open(server.port)
        with pytest.raises(NotStreamlabs) as failure:
            connection.request("ScenesService", "activeScene")
        assert "live_test" not in str(failure.value)
        wait_for(lambda: told.ended)
    assert [type(error) for error in told.ended] == [NotStreamlabs]


def test_answers_to_what_was_not_asked__are_passed_over(told: Told) -> None:
    def talk(peer: socket.socket, request: bytes) -> None:
        for number in ("0", "2", '"1"', "[1]", "null", "1e99"):
            peer.sendall(b'{"id": %s, "result": "wrong"}\n' % number.encode())
        peer.sendall(b'{"id": 1, "result": "right"}\n')
        server.end.wait(TIMEOUT)

    with RawServer(talk, ends=b"\n") as server:
        assert told.open(server.port).request("ScenesService", "activeScene") == "right"
        server.end.set()


def test_line_in_many_pieces__is_one(told: Told) -> None:
    def talk(peer: socket.socket, request: bytes) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b'{"id": 1, "result": "whole"}\n{"id": null, "res':
            peer.sendall(bytes([byte]))
        server.end.wait(TIMEOUT)

    with RawServer(talk, ends=b"\n") as server:
        assert told.open(server.port).request("ScenesService", "activeScene") == "whole"
        server.end.set()
