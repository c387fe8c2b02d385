"""What there is at which address of the page."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from velora_core.app.categories import choices_of
from velora_core.errors import TimedOut
from velora_core.messages import message
from velora_core.messages.en.web import MESSAGES as WORDS
from velora_core.panel.edit import edited
from velora_core.panel.elements import Action
from velora_core.panel.sections import NATIVE

from .connection import CAPTURING, Answer, Request
from .entries import checked_values
from .extension import Extension, ExtensionRoutes
from .files import content_type, page_files
from .gate import Caller, Gate
from .pictures import Pictures
from .refusal import Refusal
from .state import state_to_plain
from .whip_routes import WhipRoutes, is_whip

if TYPE_CHECKING:
    from velora_core.api.models import Category
    from velora_core.app.worker import Job
    from velora_core.application import Application
    from velora_core.features.page import Page
    from velora_core.panel.elements import Value

    from .feed import Feed
    from .server import WebServer

__all__ = ["Routes"]

_API: Final = "/api/v1/"
_ACTION: Final = re.compile(r"/api/v1/actions/([a-z_]{1,40})")
_PAGE_ALONE: Final = frozenset(f"{_API}actions/{name}" for name in NATIVE)
"""What no other program may ask for: it could read the stream key on the clipboard."""
_PICTURE: Final = re.compile(r"/pictures/([A-Za-z0-9_-]{1,100})")
_ACTION_TIMEOUT: Final = 5.0  # seconds that a request waits for what a button has begun
_MAX_PAGES: Final = 15
_STREAM_PAGE: Final = "/stream.html"
_QUERY_LIMIT: Final = 100
_CLOSED: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""

Serve = Callable[[Request], Answer]


class Routes:
    """Serves requests, on the threads of their connections."""

    def __init__(
        self,
        app: Application,
        page: Page,
        server: WebServer,
        path: str = "",
        extension: Extension | None = None,
    ) -> None:
        """Create the routes.

        Args:
            app: whose panel it is.
            page: the door to its threads.
            server: knows who may come in, and which pages there are.
            path: what all addresses are below; requests come without it.
            extension: what the host adds to the page.
        """
        self._app = app
        self._page = page
        self._server = server
        self._gate: Gate = server.gate
        self._path = path
        self._instance = secrets.token_hex(8)
        self._files = page_files()
        self._fixed: dict[str, tuple[str, Serve]] = {
            f"{_API}state": ("GET", self._state),
            f"{_API}events": ("GET", self._events),
            f"{_API}values": ("PATCH", self._values),
            f"{_API}categories": ("GET", self._categories),
            f"{_API}words": ("GET", self._words),
        }
        self._extension = ExtensionRoutes(extension)
        self._doors = {"/", self._extension.door} - {""}  # which a path can be, too
        self.whip = WhipRoutes(app, page, self._on_ui, server.on_air)
        self.pictures = Pictures(app.features.category_search.find_offered, page.environment)
        self.feed: Feed

    def render(self, seen: bool) -> dict[str, Any]:
        """Return the state in JSON's words; `seen` says whether somebody looks at it."""
        view = self._page.view(seen=seen)
        sections = self._app.sections(view)
        plain = state_to_plain(view, sections, host=self._page.host_name)
        return {"instance": self._instance, **plain, **self._pages()}

    def _pages(self) -> dict[str, Any]:
        """Return which pages there are, where this is not, or was not, the only one."""
        if not self._server.shared:
            return {}
        sites = self._server.sites
        return {"pages": [{"name": site.name, "path": f"{site.path}/"} for site in sites]}

    def serve(self, request: Request) -> Answer:
        """Return what is answered.

        Raises:
            Refusal: it is not served.
        """
        self._gate.check_origin(request.method, request.headers)
        if request.path in self._doors and request.query and request.method == "GET":
            return self._let_in(request)
        method, serve = self._route(request)
        try:
            caller = self._gate.admit(request.headers, change=method != "GET")
        except Refusal as refusal:
            if request.path in self._doors and refusal.status is HTTPStatus.UNAUTHORIZED:
                return self._closed()
            raise
        request.prove()
        if caller is Caller.PROGRAM and request.path in (*_PAGE_ALONE, self._extension.news):
            raise Refusal(HTTPStatus.FORBIDDEN, "dock.page_alone")
        if request.method != method:
            raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "dock.wrong_method")
        if is_whip(request.path) and caller is not Caller.PAGE:
            raise Refusal(HTTPStatus.FORBIDDEN, "browser.page_only")
        return serve(request)

    def _route(self, request: Request) -> tuple[str, Serve]:
        if request.path in self._fixed:
            return self._fixed[request.path]
        if is_whip(request.path):
            return self.whip.method(request), self._whip
        added = self._extension.find(request.path)
        if added:
            return added
        if request.path in self._files:
            return "GET", self._file
        if _ACTION.fullmatch(request.path):
            return "POST", self._action
        if _PICTURE.fullmatch(request.path):
            return "GET", self._picture
        return request.method, self._nothing

    def _nothing(self, _: Request) -> Answer:
        raise Refusal(HTTPStatus.NOT_FOUND, "dock.not_here")

    # -- the page --------------------------------------------------------------------------

    def _let_in(self, request: Request) -> Answer:
        """Take what opens the page out of the address, and put a cookie in its place.

        A dock keeps its address, in which what opened it once opens nothing any more.
        """
        headers = {"Location": self._path + request.path}
        if self._gate.opens(request.query):
            headers["Set-Cookie"] = self._gate.set_cookie
        elif not (
            request.query.startswith("ticket=") and self._gate.knows_browser(request.headers)
        ):
            self._gate.count_stranger()
            return self._closed()
        return Answer(HTTPStatus.SEE_OTHER, kind="text/plain", headers=headers)

    @staticmethod
    def _closed() -> Answer:
        text = _CLOSED.format(
            title=html.escape(message("dock.closed_title")),
            text=html.escape(message("dock.closed_text")),
        )
        kind = "text/html; charset=utf-8"
        return Answer(HTTPStatus.FORBIDDEN, text.encode(), kind)

    def _file(self, request: Request) -> Answer:
        file = self._files[request.path]
        try:
            content = file.read_bytes()
        except OSError:
            raise Refusal(HTTPStatus.NOT_FOUND, "dock.not_here") from None
        headers = {"Permissions-Policy": CAPTURING} if request.path == _STREAM_PAGE else {}
        return Answer(content=content, kind=content_type(file), headers=headers)

    # -- the interface ---------------------------------------------------------------------

    def _state(self, _: Request) -> Answer:
        return Answer(content=self.feed.current()[1])

    def _events(self, _: Request) -> Answer:
        self._check_room()
        return Answer(kind="text/event-stream", feed=self.feed)

    def _check_room(self) -> None:
        if self._server.subscribers >= _MAX_PAGES:  # some connections are left for all else
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "dock.too_many_pages")

    def _whip(self, request: Request) -> Answer:
        if request.method == "GET":
            self._check_room()
        return self.whip.serve(request, self.feed)

    def _values(self, request: Request) -> Answer:
        wanted = request.body()
        self._on_ui(lambda: self._app.edit(self._checked(wanted)))
        return Answer.json({"revision": self.feed.current()[0]})

    def _checked(self, wanted: Mapping[str, Any]) -> dict[str, Value]:
        """Return what is to be put into the fields; raises `Refusal`. On the UI thread."""
        values = checked_values(wanted, self._app.sections(self._page.view()))
        chosen = self._app.features.category_search.find_offered(
            str(values.get("category_entry", ""))
        )
        if chosen:  # which the panel's list may not have
            del values["category_entry"]
            values.update(category=chosen.slug, category_name=chosen.name)
        return values

    def _action(self, request: Request) -> Answer:
        found = _ACTION.fullmatch(request.path)
        name = found[1] if found else ""
        wanted = request.body().get("values", {})
        if name not in {action.value for action in Action}:
            raise Refusal(HTTPStatus.NOT_FOUND, "dock.no_action", name=name)
        if not isinstance(wanted, dict):
            raise Refusal(HTTPStatus.BAD_REQUEST, "dock.malformed")

        def press() -> Job:
            # Nothing comes between the two, and neither is done without the other.
            values = self._checked(wanted)
            if not self._is_offered(name, values):
                raise Refusal(HTTPStatus.CONFLICT, "dock.not_offered")
            if values:
                self._app.edit(values)
            return self._app.press(Action(name))

        job = self._on_ui(press)
        answered = job.wait(_ACTION_TIMEOUT)
        self._on_ui(lambda: None)  # what it has left for the UI thread has been done then
        state = self._page.view().state
        if not answered:
            return Answer.json({"answer": message("status.working"), "tone": "normal"})
        return Answer.json({"answer": state.status, "tone": state.tone.value})

    def _is_offered(self, name: str, values: Mapping[str, Value]) -> bool:
        """Return whether there is that button once the fields hold these values."""
        view = self._page.view()
        choices = choices_of(view.state.known, view.state.categories)
        then = view._replace(settings=edited(view.settings, values, choices))
        return any(
            element.key == name and element.action is not None and element.enabled
            for element in self._app.sections(then).walk()
        )

    def _categories(self, request: Request) -> Answer:
        query = parse_qs(request.query).get("query", [""])[0]
        found = self._app.features.category_search.offer(query[:_QUERY_LIMIT])
        starred = {category.slug for category in self._page.view().state.known.starred}
        return Answer.json(
            [
                {
                    "slug": category.slug,
                    "name": category.name,
                    "picture": self._picture_path(category),
                    "starred": category.slug in starred,
                }
                for category in found
            ]
        )

    def _picture_path(self, category: Category) -> str | None:
        path = f"/pictures/{category.slug}"
        found = _PICTURE.fullmatch(path) and self.pictures.has(category)
        return self._path + path if found else None

    def _picture(self, request: Request) -> Answer:
        found = _PICTURE.fullmatch(request.path)
        picture = self.pictures.picture(found[1]) if found else None
        if picture is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "dock.not_here")
        headers = {"Cache-Control": "private, max-age=86400"}
        return Answer(content=picture[0], kind=picture[1], headers=headers)

    @staticmethod
    def _words(_: Request) -> Answer:
        return Answer.json(WORDS)

    def _on_ui(self, work: Callable[[], Any]) -> Any:
        try:
            return self._page.on_ui(work)
        except TimedOut:
            host = self._page.host_name
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "dock.busy", host=host) from None
