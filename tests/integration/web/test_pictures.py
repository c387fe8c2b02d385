"""Pictures of categories: only pictures, only from where Velora says, only so much."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest

from tests.unit.raw_server import RawServer, answer
from tests.unit.web.client import Client
from velora_core.api.models import Category
from velora_core.web import pictures
from velora_core.web.pictures import Pictures, picture_type

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
Store = Callable[..., Pictures]


@pytest.fixture
def server() -> Iterator[RawServer]:
    with RawServer(answer(PNG)) as server:
        yield server


@pytest.fixture
def store(server: RawServer) -> Iterator[Store]:
    made: list[Pictures] = []

    def store(path: str = "/a.png", *, api: str = "", url: str = "", now: float = 0.0) -> Pictures:
        category = Category("tetris", "Tetris", url or server.url + path)
        environment = {"VELORA_API_URL": api or f"{server.url}/api"}
        find = {"tetris": category}.get
        made.append(Pictures(find, environment, clock=lambda: now))
        return made[-1]

    yield store
    for item in made:
        item.close()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"<svg onload='x'/>", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_kind(content: bytes, kind: str | None) -> None:
    assert picture_type(content) == kind


def test_picture__is_fetched_once(store: Store, server: RawServer) -> None:
    found = store()
    assert found.picture("tetris") == (PNG, "image/png")
    assert found.picture("tetris") == (PNG, "image/png")
    assert len(server.requests) == 1
    assert b"Authorization" not in server.requests[0]
    assert found.picture("other") is None


@pytest.mark.parametrize(
    "script",
    [
        answer(b"<svg/>"),
        answer(PNG, 404),
        answer(PNG, 302, "Location: http://127.0.0.1:1/\r\n"),
        answer(PNG + b"0" * 300_000),
    ],
)
def test_what_is_no_picture__is_asked_for_once(store: Store, script: object) -> None:
    with RawServer(script) as server:  # type: ignore[arg-type]
        found = store(api=f"{server.url}/api", url=f"{server.url}/a")
        assert found.picture("tetris") is None
        assert found.picture("tetris") is None
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://assets.velora.tv/a",
        "https://localhost/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[bad/a",
        "https://10.0.0.1/a",
        "https://169.254.169.254/latest",
        "https://[fe80::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://assets.velora.tv:8443/a",
        "https://name@assets.velora.tv/a",
        "https://assets.velora.tv:port/a",
        "file:///etc/passwd",
        "ftp://velora.tv/a",
        "javascript:x",
        "//velora.tv/a",
    ],
)
def test_address__that_is_not_used(store: Store, url: str) -> None:
    found = store(api="https://api.velora.tv/api", url=url)
    assert not found.has(Category("tetris", "Tetris", url))
    assert found.picture("tetris") is None


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:192.168.0.1"]
)
def test_name__that_leads_into_this_network(
    store: Store, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    tried: list[object] = []
    kind = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(kind, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr("socket.socket.connect", lambda _, where: tried.append(where))
    there = store(api="https://api.velora.tv/api", url="https://assets.velora.tv/a")
    assert there.has(Category("tetris", "Tetris", "https://assets.velora.tv/a"))
    assert there.picture("tetris") is None
    assert tried == []


@pytest.mark.parametrize(
    ("host", "asked"),
    [("assets.velora.tv", True), ("velora.tv.evil.test", False), ("evilvelora.tv", False)],
)
def test_proxy__is_asked_for_veloras_own_hosts_only(
    store: Store, server: RawServer, monkeypatch: pytest.MonkeyPatch, host: str, asked: bool
) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("no_proxy", "")
    there = store(api="https://api.velora.tv/api", url=f"https://{host}/a")
    assert there.picture("tetris") is None  # a proxy that answers so is none
    assert (len(server.requests) > 0) is asked
    assert all(request.startswith(b"CONNECT assets.velora.tv:443") for request in server.requests)


def test_address__while_this_computer_is_velora(store: Store, server: RawServer) -> None:
    assert not store().has(Category("a", "A", "https://assets.velora.tv/a"))
    assert not store().has(Category("a", "A", None))
    away = store(api="https://api.velora.tv/api")
    assert away.has(Category("a", "A", "https://assets.velora.tv/a"))


def test_memory__is_bounded(
    store: Store, server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_MAX_BYTES", 2 * len(PNG))
    found = store()
    found._find = lambda slug: Category(slug, slug, f"{server.url}/{slug}")
    for number in range(5):
        assert found.picture(str(number))
    assert len(found._kept) == 2
    assert found._bytes == 2 * len(PNG)


def test_memory__counts_a_picture_once_that_two_pages_fetched(
    store: Store, server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_MAX_BYTES", 2 * len(PNG))
    found = store()
    for _ in range(3):
        assert found._fetch(f"{server.url}/a.png")
    assert found._bytes == len(PNG)
    assert found.picture("tetris") == (PNG, "image/png")


def test_page__has_pictures_by_its_own_address_only(client: Client) -> None:
    assert client.get("/pictures/tetris").status == 404
    assert client.get("/pictures/../page.css").status == 404
    client.cookie = ""
    assert client.get("/pictures/tetris").status == 401
