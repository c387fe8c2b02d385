"""Tracebacks that are printed with their local variables, as crash reporters do: no secrets."""

from __future__ import annotations

import json
import socket
import traceback
from collections.abc import Callable

import pytest

from tests.unit.raw_server import RawServer, Script, answer
from velora_core.api.client import VeloraClient
from velora_core.api.endpoints import Endpoints
from velora_core.api.transport import Limits, Transport
from velora_core.auth.oauth import ClientCredentials, OAuth, Tokens
from velora_core.auth.token_refresh import Grant, RefreshingTokens
from velora_core.errors import VeloraError
from velora_core.secret import Secret

SECRET = "live_test_"
CLIENT = ClientCredentials("client-1", Secret("live_test_client_secret"))
ACCESS = Secret("access_live_test_1")
CODE, VERIFIER = Secret("live_test_code"), Secret("live_test_verifier")
LIMITS = Limits(connect=2.0, read=2.0, total=4.0, retries=0)


def refresh(transport: Transport, endpoints: Endpoints) -> None:
    tokens = Tokens(ACCESS, Secret("live_test_refresh"), 1.0, None)
    grant = Grant(CLIENT, tokens, "Some Body", 1.0)
    RefreshingTokens(grant, OAuth(transport, endpoints), save=lambda _: None).token()


def exchange(transport: Transport, endpoints: Endpoints) -> None:
    oauth = OAuth(transport, endpoints)
    attempt = oauth.attempt(CLIENT, "http://localhost:1/")
    attempt = attempt._replace(verifier=VERIFIER)
    oauth.exchange(CLIENT, attempt, CODE)


def setup(transport: Transport, endpoints: Endpoints) -> None:
    VeloraClient(ACCESS, transport=transport, endpoints=endpoints).get_stream_setup()


def reset(connection: socket.socket, _: bytes) -> None:
    connection.close()


HALF_GOOD = json.dumps(
    {"access_token": 5, "refresh_token": "live_test_new", "streamKey": "live_test_key"}
).encode()
ANSWERS: dict[str, Script] = {
    "none": reset,
    "cut": answer(HALF_GOOD, length=5000),
    "500": answer(HALF_GOOD, 500),
    "400": answer(b'{"error": "invalid_request", "given": "live_test_refresh"}', 400),
    "401": answer(HALF_GOOD, 401),
    "half good": answer(HALF_GOOD),
    "no JSON": answer(HALF_GOOD[:-1]),
}


def paste_key(transport: Transport, endpoints: Endpoints) -> None:
    VeloraClient(CODE, transport=transport, endpoints=endpoints).get_profile()


@pytest.mark.parametrize("call", [refresh, exchange, setup, paste_key])
@pytest.mark.parametrize("name", ANSWERS)
def test_traceback__with_local_variables_shows_no_secret(
    call: Callable[[Transport, Endpoints], None], name: str
) -> None:
    with RawServer(ANSWERS[name]) as server:
        endpoints = Endpoints.at(f"http://127.0.0.1:{server.port}/v1")
        with pytest.raises(VeloraError) as caught:
            call(Transport(limits=LIMITS), endpoints)
    report = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    text = "".join(report.format())
    assert "transport = <velora_core.api.transport.Transport" in text
    assert SECRET not in text


def test_request__reveals_a_secret_in_its_body() -> None:
    with RawServer(answer(), ends=b"}") as server:
        Transport().request("POST", server.url, json={"code": CODE})
    assert server.requests[0].endswith(b'{"code": "live_test_code"}')
