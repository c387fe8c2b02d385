"""Nobody else can: what is let in, and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import KEY, FakeHost, run
from tests.unit.web.client import Client
from velora_core.application import Application
from velora_core.panel.elements import Action
from velora_core.web.limits import Pace

EVIL = "http://evil.test"


@pytest.fixture
def token(app: Application, client: Client) -> str:
    """Of a program that was added in the panel."""
    app.edit({"program_name": "Deck"})
    run(app, app.features.page.add_program())
    return str(app.panel().find("program_token").value)


def bearer(token: str) -> dict[str, Any]:
    return {"Authorization": f"Bearer {token}", "Cookie": None, "Origin": None}


# -- browsers --------------------------------------------------------------------------------------


def test_secret__is_traded_for_a_strict_cookie(client: Client) -> None:
    reply = client.log_in()
    assert reply.status == 303
    assert reply.headers["Location"] == "/"
    cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    secret = client.entry.partition("=")[2]
    assert len(secret) * 4 >= 128
    assert secret not in cookie
    assert client.get("/").status == 200


@pytest.mark.parametrize("query", ["?secret=", "?secret=0", "?ticket=0", "?secret", "?other=1"])
def test_wrong_secret__opens_nothing(client: Client, query: str) -> None:
    client.cookie = ""
    reply = client.get("/" + query)
    assert reply.status == 403
    assert "Set-Cookie" not in reply.headers
    assert "Open the dock" in reply.body.decode()


def test_ticket__opens_once(client: Client, opened: list[str]) -> None:
    client.cookie = ""
    ticket = opened[-1].removeprefix(client.origin)
    assert client.get(ticket).status == 303
    assert client.get(ticket).status == 403


def test_ticket__does_not_wait_for_ever(
    app: Application, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.web.gate._TICKET_LIFE", -1.0)
    server = app.features.page._server
    assert server
    address, client.cookie = server.entry().reveal(), ""
    assert client.get(address.removeprefix(client.origin)).status == 403


def test_dock_of_the_installer__opens_once_and_keeps_its_address(
    client: Client, app: Application
) -> None:
    cookie, client.cookie = client.cookie, ""
    entry = f"/?ticket={app._session.storage.page.add_entry(client.port).reveal()}"
    reply = client.get(entry)
    assert reply.status == 303
    assert reply.headers["Set-Cookie"].startswith(cookie)
    assert client.get(entry).status == 403  # somebody else, who has read OBS's settings
    client.cookie = cookie
    reply = client.get(entry)
    assert (reply.status, reply.headers["Location"]) == (303, "/")
    assert "Set-Cookie" not in reply.headers
    assert client.get(entry, Sec_Fetch_Site="cross-site").status == 403


def test_cookie__of_another_port_opens_nothing(client: Client) -> None:
    name, _, value = client.cookie.partition("=")
    assert name.endswith(str(client.port))
    client.cookie = f"{name}={value[::-1]}"
    assert client.get("/api/v1/state").status == 401
    client.cookie = f"velora_page_1={value}"
    assert client.get("/api/v1/state").status == 401


def test_cookie__is_good_after_a_restart(client: Client, app: Application) -> None:
    before = client.state()["instance"]
    run(app, app.features.page.turn_off())
    run(app, app.features.page.open())
    assert app.panel().find("page_address").value == client.entry
    assert client.state()["instance"] != before


# -- other names, other websites -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["evil.test", "localhost", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", "evil.test:{port}"],
)
def test_dns_rebinding__is_refused(client: Client, name: str) -> None:
    name = name.format(port=client.port)
    assert client.get("/api/v1/state", Host=name).status == 403
    assert client.get("/", Host=name).status == 403
    assert client.patch({"title": "Evil"}, Host=name, Origin=f"http://{name}").status == 403


@pytest.mark.parametrize(
    "origin", [EVIL, "null", "http://127.0.0.1", "http://localhost:{port}", None]
)
def test_another_website__changes_nothing(client: Client, app: Application, origin: str) -> None:
    origin = origin and origin.format(port=client.port)
    assert client.patch({"title": "Evil"}, Origin=origin).status == 403
    assert client.post("regenerate", Origin=origin).status == 403
    assert app.settings.title == ""
    assert not app.state.confirming


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_another_website__reads_nothing(client: Client, site: str) -> None:
    assert client.get("/api/v1/state", Sec_Fetch_Site=site).status == 403
    assert client.get("/api/v1/state", Sec_Fetch_Site="same-origin").status == 200
    assert client.get("/api/v1/state", Origin=EVIL).status == 403


def test_form_of_another_page__is_refused(client: Client, app: Application) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        reply = client.send("PATCH", "/api/v1/values", body=b'{"title": "Evil"}', Content_Type=kind)
        assert reply.status == 415
    assert app.settings.title == ""


def test_answers__allow_nobody_to_frame_or_to_read_them(client: Client) -> None:
    for path in ("/", "/api/v1/state", "/nothing"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert not [name for name in headers if name.lower().startswith("access-control")]
    reply = client.send("OPTIONS", "/api/v1/values", Origin=EVIL)
    assert reply.status == 403


# -- programs --------------------------------------------------------------------------------------


def test_program__has_the_interface(client: Client, app: Application, token: str) -> None:
    headers = bearer(token)
    assert client.get("/api/v1/state", **headers).status == 200
    assert client.patch({"title": "Deck"}, **headers).status == 200
    assert app.settings.title == "Deck"
    assert client.patch({"title": "Evil"}, **{**headers, "Origin": EVIL}).status == 403


@pytest.mark.parametrize("header", ["Bearer", "Bearer {token}x", "Basic {token}", "{token}", ""])
def test_wrong_token__is_refused_whatever_the_cookie(
    client: Client, token: str, header: str
) -> None:
    reply = client.get("/api/v1/state", Authorization=header.format(token=token))
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"] == "Bearer"


def test_revoked_token__stops_at_once(client: Client, app: Application, token: str) -> None:
    page = app.state.page
    app.edit({"program": page.programs[0][0]})
    run(app, app.features.page.revoke_program())
    assert client.get("/api/v1/state", **bearer(token)).status == 401
    assert app.state.page.programs == ()


def test_stream_key__is_copied_for_the_page_and_no_program(
    client: Client, app: Application, token: str, host: FakeHost, mocker: MockerFixture
) -> None:
    copy = mocker.patch("velora_core.app.clipboard.Clipboard").return_value.copy
    host.able = {"sets": False}
    app.press(Action.REFRESH)  # has the panel look at the software again
    for action in ("copy_key", "copy_key_yes", "copy_key_no"):
        assert client.post(action, **bearer(token)).status == 403
    assert client.post("copy_key").status == 200
    assert client.post("copy_key_yes", **bearer(token)).status == 403
    copy.assert_not_called()
    assert client.post("copy_key_yes").status == 200
    copy.assert_called_once_with(KEY, seconds=30.0)
    assert KEY not in client.get("/api/v1/state").body.decode()


def test_panels_own_section__is_nobodys(client: Client, token: str) -> None:
    for headers in ({}, bearer(token)):
        assert client.patch({"program_name": "Evil"}, **headers).status == 422
        assert client.patch({"page_kept": False}, **headers).status == 422
        for action in ("program_add", "program_revoke", "close_page", "open_page"):
            assert client.post(action, **headers).status == 409
        text = client.get("/api/v1/state", **headers).body.decode()
        assert token not in text
        assert client.entry.partition("=")[2] not in text


def test_files__can_be_named_by_nobody(client: Client, app: Application) -> None:
    app.edit({"title": "Hello"})
    run(app, app.press(_action("presets_more")))
    for key in ("preset_export", "preset_import"):
        assert client.patch({key: "/etc/passwd"}).status == 422


def _action(name: str) -> Any:
    from velora_core.panel.elements import Action

    return Action(name)


# -- too much --------------------------------------------------------------------------------------


def test_pace__is_bounded_and_comes_back() -> None:
    now = [0.0]
    pace = Pace(2, 1.0, clock=lambda: now[0])
    assert [pace.admits() for _ in range(3)] == [True, True, False]
    now[0] = 1.0
    assert [pace.admits() for _ in range(2)] == [True, False]
    now[0] = -9.0  # a clock that goes back
    assert pace.admits() is False


def test_strangers__are_slowed_down_and_nobody_else_is(client: Client) -> None:
    server: Any = client.app.features.page._server
    server.server.gate._strangers = Pace(2, 0.0)
    cookie, client.cookie = client.cookie, ""
    assert [client.get("/api/v1/state").status for _ in range(3)] == [401, 401, 429]
    client.cookie = cookie
    assert client.get("/api/v1/state").status == 200
