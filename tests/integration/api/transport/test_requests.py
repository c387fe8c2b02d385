"""Requests: what goes out, what comes back, and what is repeated."""

from __future__ import annotations

import email.utils
import http.client
import socket
import struct
import time
from contextlib import suppress

import pytest
from pytest_mock import MockerFixture

from tests.integration.api.transport.steps import PATIENT, QUICK, TOKEN, hang
from tests.unit.raw_server import RawServer, answer
from velora_core import __version__
from velora_core.api.transport import Transport, parse_retry_after, user_agent
from velora_core.errors import ConnectionLost, ResponseTooLarge, TimedOut, TransportError


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_request__says_who_asks_and_reads_the_answer_whole() -> None:
    with RawServer(answer(b'{"a": 1}', 201, "X-Test: yes\r\n")) as server:
        got = Transport(application="test/1").request("GET", server.url, token=TOKEN)
    assert (got.status, got.body, got.headers["x-test"]) == (201, b'{"a": 1}', "yes")
    request = server.requests[0].decode()
    assert f"Authorization: Bearer {TOKEN.reveal()}\r\n" in request
    assert f"User-Agent: test/1 velora-core/{__version__} (" in request
    assert "Accept-Encoding: identity\r\n" in request


def test_put__goes_out_in_one_piece(mocker: MockerFixture) -> None:
    sent = mocker.spy(http.client.HTTPConnection, "send")
    with RawServer(answer(b"1", 503), answer(b"2")) as server:
        transport = Transport(limits=PATIENT)
        got = transport.request("PUT", server.url, json={"title": "Hello"})
    assert (got.body, sent.call_count) == (b"2", 2)  # the second is the repetition
    for call in sent.call_args_list:
        head, _, body = call.args[1].partition(b"\r\n\r\n")
        assert head.startswith(b"PUT /path HTTP/1.1\r\n")
        assert body == b'{"title": "Hello"}'


def test_content__goes_out_as_it_is() -> None:
    with RawServer(answer(b"", 201)) as server:
        headers = {"Content-Type": "application/sdp"}
        Transport().request("POST", server.url, content=b"v=0\r\n", headers=headers)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert b"Content-Type: application/sdp\r\n" in head
    assert body == b"v=0\r\n"


def test_post__with_nothing_says_so() -> None:
    with RawServer(answer(b"{}")) as server:
        Transport().request("POST", server.url)
    assert b"\r\nContent-Length: 0\r\n" in server.requests[0]


def test_cookie__goes_back_to_whom_it_came_from() -> None:
    with RawServer(answer(b"", 200, "Set-Cookie: node=a; Path=/\r\n"), answer(b"")) as server:
        transport = Transport()
        transport.request("GET", server.url)
        transport.request("GET", server.url)
    assert [b"\r\nCookie: node=a\r\n" in request for request in server.requests] == [False, True]


def test_user_agent__names_the_version() -> None:
    assert user_agent().startswith(f"velora-core/{__version__} (")


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("status", [502, 503, 504])
def test_idempotent__is_repeated_when_the_server_is_in_trouble(method: str, status: int) -> None:
    with RawServer(answer(status=status), answer(status=status), answer(b"fine")) as server:
        got = Transport(limits=PATIENT).request(method, server.url)
    assert got.body == b"fine"
    assert len(server.requests) == 3


def test_idempotent__in_the_end_hands_back_what_the_server_said() -> None:
    with RawServer(answer(b"sorry", 503)) as server:
        got = Transport(limits=PATIENT).request("GET", server.url)
    assert (got.status, got.body, len(server.requests)) == (503, b"sorry", 3)


@pytest.mark.parametrize("script", [reset, lambda *_: None])
def test_idempotent__is_repeated_when_the_connection_breaks(script: object) -> None:
    with RawServer(script, answer(b"fine")) as server:  # type: ignore[arg-type]
        assert Transport(limits=PATIENT).request("PUT", server.url, json={}).body == b"fine"
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [500, 429])
def test_idempotent__is_not_repeated_without_a_reason(status: int) -> None:
    with RawServer(answer(status=status)) as server:
        assert Transport(limits=PATIENT).request("GET", server.url).status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("script", [reset, answer(status=503), answer(status=429)])
def test_post__is_never_repeated_once_it_may_have_arrived(script: object) -> None:
    with RawServer(script) as server, suppress(ConnectionLost):  # type: ignore[arg-type]
        Transport(limits=PATIENT).request("POST", server.url)
    assert len(server.requests) == 1


def test_post__is_repeated_while_it_can_not_have_arrived(mocker: MockerFixture) -> None:
    connect = mocker.patch(
        "urllib3.util.connection.create_connection", side_effect=ConnectionRefusedError
    )
    with pytest.raises(TransportError):
        Transport(limits=PATIENT).request("POST", "http://127.0.0.1:1/path")
    assert connect.call_count == 1 + PATIENT.retries


def test_429__is_waited_for_when_it_says_how_long() -> None:
    with RawServer(answer(status=429, headers="Retry-After: 1\r\n"), answer(b"fine")) as server:
        started = time.monotonic()
        assert Transport(limits=PATIENT).request("GET", server.url).body == b"fine"
    assert time.monotonic() - started >= 0.9


def test_429__takes_a_date_as_well() -> None:
    soon = email.utils.formatdate(time.time() + 1, usegmt=True)
    with RawServer(answer(status=429, headers=f"Retry-After: {soon}\r\n"), answer(b"x")) as server:
        assert Transport(limits=PATIENT).request("GET", server.url).body == b"x"
    assert len(server.requests) == 2


@pytest.mark.parametrize("stated", ["60", "Wed, 01 Jan 2098 00:00:00 GMT"])
def test_429__beyond_the_bound_comes_back_at_once(stated: str) -> None:
    script = answer(b"later", 429, f"Retry-After: {stated}\r\n")
    with RawServer(script) as server:
        got = Transport(limits=PATIENT).request("GET", server.url)
    assert (got.status, got.body, len(server.requests)) == (429, b"later", 1)


@pytest.mark.parametrize("stated", ["soon", "nan", "inf", "-5", ""])
def test_retry_after__nonsense_is_no_reason_to_wait(stated: str) -> None:
    assert not parse_retry_after(stated)


def test_timeout__when_nobody_answers() -> None:
    with RawServer(hang) as server, pytest.raises(TimedOut):
        Transport(limits=QUICK._replace(retries=0)).request("GET", server.url)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_timeout__when_an_answer_comes_byte_by_byte(head: bytes) -> None:
    def trickle(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 9000:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)

    limits = QUICK._replace(total=0.5, retries=0)
    with RawServer(trickle) as server, pytest.raises(TimedOut):
        Transport(limits=limits).request("GET", server.url)


@pytest.mark.parametrize(
    "script",
    [
        answer(b"x" * 2048),
        answer(b"x" * 2048, length=10**12),
        lambda connection, _: connection.sendall(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" + b"x" * 1024 + b"\r\n"
            b"400\r\n" + b"x" * 1024 + b"\r\n0\r\n\r\n"
        ),
    ],
)
def test_answer__is_read_up_to_a_bound(script: object) -> None:
    limits = PATIENT._replace(answer=1024)
    with RawServer(script) as server, pytest.raises(ResponseTooLarge):  # type: ignore[arg-type]
        Transport(limits=limits).request("GET", server.url)


def test_answer__exactly_at_the_bound_is_read() -> None:
    with RawServer(answer(b"x" * 1024)) as server:
        got = Transport(limits=PATIENT._replace(answer=1024)).request("GET", server.url)
    assert len(got.body) == 1024


def test_answer__cut_short_is_no_answer() -> None:
    limits = PATIENT._replace(retries=0)
    with RawServer(answer(b"half", length=100)) as server, pytest.raises(TransportError):
        Transport(limits=limits).request("GET", server.url)


def test_redirect__is_never_followed() -> None:
    with RawServer(answer(b"{}")) as other:
        script = answer(status=302, headers=f"Location: {other.url}\r\n")
        with RawServer(script) as server:
            got = Transport(limits=PATIENT).request("GET", server.url, token=TOKEN)
        assert got.status == 302
        assert other.requests == []


@pytest.mark.parametrize("target", ["/elsewhere", "http://["])
def test_redirect__is_read_no_further_than_any_answer(target: str) -> None:
    script = answer(b"x" * 70_000, status=302, headers=f"Location: {target}\r\n")
    limits = PATIENT._replace(answer=1024)
    with RawServer(script) as server, pytest.raises(ResponseTooLarge):
        Transport(limits=limits).request("GET", server.url, token=TOKEN)
