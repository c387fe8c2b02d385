"""What the network does: proxies, names, certificates."""

from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import _proxy_bypass_macosx_sysconf  # type: ignore[attr-defined]

import pytest
from pytest_mock import MockerFixture

from tests.integration.api.transport.steps import PATIENT, TOKEN, _in_thread
from tests.ports import free_port
from tests.unit.raw_server import RawServer, answer
from velora_core.api.name_lookup import NameLookup
from velora_core.api.proxies import has_proxy, proxies_for
from velora_core.api.transport import Transport
from velora_core.errors import (
    Cancelled,
    CertificatesMissing,
    DnsError,
    ProxyError,
    ProxyUnusable,
    TimedOut,
    TlsError,
    TokenMalformed,
    TransportError,
)
from velora_core.secret import Secret


def _connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
    """Connect without a look-up of its own."""
    found = socket.socket()
    found.connect(address)
    return found


def refused_url(scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{free_port()}/path"


def test_netrc__can_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password test_password\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with RawServer(answer()) as server:
        transport = Transport(limits=PATIENT)
        transport.request("GET", server.url, token=TOKEN)
        transport.request("GET", server.url)
    assert b"Bearer" in server.requests[0]
    assert b"Authorization" not in server.requests[1]


def test_proxy__of_the_system_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(answer(b"by proxy")) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        got = Transport(limits=PATIENT).request("GET", "http://velora.invalid/path")
    assert got.body == b"by proxy"
    assert proxy.requests[0].startswith(b"GET http://velora.invalid/path ")


def test_proxy__that_is_dead_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", refused_url())
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(ProxyError):
        Transport(limits=PATIENT).request("GET", "https://velora.invalid/path")


@pytest.mark.parametrize(
    "proxy", ["socks5h://127.0.0.1:9", "strange://x", "http://[x", "http://:80"]
)
def test_proxy__that_is_none_for_http_is_named(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(ProxyUnusable):
        Transport(limits=PATIENT).request("GET", "https://velora.invalid/path")


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
            assert Transport(limits=PATIENT).request("GET", url, token=TOKEN).body == b"direct"
    assert proxy.requests == []


def test_no_proxy__is_found_out_by_going_through_the_environment_once(
    mocker: MockerFixture,
) -> None:
    """A request for which the title waits took half of its time for that, twice and more."""
    looked = mocker.patch("velora_core.api.proxies.getproxies", return_value={})
    again = mocker.patch("requests.utils.get_environ_proxies")
    resolved = mocker.patch("socket.getaddrinfo", side_effect=socket.gaierror(-2, "unknown"))
    with pytest.raises(DnsError):
        Transport(limits=PATIENT).request("GET", "http://velora.invalid/")
    assert resolved.called  # the address itself was to be reached, not a proxy's
    assert looked.call_count == 1
    assert not again.called


@pytest.fixture
def macos_settings(mocker: MockerFixture) -> dict[str, Any]:
    """A model of macOS, whose settings name a proxy and, by default, two exceptions."""
    settings = {"exclude_simple": True, "exceptions": ["*.local", "169.254/16", None]}
    scproxy = mocker.MagicMock(_get_proxy_settings=lambda: settings)
    mocker.patch.dict(sys.modules, {"_scproxy": scproxy})
    mocker.patch.dict(os.environ)
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    mocker.patch("velora_core.api.proxies.sys.platform", "darwin")
    proxies = {"http": "http://proxy.invalid:8"}
    mocker.patch("velora_core.api.proxies.getproxies", return_value=proxies)
    mocker.patch("requests.utils.getproxies", return_value=proxies)
    mocker.patch(
        "requests.utils.proxy_bypass",
        lambda host: _proxy_bypass_macosx_sysconf(host, settings),
    )
    return settings


@pytest.mark.usefixtures("macos_settings")
def test_proxy__of_macos__no_name_is_looked_up_to_find_it(mocker: MockerFixture) -> None:
    """Nothing could cut that, and a starting stream would wait for it."""
    looked_up = mocker.patch("socket.gethostbyname", side_effect=socket.gaierror(8, "unknown"))
    mocker.patch("socket.getaddrinfo", side_effect=socket.gaierror(8, "unknown"))
    with pytest.raises(ProxyError):
        Transport(limits=PATIENT).request("GET", "http://velora.invalid/")
    assert not looked_up.called


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://velora.invalid/", "http://proxy.invalid:8"),
        ("http://velora.local/", ""),
        ("http://velora/", ""),
        ("http://169.254.7.7/", ""),
        ("http://169.253.7.7/", "http://proxy.invalid:8"),
        ("http://localhost/", ""),
        ("http://[::1]/", ""),
    ],
)
@pytest.mark.usefixtures("macos_settings")
def test_proxy__of_macos__has_its_exceptions(url: str, proxy: str) -> None:
    assert proxies_for(url).get("http", "") == proxy
    assert has_proxy(url) is bool(proxy)


def test_no_connection() -> None:
    with pytest.raises(TransportError) as failure:
        Transport(limits=PATIENT).request("GET", refused_url())
    assert type(failure.value) is TransportError


def test_dns_failure__names_the_host(mocker: MockerFixture) -> None:
    mocker.patch("socket.getaddrinfo", side_effect=socket.gaierror(-2, "unknown"))
    with pytest.raises(DnsError, match=r"velora\.invalid"):
        Transport(limits=PATIENT).request("GET", "http://velora.invalid/")


def test_name__that_is_not_found_in_time_can_be_cut(mocker: MockerFixture) -> None:
    """A background call in the look-up of a name must not hold what a starting stream asks."""
    asked, answered = threading.Event(), threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        asked.set()
        answered.wait(30)
        raise socket.gaierror(-3, "later")

    mocker.patch("socket.getaddrinfo", side_effect=look_up)
    transport = Transport(limits=PATIENT)
    thread, failures = _in_thread(lambda: transport.request("GET", "http://velora.invalid/"))
    assert asked.wait(5)
    transport.abort()
    thread.join(5)
    assert [type(failure) for failure in failures] == [Cancelled]
    assert not answered.is_set()
    answered.set()


def test_name__that_is_never_found_ends_with_the_call(mocker: MockerFixture) -> None:
    answered = threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        answered.wait(30)
        raise socket.gaierror(-3, "later")

    looked_up = mocker.patch("socket.getaddrinfo", side_effect=look_up)
    transport = Transport(limits=PATIENT._replace(total=0.2))
    for _ in range(3):
        with pytest.raises(TimedOut):
            transport.request("GET", "http://velora.invalid/")
    assert looked_up.call_count == 1  # one thread, however often the name is asked for
    answered.set()


def test_name__whose_look_up_breaks_is_looked_up_again(mocker: MockerFixture) -> None:
    """Another script in the same Python may have put a function of its own there."""
    looked_up = mocker.patch("socket.getaddrinfo", side_effect=RuntimeError("not on this thread"))
    transport = Transport(limits=PATIENT._replace(retries=0, total=5.0))
    for _ in range(2):
        with pytest.raises(DnsError):
            transport.request("GET", "http://velora.invalid/")
    assert looked_up.call_count == 2


def test_name__with_several_addresses_takes_the_first_that_answers(mocker: MockerFixture) -> None:
    with RawServer(answer(b"here")) as server:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        found = [(*kind, (host, server.port)) for host in ("127.8.8.8", "127.0.0.1")]
        real = socket.getaddrinfo

        def look_up(host: str, *more: object, **most: object) -> object:
            return found if host == "velora.invalid" else real(host, *more, **most)  # type: ignore[arg-type]

        mocker.patch("socket.getaddrinfo", side_effect=look_up)
        got = Transport(limits=PATIENT).request("GET", f"http://velora.invalid:{server.port}/")
    assert got.body == b"here"
    assert b"Host: velora.invalid" in server.requests[0]


def test_address__that_is_not_admitted_is_not_connected_to(mocker: MockerFixture) -> None:
    """What was looked up is what counts: the next look-up may be somebody else's answer."""
    with RawServer(answer(b"here")) as server:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        found = [[(*kind, ("127.8.8.8", 0))], [(*kind, ("127.0.0.1", 0))]]
        mocker.patch("socket.getaddrinfo", side_effect=found)
        made = mocker.patch("urllib3.util.connection.create_connection", side_effect=_connect)
        admits = "127.0.0.1".__eq__
        transport = Transport(limits=PATIENT._replace(retries=0), admits=admits)
        url = f"http://velora.invalid:{server.port}/"
        with pytest.raises(TransportError):
            transport.request("GET", url)
        assert made.call_count == 0
        assert transport.request("GET", url).body == b"here"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_address__is_not_looked_up(mocker: MockerFixture, host: str) -> None:
    look_up = mocker.spy(NameLookup, "_run")
    transport, url = Transport(limits=PATIENT._replace(retries=0)), refused_url()
    with pytest.raises(TransportError):
        transport.request("GET", url.replace("127.0.0.1", host))
    assert look_up.call_count == 0


def test_tls_failure__names_the_host() -> None:
    transport = Transport(limits=PATIENT._replace(retries=0))
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
        Transport(limits=PATIENT).request("GET", refused_url("https"))


def test_token__that_fits_no_header() -> None:
    with RawServer(answer()) as server, pytest.raises(TokenMalformed):
        Transport(limits=PATIENT).request("GET", server.url, token=Secret("test\nX-Evil: yes"))
    assert server.requests == []
