"""Authorization code with PKCE, and refreshing, against the simulated Velora."""

from __future__ import annotations

import threading
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.simulator import SCOPES, Client, Fault, Simulator
from velora_core import VeloraClient, errors
from velora_core.api.endpoints import Endpoints
from velora_core.api.transport import Limits, Transport
from velora_core.auth.client_registration import redirect_uri
from velora_core.auth.oauth import ClientCredentials as Credentials
from velora_core.auth.oauth import OAuth, Tokens
from velora_core.auth.scopes import FREE_SCOPES
from velora_core.auth.token_refresh import Grant, RefreshingTokens
from velora_core.secret import Secret

TOKEN = ("POST", "/oauth/token")
PATIENT = Limits(retries=0)
QUICK = PATIENT._replace(read=0.5, total=2)  # where no answer comes


@pytest.fixture
def registered(velora: Simulator) -> Client:
    return velora.register(Client())


@pytest.fixture
def credentials(registered: Client) -> Credentials:
    assert registered.client_secret
    return Credentials(registered.client_id, Secret(registered.client_secret))


@pytest.fixture
def oauth(velora: Simulator) -> OAuth:
    return OAuth(Transport(limits=PATIENT), Endpoints.at(velora.api_url))


def consent(url: str, *, allow: bool = True, scopes: tuple[str, ...] = SCOPES) -> str:
    """Do what the browser does: show the page, press a button, be sent back; return the query."""
    page = requests.get(url, timeout=5)
    assert page.status_code == 200
    assert "wants to do this" in page.text
    form: dict[str, Any] = dict(parse_qs(urlsplit(url).query))
    form |= {"answer": "allow" if allow else "deny", "allowed": list(scopes)}
    base = url.partition("?")[0]
    back = requests.post(base, data=form, allow_redirects=False, timeout=5)
    assert back.headers["Location"].startswith("http://localhost:17653/?")
    return urlsplit(back.headers["Location"]).query


def sign_in(oauth: OAuth, credentials: Credentials, **how: Any) -> Tokens:
    attempt = oauth.attempt(credentials, redirect_uri(17653))
    return oauth.exchange(credentials, attempt, attempt.code(consent(attempt.url, **how)))


def _client(velora: Simulator, **how: Any) -> Credentials:
    client = velora.register(Client(**how))
    return Credentials(client.client_id, Secret(client.client_secret or ""))


def _answer(url: str) -> str:
    """Return the query that the page sends the browser back with at once."""
    page = requests.get(url, allow_redirects=False, timeout=5)
    return urlsplit(page.headers["Location"]).query


def test_scopes_that_are_not_approved__are_said_and_the_others_given(
    velora: Simulator, oauth: OAuth
) -> None:
    credentials = _client(velora, approved=frozenset(FREE_SCOPES))
    attempt = oauth.attempt(credentials, redirect_uri(17653))
    with pytest.raises(errors.ScopesNotApproved, match="has not approved your app for stream:key"):
        attempt.code(_answer(attempt.url))
    less = oauth.attempt(credentials, redirect_uri(17653), FREE_SCOPES)
    code = less.code(consent(less.url, scopes=FREE_SCOPES))
    assert oauth.exchange(credentials, less, code).scopes == frozenset(FREE_SCOPES)


def test_scopes_that_are_not_approved__may_be_left_out(velora: Simulator, oauth: OAuth) -> None:
    credentials = _client(velora, approved=frozenset(FREE_SCOPES), refused="")
    assert sign_in(oauth, credentials).scopes == frozenset(FREE_SCOPES)


@pytest.mark.parametrize(
    ("word", "error", "sentence"),
    [
        ("unauthorized_client", errors.ClientRefused, "does not let your app sign anyone in"),
        ("temporarily_unavailable", errors.SignInFailed, "ended with an error"),
    ],
)
def test_authorize_page__that_refuses_the_app(
    velora: Simulator, oauth: OAuth, word: str, error: type[Exception], sentence: str
) -> None:
    attempt = oauth.attempt(
        _client(velora, approved=frozenset(), refused=word), redirect_uri(17653)
    )
    with pytest.raises(error, match=sentence):
        attempt.code(_answer(attempt.url))


def test_invalid_scope__for_what_needs_no_approval_is_no_matter_of_approval(
    velora: Simulator, oauth: OAuth
) -> None:
    credentials = _client(velora, approved=frozenset())
    attempt = oauth.attempt(credentials, redirect_uri(17653), FREE_SCOPES)
    with pytest.raises(errors.SignInFailed):
        attempt.code(_answer(attempt.url))


@pytest.mark.parametrize("status", [200, 201])
def test_sign_in__gives_tokens_that_work(
    velora: Simulator, oauth: OAuth, credentials: Credentials, status: int
) -> None:
    velora.token_status = status
    tokens = sign_in(oauth, credentials)
    assert tokens.scopes == frozenset(SCOPES)
    client = VeloraClient(tokens.access, endpoints=Endpoints.at(velora.api_url))
    assert client.get_profile().display_name == "The Streamer"
    [asked] = velora.journal.find(*TOKEN)
    assert asked.headers["Content-Type"] == "application/json"
    assert "Authorization" not in asked.headers
    assert set(asked.json) == {
        "grant_type",
        "client_id",
        "client_secret",
        "code",
        "redirect_uri",
        "code_verifier",
    }


def test_sign_in__asks_for_what_it_needs(oauth: OAuth, credentials: Credentials) -> None:
    first, second = (oauth.attempt(credentials, redirect_uri(17653)) for _ in range(2))
    fields = parse_qs(urlsplit(first.url).query)
    assert fields["scope"] == ["stream:key stream:read stream:write user:read"]
    assert fields["code_challenge_method"] == ["S256"]
    assert fields["response_type"] == ["code"]
    assert fields["redirect_uri"] == ["http://localhost:17653/"]
    assert first.verifier.reveal() not in first.url
    assert first.state != second.state
    assert first.verifier != second.verifier


def test_sign_in__without_a_client_secret(velora: Simulator, oauth: OAuth) -> None:
    velora.register(Client(client_id="public", client_secret=None))
    assert sign_in(oauth, Credentials("public")).access


def test_sign_in__with_some_scopes_denied(oauth: OAuth, credentials: Credentials) -> None:
    tokens = sign_in(oauth, credentials, scopes=("stream:read",))
    assert tokens.scopes == frozenset({"stream:read"})


def test_consent_denied(oauth: OAuth, credentials: Credentials) -> None:
    with pytest.raises(errors.ConsentDenied):
        sign_in(oauth, credentials, allow=False)


def test_redirect__of_another_attempt_is_not_ours(oauth: OAuth, credentials: Credentials) -> None:
    first, second = (oauth.attempt(credentials, redirect_uri(17653)) for _ in range(2))
    query = consent(first.url)
    for wrong in (query, "code=test_code&state=guess", "code=test_code", "error=access_denied", ""):
        with pytest.raises(errors.StateMismatch):
            second.code(wrong)


@pytest.mark.parametrize("fields", ["error=server_error", "error=", "nothing=here", "code="])
def test_redirect__without_a_code(oauth: OAuth, credentials: Credentials, fields: str) -> None:
    attempt = oauth.attempt(credentials, redirect_uri(17653))
    with pytest.raises(errors.SignInError):
        attempt.code(f"{fields}&state={attempt.state.reveal()}")


def test_code__works_once_and_only_with_its_verifier(
    oauth: OAuth, credentials: Credentials
) -> None:
    attempt = oauth.attempt(credentials, redirect_uri(17653))
    code = attempt.code(consent(attempt.url))
    stranger = attempt._replace(verifier=Secret("x" * 64))
    with pytest.raises(errors.SignInRefused):
        oauth.exchange(credentials, stranger, code)
    with pytest.raises(errors.SignInRefused):
        oauth.exchange(credentials, attempt, code)


@pytest.mark.parametrize("secret", [None, "test_wrong"])
def test_wrong_app__is_said(oauth: OAuth, credentials: Credentials, secret: str | None) -> None:
    wrong = credentials._replace(client_secret=Secret(secret) if secret else None)
    with pytest.raises(errors.ClientRefused, match="does not know this app"):
        sign_in(oauth, wrong)


@pytest.mark.parametrize("rotates", [True, False])
def test_refresh__again_and_again(
    velora: Simulator, oauth: OAuth, credentials: Credentials, rotates: bool
) -> None:
    velora.rotates = rotates
    first = sign_in(oauth, credentials)
    assert first.refresh
    second = oauth.refresh(credentials, first.refresh)
    assert second.refresh
    assert (second.refresh == first.refresh) is not rotates
    assert oauth.refresh(credentials, second.refresh).access != second.access
    assert velora.journal.find(*TOKEN)[-1].json.keys() == {
        "grant_type",
        "client_id",
        "client_secret",
        "refresh_token",
    }
    if rotates:
        with pytest.raises(errors.SignInRefused):
            oauth.refresh(credentials, first.refresh)


GARBAGE = {
    "html": (Fault.answer(*TOKEN, b"<html>", status=200), errors.BadJson),
    "empty": (Fault.answer(*TOKEN, b""), errors.BadJson),
    "a list": (Fault.answer(*TOKEN, b"[]"), errors.InvalidResponse),
    "no token": (Fault.answer(*TOKEN, b'{"token_type": "Bearer"}'), errors.InvalidResponse),
    "a number": (Fault.answer(*TOKEN, b'{"access_token": 5}'), errors.InvalidResponse),
    "a bad token": (Fault.answer(*TOKEN, b'{"access_token": "a b"}'), errors.InvalidResponse),
    "two lines": (Fault.answer(*TOKEN, b'{"access_token": "a\\nb"}'), errors.InvalidResponse),
    "a tab": (Fault.answer(*TOKEN, b'{"access_token": "a\\tb"}'), errors.InvalidResponse),
    "no text": (Fault.answer(*TOKEN, b'{"access_token": ""}'), errors.InvalidResponse),
    "403": (Fault.status(*TOKEN, status=403), errors.SignInUnclear),
    "500": (Fault.status(*TOKEN, status=500), errors.ServerError),
    "429": (Fault.status(*TOKEN, status=429), errors.RateLimited),
    "hangs": (Fault.hang(*TOKEN), errors.TimedOut),
    "reset": (Fault.reset(*TOKEN), errors.ConnectionLost),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_token_endpoint__in_trouble(
    velora: Simulator, oauth: OAuth, credentials: Credentials, name: str
) -> None:
    fault, expected = GARBAGE[name]
    velora.faults.add(fault)
    if expected is errors.TimedOut:
        oauth = OAuth(Transport(limits=QUICK), Endpoints.at(velora.api_url))
    with pytest.raises(expected) as failure:
        oauth.refresh(credentials, Secret("test_refresh_secret"))
    assert "test_refresh" not in str(failure.value)
    assert "test_client_secret" not in str(failure.value)


def test_late_tokens__are_waited_for_as_long_as_a_call_may_take(
    velora: Simulator, credentials: Credentials
) -> None:
    issued = velora.tokens.issue(
        ("stream:read",), with_refresh=True, client_id=credentials.client_id
    )
    velora.faults.add(Fault.latency(*TOKEN, 0.5))
    oauth = OAuth(Transport(limits=Limits(read=0.1)), Endpoints.at(velora.api_url))
    assert oauth.refresh(credentials, Secret(issued.refresh or "")).access.reveal()


def test_odd_types__cost_no_token(
    velora: Simulator, oauth: OAuth, credentials: Credentials
) -> None:
    body = b'{"access_token": "test_access_x", "scope": 5, "expires_in": [], "token_type": 1}'
    velora.faults.add(Fault.answer(*TOKEN, body))
    tokens = oauth.refresh(credentials, Secret("test_refresh"))
    assert tokens.access == Secret("test_access_x")
    assert tokens.scopes is None


@pytest.mark.parametrize("given", ['""', "null", "5", '"a b"', '"a\\nb"', "[]"])
def test_refresh_token__that_can_not_be_used_is_none(
    velora: Simulator, oauth: OAuth, credentials: Credentials, given: str
) -> None:
    body = f'{{"access_token": "test_access_x", "refresh_token": {given}}}'
    velora.faults.add(Fault.answer(*TOKEN, body.encode()))
    tokens = oauth.refresh(credentials, Secret("test_refresh"))
    assert tokens.access == Secret("test_access_x")
    assert tokens.refresh == Secret("test_refresh")  # the one before may still be good


@pytest.mark.parametrize("lifetime", ["0", "-5", "1e99", '"3600"', "true", "null"])
def test_lifetime__that_makes_no_sense_is_an_hour(
    velora: Simulator, oauth: OAuth, credentials: Credentials, lifetime: str
) -> None:
    body = f'{{"access_token": "test_access_x", "expires_in": {lifetime}}}'
    velora.faults.add(Fault.answer(*TOKEN, body.encode()))
    tokens = oauth.refresh(credentials, Secret("test_refresh"))
    assert 0 < tokens.expires_at - time.time() <= 3601


def test_client__renews_an_expired_token_by_itself_and_once(
    velora: Simulator, oauth: OAuth, credentials: Credentials
) -> None:
    velora.access_lifetime = 3600
    tokens = sign_in(oauth, credentials)
    kept: list[Grant] = []
    start = Grant(credentials, tokens, "", 0.0)

    def save(grant: Grant) -> bool:
        kept.append(grant)
        return True

    source = RefreshingTokens(start, oauth, save=save)
    client = VeloraClient(source, endpoints=Endpoints.at(velora.api_url))
    velora.tokens.expire(tokens.access.reveal())  # although its time hasn't come
    threads = [threading.Thread(target=client.get_categories) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert velora.refreshes == 1
    assert client.update_stream_info(title="After a day").title == "After a day"
    assert velora.account.title == "After a day"
    assert len(kept) == 1


def test_client__says_when_the_sign_in_has_ended(
    velora: Simulator, oauth: OAuth, credentials: Credentials
) -> None:
    tokens = sign_in(oauth, credentials)
    start = Grant(credentials, tokens, "", 0.0)
    source = RefreshingTokens(start, oauth, save=lambda _: True)
    client = VeloraClient(source, endpoints=Endpoints.at(velora.api_url))
    velora.tokens.revoke_all()
    with pytest.raises(errors.SignInEnded, match="press Sign in with Velora"):
        client.get_stream_info()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"client_id": "nobody"}, "application is not known"),
        ({"redirect_uri": "http://localhost:17653"}, "not the registered one"),
        ({"state": ""}, "state is missing"),
    ],
)
def test_authorize_page__explains_instead_of_redirecting(
    velora: Simulator, oauth: OAuth, credentials: Credentials, change: dict[str, str], reason: str
) -> None:
    url = oauth.attempt(credentials, redirect_uri(17653)).url
    base, _, query = url.partition("?")
    fields = {**{name: values[0] for name, values in parse_qs(query).items()}, **change}
    page = requests.get(base, params=fields, allow_redirects=False, timeout=5)
    assert page.status_code == 400
    assert reason in page.text
