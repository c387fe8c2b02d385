"""The page's server: on, off, and what it costs."""

from __future__ import annotations

import socket
import threading
import time
from functools import partial
from types import SimpleNamespace

import pytest

from tests.unit.fakes import FakeVelora, wait_for
from tests.unit.web.client import SOON, Client, events, meanwhile
from velora_core.application import Application


def test_state__has_all_sections(client: Client) -> None:
    state = client.state()
    assert list(state["sections"]) == ["info", "setup", "presets", "picture", "account"]
    assert state["host"] == "OBS"
    title = next(item for item in state["sections"]["info"] if item["key"] == "title")
    assert title["label"] == "Title"


def test_edit__is_in_the_panel(client: Client, app: Application) -> None:
    reply = client.patch({"title": "Hello"})
    assert reply.status == 200, reply.body
    assert app.panel().find("title").value == "Hello"
    assert client.state()["revision"] == reply.json["revision"]


def test_action__is_answered(client: Client, velora: FakeVelora) -> None:
    client.patch({"title": "Hello"})
    reply = client.post("update_now")
    assert reply.status == 200, reply.body
    assert velora.named("update") == [{"title": "Hello"}]
    assert "Hello" in reply.json["answer"]


def test_events__come_with_each_change(client: Client, app: Application) -> None:
    connection = client.open_events()
    stream = events(connection)
    first = meanwhile(app, lambda: next(stream))
    assert first[0] == "state"
    app.edit({"title": "Hello"})
    name, state = meanwhile(app, lambda: next(stream))
    assert name == "state"
    assert state["revision"] == first[1]["revision"] + 1
    connection.close()


def test_no_threads_left__ends_that_connection_only(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoThread(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr("velora_core.web.server.threading", SimpleNamespace(Thread=NoThread))
        with socket.create_connection(("127.0.0.1", client.port), timeout=SOON) as refused:
            assert refused.recv(1) == b""
    assert client.get("/api/v1/state").status == 200


def test_close__tells_ten_pages_and_frees_the_port(client: Client, app: Application) -> None:
    connections = [client.open_events() for _ in range(10)]
    streams = [events(connection) for connection in connections]
    for stream in streams:
        assert meanwhile(app, partial(next, stream))[0] == "state"
    began = time.monotonic()
    app.close()
    assert time.monotonic() - began < 0.5
    for stream in streams:
        assert [name for name, _ in stream] == ["bye"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", client.port))
    wait_for(
        lambda: not [thread for thread in threading.enumerate() if "velora-page" in thread.name]
    )


def test_no_thread_to_be_had__one_visitor_is_sent_away_and_the_next_is_served(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = threading.Thread.start
    refused: list[threading.Thread] = []

    def once_refused(thread: threading.Thread) -> None:
        if thread.name == "velora-page-request" and not refused:
            refused.append(thread)
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", once_refused)
    with pytest.raises(ConnectionError):
        client.get("/api/v1/state")
    assert refused
    assert client.get("/api/v1/state").status == 200
