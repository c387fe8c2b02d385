"""The page's server: on, off, and what it costs."""

from __future__ import annotations

import socket
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.fakes import FakeVelora, run, run_until_idle, wait_for
from tests.unit.web.client import TIMEOUT, Client, events, meanwhile
from velora_core.application import Application


def test_state__has_all_sections(client: Client) -> None:
    state = client.state()
    assert list(state["sections"]) == ["info", "setup", "presets", "picture", "account"]
    assert state["host"] == "OBS"
    title = next(item for item in state["sections"]["info"] if item["key"] == "title")
    assert title["label"] == "Title"


def test_sentences__are_the_last_fifty_with_their_times(client: Client, app: Application) -> None:
    for number in range(60):
        app._runtime.show(f"Sentence {number}.")
    run_until_idle(app)
    said = client.get("/api/v1/state").json["sentences"]
    assert [line["text"] for line in said] == [f"Sentence {number}." for number in range(10, 60)]
    times = [line["at"] for line in said]
    assert times == sorted(times)
    assert all(time > 1e9 for time in times)


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


def test_two_pages__edit_at_once_and_both_have_the_later(client: Client, app: Application) -> None:
    streams = [events(connection) for connection in (client.open_events(), client.open_events())]
    for stream in streams:
        meanwhile(app, partial(next, stream))
    assert client.patch({"title": "First", "tags_entry": "a"}).status == 200
    assert client.patch({"title": "Second"}).status == 200
    for stream in streams:
        while not _has(meanwhile(app, partial(next, stream))[1], title="Second", tags_entry="a"):
            pass
    assert (app.settings.title, app.settings.tags) == ("Second", ("a",))


def _has(state: Any, **values: str) -> bool:
    found = {element["key"]: element.get("value") for element in state["sections"]["info"]}
    return all(found[key] == value for key, value in values.items())


def test_no_page_open__nothing_is_rendered(
    client: Client, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: Any = app.features.page._server
    rendered: list[bool] = []

    def render(seen: bool) -> dict[str, Any]:
        rendered.append(seen)
        return {}

    monkeypatch.setattr(server.feed, "_render", render)
    for number in range(20):
        app.edit({"title": f"Title {number}"})
    app.process_ui_queue()
    assert not server.feed._dirty.is_set()
    assert rendered == []


def test_port_of_another_program__is_left_to_it(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Another(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Another) as another:
        threading.Thread(target=another.handle_request, daemon=True).start()
        monkeypatch.setattr("velora_core.web.server.PORT", another.server_port)
        run(app, app.features.page.open())
        client = Client(app, str(app.panel().find("page_address").value))
        assert client.port != another.server_port
        assert client.log_in().status == 303
        assert client.get("/api/v1/state").status == 200
        client.port = another.server_port
        assert client.get("/").status == 204


def test_no_threads_left__ends_that_connection_only(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoThread(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr("velora_core.web.server.threading", SimpleNamespace(Thread=NoThread))
        with socket.create_connection(("127.0.0.1", client.port), timeout=TIMEOUT) as refused:
            assert refused.recv(1) == b""
    assert client.get("/api/v1/state").status == 200


@pytest.mark.parametrize("goodbye", [TIMEOUT, 0.0], ids=["heard", "no time for it"])
def test_close__tells_ten_pages_and_frees_the_port(
    client: Client, app: Application, monkeypatch: pytest.MonkeyPatch, goodbye: float
) -> None:
    """Also where its own thread has no turn in time, as on a computer with far too much to do."""
    monkeypatch.setattr("velora_core.web.server._GOODBYE", goodbye)
    connections = [client.open_events() for _ in range(10)]
    streams = [events(connection) for connection in connections]
    for stream in streams:
        assert meanwhile(app, partial(next, stream))[0] == "state"
    app.close()
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
