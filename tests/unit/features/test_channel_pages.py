"""Open my channel, and Open chat."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.unit.fakes import FakeVelora, run, wait_for
from velora_core import errors
from velora_core.api.models import Profile
from velora_core.application import Application
from velora_core.features.channel_pages import channel_page, chat_page

SITE = "https://velora.tv"
CHAT = f"{SITE}/dashboard/stream/popout/somebody/obs-chat"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What the browser was given, and whether that was on a thread of its own."""
    opened: list[tuple[str, bool]] = []

    def browse(address: str) -> bool:
        own = threading.current_thread().name == "velora-browser"
        opened.append((address, own))
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    return opened


def test_channel(app: Application, opened: list[Any]) -> None:
    assert run(app, app.actions.open_channel()) == (
        "Your channel's page opens in your browser: https://velora.tv/somebody."
    )
    wait_for(lambda: opened)
    assert opened == [(f"{SITE}/somebody", True)]


def test_chat__its_address_can_be_copied(app: Application, opened: list[Any]) -> None:
    app.settings = app.settings._replace(section="account")
    assert not app.panel().shows("chat_address")
    assert run(app, app.actions.open_chat()).startswith("Your chat opens in your browser.")
    wait_for(lambda: opened)
    assert opened == [(CHAT, True)]
    assert app.panel().shows("chat_address")
    assert app.panel().find("chat_address").value == CHAT


def test_without_a_browser__the_address_is_said(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    run(app, app.actions.open_channel())
    wait_for(lambda: "No browser could be opened" in app.state.status)
    assert f"{SITE}/somebody" in app.state.status


def test_another_velora__has_its_own_pages(make: Any, opened: list[Any]) -> None:
    app = make(VELORA_ACCESS_TOKEN="x", VELORA_API_URL="http://127.0.0.1:9/api/integrations/oauth")
    run(app, app.actions.open_channel())
    wait_for(lambda: opened)
    assert opened[0][0] == "http://127.0.0.1:9/somebody"


def test_who_it_is__can_not_be_asked(
    app: Application, velora: FakeVelora, opened: list[Any]
) -> None:
    velora.failures["profile"].append(errors.TimedOut())
    assert run(app, app.actions.open_chat()) == str(errors.TimedOut())
    assert opened == []
    assert app.state.chat_address == ""


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("some body", "some%20body"),
        ("../../x", "..%2F..%2Fx"),
        ("a?b#c", "a%3Fb%23c"),
        ("Ünï", "%C3%9Cn%C3%AF"),
    ],
)
def test_name__is_one_part_of_the_address(name: str, address: str) -> None:
    assert channel_page(SITE, name) == f"{SITE}/{address}"
    assert chat_page(SITE, name) == f"{SITE}/dashboard/stream/popout/{address}/obs-chat"


@pytest.mark.parametrize("name", ["", " ", ".", "..", "a\nb", "x" * 101])
def test_name__that_can_not_be_one(
    app: Application, velora: FakeVelora, opened: list[Any], name: str
) -> None:
    profile = Profile(name, "Some Body", True)
    velora.get_profile = lambda: profile  # type: ignore[method-assign]
    assert "username" in run(app, app.actions.open_channel())
    assert opened == []
