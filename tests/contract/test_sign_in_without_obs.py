"""Signing in and staying signed in with velora_core alone, as another program does it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.ports import free_port
from tests.simulator import SCOPES, Client, Simulator
from velora_core import (
    ClientCredentials,
    Endpoints,
    Grant,
    OAuth,
    RefreshingTokens,
    Secret,
    Transport,
    VeloraClient,
    errors,
    sign_in_with_browser,
)
from velora_core.auth.browser_flow import BrowserFlow


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def client(velora: Simulator, port: int) -> ClientCredentials:
    registered = velora.register(Client(redirect_uris=(f"http://localhost:{port}/",)))
    return ClientCredentials(registered.client_id, Secret(registered.client_secret or ""))


@pytest.fixture
def oauth(velora: Simulator) -> OAuth:
    return OAuth(Transport(), Endpoints.at(velora.api_url))


def browser(answer: str, pages: list[requests.Response]) -> Callable[[str], None]:
    """Return a browser whose user presses Allow or Deny."""

    def visit(url: str) -> None:
        form = dict(parse_qs(urlsplit(url).query)) | {"answer": answer, "allowed": list(SCOPES)}
        pages.append(requests.post(url.partition("?")[0], data=form, timeout=10))

    def browse(url: str) -> None:
        threading.Thread(target=visit, args=(url,), daemon=True).start()

    return browse


def test_signed_in_today__and_still_tomorrow(
    velora: Simulator, oauth: OAuth, client: ClientCredentials, port: int
) -> None:
    pages: list[requests.Response] = []
    made = sign_in_with_browser(
        client, oauth, redirect_port=port, browse=browser("allow", pages), timeout=20
    )
    stored = json.dumps(made.to_json())

    later = Grant.from_json(json.loads(stored))
    assert later == made
    velora.tokens.expire(made.tokens.access.reveal())
    kept: list[Grant] = []
    tokens = RefreshingTokens(later, oauth, save=kept.append)
    with VeloraClient(tokens, endpoints=Endpoints.at(velora.api_url)) as api:
        api.update_stream_info(title="The next day")
    assert velora.account.title == "The next day"
    assert len(kept) == 1


def test_denied(oauth: OAuth, client: ClientCredentials, port: int) -> None:
    pages: list[requests.Response] = []
    with pytest.raises(errors.ConsentDenied):
        sign_in_with_browser(
            client, oauth, redirect_port=port, browse=browser("deny", pages), timeout=20
        )


def test_refused_by_the_token_endpoint(
    velora: Simulator, oauth: OAuth, client: ClientCredentials, port: int
) -> None:
    wrong = client._replace(client_secret=None)
    with pytest.raises(errors.ClientRefused):
        sign_in_with_browser(
            wrong, oauth, redirect_port=port, browse=browser("allow", []), timeout=20
        )


def test_nobody_answers__and_the_port_is_free_again(
    oauth: OAuth, client: ClientCredentials, port: int
) -> None:
    for _ in range(2):
        with pytest.raises(errors.SignInTimedOut):
            sign_in_with_browser(
                client, oauth, redirect_port=port, browse=lambda _: None, timeout=0.1
            )
        for _ in range(200):
            try:
                socket.create_server(("127.0.0.1", port)).close()
                break
            except OSError:
                threading.Event().wait(0.02)
        else:
            raise AssertionError("the port is still taken")


def test_refused__and_again_at_once(oauth: OAuth, client: ClientCredentials, port: int) -> None:
    refused = threading.Semaphore(0)

    def finish(*_: object) -> Grant:
        refused.release()
        raise errors.SignInRefused

    def failed(error: errors.VeloraError) -> None:
        raise AssertionError(error)

    attempts = BrowserFlow(oauth, finish=finish, failed=failed, browse=browser("allow", []))
    for _ in range(5):
        attempts.begin(client, redirect_uri=f"http://localhost:{port}/", port=port)
        assert refused.acquire(timeout=20)


def test_no_browser(oauth: OAuth, client: ClientCredentials, port: int) -> None:
    def browse(_: str) -> None:
        raise errors.BrowserMissing

    with pytest.raises(errors.BrowserMissing):
        sign_in_with_browser(client, oauth, redirect_port=port, browse=browse)


@pytest.mark.parametrize("trouble", [None, RuntimeError])
def test_browser_that_stays_in_the_foreground__holds_nothing_up(
    oauth: OAuth, client: ClientCredentials, port: int, trouble: type[Exception] | None
) -> None:
    closed = threading.Event()
    visit = browser("allow", [])

    def browse(url: str) -> None:
        visit(url)
        assert closed.wait(20)
        if trouble:
            raise trouble

    try:
        made = sign_in_with_browser(client, oauth, redirect_port=port, browse=browse, timeout=20)
    finally:
        closed.set()
    assert made.tokens.refresh


def test_browser_that_breaks__ends_the_waiting(
    oauth: OAuth, client: ClientCredentials, port: int
) -> None:
    def browse(_: str) -> None:
        raise RuntimeError

    with pytest.raises(errors.BrowserMissing):
        sign_in_with_browser(client, oauth, redirect_port=port, browse=browse, timeout=20)


def test_browser_that_is_missing__leaves_the_address_to_be_opened_by_hand(
    oauth: OAuth, client: ClientCredentials, port: int
) -> None:
    told: list[errors.VeloraError] = []
    missing = threading.Event()
    done = threading.Event()

    def unopened(error: errors.VeloraError) -> None:
        told.append(error)
        missing.set()

    def finish(*_: object) -> Grant:
        done.set()
        raise errors.SignInRefused

    def browse(_: str) -> None:
        raise errors.BrowserMissing

    attempts = BrowserFlow(
        oauth, finish=finish, failed=told.append, unopened=unopened, browse=browse
    )
    attempts.begin(client, redirect_uri=f"http://localhost:{port}/", port=port)
    assert missing.wait(20)
    assert [type(item) for item in told] == [errors.BrowserMissing]
    browser("allow", [])(attempts.address)
    assert done.wait(20)
    assert attempts.address == ""


def test_port_taken(oauth: OAuth, client: ClientCredentials, port: int) -> None:
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(errors.PortBusy, match=str(port)),
    ):
        sign_in_with_browser(client, oauth, redirect_port=port, browse=lambda _: None)
