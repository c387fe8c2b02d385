"""Who has proved nothing yet holds up nobody who has."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from select import select
from typing import Any

import pytest

from tests.unit.fakes import run, wait_for
from tests.unit.web.client import TIMEOUT, Client, meanwhile
from velora_core.application import Application
from velora_core.web import connection, line, places
from velora_core.web.limits import Pace


@pytest.fixture
def opened_sockets() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def dial(client: Client, opened_sockets: ExitStack) -> Any:
    def dial(sent: bytes = b"") -> socket.socket:
        found = socket.create_connection(("127.0.0.1", client.port), timeout=TIMEOUT)
        opened_sockets.enter_context(found)
        found.sendall(sent)
        return found

    return dial


def head(client: Client, path: str = "/api/v1/state", *, cookie: str | None = None) -> bytes:
    cookie = client.cookie if cookie is None else cookie
    return (
        f"GET {path} HTTP/1.1\r\nHost: {client.host}\r\nCookie: {cookie}\r\nOrigin: "
        f"{client.origin}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n"
    ).encode()


def places_of(client: Client) -> Any:
    site: Any = client.app.features.page._server
    return site.server.places


def is_sent_away(found: socket.socket) -> bool:
    """Return whether a connection ends without an answer."""
    try:
        return found.recv(1) == b""
    except ConnectionError:  # before anything of it was read: its thread had no turn yet
        return True


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nCookie: a=b\r\n"])
def test_whoever_has_a_proof__waits_behind_nobody_without_one(
    client: Client, dial: Any, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(places, "_IDLE_TIMEOUT", 60.0)
    monkeypatch.setattr(places, "_UNPROVEN_TIMEOUT", 60.0)
    monkeypatch.setattr(connection, "_PROVING", 60.0)
    client.app.edit({"program_name": "Deck"})
    run(client.app, client.app.features.page.add_program())
    token = client.app.panel().find("program_token").value
    for _ in range(45):
        dial(sent)
    assert client.get("/api/v1/state").status == 200
    program: dict[str, Any] = {"Cookie": None, "Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/state", **program).status == 200


def test_line__has_an_end_and_whoever_has_gone_leaves_it(
    client: Client, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "_LONGEST", 5)
    monkeypatch.setattr(places, "_IDLE_TIMEOUT", 60.0)
    idle = [dial() for _ in range(places._MAX_UNPROVEN + 5)]
    waiting = [dial() for _ in range(3)]  # in the system's queue
    for found in idle[places._MAX_UNPROVEN :]:
        found.close()
    assert client.get("/api/v1/state").status == 200
    idle[0].close()
    waiting[0].sendall(head(client) + b"\r\n")
    assert meanwhile(client.app, lambda: waiting[0].recv(12)) == b"HTTP/1.1 200"


@pytest.mark.parametrize("sent", [b"", b"GET / HT"])
def test_many_that_prove_nothing__keep_no_page_out(
    client: Client, dial: Any, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(places, "_UNPROVEN_TIMEOUT", 0.1)
    monkeypatch.setattr(connection, "_PROVING", 60.0)
    idle = [dial(sent) for _ in range(45)]
    assert client.get("/api/v1/state").status == 200
    assert len(places_of(client)._unproven) <= places._MAX_UNPROVEN
    assert is_sent_away(idle[0])


def test_few_that_say_nothing__are_sent_away_when_their_time_is_over(
    client: Client, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_PROVING", 0.05)
    assert is_sent_away(dial())
    assert is_sent_away(dial(b"GET / HT"))
    assert is_sent_away(dial(head(client)))


def test_body__has_its_own_time(client: Client, dial: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_SECONDS", 0.05)
    sent = head(client, "/api/v1/values").replace(b"GET", b"PATCH") + b"\r\n{}"
    assert dial(sent).recv(12) == b"HTTP/1.1 408"


def test_one_that_has_spoken__is_not_sent_away_for_a_newer_one(
    client: Client, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_UNPROVEN_TIMEOUT", 60.0)
    late = dial(head(client))
    wait_for(lambda: any(visitor.heard for visitor in places_of(client)._visitors))
    idle = [dial() for _ in range(places._MAX_UNPROVEN)]
    assert is_sent_away(idle[0])
    late.sendall(b"\r\n")
    assert meanwhile(client.app, lambda: late.recv(12)) == b"HTTP/1.1 200"


def test_proven_ones__are_counted_and_others_wait(
    client: Client, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_MAX_PROVEN", 2)
    pages = [dial(head(client, "/api/v1/events") + b"\r\n") for _ in range(2)]
    wait_for(lambda: len(places_of(client)._proven) == 2)
    late = dial(head(client) + b"\r\n")
    wait_for(lambda: any(visitor.waits for visitor in places_of(client)._unproven))
    pages[0].close()
    client.app.features.page.tell()
    assert meanwhile(client.app, lambda: late.recv(12)) == b"HTTP/1.1 200"


def test_proven_ones__are_refused_when_it_takes_too_long(
    client: Client, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_MAX_PROVEN", 1)
    monkeypatch.setattr(places, "_TIMEOUT", 0.01)
    dial(head(client, "/api/v1/events") + b"\r\n")
    wait_for(lambda: places_of(client)._proven)
    reply = client.get("/api/v1/state")
    assert reply.status == 429
    assert reply.json["error"].endswith(".")


def test_close__with_all_places_taken(client: Client, app: Application, dial: Any) -> None:
    idle = [dial(head(client)) for _ in range(places._MAX_UNPROVEN)]
    wait_for(lambda: len(places_of(client)._visitors) == places._MAX_UNPROVEN)
    site: Any = app.features.page._server
    late = dial()
    app.close()
    assert not site.server._thread.is_alive()
    assert all(is_sent_away(waiting) for waiting in (*idle, late))


def test_refused_all_the_time__waits_for_its_answer_and_nobody_else_does(
    client: Client, dial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_DELAY", 60.0)
    monkeypatch.setattr(places_of(client), "_refusals", Pace(1, 0.0))
    wrong = b"GET / HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n"
    assert b" 403 " in dial(wrong).recv(100)
    waiting = [dial(wrong) for _ in range(3)]
    assert client.get("/api/v1/state").status == 200
    assert client.get("/nothing").status == 404  # it has proved who it is
    assert select(waiting, [], [], 0)[0] == []
    wait_for(lambda: len([item for item in places_of(client)._visitors if item.heard]) == 3)
    client.app.close()
    assert [b" 403 " in found.recv(100) for found in waiting] == [True] * 3
