"""OAuth 2.0 with PKCE against Velora's authorize page and token endpoint.

oauthlib makes the messages and reads the redirect; `Transport` carries them. Nothing here keeps
anything.
"""

from __future__ import annotations

import re
import secrets
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl

from velora_core.api._json_fields import decode
from velora_core.api.endpoints import Endpoints
from velora_core.api.transport import Response, Transport, parse_retry_after
from velora_core.auth.scopes import FREE_SCOPES, SCOPES
from velora_core.errors import (
    BadJson,
    ClientRefused,
    ConsentDenied,
    RateLimited,
    ScopesNotApproved,
    ServerError,
    SignInError,
    SignInFailed,
    SignInRefused,
    SignInUnclear,
    StateMismatch,
    TokensInvalid,
)
from velora_core.secret import Secret

from .grant import ClientCredentials, Tokens

if TYPE_CHECKING:
    from oauthlib.oauth2 import WebApplicationClient

__all__ = ["AuthorizationRequest", "ClientCredentials", "OAuth", "Tokens"]

_ENDPOINT: Final = "/oauth/token"
_NOT_ALLOWED: Final = "error.client_not_allowed"
_VERIFIER_LENGTH: Final = 64
_STATE_BYTES: Final = 32
_DEFAULT_LIFETIME: Final = 3600.0  # seconds, where the response doesn't say anything sensible
_MAX_LIFETIME: Final = 10 * 365 * 86400.0
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")  # what fits into a header


class AuthorizationRequest(NamedTuple):
    """One attempt to sign in, from the browser's opening to the code.

    Attributes:
        url: the page to open in the browser.
        redirect_uri: where Velora sends the browser afterwards.
        state: what the redirect has to bring along.
        verifier: proves to the token endpoint that the code is ours.
        scopes: what is asked for.
    """

    url: str
    redirect_uri: str
    state: Secret
    verifier: Secret
    scopes: tuple[str, ...] = SCOPES

    def code(self, query: str) -> Secret:
        """Return the authorization code in the redirect's query.

        Raises:
            StateMismatch: it belongs to another attempt, or to none.
            ConsentDenied: the user said no.
            ScopesNotApproved: the app may not ask for all this.
            ClientRefused: the app may not ask for anything.
            SignInFailed: Velora says something else went wrong, or there is no code.
        """
        fields = dict(parse_qsl(query))
        # Before anything else: whoever doesn't know the state has no say in this attempt.
        if not secrets.compare_digest(
            fields.get("state", "").encode(), self.state.reveal().encode()
        ):
            raise StateMismatch
        from oauthlib.oauth2 import MismatchingStateError, OAuth2Error

        try:
            # The scheme only satisfies oauthlib, which insists on TLS even to this computer.
            found = _messages("").parse_request_uri_response(
                f"https://localhost/?{query}", state=self.state.reveal()
            )
        except MismatchingStateError:
            raise StateMismatch from None
        except OAuth2Error as error:
            raise self._refusal(error.error) from None
        return Secret(found["code"])

    def _refusal(self, word: str | None) -> SignInError:
        if word == "access_denied":
            return ConsentDenied()
        if word == "unauthorized_client":
            return ClientRefused(_NOT_ALLOWED)
        if word == "invalid_scope" and set(self.scopes) - set(FREE_SCOPES):
            return ScopesNotApproved()
        return SignInFailed()


class OAuth:
    """Velora's authorization server."""

    def __init__(self, transport: Transport, endpoints: Endpoints) -> None:
        self._transport = transport
        self._endpoints = endpoints

    def attempt(
        self, client: ClientCredentials, redirect_uri: str, scopes: tuple[str, ...] = SCOPES
    ) -> AuthorizationRequest:
        """Begin a sign-in.

        Args:
            client: the registered application.
            redirect_uri: as registered, to the letter.
            scopes: what to ask for.
        """
        messages = _messages(client.client_id)
        verifier = messages.create_code_verifier(_VERIFIER_LENGTH)
        challenge = messages.create_code_challenge(verifier, "S256")
        state = secrets.token_urlsafe(_STATE_BYTES)
        scheme, _, rest = self._endpoints.authorize.partition("://")
        url = messages.prepare_request_uri(
            f"https://{rest}",  # see `AuthorizationRequest.code`
            redirect_uri=redirect_uri,
            scope=list(scopes),
            state=state,
            code_challenge=challenge,
            code_challenge_method="S256",
        )
        url = f"{scheme}://{url.partition('://')[2]}"
        return AuthorizationRequest(url, redirect_uri, Secret(state), Secret(verifier), scopes)

    def exchange(
        self, client: ClientCredentials, attempt: AuthorizationRequest, code: Secret
    ) -> Tokens:
        """Exchange an authorization code, which works once, for tokens.

        Raises:
            SignInRefused: Velora doesn't take the code.
            ClientRefused: Velora doesn't take the application.

        ``POST /api/developer/oauth/token``.
        """
        messages = _messages(client.client_id)
        form = Secret(
            messages.prepare_request_body(
                code=code.reveal(),
                redirect_uri=attempt.redirect_uri,
                code_verifier=attempt.verifier.reveal(),
            )
        )
        tokens = self._tokens(client, form)
        if tokens.scopes is None and attempt.scopes != SCOPES:
            tokens = tokens._replace(scopes=frozenset(attempt.scopes))  # not said: as asked for
        return tokens

    def refresh(self, client: ClientCredentials, refresh_token: Secret) -> Tokens:
        """Exchange a refresh token, which may not work again, for new tokens.

        Where the response has no new refresh token, the old one stays good and is returned.

        Raises:
            SignInRefused: Velora doesn't take it any more.
            ClientRefused: Velora doesn't take the application.

        ``POST /api/developer/oauth/token``.
        """
        messages = _messages(client.client_id)
        form = Secret(
            messages.prepare_refresh_body(
                refresh_token=refresh_token.reveal(), client_id=client.client_id
            )
        )
        tokens = self._tokens(client, form)
        return tokens if tokens.refresh else tokens._replace(refresh=refresh_token)

    def until_stored(self) -> AbstractContextManager[None]:
        """Surround a request for tokens and their storing: see `Transport.until_stored`."""
        return self._transport.until_stored()

    def _tokens(self, client: ClientCredentials, form: Secret) -> Tokens:
        # Secrets until they are sent: a traceback may be printed with its local variables.
        fields = {name: Secret(value) for name, value in parse_qsl(form.reveal())}
        if client.client_secret:
            fields["client_secret"] = client.client_secret
        asked = time.time()
        response = self._transport.request("POST", self._endpoints.token, json=fields, once=True)
        return _read(response, asked)


def _messages(client_id: str) -> WebApplicationClient:
    """Return what makes and reads OAuth's messages.

    Imported when it is used: for most of its life an access token needs no refresh. Raises
    `ModuleNotFoundError` with a sentence where the package is missing.
    """
    try:
        from oauthlib.oauth2 import WebApplicationClient
    except ModuleNotFoundError as error:
        from velora_core.errors.missing_package import about_missing

        raise ModuleNotFoundError(about_missing(error.name, "sign-in"), name=error.name) from None

    return WebApplicationClient(client_id)


def _read(response: Response, asked: float) -> Tokens:
    """Return the tokens in the token endpoint's response, or raise the error it means.

    Only three words of OAuth are a verdict. Anything else (a proxy's page, a 404 during a
    deployment, `temporarily_unavailable`) says nothing about the sign-in.
    """
    status = response.status
    if status == 429:
        raise RateLimited(retry_after=parse_retry_after(response.headers.get("Retry-After", "")))
    if status >= 500:
        raise ServerError(status=status)
    try:
        data: Any = decode(response.body)
    except (ValueError, RecursionError):
        data = None
        if 200 <= status < 300:
            raise BadJson(endpoint=_ENDPOINT) from None
    error = data.get("error") if isinstance(data, dict) else None
    if not 300 <= status < 400:
        if error == "invalid_grant":
            raise SignInRefused
        if error == "invalid_client":
            raise ClientRefused
        if error == "unauthorized_client":
            raise ClientRefused(_NOT_ALLOWED)
    if not 200 <= status < 300 or error is not None:
        raise SignInUnclear(status=status)
    if not isinstance(data, dict):
        raise TokensInvalid(endpoint=_ENDPOINT, field="(all)", problem="object")
    return _read_tokens(data, asked)


def _read_tokens(data: dict[str, Any], asked: float) -> Tokens:
    def token(name: str) -> Secret | None:
        value = data.get(name)
        if not isinstance(value, str) or not _TOKEN.fullmatch(value):
            return None
        return Secret(value)

    access = token("access_token")
    if access is None:
        problem = "missing" if data.get("access_token") is None else "type"
        raise TokensInvalid(endpoint=_ENDPOINT, field="access_token", problem=problem)
    scope = data.get("scope")
    return Tokens(
        access=access,
        # One that can't be used counts as none: the access token is good all the same.
        refresh=token("refresh_token"),
        expires_at=asked + _lifetime(data.get("expires_in")),
        scopes=frozenset(scope.split()) if isinstance(scope, str) else None,
    )


def _lifetime(stated: object) -> float:
    """Return the seconds that an access token lives."""
    if isinstance(stated, bool) or not isinstance(stated, (int, float)):
        return _DEFAULT_LIFETIME
    return float(stated) if 0 < stated < _MAX_LIFETIME else _DEFAULT_LIFETIME
