"""Whatever comes while signing in: only our own errors come out of it."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ports import free_port
from tests.unit.examples import EXAMPLES
from velora_core.api.endpoints import Endpoints
from velora_core.api.transport import Response, parse_retry_after
from velora_core.auth.client_registration import CLIENT_FILE, BundledClient
from velora_core.auth.oauth import AuthorizationRequest, ClientCredentials, OAuth, Tokens
from velora_core.auth.redirect_server import Page, RedirectServer
from velora_core.errors import VeloraError
from velora_core.secret import Secret

STATE = "test_state_only_for_tests"
ATTEMPT = AuthorizationRequest(
    "https://x.test", "http://localhost:1/", Secret(STATE), Secret("test_verifier")
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=10,
)
TOKEN_ANSWER = st.dictionaries(
    st.sampled_from(
        ["access_token", "refresh_token", "expires_in", "scope", "token_type", "error", "state"]
    ),
    JSON,
)
FAST = settings(EXAMPLES, max_examples=60)


@FAST
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["code", "state", "error", "error_description", "iss", "x", ""]),
            st.text(max_size=20) | st.just(STATE),
        ),
        max_size=5,
    ),
    st.text(max_size=10),
)
def test_redirect__a_code_or_our_own_error(pairs: list[tuple[str, str]], rest: str) -> None:
    query = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in pairs) + rest
    try:
        code = ATTEMPT.code(query)
    except VeloraError:
        return
    # Only who knows the state gets this far, and only with a code.
    assert STATE in query
    assert code.reveal()


class _Answers:
    """Stands for the HTTP session."""

    def __init__(self, answer: Response) -> None:
        self._answer = answer

    def request(self, *_: Any, **__: Any) -> Response:
        return self._answer


def exchange(answer: Response) -> Tokens:
    endpoints = Endpoints.at("https://api.velora.test/x")
    oauth = OAuth(_Answers(answer), endpoints)  # type: ignore[arg-type]
    return oauth.exchange(ClientCredentials("id", None), ATTEMPT, Secret("test_code"))


@FAST
@given(st.sampled_from([200, 201, 204, 302, 400, 401, 403, 429, 500]), TOKEN_ANSWER | JSON)
def test_token_answer__tokens_or_our_own_error(status: int, data: Any) -> None:
    body = json.dumps(data).encode("utf-8", "surrogatepass")
    with suppress(VeloraError):
        tokens = exchange(Response(status, {}, body))
        assert 200 <= status < 300
        assert tokens.access.reveal() == data["access_token"]
        assert 0 < tokens.expires_at < float("inf")


@FAST
@given(st.binary(max_size=60))
def test_token_answer__any_bytes(body: bytes) -> None:
    with suppress(VeloraError):
        exchange(Response(200, {}, body))
        raise AssertionError("bytes like these are no tokens")


@FAST
@given(st.text(max_size=40))
def test_retry_after__a_number_of_seconds_or_nothing(text: str) -> None:
    seconds = parse_retry_after(text)
    assert seconds is None or 0 <= seconds < float("inf")


@settings(FAST, max_examples=40)
@given(
    data=st.dictionaries(st.sampled_from(["client_id", "client_secret", "redirect_port"]), JSON)
    | JSON
)
def test_preset_file__something_usable_or_nothing(tmp_path_factory: Any, data: Any) -> None:
    folder: Path = tmp_path_factory.mktemp("preset")
    (folder / CLIENT_FILE).write_bytes(json.dumps(data).encode("utf-8", "surrogatepass"))
    preset = BundledClient.find({}, folder)
    assert isinstance(preset.client_id, str)
    assert preset.port is None or 0 < preset.port < 65536


REQUEST = st.builds(
    b"".join,
    st.lists(
        st.sampled_from(
            [
                *(b"GET ", b"POST ", b"/", b"/?code=x", b" HTTP/1.1", b" HTTP/1.0", b"\r\n", b"\n"),
                *(b"Host: localhost:{port}", b"Host: evil.test", b"Content-Length: 99999999999"),
                *(b"Transfer-Encoding: chunked", b"Expect: 100-continue"),
                b"Connection: keep-alive",
            ]
        )
        | st.binary(max_size=30),
        max_size=14,
    ),
)


def test_listener__whatever_is_sent__it_goes_on() -> None:
    port = free_port()
    queries: list[str] = []

    def redirected(query: str) -> Page:
        queries.append(query)
        return Page(True, "title", "text")

    listener = RedirectServer(port, "/", redirected)
    good = f"GET /?code=good HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()

    def send(data: bytes) -> bytes:
        answer = b""
        with (
            suppress(ConnectionError),
            socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        ):
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                answer += piece
        return answer

    @FAST
    @given(REQUEST)
    def fuzz(data: bytes) -> None:
        answer = send(data.replace(b"{port}", str(port).encode()))
        assert len(answer) < 5000
        assert answer[:5] in (b"", b"HTTP/", b"<!doc"), answer[:100]
        assert b"Traceback" not in answer

    try:
        fuzz()
        queries.clear()
        assert send(good).startswith(b"HTTP/1.1 200")
        assert queries == ["code=good"]
    finally:
        listener.close()
        assert listener.wait_closed(5)
