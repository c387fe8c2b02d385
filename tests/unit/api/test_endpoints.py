"""Which addresses a token may be sent to."""

from __future__ import annotations

import pytest

from velora_core.api.endpoints import DEFAULT_API_URL, DEFAULT_ORIGIN, Endpoints
from velora_core.errors import ApiUrlInvalid


@pytest.mark.parametrize("unset", [{}, {"VELORA_API_URL": ""}, {"VELORA_API_URL": "  "}])
def test_without_the_variable__the_platform_itself(unset: dict[str, str]) -> None:
    got = Endpoints.from_environment(unset)
    assert got.api == DEFAULT_API_URL
    assert got.profile == "https://api.velora.tv/api/users/me"
    assert got.authorize == "https://velora.tv/oauth/authorize"
    assert got.category_search == "https://api.velora.tv/api/categories/search"
    assert got.token == "https://api.velora.tv/api/developer/oauth/token"


@pytest.mark.parametrize(
    "url",
    [
        DEFAULT_API_URL,
        DEFAULT_API_URL + "//",
        DEFAULT_API_URL.replace("https", "HTTPS"),
        DEFAULT_API_URL.replace("api.velora.tv", "API.Velora.tv"),
        DEFAULT_API_URL.replace("velora.tv", "velora.tv:443"),
    ],
)
def test_the_platform_written_out__is_the_platform(url: str) -> None:
    assert Endpoints.at(url) == Endpoints()


def test_other_path_of_the_platform__has_its_website() -> None:
    got = Endpoints.at("https://api.velora.tv/api/v2/")
    assert got == Endpoints(api="https://api.velora.tv/api/v2")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (DEFAULT_API_URL, DEFAULT_ORIGIN),
        ("HTTPS://API.Velora.TV:443/other/path", DEFAULT_ORIGIN),
        ("https://api.velora.tv:8443/x", "https://api.velora.tv:8443"),
        ("http://localhost:5000/x/", "http://localhost:5000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:5000/x", "http://[::1]:5000"),
    ],
)
def test_origin__is_written_the_same_way_always(url: str, origin: str) -> None:
    assert Endpoints.at(url).origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "https://velora.test/api/integrations/oauth",
        "https://velora.test:8443/x/",
        "http://localhost:5000/x",
        "http://127.0.0.1:5000/x",
        "http://127.8.9.1/x",
        "http://[::1]:5000/x",
        "HTTPS://velora.test/x",
        " https://velora.test/x\n",
    ],
)
def test_good(url: str) -> None:
    got = Endpoints.at(url)
    assert got.api == url.strip().rstrip("/")
    origin = got.profile.removesuffix("/api/users/me")
    assert url.strip().lower().startswith(origin.lower())
    assert got.authorize == origin + "/oauth/authorize"
    assert got.token == origin + "/api/developer/oauth/token"
    assert got.category_search == origin + "/api/categories/search"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://velora.test/x", "must be https://"),
        ("http://localhost.evil.test/x", "must be https://"),
        ("http://127.0.0.1.evil.test/x", "must be https://"),
        ("http://10.0.0.1/x", "must be https://"),
        ("http://[::2]/x", "must be https://"),
        ("velora.test/x", "must start with https://"),
        ("//velora.test/x", "must start with https://"),
        ("ftp://velora.test/x", "must start with https://"),
        ("file:///etc/passwd", "must start with https://"),
        ("https://user:test_password@velora.test/x", "user name or password"),
        ("https://velora.test@evil.test/x", "user name or password"),
        ("https://@velora.test/x", "user name or password"),
        ("https:///x", "names no host"),
        ("https://[::1/x", "names no host"),
        ("https://velora.test:0/x", "port is not"),
        ("https://velora.test:99999/x", "port is not"),
        ("https://velora.test:many/x", "port is not"),
        ("https://velora.test/x y", "spaces or invisible"),
        ("https://velora.test/\nx", "spaces or invisible"),
        ("https://velora.test\\@evil.test/x", "spaces or invisible"),
        ("https://velorä.test/x", "spaces or invisible"),
        ("https://velora.test/x?y=1", r"\? or # part"),
        ("https://velora.test/x#y", r"\? or # part"),
    ],
)
def test_bad__says_why(url: str, reason: str) -> None:
    with pytest.raises(ApiUrlInvalid, match=reason) as failure:
        Endpoints.from_environment({"VELORA_API_URL": url})
    assert "test_password" not in str(failure.value)
