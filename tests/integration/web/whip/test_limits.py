"""What a page that streams by itself may not."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.integration.web.whip.endpoint import OFFER, WhipEndpoint
from tests.integration.web.whip.page_requests import WHIP, refused, start, started
from tests.unit.fakes import KEY, FakeHost, run
from tests.unit.web.client import Client
from velora_core.application import Application
from velora_core.web import whip_relay
from velora_core.web.limits import Pace


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"offer": None},
        {"offer": 1},
        {"offer": "<html>"},
        {"offer": OFFER, "url": "http://127.0.0.1:1/"},
        {"offer": OFFER, "address": "http://elsewhere.test/"},
        {"fragment": OFFER},
    ],
)
def test_offer__that_is_none(client: Client, endpoint: WhipEndpoint, body: object) -> None:
    refused(client.send("POST", WHIP, body), 422)
    assert endpoint.asked == []


def test_offer__of_ten_megabytes(client: Client, endpoint: WhipEndpoint) -> None:
    reply = client.send(
        "POST", WHIP, Content_Length=str(10 * 1024 * 1024), Content_Type="application/json"
    )
    refused(reply, 413)
    assert endpoint.asked == []


def test_offer__with_half_a_letter(client: Client, endpoint: WhipEndpoint) -> None:
    assert start(client, OFFER + "\ud800").status == 200
    assert endpoint.asked[0].body == OFFER + "?"


def test_thousand_candidates__are_too_many(
    client: Client, endpoint: WhipEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = partial(Pace, clock=lambda: 0.0)
    monkeypatch.setattr(whip_relay, "Pace", at_once)
    monkeypatch.setattr(whip_relay, "_FIRST_GRACE", 600.0)  # however long so many take
    path = started(client)
    replies = [client.send("PATCH", path, {"fragment": "x"}).status for _ in range(40)]
    assert replies == [200] * 20 + [429] * 20
    assert len(endpoint.named("PATCH")) == 20
    refused(client.send("PATCH", path, {"fragment": "x" * 20_000}), 429)


def test_fragment__that_is_too_large(client: Client, endpoint: WhipEndpoint) -> None:
    path = started(client)
    refused(client.send("PATCH", path, {"fragment": "x" * 20_000}), 413)
    assert endpoint.named("PATCH") == []


def test_ten_starts__are_too_many(client: Client, endpoint: WhipEndpoint) -> None:
    endpoint.status["POST"] = 503
    replies = [start(client).status for _ in range(10)]
    assert replies[-1] == 429
    assert len(endpoint.asked) < 9


@pytest.mark.parametrize(
    "path", [f"{WHIP}/other", f"{WHIP}/..%2f..", f"{WHIP}/http://elsewhere.test/", f"{WHIP}//"]
)
def test_other_path__is_nothing(client: Client, endpoint: WhipEndpoint, path: str) -> None:
    started(client)
    for method in ("PATCH", "DELETE"):
        refused(client.send(method, path, {"fragment": "x"}), 404)
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize("method", ["PUT", "HEAD", "OPTIONS", "GET"])
def test_other_method__is_not_relayed(client: Client, endpoint: WhipEndpoint, method: str) -> None:
    assert client.send(method, WHIP).status in (403, 405)
    assert endpoint.asked == []


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_other_website__can_do_nothing(client: Client, endpoint: WhipEndpoint, method: str) -> None:
    path = started(client)
    for origin in ("https://elsewhere.test", None):
        headers: Any = {"Origin": origin}
        refused(client.send(method, path, {"offer": OFFER}, **headers), 403)
    client.cookie = ""
    refused(client.send(method, path, {"offer": OFFER}), 401)
    assert len(endpoint.asked) == 1


def test_program__can_not_stream(client: Client, app: Application, endpoint: WhipEndpoint) -> None:
    app.edit({"program_name": "Deck"})
    run(app, app.features.page.add_program())
    token = app.state.page.token
    assert token is not None
    client.cookie = ""
    reply = client.send("POST", WHIP, {"offer": OFFER}, Authorization=f"Bearer {token.reveal()}")
    refused(reply, 403)
    assert endpoint.asked == []


def test_other_libraries_logs__have_no_key(
    client: Client, endpoint: WhipEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    client.send("DELETE", started(client))
    endpoint.wait_for("DELETE")
    endpoint.stop()
    refused(start(client), 502)
    endpoint.start()
    assert "urllib3" not in {record.name.partition(".")[0] for record in caplog.records}
    assert KEY not in caplog.text


def test_log_and_status__have_no_key(client: Client, host: FakeHost, app: Application) -> None:
    client.send("DELETE", started(client))
    app.process_ui_queue()
    assert KEY not in str(host.logged) + str(client.state())


def test_camera__is_for_the_page_that_streams(client: Client) -> None:
    allowed = client.get("/stream.html").headers["Permissions-Policy"]
    assert "camera=(self)" in allowed
    assert "microphone=(self)" in allowed
    assert "camera=()" in client.get("/").headers["Permissions-Policy"]
