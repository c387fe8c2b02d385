"""What is sent to the page's server: too much, too slow, or nonsense."""

from __future__ import annotations

import json
import re
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.unit.fakes import KEY, TOKEN, FakeVelora, run, wait_for
from tests.unit.web.client import TIMEOUT, Client, meanwhile
from velora_core.application import Application
from velora_core.web.connection import MAX_BODY

STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


def raw(client: Client, sent: bytes, *, ends: bool = True) -> bytes:
    """Send bytes as they are; return all that comes back."""

    def ask() -> bytes:
        with socket.create_connection(("127.0.0.1", client.port), timeout=TIMEOUT) as connection:
            connection.sendall(sent)
            if ends:
                connection.shutdown(socket.SHUT_WR)
            found = b""
            try:
                while part := connection.recv(65536):
                    found += part
            except ConnectionError:
                pass
            return found

    return meanwhile(client.app, ask)


def status(answer: bytes) -> int | None:
    found = STATUS.match(answer)
    return int(found[1]) if found else None


# -- the body --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"", 411),
        (b"[]", 400),
        (b"null", 400),
        (b"{", 400),
        (b'{"title": NaN}', 400),
        (b"\xff{}", 400),
        (b"[" * 60_000, 400),
        (b"{}" + b" " * (MAX_BODY - 2), 200),
        (b"{}" + b" " * (MAX_BODY - 1), 413),
    ],
)
def test_body(client: Client, body: bytes, wanted: int) -> None:
    reply = client.send("PATCH", "/api/v1/values", body=body, Content_Type="application/json")
    assert reply.status == wanted, reply.body
    if wanted != 200:
        assert reply.json["error"].endswith(".")


@pytest.mark.parametrize("length", ["-1", "2x", "99999999999999999999", "٣", "1, 1"])
def test_length__that_is_none(client: Client, length: str) -> None:
    reply = client.send(
        "PATCH",
        "/api/v1/values",
        Content_Length=length.encode().decode("latin-1"),
        Content_Type="application/json",
    )
    assert reply.status in (411, 413)


def test_chunks__are_not_read(client: Client) -> None:
    reply = client.patch({"title": "Evil"}, Transfer_Encoding="chunked")
    assert reply.status == 411


def test_body__that_ends_too_early(client: Client) -> None:
    head = (
        f"PATCH /api/v1/values HTTP/1.1\r\nHost: {client.host}\r\nOrigin: {client.origin}\r\n"
        f"Cookie: {client.cookie}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
    )
    assert status(raw(client, head.encode() + b"{}")) == 408


# -- the fields ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"nothing": "x"},
        {"title": 1},
        {"title": None},
        {"title": ["x"]},
        {"title": "two\nlines"},
        {"title": "\x00"},
        {"title": "\ud800"},
        {"title": "x" * 5000},
        {"protocol": "ftp"},
        {"protocol": []},
        {"update_on_start": 1},
        {"live_interval": True},
        {"live_interval": 4},
        {"live_interval": 1.5},
        {"live_interval": "30"},
        {"section": "account"},
        {"category": "music"},
        {"tags_on_velora": True},
        {"text_templates": "{}"},
        {"status": "x"},
        {"update_now": True},
        {"redirect_address": "x"},
        {"title": "Good", "nothing": "x"},
    ],
)
def test_value__that_no_field_holds(
    client: Client, app: Application, values: dict[str, Any]
) -> None:
    before = app.settings
    reply = client.patch(values)
    assert reply.status == 422
    assert reply.json["error"].endswith(".")
    assert app.settings == before


def test_secret__goes_one_way(client: Client, make: Any, velora: FakeVelora) -> None:
    app = client.app
    assert client.patch({"client_secret": "test_client_secret"}).status == 422  # not shown now
    assert TOKEN not in client.get("/api/v1/state").body.decode()
    assert KEY not in client.get("/api/v1/state").body.decode()
    assert app.panel().find("access_token").value == ""


def test_category__that_only_the_search_knows(
    client: Client, app: Application, velora: FakeVelora
) -> None:
    from velora_core.api.models import Category

    velora.hits["te"] = (Category("tetris", "Tetris"),)
    found = client.get("/api/v1/categories?query=te").json
    assert found == [{"slug": "tetris", "name": "Tetris", "picture": None, "starred": False}]
    assert client.patch({"category_entry": "tetris"}).status == 200
    assert (app.settings.category, app.settings.category_name) == ("tetris", "Tetris")
    assert client.patch({"category_entry": ""}).status == 200
    assert app.settings.category == ""


def test_search__with_a_thousand_fields(client: Client) -> None:
    assert client.get("/api/v1/categories?" + "a=b&" * 1000 + "query=mus").status == 200
    assert client.get("/?" + "a=b&" * 1000).status == 403


def test_search__without_an_answer_has_what_is_known(client: Client, velora: FakeVelora) -> None:
    from velora_core.errors import TimedOut

    velora.failures["search"] = [TimedOut()]
    found = client.get("/api/v1/categories?query=mus").json
    assert [item["slug"] for item in found] == ["music"]


# -- the buttons -----------------------------------------------------------------------------------


def test_action__that_is_none_or_not_offered(client: Client) -> None:
    assert client.post("nothing").status == 404
    assert client.post("regenerate_yes").status == 409
    assert client.get("/api/v1/actions/update_now").status == 405
    assert client.post("../actions/update_now").status == 404


def save_presets(app: Application, *names: str) -> list[str]:
    """Save presets whose titles are their names; return their ids."""
    for name in names:
        app.edit({"title": name})
        run(app, app.features.preset_library.save(name))
    return [preset.id for preset in app.state.presets]


def test_preset__is_applied_as_one_act(
    client: Client, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever another page chooses meanwhile."""
    morning, evening = save_presets(app, "Morning", "Evening")
    page, on_ui = app.features.page, app.features.page.on_ui

    def and_another_page(work: Any) -> Any:
        result = on_ui(work)
        on_ui(lambda: app.edit({"preset": evening}))
        return result

    app.edit({"preset": ""})
    monkeypatch.setattr(page, "on_ui", and_another_page)
    reply = client.post("preset_apply", {"values": {"preset": morning}})
    assert reply.status == 200, reply.body
    assert app.settings.title == "Morning"


@pytest.mark.parametrize(
    ("action", "values", "wanted"),
    [
        ("preset_rename", {"preset": "MORNING"}, 409),
        ("preset_apply", {"preset": ""}, 409),
        ("preset_apply", {"preset": "none"}, 422),
        ("preset_apply", {"nothing": ""}, 422),
        ("preset_apply", [], 400),
        ("preset_apply", "MORNING", 400),
    ],
)
def test_values_of_an_action__change_nothing_when_it_is_not_done(
    client: Client, app: Application, action: str, values: Any, wanted: int
) -> None:
    (morning,) = save_presets(app, "Morning")
    app.edit({"preset": "", "title": "Now"})
    if isinstance(values, dict):
        values = {key: morning if value == "MORNING" else value for key, value in values.items()}
    before = app.settings
    assert client.post(action, {"values": values}).status == wanted
    assert app.settings == before


def test_busy_ui_thread__is_said_and_nothing_is_done_later(
    client: Client, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.features.page._UI_TIMEOUT", 0.01)
    monkeypatch.setattr(client, "app", _Asleep())
    assert client.patch({"title": "Late"}).status == 503
    app.process_ui_queue()
    assert app.settings.title == ""


class _Asleep:
    def process_ui_queue(self) -> None:
        """Nobody comes by."""


# -- connections -----------------------------------------------------------------------------------


def test_pages__leave_room_for_requests(client: Client) -> None:
    pages = [client.open_events() for _ in range(15)]
    server = client.app.features.page._server
    wait_for(lambda: server.feed.subscribers == 15)  # type: ignore[union-attr]
    assert client.get("/api/v1/events").status == 503
    assert client.get("/api/v1/state").status == 200
    for page in pages:
        page.close()
    wait_for(lambda: server.feed.subscribers == 0)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "path",
    [
        "/../page.css",
        "/%2e%2e/secret",
        "//etc/passwd",
        "/static/../../routes.py",
        "/routes.py",
        "/api/v1/state/",
        "/api/v1//state",
        "/API/v1/state",
        "/api/v1/state%00",
        "/page.css\\..\\routes.py",
        "http://evil.test/",
        "*",
        "?ticket=x",
        "?secret=x",
    ],
)
def test_path__leads_nowhere(client: Client, path: str) -> None:
    assert client.get(path).status == 404


def test_nonsense__is_refused(client: Client) -> None:
    for sent in (
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/9.9\r\n\r\n",
    ):
        assert status(raw(client, sent)) in (None, 400, 403, 505), sent
    assert status(raw(client, b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n")) in (400, 414, 505)
    assert status(raw(client, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 3000 + b"\r\n")) in (
        400,
        403,
        431,
    )


def test_head__counts_whole_or_not_at_all(client: Client) -> None:
    """Where a line is cut, its rest would be another header."""
    head = f"GET /api/v1/state HTTP/1.1\r\nHost: {client.host}\r\nCookie: {client.cookie}\r\n"
    evil = "Origin: http://evil.example\r\n\r\n"
    assert status(raw(client, f"{head}\r\n".encode())) == 200
    for filling in (f"A: {'b' * 16_400}\r\n", f"A: {'b' * 6_000}\r\n" * 3):
        assert status(raw(client, (head + filling + evil).encode())) == 431
    assert status(raw(client, head.encode())) == 400


# -- anything --------------------------------------------------------------------------------------

_TEXT = st.text(
    st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=40
)
_METHODS = st.sampled_from(
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"]
)
_PATHS = st.one_of(
    st.sampled_from(["/", "/api/v1/state", "/api/v1/values", "/api/v1/actions/regenerate"]),
    st.sampled_from(["/api/v1/actions/configure", "/api/v1/categories?query=a", "/?secret=0"]),
    _TEXT,
)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "Host",
                "Origin",
                "Cookie",
                "Authorization",
                "Content-Type",
                "Content-Length",
                "Transfer-Encoding",
                "Sec-Fetch-Site",
                "X",
            ]
        ),
        st.one_of(_TEXT, st.sampled_from(["HOST", "ORIGIN", "application/json", "2", "chunked"])),
    ),
    max_size=8,
)
_BODIES = st.one_of(st.binary(max_size=200), st.just(b'{"title": "Evil"}'))


def test_anything_hostile__changes_nothing_and_tells_nothing(
    client: Client, app: Application
) -> None:
    client.cookie = ""
    before = app.settings, app.state.confirming

    @seed(16)
    @settings(
        max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(_METHODS, _PATHS, _HEADERS, _BODIES)
    def attack(method: str, path: str, headers: list[tuple[str, str]], body: bytes) -> None:
        names = {"HOST": client.host, "ORIGIN": client.origin}
        lines = [f"{method} {path} HTTP/1.1"]
        lines += [f"{name}: {names.get(value, value)}" for name, value in headers]
        answer = raw(client, "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        assert status(answer) not in (200, 303, 500), answer
        for secret in (TOKEN, KEY, client.entry.partition("=")[2], "Traceback"):
            assert secret.encode() not in answer

    attack()
    assert (app.settings, app.state.confirming) == before


def test_anything_from_a_page__is_answered_in_json(client: Client, app: Application) -> None:
    """What a page sends that is broken, or another version's."""
    anything = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
        ),
        max_leaves=5,
    )
    keys = sorted({element.key for element in app.panel().walk()})
    server = app.features.page._server
    assert server

    @seed(16)
    @settings(
        max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.dictionaries(st.sampled_from(keys), anything, max_size=3))
    def send(values: dict[str, Any]) -> None:
        reply = client.send(
            "PATCH",
            "/api/v1/values",
            body=json.dumps(values).encode(),
            Content_Type="application/json",
        )
        assert reply.status in (200, 422, 429), (values, reply)
        assert set(reply.json) <= {"revision", "error"}
        app.panel()

    send()
