"""What can be sent to the redirect's listener, and what it answers."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.ports import free_port
from velora_core.auth import redirect_server as module
from velora_core.auth.redirect_server import Page, RedirectServer
from velora_core.errors import PortBusy

CODE = "test_code_only_for_tests"


class Waiting:
    """A listener, and the redirects it was sent."""

    def __init__(self) -> None:
        self.port = free_port()
        self.queries: list[str] = []
        self.hold = threading.Event()
        self.hold.set()
        self.listener = RedirectServer(self.port, "/", self._redirected)

    def _redirected(self, query: str) -> Page:
        self.queries.append(query)
        assert self.hold.wait(5)
        return Page("code=" in query, "Title <b>", "Text & more")

    def send(self, data: bytes, *, timeout: float = 5.0) -> bytes:
        """Return what comes back until the connection is closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(data)
            answer = b""
            with contextlib.suppress(ConnectionError):
                while piece := connection.recv(65536):
                    answer += piece
            return answer

    def get(self, target: str, *, host: str | None = None, method: str = "GET") -> bytes:
        host = host or f"localhost:{self.port}"
        return self.send(f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Waiting]:
    monkeypatch.setattr(module, "_POLL", 0.01)  # or each test would end a tenth of a second later
    waiting = Waiting()
    yield waiting
    waiting.hold.set()
    waiting.listener.close()
    assert waiting.listener.wait_closed(5)


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_redirect__is_handed_over_and_answered_with_a_page(waiting: Waiting) -> None:
    answer = waiting.get(f"/?code={CODE}&state=x")
    assert status(answer) == 200
    assert waiting.queries == [f"code={CODE}&state=x"]
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Title &lt;b&gt;" in body
    assert b"Text &amp; more" in body
    for header in (b"no-store", b"no-referrer", b"nosniff", b"DENY", b"default-src 'none'"):
        assert header in head
    assert b"Python" not in head
    assert CODE.encode() not in answer


def test_redirect__without_good_news_is_no_success(waiting: Waiting) -> None:
    assert status(waiting.get("/?error=access_denied")) == 400


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/other?code=x", 404),
        ("/", 400),
        ("/?", 400),
        ("/favicon.ico", 404),
        ("http://localhost/?code=x", 404),
    ],
)
def test_path__only_the_one(waiting: Waiting, target: str, expected: int) -> None:
    assert status(waiting.get(target)) == expected
    assert waiting.queries == []


@pytest.mark.parametrize("host", ["velora.test", "127.0.0.1", "localhost", "localhost:1"])
def test_host__is_checked(waiting: Waiting, host: str) -> None:
    assert status(waiting.get(f"/?code={CODE}", host=host)) == 421
    assert waiting.queries == []


def test_host__twice_or_not_at_all_is_refused(waiting: Waiting) -> None:
    host = f"Host: localhost:{waiting.port}\r\n"
    for lines in ("", host + "Host: velora.test\r\n"):
        assert status(waiting.send(f"GET /?code=x HTTP/1.1\r\n{lines}\r\n".encode())) == 421
    assert waiting.queries == []


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "HEAD", "DELETE", "BREW"])
def test_method__get_only(waiting: Waiting, method: str) -> None:
    assert status(waiting.get(f"/?code={CODE}", method=method)) == 501
    assert waiting.queries == []


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET /?code=x HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET /?" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /?code=x HTTP/1.1\r\n" + b"A: b\r\n" * 10_000 + b"\r\n",
        b"GET /?code=x HTTP/1.1\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
    ],
    ids=["words", "version", "tls", "long line", "many headers", "long header"],
)
def test_nonsense__is_refused(waiting: Waiting, data: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        answer = waiting.send(data)
        assert not answer or b"nothing here" in answer
    assert waiting.queries == []


def test_silent_clients__stop_nobody(waiting: Waiting) -> None:
    silent = [socket.create_connection(("127.0.0.1", waiting.port)) for _ in range(8)]
    silent[0].sendall(b"GET /?co")
    assert status(waiting.get(f"/?code={CODE}")) == 200
    for connection in silent:
        connection.close()


def test_too_many_silent_clients__stop_somebody_for_a_moment_only(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module._Handler, "timeout", 0.3)
    monkeypatch.setattr(module, "_SECONDS_PER_CONNECTION", 0.3)
    silent = [socket.create_connection(("127.0.0.1", waiting.port)) for _ in range(40)]
    deadline = time.monotonic() + 10
    answer = b""
    while not answer and time.monotonic() < deadline:
        with contextlib.suppress(ConnectionError):
            answer = waiting.get(f"/?code={CODE}")
    assert status(answer) == 200
    for connection in silent:
        connection.close()


def test_slow_client__is_cut_off(waiting: Waiting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SECONDS_PER_CONNECTION", 0.3)
    with socket.create_connection(("127.0.0.1", waiting.port), timeout=5) as connection:
        started = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - started < 5:
                connection.sendall(b"G")
                time.sleep(0.05)
        assert time.monotonic() - started < 5
    assert waiting.queries == []


def test_only_this_computer__can_reach_it(waiting: Waiting) -> None:
    assert waiting.listener._server.server_address[0] == "127.0.0.1"


def test_nothing__is_written_anywhere(waiting: Waiting, capfd: pytest.CaptureFixture[str]) -> None:
    waiting.get(f"/?code={CODE}")
    waiting.get(f"/other?code={CODE}")
    waiting.send(b"nonsense\r\n\r\n")
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


def test_port__is_busy_then_free(waiting: Waiting) -> None:
    with pytest.raises(PortBusy, match=str(waiting.port)):
        RedirectServer(waiting.port, "/", lambda _: Page(True, "", ""))
    waiting.listener.close()
    assert waiting.listener.wait_closed(5)
    again = RedirectServer(waiting.port, "/", lambda _: Page(True, "", ""))
    again.close()
    assert again.wait_closed(5)


@pytest.mark.parametrize("port", [-1, 70_000])
def test_port__that_is_none(port: int) -> None:
    with pytest.raises(PortBusy):
        RedirectServer(port, "/", lambda _: Page(True, "", ""))


def test_close__lets_an_answer_under_way_be_sent(waiting: Waiting) -> None:
    waiting.hold.clear()
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(waiting.get(f"/?code={CODE}")))
    asking.start()
    while not waiting.queries:
        time.sleep(0.005)
    waiting.listener.close()
    assert waiting.listener.wait_closed(5)
    waiting.hold.set()
    asking.join(5)
    assert status(answers[0]) == 200


def test_close__leaves_no_thread() -> None:
    waiting = Waiting()
    waiting.get("/?code=x")
    waiting.listener.close()
    deadline = time.monotonic() + 5
    while any(thread.name.startswith("velora-redirect") for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_windows__nobody_else_gets_the_port(
    monkeypatch: pytest.MonkeyPatch, mocker: MockerFixture
) -> None:
    """Windows's option, modelled: it keeps others away, where reusing would let them in."""
    exclusive = -5  # the value it has there
    options: list[int] = []
    really = socket.socket.setsockopt

    def set_option(self: socket.socket, level: int, name: int, *value: Any) -> None:
        options.append(name)
        if name != exclusive:
            really(self, level, name, *value)

    port = free_port()
    monkeypatch.setattr(module, "_EXCLUSIVE", exclusive)
    mocker.patch.object(socket.socket, "setsockopt", set_option)
    listener = RedirectServer(port, "/", lambda _: Page(True, "", ""))
    listener.close()
    assert listener.wait_closed(5)
    assert exclusive in options
    assert socket.SO_REUSEADDR not in options
