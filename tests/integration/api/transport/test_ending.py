"""Calls that are cut or closed from another thread."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest
from pytest_mock import MockerFixture

from tests.integration.api.transport.steps import PATIENT, _in_thread, hang
from tests.unit.raw_server import RawServer, Script, answer
from velora_core.api.cancellation import CallRegistry
from velora_core.api.transport import Limits, Transport
from velora_core.errors import Cancelled, TimedOut


@pytest.mark.parametrize("ending", ["abort", "close"])
def test_abort_and_close__end_a_hanging_call_at_once(ending: str) -> None:
    transport = Transport(limits=Limits(read=30, total=60))
    with RawServer(hang) as server:
        thread, failures = _in_thread(lambda: transport.request("GET", server.url))
        while not server.requests:
            time.sleep(0.005)
        getattr(transport, ending)()
        thread.join(5)
    assert [type(failure) for failure in failures] == [Cancelled]


def _dripping(connection: socket.socket, _: bytes) -> None:
    """A body that comes a byte at a time, for ever, after which the connection will be closed."""
    connection.sendall(b"HTTP/1.1 200 Test\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(0.01)


@pytest.mark.parametrize("ending", ["abort", "close"])
def test_abort_and_close__end_a_dripping_body(ending: str) -> None:
    transport = Transport(limits=Limits(read=30, total=60))
    with RawServer(_dripping) as server:
        thread, failures = _in_thread(lambda: transport.request("GET", server.url))
        while not server.requests:
            time.sleep(0.005)
        time.sleep(0.1)
        getattr(transport, ending)()
        thread.join(5)
        assert not thread.is_alive()
    assert [type(failure) for failure in failures] == [Cancelled]


def test_time__ends_for_a_dripping_body() -> None:
    with RawServer(_dripping) as server:
        transport = Transport(limits=Limits(read=30, total=0.3))
        thread, failures = _in_thread(lambda: transport.request("GET", server.url))
        thread.join(5)
        assert not thread.is_alive()
    assert [type(failure) for failure in failures] == [TimedOut]


def test_abort__ends_a_pause_between_repetitions() -> None:
    transport = Transport(limits=Limits(backoff=60.0, total=120))
    with RawServer(answer(status=503)) as server:
        thread, failures = _in_thread(lambda: transport.request("GET", server.url))
        while not server.requests:
            time.sleep(0.005)
        time.sleep(0.1)
        transport.abort()
        thread.join(5)
    assert [type(failure) for failure in failures] == [Cancelled]


def test_abort__leaves_later_calls_alone() -> None:
    transport = Transport(limits=PATIENT)
    transport.abort()
    with RawServer(answer(b"fine")) as server:
        assert transport.request("GET", server.url).body == b"fine"


def test_abort__hits_only_the_thread_it_is_for() -> None:
    transport = Transport(limits=Limits(read=30, total=60))
    with RawServer(hang) as server:
        first, failures = _in_thread(lambda: transport.request("GET", server.url))
        second, others = _in_thread(lambda: transport.request("GET", server.url))
        while len(server.requests) < 2:
            time.sleep(0.005)
        transport.abort(first.ident)
        first.join(5)
        assert [type(failure) for failure in failures] == [Cancelled]
        assert second.is_alive()
        assert others == []
        transport.close()
        second.join(5)


def _slow_connection(mocker: MockerFixture) -> tuple[threading.Event, threading.Event]:
    """Have the next connection wait; return what says that it does, and what lets it go on."""
    connecting, go_on = threading.Event(), threading.Event()
    real = socket.create_connection

    def slow(*args: object, **kwargs: object) -> socket.socket:
        connecting.set()
        go_on.wait(5)
        return real(args[0])  # type: ignore[arg-type]

    mocker.patch("urllib3.util.connection.create_connection", side_effect=slow)
    return connecting, go_on


def test_abort__while_the_connection_is_being_made(mocker: MockerFixture) -> None:
    transport = Transport(limits=Limits(total=60))
    connecting, go_on = _slow_connection(mocker)
    with RawServer(hang) as server:
        thread, failures = _in_thread(lambda: transport.request("GET", server.url))
        assert connecting.wait(5)
        transport.abort()
        go_on.set()
        thread.join(5)
    assert [type(failure) for failure in failures] == [Cancelled]
    assert server.requests == []


def _two_thirds(cut: Callable[[], None], place: int) -> Script:
    """Send an answer up to `place`, has the call cut, and send the rest."""

    def act(connection: socket.socket, _: bytes) -> None:
        whole = b"HTTP/1.1 201 Test\r\nContent-Length: 4\r\nConnection: close\r\n\r\nkept"
        connection.sendall(whole[:place])
        cut()
        connection.sendall(whole[place:])

    return act


WHOLE = 66  # bytes of that answer


@pytest.mark.parametrize("ending", ["abort", "close"])
def test_abort_and_close__leave_a_post_alone_at_each_byte_of_its_answer(ending: str) -> None:
    for place in range(WHOLE + 1):
        transport = Transport(limits=Limits(read=5, total=10))
        with RawServer(_two_thirds(getattr(transport, ending), place)) as server:
            assert transport.request("POST", server.url).body == b"kept"
        transport.abort()


def test_abort__ends_a_post_that_is_not_on_its_way_yet(mocker: MockerFixture) -> None:
    transport = Transport(limits=Limits(total=60))
    connecting, go_on = _slow_connection(mocker)
    with RawServer(answer()) as server:
        thread, failures = _in_thread(lambda: transport.request("POST", server.url))
        assert connecting.wait(5)
        transport.abort()
        go_on.set()
        thread.join(5)
    assert [type(failure) for failure in failures] == [Cancelled]
    assert server.requests == []


def test_post__that_is_not_cut_still_ends_in_time() -> None:
    transport = Transport(limits=Limits(read=30, total=0.5))
    with RawServer(hang) as server:
        thread, failures = _in_thread(lambda: transport.request("POST", server.url))
        while not server.requests:
            time.sleep(0.005)
        transport.close()
        thread.join(5)
    assert [type(failure) for failure in failures] == [TimedOut]


def test_close__gives_the_connections_back_after_the_last_call(mocker: MockerFixture) -> None:
    transport = Transport()
    given_back = mocker.spy(transport._adapter, "close")
    seen: list[int] = []

    def act(connection: socket.socket, request: bytes) -> None:
        transport.close()
        seen.append(given_back.call_count)
        answer(b"kept")(connection, request)

    with RawServer(act) as server:
        assert transport.request("POST", server.url).body == b"kept"
    assert (seen, given_back.call_count) == ([0], 1)


def test_check__keeps_a_request_from_being_sent() -> None:
    def check() -> None:
        raise Cancelled

    with RawServer(answer()) as server, pytest.raises(Cancelled):
        Transport(check=check).request("GET", server.url)
    assert server.requests == []


def test_stored__is_waited_for_once_a_post_is_on_its_way() -> None:
    calls = CallRegistry()
    transport = Transport(calls=calls)
    assert calls.wait_stored(0.0)
    waited: list[bool] = []

    def act(connection: socket.socket, request: bytes) -> None:
        waited.append(calls.wait_stored(0.0))
        answer()(connection, request)

    with RawServer(act) as server:
        with transport.until_stored():
            assert calls.wait_stored(0.0)  # nothing is on its way
            transport.request("GET", server.url)
            transport.request("POST", server.url)
            assert not calls.wait_stored(0.0)  # answered, and not stored
        transport.request("POST", server.url)
    assert waited == [True, False, True]
    assert calls.wait_stored(0.0)


def test_close__is_for_good() -> None:
    transport = Transport()
    transport.close()
    with pytest.raises(Cancelled):
        transport.request("GET", "http://127.0.0.1:1/")
