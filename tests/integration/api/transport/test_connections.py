"""Connections that stay open between two requests."""

from __future__ import annotations

import socket

import pytest
from pytest_mock import MockerFixture

from tests.integration.api.transport.steps import PATIENT
from tests.unit.raw_server import RawServer, Script
from velora_core.api import _adapter
from velora_core.api.transport import Transport

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d"


def answers(times: int) -> Script:
    """Answer this often on one connection; what comes then is lost on the way, as behind a NAT."""

    def act(connection: socket.socket, _: bytes) -> None:
        connection.sendall(_ANSWER % times)
        for left in reversed(range(times)):
            if not connection.recv(65536):
                return
            if left:
                connection.sendall(_ANSWER % left)
        connection.recv(65536)  # until the client gives it up

    return act


@pytest.fixture
def opened(mocker: MockerFixture) -> list[int]:
    """The ports of connections that were opened."""
    ports: list[int] = []
    connect = socket.socket.connect

    def noted(self: socket.socket, address: tuple[str, int]) -> None:
        ports.append(address[1])
        connect(self, address)

    mocker.patch.object(socket.socket, "connect", noted)
    return ports


def test_next_request__goes_out_on_the_same_connection(opened: list[int]) -> None:
    with RawServer(answers(2)) as server:
        transport = Transport(limits=PATIENT)
        bodies = [transport.request("GET", server.url).body for _ in range(2)]
        transport.close()
    assert (bodies, opened) == ([b"2", b"1"], [server.port])


def test_idle__is_not_trusted(mocker: MockerFixture, opened: list[int]) -> None:
    clock = mocker.patch.object(_adapter, "monotonic", return_value=0.0)
    with RawServer(answers(1)) as server:
        transport = Transport(limits=PATIENT._replace(retries=0))
        transport.request("GET", server.url)
        clock.return_value = 30.5
        assert transport.request("PUT", server.url).body == b"1"
        transport.close()
    assert opened == [server.port] * 2


def test_post__has_a_connection_of_its_own(opened: list[int]) -> None:
    with RawServer(answers(1)) as server:
        transport = Transport(limits=PATIENT)
        transport.request("GET", server.url)
        assert transport.request("POST", server.url).body == b"1"
        transport.close()
    assert opened == [server.port] * 2
