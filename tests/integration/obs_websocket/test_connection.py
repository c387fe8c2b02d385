"""One connection to a model of OBS's websocket server, and to what is none."""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from tests.ports import free_port
from tests.unit.fakes import wait_for
from tests.unit.model_obs import ModelObs
from tests.unit.model_websocket import TEXT, Peer, WebsocketServer, frame
from tests.unit.raw_server import RawServer
from velora_core.secret import Secret
from velora_hosts.companion.errors import SoftwareError
from velora_hosts.obs_websocket import connection as module
from velora_hosts.obs_websocket.connection import Connection
from velora_hosts.obs_websocket.errors import (
    ConnectionEnded,
    Kicked,
    NotObs,
    ObsBusy,
    ObsError,
    ObsRefused,
    ObsSilent,
    ObsTooOld,
    ObsUnreachable,
    PasswordMissing,
    PasswordWrong,
)
from velora_hosts.websocket import connection as websocket_connection
from velora_hosts.websocket import wire
from velora_hosts.websocket.address import Address

PASSWORD = "test password, ünïcode"
HELLO = frame(b'{"op":0,"d":{"rpcVersion":1}}')
IDENTIFIED = frame(b'{"op":2,"d":{"negotiatedRpcVersion":1}}')


class Client:
    """A connection with what it has heard."""

    def __init__(self, port: int, password: str | None = None) -> None:
        self.events: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.ends: list[SoftwareError] = []
        self.connection = Connection(
            Address("127.0.0.1", port),
            event=lambda name, data: self.events.put((name, data)),
            ended=self.ends.append,
        )
        self._password = password

    def open(self) -> Connection:
        secret = None if self._password is None else Secret(self._password)
        self.connection.open(lambda: secret)
        return self.connection


def test_request__is_answered(obs: ModelObs) -> None:
    client = Client(obs.port)
    connection = client.open()
    assert connection.request("GetVersion")["obsVersion"] == "30.2.3"
    given = {"slotName": "a", "slotValue": "b"}
    assert connection.request("SetPersistentData", given) == {}
    assert obs.requests[-1] == ("SetPersistentData", given)
    connection.close()
    wait_for(lambda: not obs.identified)
    assert client.ends == []  # it was ended here
    with pytest.raises(ConnectionEnded):
        connection.request("GetVersion")


def test_slow_at_each_step__is_connected_all_the_same(
    obs: ModelObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket_connection, "_OPENING_TIMEOUT", 4.0)
    shake_hands, receive, pause = Peer.shake_hands, Peer.receive, threading.Event()

    def slowly(peer: Peer) -> bool:
        pause.wait(1.4)
        done = shake_hands(peer)
        pause.wait(1.4)
        return done

    def received(peer: Peer) -> bytes | None:
        pause.wait(1.4)
        return receive(peer)

    monkeypatch.setattr(Peer, "shake_hands", slowly)
    monkeypatch.setattr(Peer, "receive", received)
    connection = Client(obs.port).open()
    pause.set()
    assert connection.request("GetVersion")["obsVersion"] == "30.2.3"
    connection.close()


def test_password__right_wrong_and_none(obs: ModelObs) -> None:
    obs.password = PASSWORD
    Client(obs.port, PASSWORD).open().close()
    with pytest.raises(PasswordWrong) as wrong:
        Client(obs.port, "live_test_wrong").open()
    assert "live_test_wrong" not in str(wrong.value)
    with pytest.raises(PasswordMissing):
        Client(obs.port).open()
    assert wrong.value.waits_for_person


def test_password__is_not_asked_for_when_obs_has_none(obs: ModelObs) -> None:
    def ask() -> Secret:
        raise AssertionError

    client = Client(obs.port)
    client.connection.open(ask)
    client.connection.close()


def test_refused__has_the_code(obs: ModelObs) -> None:
    connection = Client(obs.port).open()
    with pytest.raises(ObsRefused) as refused:
        connection.request("NoSuchRequest")
    assert refused.value.code == 204
    connection.close()


def test_not_ready__is_asked_again(obs: ModelObs, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.unit.model_obs import Refused

    monkeypatch.setattr(module, "_BUSY_PAUSE", 0.001)
    calls: list[int] = []

    def busy(_: dict[str, Any]) -> dict[str, Any]:
        calls.append(1)
        if len(calls) < 4:
            raise Refused(207)
        return {"ready": True}

    obs.overridden["GetVersion"] = busy
    connection = Client(obs.port).open()
    assert connection.request("GetVersion") == {"ready": True}
    calls.clear()
    monkeypatch.setattr(module, "_BUSY_PAUSE", 60.0)  # more than a request has
    with pytest.raises(ObsBusy):
        connection.request("GetVersion")
    connection.close()


def test_no_answer__ends_the_request_and_the_late_one_is_nobodys(obs: ModelObs) -> None:
    obs.silent.add("GetVersion")
    connection = Client(obs.port).open()
    with pytest.raises(ObsSilent):
        connection.request("GetVersion", seconds=0.01)
    late = {"op": 7, "d": {"requestId": "1", "requestStatus": {"result": True, "code": 100}}}
    obs.identified[0].send(frame(json.dumps(late).encode()))
    assert connection.request("GetProfileList")["currentProfileName"] == "Main"
    connection.close()


def test_no_sign_of_obs_at_all__ends_the_connection(
    obs: ModelObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENT", 0.01)
    obs.silent.add("GetVersion")
    client = Client(obs.port)
    connection = client.open()
    with pytest.raises(ObsSilent):
        connection.request("GetVersion", seconds=0.1)
    wait_for(lambda: client.ends)
    assert isinstance(client.ends[0], ObsSilent)
    with pytest.raises(ConnectionEnded):
        connection.request("GetProfileList")


def test_batch__stops_at_what_fails(obs: ModelObs) -> None:
    connection = Client(obs.port).open()
    slot = {"slotName": "a", "slotValue": "b"}
    connection.batch([("SetPersistentData", slot), ("SetPersistentData", slot)])
    with pytest.raises(ObsRefused):
        connection.batch([("NoSuchRequest", {}), ("SetPersistentData", slot)])
    assert obs.names() == ["SetPersistentData", "SetPersistentData", "NoSuchRequest"]
    connection.close()


def test_events__come_in_order(obs: ModelObs) -> None:
    client = Client(obs.port)
    client.open()
    for number in range(20):
        obs.tell("Tick", number=number)
    assert [client.events.get(timeout=5)[1]["number"] for _ in range(20)] == list(range(20))
    client.connection.close()


def test_requests_of_many_threads__get_their_own_answers(obs: ModelObs) -> None:
    obs.overridden["Echo"] = lambda data: data
    connection = Client(obs.port).open()
    wrong: list[int] = []

    def ask(start: int) -> None:
        for number in range(start, start + 50):
            if connection.request("Echo", {"number": number}) != {"number": number}:
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(1000 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    connection.close()


def test_kicked__is_told(obs: ModelObs) -> None:
    client = Client(obs.port)
    client.open()
    obs.kick()
    wait_for(lambda: client.ends)
    assert isinstance(client.ends[0], Kicked)


def test_connection_cut__ends_what_waits(obs: ModelObs) -> None:
    obs.silent.add("GetVersion")
    client = Client(obs.port)
    connection = client.open()
    failures: list[Exception] = []

    def ask() -> None:
        try:
            connection.request("GetVersion", seconds=30)
        except ObsError as error:
            failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    wait_for(lambda: obs.requests)
    obs.drop()
    thread.join(5)
    assert isinstance(failures[0], ConnectionEnded)
    wait_for(lambda: client.ends)
    assert isinstance(client.ends[0], ConnectionEnded)


def test_nobody_there() -> None:
    port = free_port()
    with pytest.raises(ObsUnreachable, match="Enable WebSocket server"):
        Client(port).open()


def test_too_old(obs: ModelObs) -> None:
    obs.hello = {"rpcVersion": 0}
    with pytest.raises(ObsTooOld):
        Client(obs.port).open()


# -- what is no OBS ------------------------------------------------------------------------------


def stranger(*after_hello: bytes, hello: bytes = HELLO) -> Callable[[Peer], None]:
    """A server that says what no OBS says; it then waits for the other side's end."""

    def serve(peer: Peer) -> None:
        if peer.shake_hands():
            peer.send(hello)
            for reply in after_hello:
                peer.receive()
                peer.send(reply)
            while peer.receive() is not None:
                pass

    return serve


@pytest.mark.parametrize(
    "hello",
    [
        frame(b"no JSON with live_test_secret"),
        frame(b'{"op":0}'),
        frame(b'{"op":0,"d":[]}'),
        frame(b'{"op":true,"d":{"rpcVersion":1}}'),
        frame(b'{"op":0,"d":{"rpcVersion":"1"}}'),
        frame(b'{"op":0,"d":{"rpcVersion":1,"authentication":{"challenge":5,"salt":"x"}}}'),
        frame(b'{"op":0,"d":{"rpcVersion":1,"authentication":{"challenge":"x"}}}'),
        frame(b'{"op":0,"d":{"rpcVersion":1,"authentication":{"challenge":"x","salt":"\\ud800"}}}'),
        frame(b'{"op":0,"d":{"rpcVersion":NaN}}'),
        frame(b'{"op":0,"d":{"rpcVersion":1,"x":' + b"[" * 30 + b"]" * 30 + b"}}"),
        frame(b"[" * 100_000),
        frame(b'{"op":0,"d":{"rpcVersion":' + b"1" * 5000 + b"}}"),
        frame(b"\xff\xfe live_test_secret"),
        frame(b"binary", 2),
        frame(b"x", 11),
        frame(b"x" * (5 << 20)),
        frame(b"x" * (5 << 20), length=1 << 62),
        frame(b"y", TEXT, last=False) + frame(b"y" * 60_000, 0, last=False) * 99,
        frame(b'{"op":5,"d":{"eventType":"Early"}}'),
    ],
)  # fmt: skip
def test_stranger__is_known_as_one(hello: bytes) -> None:
    with (
        WebsocketServer(stranger(hello=hello)) as server,
        pytest.raises((NotObs, ConnectionEnded)) as caught,
    ):
        Client(server.port, "live_test_password").open()
    assert "live_test" not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize(
    "reply",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.2:1/\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"\xff" * 300 + b"\r\n\r\n",
        b"",
    ],
)
def test_another_program_on_the_port(reply: bytes) -> None:
    with (
        RawServer(lambda connection, _: connection.sendall(reply)) as server,
        pytest.raises(NotObs),
    ):
        Client(server.port).open()


def test_endless_header__ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket_connection, "_OPENING_TIMEOUT", 0.3)

    def flood(connection: socket.socket, _: bytes) -> None:
        with connection:
            while True:
                try:
                    connection.sendall(b"x" * 10_000)
                except OSError:
                    return

    with RawServer(flood) as server, pytest.raises((NotObs, ObsSilent)):
        Client(server.port).open()


def test_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket_connection, "_OPENING_TIMEOUT", 0.05)

    def serve(peer: Peer) -> None:
        peer.shake_hands()
        peer.receive()

    with WebsocketServer(serve) as server, pytest.raises(ObsSilent):
        Client(server.port).open()


@pytest.mark.parametrize(
    "lie",
    [
        b'{"op":7,"d":{"requestId":"1"}}',
        b'{"op":7,"d":{"requestId":"1","requestStatus":{"result":true,"code":"100"}}}',
        b'{"op":7,"d":{"requestId":"1","requestStatus":{"result":true,"code":207}}}',
        b'{"op":7,"d":{"requestId":"1","requestStatus":{"result":true,"code":100},'
        b'"responseData":[]}}',
        b'{"op":9,"d":{"requestId":"1","results":[]}}',
        b'{"op":7,"d":{"requestId":1}}',
        b'{"op":5,"d":{"eventType":5}}',
    ],
)
def test_lie__ends_the_connection(lie: bytes) -> None:
    with WebsocketServer(stranger(IDENTIFIED, frame(lie))) as server:
        client = Client(server.port)
        connection = client.open()
        with pytest.raises(ConnectionEnded):
            connection.request("GetVersion")
        wait_for(lambda: client.ends)
        assert isinstance(client.ends[0], NotObs)


def test_long_message__is_not_shortened_by_pings_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_MAX_BYTES", 50_000)
    part, ping = frame(b" " * 20_000, 0, last=False), frame(b"", 9)
    bomb = frame(b" ", TEXT, last=False) + (part + ping) * 4
    with WebsocketServer(stranger(IDENTIFIED + bomb)) as server:
        client = Client(server.port)
        client.open()
        wait_for(lambda: client.ends)
        assert isinstance(client.ends[0], NotObs)


def test_pings_whose_answers_nobody_takes__hold_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_SENDING", 0.1)
    pings = frame(b"x" * 125, 9) * 500 + frame(b'{"op":77,"d":{}}')
    small = threading.Event()

    def serve(peer: Peer) -> None:
        peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.shake_hands()
        peer.send(HELLO)
        peer.receive()
        peer.send(IDENTIFIED)
        small.wait()
        with suppress(OSError):
            while True:
                peer.socket.sendall(pings)

    with WebsocketServer(serve) as server:
        client = Client(server.port)
        connection = client.open()
        assert connection._wire
        connection._wire._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        small.set()
        wait_for(lambda: client.ends)
        with pytest.raises(ConnectionEnded):
            connection.request("GetVersion")


def test_unknown_message__is_skipped() -> None:
    answer = b'{"op":7,"d":{"requestId":"1","requestStatus":{"result":true,"code":100}}}'
    replies = frame(b'{"op":77,"d":{}}') + frame(b"", 9) + frame(answer)
    with WebsocketServer(stranger(IDENTIFIED, replies)) as server:
        connection = Client(server.port).open()
        assert connection.request("GetVersion") == {}
        connection.close()
