"""What may be at a software's port instead of it: the contract of each link that connects."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.managed import Managed
from tests.unit.fakes import KEY, TOKEN, FakeVelora
from tests.unit.linked import Linked
from tests.unit.meld_studio.conftest import Companion as BesideMeld
from tests.unit.model_meld import ModelMeld
from tests.unit.model_obs import ModelObs
from tests.unit.model_streamlabs import ModelStreamlabs
from tests.unit.obs_websocket.conftest import Companion as BesideObs
from tests.unit.raw_server import RawServer, answer
from tests.unit.streamlabs.conftest import Companion as BesideStreamlabs
from velora_hosts.companion import pauses
from velora_hosts.companion.kinds import KINDS
from velora_hosts.streamlabs.connection import Connection as StreamlabsConnection
from velora_hosts.websocket import connection as websocket_connection


class Reached(NamedTuple):
    """A software that a companion connects to.

    Attributes:
        name: in sentences.
        beside: makes a companion of it, at a port.
        model: stands in for it, at a port.
        ends: what the first thing that it is asked ends with.
    """

    name: str
    beside: Callable[[int, Path], Linked[Any]]
    model: Callable[[int], Managed]
    ends: bytes


REACHED = {
    "obs": Reached("OBS", BesideObs, lambda port: ModelObs(port=port), b"\r\n\r\n"),
    "streamlabs": Reached(
        "Streamlabs Desktop",
        lambda port, folder: BesideStreamlabs(port, folder=folder),
        ModelStreamlabs,
        b"\n",
    ),
    "meld": Reached("Meld Studio", BesideMeld, ModelMeld, b"\r\n\r\n"),
}
CONNECT_TO_NOTHING = {"xsplit", "other"}


def says_nothing(peer: socket.socket, _: bytes) -> None:
    while peer.recv(65536):
        pass


def endless(peer: socket.socket, _request: bytes) -> None:
    for _ in range(300):
        peer.sendall(b"x" * 65536)


FAULTS = {
    "says nothing": says_nothing,
    "closes at once": lambda *_: None,
    "web server": answer(b"hello"),
    "garbage": lambda peer, _: peer.sendall(bytes(range(256)) * 20),
    "endless": endless,
}


def test_each_kind__connects_to_nothing_or_is_here() -> None:
    assert set(KINDS) == set(REACHED) | CONNECT_TO_NOTHING


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", REACHED)
def test_not_the_software__is_said_and_given_nothing(
    kind: str, fault: str, velora: FakeVelora, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    software = REACHED[kind]
    monkeypatch.setattr(pauses, "_STEPS", (0.05,))
    server = RawServer(FAULTS[fault], ends=software.ends)
    companion = software.beside(server.port, folder)
    try:
        with monkeypatch.context() as hurry, server:
            hurry.setattr(websocket_connection, "_OPENING_TIMEOUT", 0.2)
            hurry.setitem(StreamlabsConnection.request.__kwdefaults__ or {}, "seconds", 0.2)
            companion.start()
            companion.hears(software.name)
        with software.model(server.port):
            companion.hears("is connected")
    finally:
        companion.stop()
    assert not any("Velora has a bug" in sentence for sentence in companion.said)
    told = b"".join(server.requests)
    assert not any(secret.encode() in told for secret in (KEY, TOKEN))
