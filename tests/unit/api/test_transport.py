"""The HTTP session against a server that misbehaves byte by byte."""

from __future__ import annotations

import email.utils
import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from tests.unit.raw_server import RawServer, Script, answer
from velora_core import __version__
from velora_core.api.cancellation import CallRegistry
from velora_core.api.name_lookup import NameLookup
from velora_core.api.transport import Limits, Transport, parse_retry_after, user_agent
from velora_core.errors import (
    Cancelled,
    CertificatesMissing,
    ConnectionLost,
    DnsError,
    ProxyError,
    ResponseTooLarge,
    TimedOut,
    TlsError,
    TokenMalformed,
    TransportError,
)
from velora_core.secret import Secret

TOKEN = Secret("test_access_0000_only_for_tests")
QUICK = Limits(connect=1.0, read=0.3, total=2.0, retries=2, backoff=0.01, retry_after=1.0)


def hang(connection: socket.socket, _: bytes) -> None:
    connection.settimeout(5)
    connection.recv(1)  # returns when the client hangs up


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def refused_url(scheme: str = "http") -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"{scheme}://127.0.0.1:{server.getsockname()[1]}/path"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> object:
    yield
    deadline = time.monotonic() + 5
    names: list[str] = []
    while time.monotonic() < deadline:
        names = [one.name for one in threading.enumerate() if one.name.startswith("velora")]
        if not names:
            return
        time.sleep(0.01)
    raise AssertionError(names)


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
        transport = Transport(limits=QUICK)
        got = transport.request("PUT", server.url, json={"title": "Hello"})
    assert (got.body, sent.call_count) == (b"2", 2)  # the second is the repetition
    for call in sent.call_args_list:
        head, _, body = call.args[1].partition(b"\r\n\r\n")
        assert head.startswith(b"PUT /path HTTP/1.1\r\n")
        assert body == b'{"title": "Hello"}'


def test_user_agent__names_the_version() -> None:
    assert user_agent().startswith(f"velora-core/{__version__} (")


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("status", [502, 503, 504])
def test_idempotent__is_repeated_when_the_server_is_in_trouble(method: str, status: int) -> None:
    with RawServer(answer(status=status), answer(status=status), answer(b"fine")) as server:
        got = Transport(limits=QUICK).request(method, server.url)
    assert got.body == b"fine"
    assert len(server.requests) == 3


def test_idempotent__in_the_end_hands_back_what_the_server_said() -> None:
    with RawServer(answer(b"sorry", 503)) as server:
        got = Transport(limits=QUICK).request("GET", server.url)
    assert (got.status, got.body, len(server.requests)) == (503, b"sorry", 3)


@pytest.mark.parametrize("script", [reset, lambda *_: None])
def test_idempotent__is_repeated_when_the_connection_breaks(script: object) -> None:
    with RawServer(script, answer(b"fine")) as server:  # type: ignore[arg-type]
        assert Transport(limits=QUICK).request("PUT", server.url, json={}).body == b"fine"
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [500, 429])
def test_idempotent__is_not_repeated_without_a_reason(status: int) -> None:
    with RawServer(answer(status=status)) as server:
        assert Transport(limits=QUICK).request("GET", server.url).status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("script", [reset, answer(status=503), answer(status=429)])
def test_post__is_never_repeated_once_it_may_have_arrived(script: object) -> None:
    with RawServer(script) as server, suppress(ConnectionLost):  # type: ignore[arg-type]
        Transport(limits=QUICK).request("POST", server.url)
    assert len(server.requests) == 1


def test_post__is_repeated_while_it_can_not_have_arrived(mocker: MockerFixture) -> None:
    connect = mocker.patch(
        "urllib3.util.connection.create_connection", side_effect=ConnectionRefusedError
    )
    with pytest.raises(TransportError):
        Transport(limits=QUICK).request("POST", "http://127.0.0.1:1/path")
    assert connect.call_count == 1 + QUICK.retries


def test_429__is_waited_for_when_it_says_how_long() -> None:
    limits = QUICK._replace(retry_after=1.5)
    with RawServer(answer(status=429, headers="Retry-After: 1\r\n"), answer(b"fine")) as server:
        started = time.monotonic()
        assert Transport(limits=limits).request("GET", server.url).body == b"fine"
    assert time.monotonic() - started >= 0.9


def test_429__takes_a_date_as_well() -> None:
    soon = email.utils.formatdate(time.time() + 1, usegmt=True)
    with RawServer(answer(status=429, headers=f"Retry-After: {soon}\r\n"), answer(b"x")) as server:
        assert Transport(limits=QUICK).request("GET", server.url).body == b"x"
    assert len(server.requests) == 2


@pytest.mark.parametrize("stated", ["60", "Wed, 01 Jan 2098 00:00:00 GMT"])
def test_429__beyond_the_bound_comes_back_at_once(stated: str) -> None:
    script = answer(b"later", 429, f"Retry-After: {stated}\r\n")
    with RawServer(script) as server:
        got = Transport(limits=QUICK).request("GET", server.url)
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
    started = time.monotonic()
    with RawServer(trickle) as server, pytest.raises(TimedOut):
        Transport(limits=limits).request("GET", server.url)
    assert time.monotonic() - started < 5


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
    limits = QUICK._replace(answer=1024)
    with RawServer(script) as server, pytest.raises(ResponseTooLarge):  # type: ignore[arg-type]
        Transport(limits=limits).request("GET", server.url)


def test_answer__exactly_at_the_bound_is_read() -> None:
    with RawServer(answer(b"x" * 1024)) as server:
        got = Transport(limits=QUICK._replace(answer=1024)).request("GET", server.url)
    assert len(got.body) == 1024


def test_answer__cut_short_is_no_answer() -> None:
    limits = QUICK._replace(retries=0)
    with RawServer(answer(b"half", length=100)) as server, pytest.raises(TransportError):
        Transport(limits=limits).request("GET", server.url)


def test_redirect__is_never_followed() -> None:
    with RawServer(answer(b"{}")) as other:
        script = answer(status=302, headers=f"Location: {other.url}\r\n")
        with RawServer(script) as server:
            got = Transport(limits=QUICK).request("GET", server.url, token=TOKEN)
        assert got.status == 302
        assert other.requests == []


def test_netrc__can_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password test_password\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with RawServer(answer()) as server:
        transport = Transport(limits=QUICK)
        transport.request("GET", server.url, token=TOKEN)
        transport.request("GET", server.url)
    assert b"Bearer" in server.requests[0]
    assert b"Authorization" not in server.requests[1]


def test_proxy__of_the_system_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(answer(b"by proxy")) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        got = Transport(limits=QUICK).request("GET", "http://velora.invalid/path")
    assert got.body == b"by proxy"
    assert proxy.requests[0].startswith(b"GET http://velora.invalid/path ")


def test_proxy__that_is_dead_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", refused_url())
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(ProxyError):
        Transport(limits=QUICK).request("GET", "https://velora.invalid/path")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST", "127.8.8.8"])
def test_proxy__is_never_asked_for_this_computer(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    with RawServer(answer(b"direct")) as server, RawServer(answer(b"by proxy")) as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        url = f"http://{host}:{server.port}/"
        with suppress(TransportError):  # nobody listens at 127.8.8.8
            assert Transport(limits=QUICK).request("GET", url, token=TOKEN).body == b"direct"
    assert proxy.requests == []


def test_no_connection() -> None:
    with pytest.raises(TransportError) as failure:
        Transport(limits=QUICK).request("GET", refused_url())
    assert type(failure.value) is TransportError


def test_dns_failure__names_the_host(mocker: MockerFixture) -> None:
    mocker.patch("socket.getaddrinfo", side_effect=socket.gaierror(-2, "unknown"))
    with pytest.raises(DnsError, match=r"velora\.invalid"):
        Transport(limits=QUICK).request("GET", "http://velora.invalid/")


def test_name__that_is_not_found_in_time_can_be_cut(mocker: MockerFixture) -> None:
    """A background call in the look-up of a name must not hold what a starting stream asks."""
    asked, answered = threading.Event(), threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        asked.set()
        answered.wait(30)
        raise socket.gaierror(-3, "later")

    mocker.patch("socket.getaddrinfo", side_effect=look_up)
    transport = Transport(limits=QUICK)
    thread, failures = _in_thread(lambda: transport.request("GET", "http://velora.invalid/"))
    assert asked.wait(5)
    transport.abort()
    thread.join(5)
    assert [type(one) for one in failures] == [Cancelled]
    assert not answered.is_set()
    answered.set()


def test_name__that_is_never_found_ends_with_the_call(mocker: MockerFixture) -> None:
    answered = threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        answered.wait(30)
        raise socket.gaierror(-3, "later")

    looked_up = mocker.patch("socket.getaddrinfo", side_effect=look_up)
    transport = Transport(limits=QUICK._replace(total=0.2))
    for _ in range(3):
        with pytest.raises(TimedOut):
            transport.request("GET", "http://velora.invalid/")
    assert looked_up.call_count == 1  # one thread, however often the name is asked for
    answered.set()


def test_name__with_several_addresses_takes_the_first_that_answers(mocker: MockerFixture) -> None:
    with RawServer(answer(b"here")) as server:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        found = [(*kind, (host, server.port)) for host in ("127.8.8.8", "127.0.0.1")]
        real = socket.getaddrinfo

        def look_up(host: str, *more: object, **most: object) -> object:
            return found if host == "velora.invalid" else real(host, *more, **most)  # type: ignore[arg-type]

        mocker.patch("socket.getaddrinfo", side_effect=look_up)
        got = Transport(limits=QUICK).request("GET", f"http://velora.invalid:{server.port}/")
    assert got.body == b"here"
    assert b"Host: velora.invalid" in server.requests[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_address__is_not_looked_up(mocker: MockerFixture, host: str) -> None:
    look_up = mocker.spy(NameLookup, "_run")
    transport, url = Transport(limits=QUICK._replace(retries=0)), refused_url()
    with pytest.raises(TransportError):
        transport.request("GET", url.replace("127.0.0.1", host))
    assert look_up.call_count == 0


def test_tls_failure__names_the_host() -> None:
    transport = Transport(limits=QUICK._replace(retries=0))
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}/"

        def speak_plainly() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 400 This is no TLS\r\n\r\n")

        thread = threading.Thread(target=speak_plainly, daemon=True)
        thread.start()
        with pytest.raises(TlsError, match=r"127\.0\.0\.1"):
            transport.request("GET", url)
        thread.join(5)


def test_certificates_that_are_not_there__are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
    with pytest.raises(CertificatesMissing, match="REQUESTS_CA_BUNDLE"):
        Transport(limits=QUICK).request("GET", refused_url("https"))


def test_token__that_fits_no_header() -> None:
    with RawServer(answer()) as server, pytest.raises(TokenMalformed):
        Transport(limits=QUICK).request("GET", server.url, token=Secret("test\nX-Evil: yes"))
    assert server.requests == []


def _in_thread(work: object) -> tuple[threading.Thread, list[BaseException]]:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, failures


@pytest.mark.parametrize("ending", ["abort", "close"])
def test_abort_and_close__end_a_hanging_call_at_once(ending: str) -> None:
    transport = Transport(limits=Limits(read=30, total=60))
    with RawServer(hang) as server:
        thread, failures = _in_thread(lambda: transport.request("GET", server.url))
        while not server.requests:
            time.sleep(0.005)
        getattr(transport, ending)()
        thread.join(5)
    assert [type(one) for one in failures] == [Cancelled]


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
    assert [type(one) for one in failures] == [Cancelled]


def test_time__ends_for_a_dripping_body() -> None:
    with RawServer(_dripping) as server:
        transport = Transport(limits=Limits(read=30, total=0.3))
        thread, failures = _in_thread(lambda: transport.request("GET", server.url))
        thread.join(5)
        assert not thread.is_alive()
    assert [type(one) for one in failures] == [TimedOut]


def test_abort__ends_a_pause_between_repetitions() -> None:
    transport = Transport(limits=Limits(backoff=60.0, total=120))
    with RawServer(answer(status=503)) as server:
        thread, failures = _in_thread(lambda: transport.request("GET", server.url))
        while not server.requests:
            time.sleep(0.005)
        time.sleep(0.1)
        transport.abort()
        thread.join(5)
    assert [type(one) for one in failures] == [Cancelled]


def test_abort__leaves_later_calls_alone() -> None:
    transport = Transport(limits=QUICK)
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
        assert [type(one) for one in failures] == [Cancelled]
        assert second.is_alive()
        assert others == []
        transport.close()
        second.join(5)


def test_abort__while_the_connection_is_being_made(mocker: MockerFixture) -> None:
    transport = Transport(limits=Limits(total=60))
    connecting, go_on = threading.Event(), threading.Event()
    real = socket.create_connection

    def slow(*args: object, **kwargs: object) -> socket.socket:
        connecting.set()
        go_on.wait(5)
        return real(args[0])  # type: ignore[arg-type]

    mocker.patch("urllib3.util.connection.create_connection", side_effect=slow)
    with RawServer(hang) as server:
        thread, failures = _in_thread(lambda: transport.request("GET", server.url))
        assert connecting.wait(5)
        transport.abort()
        go_on.set()
        thread.join(5)
    assert [type(one) for one in failures] == [Cancelled]
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
    connecting, go_on = threading.Event(), threading.Event()
    real = socket.create_connection

    def slow(*args: object, **kwargs: object) -> socket.socket:
        connecting.set()
        go_on.wait(5)
        return real(args[0])  # type: ignore[arg-type]

    mocker.patch("urllib3.util.connection.create_connection", side_effect=slow)
    with RawServer(answer()) as server:
        thread, failures = _in_thread(lambda: transport.request("POST", server.url))
        assert connecting.wait(5)
        transport.abort()
        go_on.set()
        thread.join(5)
    assert [type(one) for one in failures] == [Cancelled]
    assert server.requests == []


def test_post__that_is_not_cut_still_ends_in_time() -> None:
    transport = Transport(limits=Limits(read=30, total=0.5))
    with RawServer(hang) as server:
        thread, failures = _in_thread(lambda: transport.request("POST", server.url))
        while not server.requests:
            time.sleep(0.005)
        transport.close()
        thread.join(5)
    assert [type(one) for one in failures] == [TimedOut]


def test_close__gives_the_connections_back_after_the_last_call(mocker: MockerFixture) -> None:
    transport = Transport()
    given_back = mocker.spy(transport._session, "close")
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
