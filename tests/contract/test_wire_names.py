"""Every name that crosses the wire, spelled once more, as Velora's guide spells it.

A rename that goes through client, simulator and tests at once leaves all of them agreeing with each
other, and none with Velora. So what is sent and read here are bytes on a socket, with the names as
literals of this file alone; and `test_these_names__were_not_renamed_either` knows them by a
checksum. Whoever changes a name on purpose has read Velora's guide, and changes that, too.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.simulator import Simulator
from tests.unit.raw_server import RawServer, Script
from velora_core import VeloraClient, errors
from velora_core.api.endpoints import Endpoints
from velora_core.api.models import StreamInfoUpdate
from velora_core.api.transport import Transport
from velora_core.auth.oauth import ClientCredentials, OAuth
from velora_core.auth.scopes import SCOPES
from velora_core.secret import Secret

BASE = "/api/integrations/oauth"
CHECKSUM = "11e5c0bb88cfa240"
"""Of all strings in this file that are names on the wire."""


class Request(NamedTuple):
    """What has arrived.

    Attributes:
        line: method and target.
        headers: with their names as they were written.
        body: what the JSON says, or None.
    """

    line: str
    headers: dict[str, str]
    body: Any


def answering(seen: list[Request], answer: object, *headers: str, status: int = 200) -> Script:
    """Read a request with its body, and answer in JSON."""
    content = json.dumps(answer).encode()

    def act(connection: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        named = dict(line.split(": ", 1) for line in lines)
        while len(body) < int(named.get("Content-Length", 0)):
            body += connection.recv(65536)
        line = first.rpartition(" ")[0]
        seen.append(Request(line, named, json.loads(body) if body else None))
        more = "".join(f"{header}\r\n" for header in headers)
        connection.sendall(
            f"HTTP/1.1 {status} Test\r\nContent-Length: {len(content)}\r\n{more}"
            "Connection: close\r\n\r\n".encode()
            + content
        )

    return act


Ask = Callable[..., tuple[Any, Request]]


@pytest.fixture
def ask() -> Ask:
    """Call a method of the client against one answer; return its result, and what it sent."""

    def ask(call: Callable[[VeloraClient], object], answer: object) -> tuple[Any, Request]:
        seen: list[Request] = []
        with (
            RawServer(answering(seen, answer)) as server,
            VeloraClient("test_access_token", endpoints=at(server)) as client,
        ):
            result = call(client)
        [request] = seen
        return result, request

    return ask


def at(server: RawServer) -> Endpoints:
    return Endpoints.at(f"http://127.0.0.1:{server.port}{BASE}")


# -- the streaming API -------------------------------------------------------------------------


def test_setup(ask: Ask) -> None:
    found, request = ask(
        lambda client: client.get_stream_setup(),
        {
            "streamKey": "live_test_key",
            "rtmpUrl": "rtmp://ingest.test:1935/live",
            "srtUrl": "srt://ingest.test:9999",
            "whipUrl": "https://ingest.test:3334/live/live_test_key/whip",
            "ingestServer": "ingest.test",
        },
    )
    assert request.line == "GET /api/integrations/oauth/stream/setup"
    assert request.headers["Authorization"] == "Bearer test_access_token"
    assert found.stream_key == Secret("live_test_key")
    assert found.rtmp_url == "rtmp://ingest.test:1935/live"
    assert found.srt_url == "srt://ingest.test:9999"
    assert found.whip_url == Secret("https://ingest.test:3334/live/live_test_key/whip")


def test_info(ask: Ask) -> None:
    found, request = ask(
        lambda client: client.get_stream_info(),
        {
            "title": "Hello",
            "categoryName": "Music",
            "categorySlug": "music",
            "isLive": True,
            "viewerCount": 7,
            "startedAt": "2026-01-02T03:04:05Z",
            "tags": ["one"],
        },
    )
    assert request.line == "GET /api/integrations/oauth/stream/info"
    assert (found.title, found.category_name, found.category_slug) == ("Hello", "Music", "music")
    assert (found.is_live, found.viewer_count, found.tags) == (True, 7, ("one",))
    assert found.started_at.isoformat() == "2026-01-02T03:04:05+00:00"


def test_update(ask: Ask) -> None:
    update = StreamInfoUpdate(title="Hello", category_slug="music", tags=("one", "two"))
    _, request = ask(lambda client: client.send_stream_info(update), {"success": True})
    assert request.line == "PUT /api/integrations/oauth/stream/info"
    assert request.headers["Content-Type"] == "application/json"
    assert request.body == {"title": "Hello", "categorySlug": "music", "tags": ["one", "two"]}
    with pytest.raises(errors.VeloraError):
        ask(lambda client: client.send_stream_info(update), {"success": False})


def test_categories(ask: Ask) -> None:
    listed = {"categories": [{"slug": "music", "name": "Music", "imageUrl": "https://x.test/m"}]}
    found, request = ask(lambda client: client.get_categories(), listed)
    assert request.line == "GET /api/integrations/oauth/stream/categories"
    assert tuple(found[0]) == ("music", "Music", "https://x.test/m")


@pytest.mark.parametrize("under", ["categories", "results", "data"])
def test_category_search(ask: Ask, under: str) -> None:
    listed = {under: [{"slug": "music", "name": "Music", "imageUrl": None}]}
    found, request = ask(lambda client: client.search_categories("Musi"), listed)
    method, _, target = request.line.partition(" ")
    assert (method, urlsplit(target).path) == ("GET", "/api/categories/search")
    sent = parse_qs(urlsplit(target).query)
    assert sent["query"] == ["Musi"]
    assert set(sent) <= {"query", "limit"}
    assert [entry.slug for entry in found] == ["music"]


def test_new_key(ask: Ask) -> None:
    found, request = ask(
        lambda client: client.regenerate_stream_key(), {"streamKey": "live_test_new_key"}
    )
    assert request.line == "POST /api/integrations/oauth/stream/key/regenerate"
    assert found == Secret("live_test_new_key")


def test_profile(ask: Ask) -> None:
    found, request = ask(
        lambda client: client.get_profile(),
        {"id": "1", "username": "somebody", "displayName": "Some", "streamingEnabled": False},
    )
    assert request.line == "GET /api/users/me"
    assert (found.username, found.display_name, found.streaming_enabled) == (
        "somebody",
        "Some",
        False,
    )


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Retry-After: 45"], {}),
        ([], {"error": "rate_limit_exceeded", "message": "no", "retry_after": 45}),
    ],
)
def test_rate_limit__when_to_ask_again(headers: list[str], body: dict[str, object]) -> None:
    with (
        RawServer(answering([], body, *headers, status=429)) as server,
        VeloraClient("test_access_token", endpoints=at(server)) as client,
        pytest.raises(errors.RateLimited) as refused,
    ):
        client.get_stream_info()
    assert refused.value.retry_after == pytest.approx(45, abs=1)


def test_rate_limit__what_is_left() -> None:
    headers = [
        "X-RateLimit-Limit: 30",
        "X-RateLimit-Remaining: 1",
        f"X-RateLimit-Reset: {int(time.time()) + 40}",
    ]
    transport = Transport()
    with RawServer(answering([], {}, *headers)) as server:
        transport.request("GET", server.url)
    assert 30 < transport.rate_limit.pause() <= 41
    transport.close()


@pytest.mark.parametrize("message", ["property x should not exist", ["property x", "title"]])
def test_error__its_message(message: object) -> None:
    answer = {"message": message, "error": "Bad Request", "statusCode": 400}
    with (
        RawServer(answering([], answer, status=400)) as server,
        VeloraClient("test_access_token", endpoints=at(server)) as client,
        pytest.raises(errors.VeloraError, match="property x"),
    ):
        client.get_stream_info()


# -- the event stream --------------------------------------------------------------------------


def test_event_stream() -> None:
    told = {
        "streamId": "live_test_stream",
        "title": "Hello",
        "categoryName": "Music",
        "categorySlug": "music",
        "viewerCount": 7,
        "startedAt": "2026-01-02T03:04:05Z",
        "endedAt": None,
    }
    foreign = {**told, "channelUsername": "another"}
    sent = [
        ("connected", {"channelUsername": "somebody"}),
        ("stream.online", told),
        ("stream.update", {**told, "isTest": True}),
        ("stream.offline", foreign),
        ("channel.update", told),
    ]
    seen: list[bytes] = []

    def act(connection: socket.socket, request: bytes) -> None:
        seen.append(request)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        )
        for number, (name, data) in enumerate(sent):
            content = json.dumps({"event": name, "timestamp": "", "data": data})
            text = f"id: {number}\nretry: 2000\nevent: {name}\ndata: {content}\n\n"
            connection.sendall(text.encode())

    with (
        RawServer(act) as server,
        VeloraClient("test_access_token", endpoints=at(server)) as client,
    ):
        stream = client.open_event_stream()
        first, online, update = stream
        list(client.open_event_stream(after=stream))
    assert first is None
    assert online is not None
    assert update is not None
    assert online[:5] == ("online", "live_test_stream", "Hello", "Music", 7)
    assert online.started_at is not None
    assert online.started_at.isoformat() == "2026-01-02T03:04:05+00:00"
    assert update.kind == "update"
    assert stream.retry == 2.0
    for part in (
        b"GET /api/events/stream HTTP/1.1\r\n",
        b"Authorization: Bearer test_access_token\r\n",
        b"Accept: text/event-stream\r\n",
    ):
        assert part in seen[0]
    assert b"Last-Event-ID: 4\r\n" in seen[1]


# -- signing in --------------------------------------------------------------------------------

APP = ClientCredentials("velora_0123456789abcdef", Secret("live_test_client_secret"))
TOKENS = {
    "access_token": "live_test_access",
    "token_type": "Bearer",
    "expires_in": 3600,
    "refresh_token": "live_test_refresh",
    "scope": "stream:read user:read",
}


def test_addresses__of_velora_itself() -> None:
    assert Endpoints() == (
        "https://api.velora.tv/api/integrations/oauth",
        "https://api.velora.tv/api/users/me",
        "https://velora.tv/oauth/authorize",
        "https://api.velora.tv/api/developer/oauth/token",
        "https://velora.tv",
        "https://api.velora.tv/api/categories/search",
        "https://api.velora.tv/api/events/stream",
    )
    assert set(SCOPES) == {"stream:key", "stream:read", "stream:write", "user:read"}


def test_sign_in() -> None:
    seen: list[Request] = []
    with RawServer(answering(seen, TOKENS, status=201)) as server:
        oauth = OAuth(Transport(), at(server))
        attempt = oauth.attempt(APP, "http://localhost:17653/", ("stream:read", "user:read"))
        page = urlsplit(attempt.url)
        asked = {name: values[0] for name, values in parse_qs(page.query).items()}
        code = attempt.code(f"code=live_test_code&state={asked['state']}")
        tokens = oauth.exchange(APP, attempt, code)
        oauth.refresh(APP, Secret("live_test_refresh"))
    assert page.path == "/oauth/authorize"
    assert asked == {
        "client_id": "velora_0123456789abcdef",
        "redirect_uri": "http://localhost:17653/",
        "response_type": "code",
        "scope": "stream:read user:read",
        "state": asked["state"],
        "code_challenge": asked["code_challenge"],
        "code_challenge_method": "S256",
    }
    first, second = seen
    assert first.line == second.line == "POST /api/developer/oauth/token"
    assert first.headers["Content-Type"] == "application/json"
    assert first.body == {
        "grant_type": "authorization_code",
        "client_id": "velora_0123456789abcdef",
        "client_secret": "live_test_client_secret",
        "code": "live_test_code",
        "redirect_uri": "http://localhost:17653/",
        "code_verifier": attempt.verifier.reveal(),
    }
    assert second.body == {
        "grant_type": "refresh_token",
        "client_id": "velora_0123456789abcdef",
        "client_secret": "live_test_client_secret",
        "refresh_token": "live_test_refresh",
    }
    assert tokens.access == Secret("live_test_access")
    assert tokens.refresh == Secret("live_test_refresh")
    assert tokens.scopes == frozenset({"stream:read", "user:read"})
    assert tokens.expires_at == pytest.approx(time.time() + 3600, abs=60)


# -- the simulator, which all other tests take for Velora --------------------------------------


def test_simulator__says_the_same(velora: Simulator) -> None:
    velora.rate_limit.per_minute = 30
    token = velora.issue_token()
    connection = socket.create_connection(("127.0.0.1", urlsplit(velora.url).port or 0))
    with connection:
        connection.sendall(
            b"GET /api/integrations/oauth/stream/setup HTTP/1.1\r\nHost: localhost\r\n"
            b"Authorization: Bearer " + token.encode() + b"\r\nConnection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    names = {line.partition(b":")[0].decode() for line in head.split(b"\r\n")[1:]}
    assert names >= {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
    assert set(json.loads(body)) == {"streamKey", "rtmpUrl", "srtUrl", "whipUrl", "ingestServer"}


# -- this file ---------------------------------------------------------------------------------


def test_these_names__were_not_renamed_either() -> None:
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    names = sorted(
        text
        for text in texts
        if text != CHECKSUM and re.fullmatch(r"[A-Za-z][\w:/.-]+(: \d+)?", text)
    )
    checksum = hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]
    assert checksum == CHECKSUM, checksum
