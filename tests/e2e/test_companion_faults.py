"""What may become of the connection to a real OBS that streams, and what the companion says of it.

Each row begins while it is connected, and ends with the same OBS connected again. The stream must
not notice any of it.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import pytest

from tests.e2e.companion import Companion, started
from tests.harness import Display, Obs, RtmpIngest, wait_until
from tests.harness.tcp_gate import TcpGate
from tests.simulator import Simulator

LOST = "Velora lost the connection to"
STRANGER = "is not OBS's WebSocket server"
SILENT = "has not answered in time"


class Beside(NamedTuple):
    """A companion that reaches a streaming OBS through a gate."""

    obs: Obs
    gate: TcpGate
    companion: Companion


def _to(url: str) -> dict[str, Any]:
    return {"type": "rtmp_custom", "settings": {"server": url, "key": "live_test_faults"}}


@pytest.fixture(scope="module")
def beside(display: Display, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    home = tmp_path_factory.mktemp("home")
    with (
        Simulator() as velora,
        RtmpIngest() as rtmp,
        started(display, _to(rtmp.url)) as obs,
        TcpGate(obs.websocket_port) as gate,
        Companion(velora, home, gate.port) as companion,
    ):
        companion.hears("is connected to OBS")
        obs.start_stream()
        wait_until(lambda: obs.stream_status().sent_bytes, what="the first of the stream")
        yield Beside(obs, gate, companion)


def _frame(payload: bytes) -> bytes:
    return b"\x81\x7f" + struct.pack("!Q", len(payload)) + payload


def _event(scene: str) -> bytes:
    data = {"sceneName": scene, "sceneUuid": "a-b"}
    event = {"eventType": "CurrentProgramSceneChanged", "eventIntent": 4, "eventData": data}
    return _frame(json.dumps({"op": 5, "d": event}).encode())


def _web_server(program: socket.socket) -> None:
    program.recv(4096)
    program.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


def _says_nothing(program: socket.socket) -> None:
    with suppress(OSError):
        while program.recv(4096):
            pass


def _instead(serve: Callable[[socket.socket], None]) -> Callable[[TcpGate], None]:
    def begin(gate: TcpGate) -> None:
        gate.instead = serve

    return begin


def _changed(change: Callable[[bytes], bytes]) -> Callable[[TcpGate], None]:
    def begin(gate: TcpGate) -> None:
        gate.change = change

    return begin


def _is_slow(gate: TcpGate) -> None:
    gate.delay = 0.2


class Row(NamedTuple):
    """A fault.

    Attributes:
        begin: it.
        said: of it.
        typed: what makes the companion ask OBS something.
        anew: it comes when the companion connects.
        stays: the connection outlives it.
    """

    begin: Callable[[TcpGate], None]
    said: str
    typed: str = ""
    anew: bool = False
    stays: bool = False


ROWS = {
    "cut": Row(TcpGate.cut, LOST),
    "slow": Row(_is_slow, "stop the stream first", "configure", stays=True),
    "hangs": Row(TcpGate.hold, SILENT, "status"),
    "says nothing": Row(_instead(_says_nothing), SILENT, anew=True),
    "closes at once": Row(_instead(lambda _: None), STRANGER, anew=True),
    "another program": Row(_instead(_web_server), STRANGER, anew=True),
    "garbles": Row(_changed(lambda data: bytes(byte ^ 0x55 for byte in data)), STRANGER, "status"),
    "lies": Row(
        _changed(lambda data: data.replace(b'"profiles":', b'"profilez":')),
        STRANGER,
        anew=True,
    ),
    "floods": Row(lambda gate: gate.say(_event("Scene") * 50_000), STRANGER),
    "10 MiB": Row(lambda gate: gate.say(_frame(b" " * (10 << 20))), STRANGER),
}


@pytest.mark.parametrize("name", ROWS)
def test_fault__is_named_and_the_stream_goes_on(beside: Beside, name: str) -> None:
    row, (obs, gate, companion) = ROWS[name], beside
    before, connected = obs.stream_status(), companion.heard("is connected to OBS")
    said = companion.heard(row.said)
    row.begin(gate)
    if row.anew:
        lost = companion.heard(LOST)
        gate.cut()
        companion.hears(LOST, times=lost + 1)
        companion.type("connect")
    elif row.typed:
        companion.type(row.typed)
    companion.hears(row.said, times=said + 1)
    gate.mend()
    if not row.stays:
        companion.type("connect")
        companion.hears("is connected to OBS", times=connected + 1)
    companion.enter("configure", "stop the stream first")
    now = obs.stream_status()
    assert now.active
    assert not now.reconnecting
    assert now.milliseconds >= before.milliseconds
    assert now.skipped_frames == before.skipped_frames
    wait_until(lambda: obs.stream_status().sent_bytes > now.sent_bytes, what="more of the stream")
