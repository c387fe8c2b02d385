"""Several applications' pages on one server: one port, one sign-in, and none in another's way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import TOKEN, FakeHost, FakeVelora, run, run_until_idle
from tests.unit.web.client import Client, events, meanwhile
from velora_core.application import Application
from velora_core.panel.elements import Action
from velora_core.web.shared_pages import SharedPages

Open = Callable[[int], Application]


@pytest.fixture
def pages() -> SharedPages:
    return SharedPages({})


@pytest.fixture
def show(velora: FakeVelora, folder: Path, pages: SharedPages, opened: list[str]) -> Iterator[Open]:
    """Make an application with a page of its own number."""
    made: list[Application] = []

    def show(number: int) -> Application:
        host = FakeHost()
        host.able = {"name": f"OBS {number}"}

        def start(app: Any, page: Any, access: Any) -> Any:
            return pages.start(app, page, access, number=number)

        environment = {"VELORA_ACCESS_TOKEN": TOKEN}
        app = Application(host, environment=environment, folder=folder, page=start)
        made.append(app)
        app.panel_opened()
        run_until_idle(app)
        run(app, app.press(Action.OPEN_PAGE))
        return app

    yield show
    for app in made:
        app.close()


def browser(app: Application) -> Client:
    client = Client(app, str(app.panel().find("page_address").value))
    assert client.log_in().status == 303
    return client


def below(client: Client, path: str, app: Application) -> Client:
    """Return the same browser at another page."""
    other = Client(app, f"{client.origin}{path}/")
    other.cookie = client.cookie
    return other


def test_one_page_alone__is_at_the_root_and_leads_nowhere(show: Open) -> None:
    client = browser(show(1))
    assert "pages" not in client.state()
    assert client.get("/2/api/v1/state").status == 404


def test_two_pages__are_at_one_port_and_one_sign_in_opens_both(show: Open) -> None:
    first, second = show(1), show(2)
    client = browser(first)
    address = str(second.panel().find("page_address").value)
    assert address.startswith(f"{client.origin}/2/?secret=")
    pages = [{"name": "OBS 1", "path": "/"}, {"name": "OBS 2", "path": "/2/"}]
    assert client.state()["pages"] == pages
    state = client.get("/2/api/v1/state").json
    assert (state["host"], state["pages"]) == ("OBS 2", pages)
    assert client.get("/2/").body == client.get("/").body
    assert client.get("/2/page.js").status == 200


def test_secret__leads_to_its_own_page(show: Open) -> None:
    show(1)
    client = browser(show(3))
    reply = client.log_in()
    assert reply.headers["Location"] == "/3/"
    client.cookie = ""
    assert client.get("/3/").status == 403
    assert client.get("/3/api/v1/state").status == 401


def test_edits__are_that_pages_own(show: Open) -> None:
    first, second = show(1), show(2)
    client = browser(first)
    other = below(client, "/2", second)
    reply = other.send("PATCH", "/2/api/v1/values", {"title": "Second"})
    assert reply.status == 200, reply.body
    assert client.patch({"title": "First"}).status == 200
    assert (first.settings.title, second.settings.title) == ("First", "Second")


def test_streams_of_their_pages__are_one_at_a_time(show: Open) -> None:
    relays = [show(number).features.page._server.routes.whip._relay for number in (1, 2)]  # type: ignore[union-attr]
    assert relays[0]._on_air is relays[1]._on_air


def test_page_that_goes__is_told_and_leaves_the_others(show: Open) -> None:
    first, second = show(1), show(2)
    client = browser(first)
    other = below(client, "/2", second)
    following = events(client.open_events())
    assert meanwhile(first, lambda: next(following))[1]["pages"]
    second.close()
    assert len(meanwhile(first, lambda: next(following))[1]["pages"]) == 1
    assert other.get("/2/api/v1/state").status == 404
    third = show(2)
    assert len(meanwhile(first, lambda: next(following))[1]["pages"]) == 2
    assert below(client, "/2", third).get("/2/api/v1/state").status == 200


def test_first_one_that_goes__leaves_a_way_to_the_others(show: Open) -> None:
    first, second = show(1), show(2)
    client = browser(first)
    first.close()
    other = below(client, "/2", second)
    reply = other.get("/?secret=x")
    assert (reply.status, reply.headers["Location"]) == (303, "/2/?secret=x")
    assert other.get("/", Host="evil.test").status == 403
    assert other.get("/api/v1/state").status == 404
    assert other.get("/2/api/v1/state").status == 200


def test_last_one_that_goes__ends_the_server_and_the_port_is_kept(
    show: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = show(1), show(2)
    port = browser(first).port
    second.close()
    first.close()
    assert browser(show(2)).port == port


def test_open_pages__count_together(show: Open) -> None:
    first, second = show(1), show(2)
    client = browser(first)
    streams = [client.open_events() for _ in range(15)]
    for stream in streams:
        meanwhile(first, partial(next, events(stream)))
    other = below(client, "/2", second)
    assert other.get("/2/api/v1/events").status == 503
    assert other.get("/2/api/v1/state").status == 200
    for stream in streams:
        stream.close()
