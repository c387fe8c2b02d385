"""A page that streams by itself: what is relayed, to where, and when it ends."""

from __future__ import annotations

import json
import socket
import threading
from typing import Any

import pytest

from tests.integration.web.whip.endpoint import ANSWER, OFFER, WhipEndpoint
from tests.integration.web.whip.page_requests import WHIP, follow, refused, start, started
from tests.unit.fakes import KEY, FakeHost, FakeVelora, wait_for
from tests.unit.web.client import TIMEOUT, Client
from velora_core.api.models import StreamInfo
from velora_core.application import Application
from velora_core.errors import TransportError
from velora_core.secret import Secret
from velora_core.web import whip_relay

# -- what is relayed -------------------------------------------------------------------------------


def test_start__sends_the_offer_to_the_address_that_velora_named(
    client: Client, endpoint: WhipEndpoint
) -> None:
    reply = start(client)
    assert reply.json["answer"] == ANSWER
    assert KEY not in reply.body.decode() + str(reply.headers)
    [asked] = endpoint.asked
    assert asked.path == f"/live/{KEY}/whip"
    assert (asked.kind, asked.body) == ("application/sdp", OFFER)


def test_start__comes_after_title_and_tags(
    client: Client, app: Application, velora: FakeVelora, endpoint: WhipEndpoint
) -> None:
    client.patch({"title": "Hello", "tags_entry": "calm"})
    endpoint.open.clear()
    sent_before: list[Any] = []

    def ask() -> None:
        wait_for(lambda: endpoint.asked, "the offer")
        sent_before.extend(velora.named("update"))
        endpoint.open.set()

    threading.Thread(target=ask).start()
    assert start(client).status == 200
    assert sent_before == [{"title": "Hello", "tags": ("calm",)}]


def test_title_that_failed__is_sent_later(
    client: Client, app: Application, velora: FakeVelora
) -> None:
    client.patch({"title": "Hello"})
    velora.failures["update"].append(TransportError())
    started(client)
    assert app.pending_update is not None


def test_trickle__goes_to_the_resource_with_its_tag(client: Client, endpoint: WhipEndpoint) -> None:
    path = started(client)
    assert client.send("PATCH", path, {"fragment": "a=mid:0\r\n"}).json == {"taken": True}
    [asked] = endpoint.named("PATCH")
    assert asked.path == "/resource/1"
    assert (asked.kind, asked.tag) == ("application/trickle-ice-sdpfrag", '"tag"')
    endpoint.status["PATCH"] = 405
    assert client.send("PATCH", path, {"fragment": "x"}).json == {"taken": False}


def test_end__deletes_the_resource(client: Client, endpoint: WhipEndpoint) -> None:
    path = started(client)
    assert client.send("DELETE", path).status == 200
    [asked] = endpoint.wait_for("DELETE")
    assert asked.path == "/resource/1"
    refused(client.send("DELETE", path), 404)


def test_end__is_tried_again(
    client: Client, endpoint: WhipEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whip_relay, "_TRIES", (0.0, 0.001, 0.002))
    endpoint.status["DELETE"] = 503
    client.send("DELETE", started(client))
    endpoint.wait_for("DELETE", 3)


def test_renewed__deletes_first_and_asks_for_the_address_again(
    client: Client, endpoint: WhipEndpoint, velora: FakeVelora
) -> None:
    client.patch({"title": "Hello"})
    path = started(client)
    before = len(velora.named("setup"))
    reply = client.send("POST", path, {"offer": OFFER})
    assert reply.json["answer"] == ANSWER
    assert [asked.method for asked in endpoint.asked] == ["POST", "DELETE", "POST"]
    assert len(velora.named("setup")) == before + 1
    assert len(velora.named("update")) == 1
    client.send("DELETE", path)
    assert endpoint.wait_for("DELETE", 2)[1].path == "/resource/2"


def test_renewal_that_fails__is_no_end(client: Client, endpoint: WhipEndpoint) -> None:
    path = started(client)
    endpoint.status["POST"] = 503
    refused(client.send("POST", path, {"offer": OFFER}), 502)
    endpoint.status["POST"] = 201
    assert client.send("POST", path, {"offer": OFFER}).status == 200


# -- where the application stands ------------------------------------------------------------------


def test_stream__is_followed(
    client: Client, app: Application, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.features.live_monitor.FIRST_POLL_DELAY", 0.0)
    velora.info = StreamInfo("Hello", None, None, is_live=True, viewer_count=5)
    path = started(client)
    wait_for(lambda: app.state.live, meanwhile=app.process_ui_queue)
    client.send("DELETE", path)
    wait_for(lambda: app.state.last_stream, meanwhile=app.process_ui_queue)


def test_software_that_streams__keeps_its_stream(
    client: Client, host: FakeHost, endpoint: WhipEndpoint
) -> None:
    host.live = True
    assert "OBS" in refused(start(client), 409)
    assert endpoint.asked == []


def test_second_page__is_refused(client: Client, endpoint: WhipEndpoint) -> None:
    started(client)
    refused(start(client), 409)
    assert len(endpoint.asked) == 1


def test_software__may_stream_after_it(client: Client, app: Application) -> None:
    client.send("DELETE", started(client))
    app.process_ui_queue()
    assert not app.features.stream_info.following


def test_other_channel__gets_no_stream_by_itself(
    client: Client, app: Application, endpoint: WhipEndpoint
) -> None:
    path = started(client)
    app.features.browser_stream._whose = "another sign-in", "another channel"
    assert "another channel" in refused(client.send("POST", path, {"offer": OFFER}), 410)
    assert [asked.method for asked in endpoint.asked] == ["POST", "DELETE"]


# -- when the page has gone ------------------------------------------------------------------------


def test_closed_tab__ends_the_stream(
    client: Client, endpoint: WhipEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whip_relay, "_GRACE_PERIOD", 0.01)
    path = started(client)
    connection = follow(client, path)
    connection.close()
    endpoint.wait_for("DELETE")
    refused(client.send("PATCH", path, {"fragment": ""}), 404)


def test_tab_closed_before_the_answer__is_noticed(client: Client, endpoint: WhipEndpoint) -> None:
    endpoint.open.clear()
    body = json.dumps({"offer": OFFER})
    with socket.create_connection(("127.0.0.1", client.port), timeout=TIMEOUT) as connection:
        connection.sendall(
            f"POST {WHIP} HTTP/1.1\r\nHost: {client.host}\r\nOrigin: {client.origin}\r\n"
            f"Cookie: {client.cookie}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        wait_for(lambda: endpoint.asked, "the offer", meanwhile=client.app.process_ui_queue)
        refused(start(client), 409)
    endpoint.open.set()
    assert start(client).status == 200


def test_page_that_comes_back__goes_on(
    client: Client, endpoint: WhipEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = started(client)
    follow(client, path).close()
    second = follow(client, path)
    monkeypatch.setattr(whip_relay, "_GRACE_PERIOD", 0.0)
    assert client.send("PATCH", path, {"fragment": "x"}).status == 200
    assert endpoint.named("DELETE") == []
    second.close()
    endpoint.wait_for("DELETE")


def test_page_that_never_takes_the_answer__has_no_stream(
    client: Client, endpoint: WhipEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whip_relay, "_FIRST_GRACE", 0.01)
    started(client)
    endpoint.wait_for("DELETE")


def test_close__tells_velora(client: Client, app: Application, endpoint: WhipEndpoint) -> None:
    started(client)
    app.close()
    endpoint.wait_for("DELETE")


def test_close__does_not_wait_for_a_silent_velora(
    client: Client,
    app: Application,
    endpoint: WhipEndpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("velora_core.web.server._FAREWELL", 0.01)
    started(client)
    endpoint.open.clear()
    app.close()
    endpoint.open.set()


def test_no_more_threads__no_stream_is_left_behind(
    client: Client, endpoint: WhipEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start_none(timer: threading.Timer) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(threading.Timer, "start", start_none)
        refused(start(client), 500)
    endpoint.wait_for("DELETE")
    started(client)


# -- what Velora says ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (401, "stream key"),
        (403, "stream key"),
        (404, "stream key"),
        (409, "already"),
        (415, "browser"),
        (429, "minute"),
        (500, "minute"),
        (200, "can't be used"),
        (302, "can't be used"),
        (307, "can't be used"),
        (418, "can't be used"),
    ],
)
def test_refusal__has_its_sentence(
    client: Client, endpoint: WhipEndpoint, status: int, word: str
) -> None:
    endpoint.status["POST"] = status
    assert word in refused(start(client), 502)
    assert [asked.method for asked in endpoint.asked] == ["POST"]
    endpoint.status["POST"] = 201
    assert start(client).status == 200


def test_unreachable__names_the_server_and_no_key(client: Client, endpoint: WhipEndpoint) -> None:
    endpoint.stop()
    address = endpoint.url.partition("/live")[0]
    assert address in refused(start(client), 502)
    endpoint.start()


def test_no_address__says_why(client: Client, velora: FakeVelora, endpoint: WhipEndpoint) -> None:
    velora.setup = velora.setup._replace(whip_url=None)
    assert "WHIP" in refused(start(client), 502)
    assert endpoint.asked == []


@pytest.mark.parametrize(
    "location",
    [
        "",
        "http://127.0.0.1:1/resource",
        "//elsewhere.test/resource",
        "https://127.0.0.1/resource",
        "http://user@127.0.0.1/resource",
        "http:\\\\elsewhere.test\\resource",
        "file:///etc/passwd",
        "/" + "x" * 3000,
    ],
)
def test_resource_elsewhere__is_none(client: Client, endpoint: WhipEndpoint, location: str) -> None:
    endpoint.headers["Location"] = location
    refused(start(client), 502)
    assert [asked.method for asked in endpoint.asked] == ["POST"]


@pytest.mark.parametrize("answer", ["", "<html>", "v=0\r\n" + "x" * 70_000])
def test_answer__that_is_none(client: Client, endpoint: WhipEndpoint, answer: str) -> None:
    endpoint.answer = answer
    refused(start(client), 502)


def test_resource_that_has_gone(client: Client, endpoint: WhipEndpoint) -> None:
    path = started(client)
    endpoint.status["PATCH"] = 404
    refused(client.send("PATCH", path, {"fragment": "x"}), 410)


@pytest.mark.parametrize("address", ["http://ingest.test/whip", "https://192.0.2.1:1@x.test/whip"])
def test_address__that_is_no_servers(
    client: Client, velora: FakeVelora, endpoint: WhipEndpoint, address: str
) -> None:
    velora.setup = velora.setup._replace(whip_url=Secret(address))
    refused(start(client), 502)
