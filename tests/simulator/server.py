"""The simulator: Velora on loopback, in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request

from tests.managed import Managed
from tests.ports import free_port
from tests.simulator.accounts import SCOPES, Account, Token, Tokens
from tests.simulator.api import API, streaming_api
from tests.simulator.categories import CATEGORIES, LISTED
from tests.simulator.events import Events
from tests.simulator.faults import Faults
from tests.simulator.http_server import Dropped, HttpServer
from tests.simulator.journal import Entry, Journal
from tests.simulator.limits import RateLimiter
from tests.simulator.oauth import Client, authorization_server

__all__ = ["Simulator"]

_JOURNALED = ("/api/", "/oauth/")


class Simulator(Managed):
    """Velora with one account. Use it as a context manager.

    All attributes may be changed while it runs.
    """

    def __init__(self, *, port: int = 0, clock: Callable[[], float] = time.time) -> None:
        """
        Args:
            port: on 127.0.0.1; a free one without it.
            clock: what tokens and codes expire by.
        """
        self.account = Account()
        self.tokens = Tokens(clock)
        self.categories: list[dict[str, Any]] = [dict(item) for item in CATEGORIES]
        self.listed: int | None = LISTED
        """How many of them the list has; None: all."""
        self.searches = True
        """Whether there is a search for categories; else its address is 404."""
        self.hits_under: str | None = "categories"
        """Where a search's answer has its list; None: it is one."""
        self.clients: dict[str, Client] = {}
        self.faults = Faults()
        self.journal = Journal()
        self.rate_limit = RateLimiter()
        self.explains_403 = True
        """Whether a 403's message says which of its two meanings it has."""
        self.access_lifetime: float = 3600
        """Seconds that access tokens from the token endpoint live."""
        self.rotates = True
        """Whether each refresh gives a new refresh token, and the old one dies."""
        self.token_status = 201
        """What the token endpoint answers with when all is well."""
        self.refreshes = 0
        """How often the token endpoint has refreshed a token."""
        self.refused_refreshes = 0
        """How often it was given a refresh token that is not good, or no more."""
        self._port = port or free_port()
        self.end = threading.Event()
        """Set once it ends."""
        self.events = Events(self)
        self._server: HttpServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What VELORA_API_URL is to be."""
        return self.url + API

    def issue_token(self, scopes: Iterable[str] = SCOPES, *, expires_in: float = 3600.0) -> str:
        """Return a new access token."""
        return self.tokens.issue(scopes, expires_in=expires_in).access

    def issue_sign_in(self, *, expires_in: float = 3600.0) -> Token:
        """Issue new tokens as if somebody had signed in with the registered application."""
        client = next(iter(self.clients))
        return self.tokens.issue(expires_in=expires_in, with_refresh=True, client_id=client)

    def register(self, client: Client) -> Client:
        """Make an application known."""
        self.clients[client.client_id] = client
        return client

    def start(self) -> None:
        """Listen, on a thread of its own."""
        self._server = HttpServer(self._port, self._application())
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="simulator", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End, with requests that hang as well."""
        self.end.set()
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.drop_connections()
            self._server.server_close()

    def _application(self) -> Callable[[Any, Any], Iterable[bytes]]:
        app = Flask("velora-simulator")
        app.register_blueprint(streaming_api(self))
        app.register_blueprint(authorization_server(self))

        @app.errorhandler(404)
        @app.errorhandler(405)
        def unknown(error: Any) -> Any:
            return {"message": error.name}, error.code

        def remember(status: int, arrived: float) -> None:
            if request.path.startswith(_JOURNALED):
                self.journal.add(
                    Entry(
                        method=request.method,
                        path=request.path,
                        headers=dict(request.headers),
                        body=request.get_data(),
                        json=request.get_json(silent=True),
                        status=status,
                        monotonic=arrived,
                    )
                )

        def application(environ: Any, start_response: Any) -> Iterable[bytes]:
            arrived = time.monotonic()
            method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
            fault = None
            if path.startswith(_JOURNALED):
                fault = self.faults.take(method, path)
            with app.request_context(environ):
                request.get_data()  # so that it can be read again
                if fault and not fault.after:
                    remember(0, arrived)
                    if fault.act(environ["werkzeug.socket"], self.end):
                        raise Dropped
                headers: dict[str, str] = {}
                refusal = None
                if path.startswith("/api/"):
                    headers, refusal = self.rate_limit.take()
                if refusal is not None:
                    response = app.response_class(refusal, 429, mimetype="application/json")
                else:
                    response = app.full_dispatch_request()
                response.headers.extend(headers)
                if not (fault and not fault.after):
                    remember(response.status_code, arrived)
                if fault and fault.after and fault.act(environ["werkzeug.socket"], self.end):
                    raise Dropped
                return response(environ, start_response)

        return application
