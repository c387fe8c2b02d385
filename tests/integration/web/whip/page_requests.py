"""What a page asks for its stream."""

from __future__ import annotations

import socket

from tests.integration.web.whip.endpoint import OFFER
from tests.unit.fakes import KEY
from tests.unit.web.client import TIMEOUT, Client, Reply, meanwhile

__all__ = ["WHIP", "follow", "refused", "start", "started"]

WHIP = "/api/v1/whip"


def start(client: Client, offer: object = OFFER) -> Reply:
    return client.send("POST", WHIP, {"offer": offer})


def started(client: Client) -> str:
    reply = start(client)
    assert reply.status == 200, reply.body
    return f"{WHIP}/{reply.json['id']}"


def refused(reply: Reply, status: int) -> str:
    """Return what is said, in which there is nothing secret."""
    assert reply.status == status, reply.body
    assert KEY not in reply.body.decode()
    sentence = str(reply.json["error"])
    assert sentence.endswith(".")
    return sentence


def follow(client: Client, path: str) -> socket.socket:
    """Open the stream's events, as its page does."""
    connection = socket.create_connection(("127.0.0.1", client.port), timeout=TIMEOUT)
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {client.host}\r\nCookie: {client.cookie}\r\n\r\n".encode()
    )
    assert meanwhile(client.app, lambda: connection.recv(12)) == b"HTTP/1.1 200"
    return connection
