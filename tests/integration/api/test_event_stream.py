"""The event stream against a server that misbehaves byte by byte."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.unit.fakes import TIMEOUT
from tests.unit.raw_server import RawServer, Script, answer
from velora_core import VeloraClient
from velora_core.api.cancellation import CallRegistry
from velora_core.api.endpoints import Endpoints
from velora_core.api.event_stream import EventStream
from velora_core.api.stream_event import Channel, StreamEvent
from velora_core.api.transport import Limits, Transport
from velora_core.errors import (
    BadJson,
    Cancelled,
    ConnectionLost,
    Forbidden,
    InvalidResponse,
    NotFound,
    RateLimited,
    ResponseTooLarge,
    ServerError,
    TimedOut,
    Unauthorized,
    UnexpectedRedirect,
    VeloraError,
)
from velora_core.secret import Secret

TOKEN = Secret("test_access_0000_only_for_tests")
OTHER_TOKEN = Secret("test_access_0001_only_for_tests")
PATIENT = Limits(backoff=0.01)
QUICK = PATIENT._replace(read=0.5, total=1.0)  # where no answer comes
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
PLAIN, CHUNKED = b"Connection: close\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"
CONNECTED = 'event: connected\ndata: {"channelUsername": "Streamer"}\n\n'


def event(name: str, **data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps({'event': name, 'data': data})}\n\n"


def pushes(*pieces: str | bytes, then: Callable[[socket.socket], object] | None = None) -> Script:
    """A stream in chunks of HTTP; it stays open unless `then` does something else."""

    bodies = [piece.encode() if isinstance(piece, str) else piece for piece in pieces]

    def act(connection: socket.socket, _: bytes) -> None:
        connection.sendall(HEAD + CHUNKED)
        for body in bodies:
            connection.sendall(b"%x\r\n%b\r\n" % (len(body), body))
        if then is not None:
            then(connection)
        else:
            connection.recv(1)  # returns when the client hangs up

    return act


def hang(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)  # returns when the client hangs up


def end(connection: socket.socket) -> None:
    connection.sendall(b"0\r\n\r\n")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


def listen(
    server: RawServer, *, silence: float = 5.0, last_id: str = "", limits: Limits = PATIENT
) -> EventStream:
    transport = Transport(limits=limits)
    return EventStream(transport, server.url, TOKEN, silence=silence, last_id=last_id)


def all_of(stream: EventStream) -> list[StreamEvent | None]:
    return list(stream)


def failure(script: Script, **more: Any) -> VeloraError:
    with RawServer(script) as server, pytest.raises(VeloraError) as caught:
        all_of(listen(server, **more))
    assert len(server.requests) <= 1, "it is not sent again"
    return caught.value


def test_stream__says_what_it_wants() -> None:
    with RawServer(pushes(CONNECTED, then=end)) as server:
        stream = listen(server, last_id="abc-7")
        assert all_of(stream) == [None]
    request = server.requests[0].decode()
    assert request.startswith("GET /path HTTP/1.1\r\n")
    for line in (
        "Accept: text/event-stream",
        f"Authorization: Bearer {TOKEN.reveal()}",
        "Last-Event-ID: abc-7",
    ):
        assert f"{line}\r\n" in request
    assert stream.connected
    assert stream.channel == Channel("streamer")


@pytest.mark.parametrize("last_id", ["", "é", "a b", "x" * 201, "a\x7f"])
def test_last_id__that_fits_into_no_header_is_left_out(last_id: str) -> None:
    with RawServer(pushes(CONNECTED, then=end)) as server:
        assert all_of(listen(server, last_id=last_id)) == [None]
    assert b"Last-Event-ID" not in server.requests[0]


@pytest.mark.parametrize("enclosed", [True, False])
def test_events__of_the_stream_are_handed_out_and_no_others(enclosed: bool) -> None:
    data = {"streamId": "s1", "title": "Hello", "categoryName": "Music", "viewerCount": 4}
    name = "stream.update"
    update = event(name, **data)
    if not enclosed:
        update = f"event: {name}\ndata: {json.dumps(data)}\n\n"
    pieces = [
        CONNECTED,
        event("chat.message", message="stream.offline"),
        "event: channel.follow\ndata: not JSON\n\n",
        ": keep-alive\n\n",
        update,
        event("stream.offline", streamId="s1", isTest=True),
        event("stream.offline", streamId="s1", username="somebody-else"),
        event("stream.offline", streamId="s1", username="STREAMER"),
    ]
    with RawServer(pushes(*pieces, then=end)) as server:
        found = all_of(listen(server))
    assert found == [
        None,
        StreamEvent("update", "s1", "Hello", "Music", 4),
        StreamEvent("offline", "s1", channel=Channel("streamer")),
    ]


def test_event__named_in_its_envelope_only() -> None:
    body = {"event": "channel.update", "data": {"title": None, "category": {"name": "Art"}}}
    pieces = [
        'data: {"event": "connected", "data": {"channelUsername": "streamer"}}\n\n',
        f"data: {json.dumps(body)}\n\n",
        'data: {"event": "chat.message"}\n\n',
    ]
    with RawServer(pushes(*pieces, then=end)) as server:
        assert all_of(listen(server)) == [None, StreamEvent("update", title="", category="Art")]


def test_event__of_a_channel_that_cannot_be_compared_is_not_certain() -> None:
    pieces = ["event: connected\ndata: {}\n\n", event("stream.update", username="who", title="A")]
    with RawServer(pushes(*pieces, then=end)) as server:
        found = all_of(listen(server))
    assert found[1] == StreamEvent("update", title="A", channel=Channel("who"), certain=False)


def test_stream__without_a_greeting_is_confirmed_by_its_first_event() -> None:
    with RawServer(pushes(event("stream.update", title="A"), then=end)) as server:
        assert all_of(listen(server)) == [None, StreamEvent("update", title="A")]


def test_event__arrives_while_the_next_one_is_not_there_yet() -> None:
    """Nothing waits until a buffer is full."""
    go_on = threading.Event()

    def later(connection: socket.socket) -> None:
        assert go_on.wait(5)
        body = event("stream.update", title="é").encode()
        for byte in body:
            connection.sendall(b"1\r\n%b\r\n" % bytes([byte]))
        end(connection)

    with RawServer(pushes(CONNECTED, then=later)) as server:
        stream = iter(listen(server))
        assert next(stream) is None
        go_on.set()
        assert next(stream) == StreamEvent("update", title="é")
        assert list(stream) == []


def test_stream__without_chunks() -> None:
    def act(connection: socket.socket, _: bytes) -> None:
        connection.sendall(HEAD + PLAIN + CONNECTED.encode())
        connection.sendall(event("stream.update", title="A").encode())

    with RawServer(act) as server:
        assert all_of(listen(server)) == [None, StreamEvent("update", title="A")]


def test_retry_and_id__are_there_for_the_next_one() -> None:
    with RawServer(pushes("retry: 2500\nid: 5\n" + CONNECTED, then=end)) as server:
        stream = listen(server)
        all_of(stream)
        after = VeloraClient(
            TOKEN, endpoints=Endpoints.at(server.url.removesuffix("/path"))
        ).open_event_stream(after=stream)
    assert (stream.retry, stream.last_id) == (2.5, "5")
    assert after.last_id == "5"


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (answer(status=401), Unauthorized),
        (answer(status=403), Forbidden),
        (answer(status=404), NotFound),
        (answer(status=204), NotFound),
        (answer(status=500), ServerError),
        (answer(status=503, headers="Retry-After: 0\r\n"), ServerError),
        (answer(status=302, headers="Location: http://127.0.0.1:1/\r\n"), UnexpectedRedirect),
        (answer(b"<html>", headers="Content-Type: text/html\r\n"), InvalidResponse),
        (answer(), InvalidResponse),
        (lambda *_: None, ConnectionLost),
        (pushes(CONNECTED, then=lambda item: item.sendall(b"5\r\nab")), ConnectionLost),
        (pushes("event: connected\ndata: [1]\n\n"), BadJson),
        (pushes("event: stream.update\ndata: " + "[" * 60_000 + "\n\n"), BadJson),
        (pushes(CONNECTED, "event: stream.update\ndata: junk\n\n"), BadJson),
        (pushes(CONNECTED, event("stream.update", title=5)), InvalidResponse),
        (pushes(CONNECTED, event("stream.update", viewerCount=-1)), InvalidResponse),
        (pushes(CONNECTED, b"x" * 70_000), ResponseTooLarge),
    ],
)
def test_what_is_no_event_stream__is_said(script: Script, error: type[VeloraError]) -> None:
    assert type(failure(script)) is error


def test_rate_limited__says_for_how_long() -> None:
    error = failure(answer(status=429, headers="Retry-After: 77\r\n"))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 77


def test_fifty_mebibytes_without_a_line__are_not_read() -> None:
    sent = []

    def flood(connection: socket.socket, _: bytes) -> None:
        connection.sendall(HEAD + PLAIN)
        for piece in [b"x" * (1 << 16)] * (50 * 16):
            connection.sendall(piece)
            sent.append(len(piece))

    assert type(failure(flood)) is ResponseTooLarge
    assert len(sent) < 400  # what fits into the buffers of the system


def test_head__that_never_comes() -> None:
    assert type(failure(hang, limits=QUICK)) is TimedOut


def test_head__a_byte_at_a_time_has_an_end() -> None:
    def trickle(connection: socket.socket, _: bytes) -> None:
        for byte in HEAD * 100:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)

    assert type(failure(trickle, limits=QUICK)) is TimedOut


def test_connected__outlives_the_time_for_a_call() -> None:
    def keep(connection: socket.socket) -> None:
        for _ in range(8):
            time.sleep(0.2)
            connection.sendall(b"3\r\n:\n\n\r\n")
        end(connection)

    began = time.monotonic()
    with RawServer(pushes(CONNECTED, then=keep)) as server:
        assert all_of(listen(server, limits=QUICK)) == [None]
    assert time.monotonic() - began > QUICK.total


@pytest.mark.parametrize("pieces", [[CONNECTED], []])
def test_silence__ends_it(pieces: list[str]) -> None:
    assert type(failure(pushes(*pieces), silence=0.3)) is TimedOut


@pytest.mark.parametrize("first", ["", CONNECTED])
def test_bytes_without_a_line__are_silence(first: str) -> None:
    def trickle(connection: socket.socket) -> None:
        for _ in range(1000):
            connection.sendall(b"1\r\nx\r\n")
            time.sleep(0.02)

    assert type(failure(pushes(first or ":\n", then=trickle), silence=0.3)) is TimedOut


def test_lines_without_a_greeting__are_silence() -> None:
    def trickle(connection: socket.socket) -> None:
        for _ in range(1000):
            connection.sendall(b"2\r\n:\n\r\n")
            time.sleep(0.02)

    assert type(failure(pushes(then=trickle), silence=0.3)) is TimedOut


class Reading:
    """A stream that is read on a thread of its own."""

    def __init__(self, stream: EventStream) -> None:
        self.stream = stream
        self.got: list[Any] = []
        self.connected = threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            for frame in self.stream:
                self.got.append(frame)
                self.connected.set()
        except VeloraError as error:
            self.got.append(error)

    def ended_with(self, error: type[VeloraError]) -> bool:
        self.thread.join(TIMEOUT)
        return not self.thread.is_alive() and isinstance(self.got[-1], error)


@pytest.fixture
def calls() -> CallRegistry:
    return CallRegistry()


@pytest.fixture
def reading(calls: CallRegistry) -> Iterator[Reading]:
    with RawServer(pushes(CONNECTED)) as server:
        transport = Transport(limits=Limits(), calls=calls)
        reading = Reading(EventStream(transport, server.url, TOKEN, silence=60.0))
        assert reading.connected.wait(5)
        yield reading
        reading.stream.close()
        reading.thread.join(5)


def test_close__cuts_it_at_once_and_for_good(reading: Reading) -> None:
    reading.stream.close()
    assert reading.ended_with(Cancelled)
    with pytest.raises(Cancelled):
        all_of(reading.stream)
    reading.stream.close()


def test_close__before_it_was_begun() -> None:
    with RawServer(pushes(CONNECTED)) as server:
        stream = listen(server)
        stream.close()
        with pytest.raises(Cancelled):
            all_of(stream)
    assert server.requests == []


def test_close__while_the_head_is_waited_for() -> None:
    asked = threading.Event()

    def silent(connection: socket.socket, request: bytes) -> None:
        asked.set()
        hang(connection, request)

    with RawServer(silent) as server:
        transport = Transport(limits=Limits(read=30.0))
        reading = Reading(EventStream(transport, server.url, TOKEN, silence=60.0))
        assert asked.wait(5)
        reading.stream.close()
        assert reading.ended_with(Cancelled)


def test_abort__of_what_makes_room_leaves_it_alone(reading: Reading, calls: CallRegistry) -> None:
    calls.abort()
    assert reading.thread.is_alive()
    calls.close()
    assert reading.ended_with(Cancelled)
    assert calls.finished


class Tokens:
    def __init__(self, *refreshed: Secret | None) -> None:
        self.present = TOKEN
        self.refused: list[Secret] = []
        self._refreshed = list(refreshed)

    def token(self) -> Secret:
        return self.present

    def refresh(self, rejected: Secret) -> Secret | None:
        self.refused.append(rejected)
        return self._refreshed.pop(0)


def test_refused_token__the_next_one_has_another() -> None:
    with RawServer(answer(status=401)) as server:
        tokens = Tokens(OTHER_TOKEN)
        client = VeloraClient(tokens, endpoints=Endpoints.at(server.url.removesuffix("/path")))
        stream = client.open_event_stream()
        with pytest.raises(Unauthorized):
            all_of(stream)
    assert stream.refused
    assert b"GET /api/events/stream " in server.requests[0]
    assert client.open_event_stream(after=stream).token == OTHER_TOKEN
    assert tokens.refused == [TOKEN]
    tokens.present = OTHER_TOKEN  # somebody else has refreshed it
    assert client.open_event_stream(after=stream).token == OTHER_TOKEN
    assert tokens.refused == [TOKEN]


def test_refused_token__that_nobody_can_refresh() -> None:
    client = VeloraClient(Tokens(None))
    stream = client.open_event_stream()
    stream.refused = True
    with pytest.raises(Unauthorized):
        client.open_event_stream(after=stream)


def test_secrets__are_in_no_error_and_in_no_event() -> None:
    key = "live_test_key_0000"
    junk = f'event: stream.update\ndata: {{"title": {{"{key}": "{TOKEN.reveal()}"}}}}\n\n'
    error = failure(pushes(CONNECTED, junk))
    assert key not in f"{error!r}{error}"
    assert TOKEN.reveal() not in f"{error!r}{error}"
    pieces = [CONNECTED, event("stream.update", title="A", streamKey=key, token=TOKEN.reveal())]
    with RawServer(pushes(*pieces, then=end)) as server:
        found = all_of(listen(server))
    assert found == [None, StreamEvent("update", title="A")]
