"""Velora's authorize page and token endpoint: OAuth 2.0 with PKCE."""

from __future__ import annotations

import base64
import hashlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template_string, request

from tests.simulator.accounts import SCOPES

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from tests.simulator.server import Simulator

__all__ = ["Client", "authorization_server"]

_CODE_LIFETIME = 60.0

_STYLE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Velora</title><style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #14141c;
  color: #eee; font: 16px/1.5 sans-serif }
main { background: #22222e; padding: 2rem 2.5rem; border-radius: 12px; max-width: 26rem }
label { display: block; margin: .5rem 0 }
button { font: inherit; padding: .6rem 1.4rem; border: 0; border-radius: 8px; margin-right: .6rem }
button[value=allow] { background: #8a5cf6; color: #fff }
</style></head><body><main>"""
_CONSENT = (
    _STYLE
    + """<h1>{{ name }}</h1><p>wants to do this on your Velora channel:</p>
<form method="post">
{% for field, value in fields.items() %}
<input type="hidden" name="{{ field }}" value="{{ value }}">
{% endfor %}
{% for scope in scopes %}
<label><input type="checkbox" name="allowed" value="{{ scope }}" checked> {{ scope }}</label>
{% endfor %}
<p><button name="answer" value="allow">Allow</button>
<button name="answer" value="deny">Deny</button></p></form></main></body></html>"""
)
_ERROR = _STYLE + "<h1>That did not work</h1><p>{{ reason }}</p></main></body></html>"


@dataclass(frozen=True)
class Client:
    """A registered application."""

    client_id: str = "test-client-id"
    client_secret: str | None = "test_client_secret_only_for_tests"
    redirect_uris: tuple[str, ...] = ("http://localhost:17653/",)
    name: str = "Velora for OBS"
    approved: frozenset[str] = frozenset(SCOPES)
    """The scopes that it may have."""
    refused: str = "invalid_scope"
    """The error when it asks for others; empty: they are left out without a word."""


@dataclass
class _Code:
    client_id: str
    redirect_uri: str
    challenge: str
    scopes: frozenset[str]
    expires_at: float
    used: bool = False


def authorization_server(simulator: Simulator) -> Blueprint:
    """Authorize page, token endpoint and scope registry."""
    server = Blueprint("oauth", __name__)
    codes: dict[str, _Code] = {}
    numbers = itertools.count(1)

    def page_error(reason: str) -> tuple[str, int]:
        return render_template_string(_ERROR, reason=reason), 400

    def back(fields: Any, **answer: str) -> AnyResponse:
        query = urlencode({**answer, "state": fields.get("state", "")})
        return redirect(f"{fields['redirect_uri']}?{query}")

    @server.route("/oauth/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        fields = request.values
        client = simulator.clients.get(fields.get("client_id", ""))
        if client is None:
            return page_error("This application is not known.")
        if fields.get("redirect_uri") not in client.redirect_uris:
            return page_error("The redirect address is not the registered one.")
        if not fields.get("state"):
            return page_error("The state is missing.")
        if fields.get("response_type") != "code":
            return back(fields, error="unsupported_response_type")
        challenge = fields.get("code_challenge", "")
        if not challenge or fields.get("code_challenge_method") != "S256":
            return back(fields, error="invalid_request", error_description="PKCE is required.")
        wanted = fields.get("scope", "").split()
        if not wanted or set(wanted) - set(SCOPES):
            return back(fields, error="invalid_scope")
        if client.refused and set(wanted) - client.approved:
            return back(fields, error=client.refused)
        wanted = [scope for scope in wanted if scope in client.approved]
        if request.method == "GET":
            asked = dict(request.args)
            return render_template_string(_CONSENT, name=client.name, fields=asked, scopes=wanted)
        if fields.get("answer") != "allow":
            return back(fields, error="access_denied")
        code = f"test_code_{next(numbers):04}_only_for_tests"
        codes[code] = _Code(
            client_id=client.client_id,
            redirect_uri=fields["redirect_uri"],
            challenge=challenge,
            scopes=frozenset(request.form.getlist("allowed")) & frozenset(wanted),
            expires_at=simulator.tokens.clock() + _CODE_LIFETIME,
        )
        return back(fields, code=code)

    @server.post("/api/developer/oauth/token")
    def token() -> tuple[Response, int]:
        fields = request.get_json(silent=True)
        if not isinstance(fields, dict):
            return refuse("invalid_request", "The body must be a JSON object.")
        client = simulator.clients.get(str(fields.get("client_id")))
        if client is None or fields.get("client_secret") != client.client_secret:
            return refuse("invalid_client", "Unknown application.", 401)
        if fields.get("grant_type") == "authorization_code":
            return exchange(client, fields)
        if fields.get("grant_type") == "refresh_token":
            return refresh(client, fields)
        return refuse("unsupported_grant_type", "Unknown grant type.")

    def exchange(client: Client, fields: dict[str, Any]) -> tuple[Response, int]:
        text = str(fields.get("code"))
        code = codes.get(text)
        if code is not None and code.used:
            simulator.tokens.revoke_code(text)
        if (
            code is None
            or code.used
            or code.client_id != client.client_id
            or code.redirect_uri != fields.get("redirect_uri")
            or code.expires_at <= simulator.tokens.clock()
        ):
            return refuse("invalid_grant", "The code can't be used.")
        code.used = True
        digest = hashlib.sha256(str(fields.get("code_verifier")).encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
            return refuse("invalid_grant", "The code verifier does not fit.")
        return grant(client, code.scopes, code=text)

    def refresh(client: Client, fields: dict[str, Any]) -> tuple[Response, int]:
        text = str(fields.get("refresh_token"))
        old = simulator.tokens.find_refresh(text)
        if old is None or old.client_id != client.client_id:
            simulator.refused_refreshes += 1
            return refuse("invalid_grant", "The refresh token can't be used.")
        simulator.refreshes += 1
        if not simulator.rotates:
            return grant(client, old.scopes, code=old.code, refresh=text)
        simulator.tokens.drop_refresh(text)
        return grant(client, old.scopes, code=old.code)

    def grant(
        client: Client, scopes: frozenset[str], *, code: str | None, refresh: str | None = None
    ) -> tuple[Response, int]:
        made = simulator.tokens.issue(
            scopes,
            expires_in=simulator.access_lifetime,
            refresh=refresh,
            with_refresh=True,
            client_id=client.client_id,
            code=code,
        )
        answer = {
            "access_token": made.access,
            "token_type": "Bearer",
            "expires_in": simulator.access_lifetime,
            "scope": " ".join(sorted(scopes)),
        }
        if refresh is None:
            answer["refresh_token"] = made.refresh
        return jsonify(answer), simulator.token_status

    def refuse(error: str, description: str, status: int = 400) -> tuple[Response, int]:
        return jsonify(error=error, error_description=description), status

    @server.get("/api/developer/oauth/scopes")
    def scopes() -> Response:
        return jsonify(scopes=[{"name": name} for name in SCOPES])

    return server
