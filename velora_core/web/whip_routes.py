"""What a page that streams by itself asks for, at its own addresses; not an interface for programs.

`POST /api/v1/whip` begins a stream; with its id behind that, `POST` has it go on by another
connection, `PATCH` trickles candidates, `DELETE` ends it, and `GET` is its events, without which
it ends.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from velora_core.api.endpoints import Endpoints
from velora_core.errors import VeloraError

from .connection import Answer, Request
from .refusal import Refusal
from .whip_relay import WhipRelay

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from velora_core.application import Application
    from velora_core.features.browser_stream import Preparation
    from velora_core.features.page import Page
    from velora_core.secret import Secret

    from .feed import Feed
    from .on_air import OnAir

__all__ = ["WhipRoutes", "is_whip"]

_PATHS: Final = re.compile(r"/api/v1/whip(?:/([A-Za-z0-9_-]{1,64}))?")
_METHODS: Final = ("GET", "POST", "PATCH", "DELETE")
_TIMEOUT: Final = 15.0  # seconds for title, category and tags, and for the address


def is_whip(path: str) -> bool:
    """Return whether an address is one of those here."""
    return bool(_PATHS.fullmatch(path))


class WhipRoutes:
    """Serves them, on the threads of their connections."""

    def __init__(
        self,
        app: Application,
        page: Page,
        on_ui: Callable[[Callable[[], Any]], Any],
        on_air: OnAir,
    ) -> None:
        """Create the routes.

        Args:
            app: whose panel it is.
            page: the door to its threads.
            on_ui: has the UI thread do something; raises `Refusal`.
            on_air: shared with the other applications of the same server.
        """
        self._app = app
        self._page = page
        self._on_ui = on_ui
        try:
            velora = Endpoints.from_environment(page.environment).origin
        except VeloraError:
            velora = ""
        self._relay = WhipRelay(self, velora, on_air)

    def close(self, seconds: float) -> None:
        """End the stream; wait a bounded moment until Velora knows."""
        self._relay.close(seconds)

    def method(self, request: Request) -> str:
        """Return the method with which an address is used, for a request's own one if it can be."""
        found = _PATHS.fullmatch(request.path)
        if not found or found[1] is None or request.method not in _METHODS:
            return "POST"
        return request.method

    def serve(self, request: Request, feed: Feed) -> Answer:
        """Return what is answered; raises `Refusal`."""
        found = _PATHS.fullmatch(request.path)
        handle = (found[1] if found else None) or ""
        if request.method == "GET":
            return Answer(kind="text/event-stream", feed=feed, ended=self._relay.hold(handle))
        if request.method == "DELETE":
            self._relay.end(handle)
            return Answer.json({})
        if request.method == "PATCH":
            taken = self._relay.trickle(handle, self._text(request, "fragment"))
            return Answer.json({"taken": taken})
        offer = self._text(request, "offer")
        if handle:
            return Answer.json({"id": handle, "answer": self._relay.renew(handle, offer)})
        begun_id, answer = self._relay.start(offer, request.gone)
        return Answer.json({"id": begun_id, "answer": answer})

    @staticmethod
    def _text(request: Request, name: str) -> str:
        body = request.body()
        text = body.get(name)
        if set(body) != {name} or not isinstance(text, str):  # an address, for instance
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "dock.malformed")
        return text

    # -- what the relay asks for -----------------------------------------------------------

    def address(self, *, again: bool) -> Secret:
        """Return Velora's WHIP address, once title, category and tags are on Velora."""
        stream = self._app.features.browser_stream
        prepare = stream.again if again else stream.prepare
        preparation: Preparation | None = self._on_ui(prepare)
        if preparation is None:
            host = self._page.host_name
            raise Refusal(HTTPStatus.CONFLICT, "browser.host_streams", host=host)
        if not preparation.job.wait(_TIMEOUT):
            raise Refusal(HTTPStatus.BAD_GATEWAY, "browser.velora_slow")
        if preparation.elsewhere:
            raise Refusal(HTTPStatus.GONE, "browser.other_channel")
        if preparation.address is None:
            reason = preparation.failure
            raise Refusal(HTTPStatus.BAD_GATEWAY, "browser.not_begun", reason=reason)
        return preparation.address

    def begun(self) -> None:
        """Have the application follow the stream."""
        self._app.call_on_ui(self._app.features.browser_stream.begun)

    def ended(self) -> None:
        """Have it follow no longer."""
        self._app.call_on_ui(self._app.features.browser_stream.ended)
