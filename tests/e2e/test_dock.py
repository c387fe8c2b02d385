"""The panel as a page and its interface, in a real OBS: on, used, and off at once."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.e2e.world import World
from tests.harness import Browser, BrowserButton, Profile, wait_until

TIMEOUT = 30.0


class Dock:
    """A browser that has opened the page."""

    def __init__(self, address: str) -> None:
        self.parts = urlsplit(address)
        self.base = f"http://{self.parts.netloc}"
        self.http = requests.Session()
        self.http.trust_env = False
        opened = self.http.get(address, timeout=TIMEOUT, allow_redirects=False)
        assert opened.status_code == 303
        # As it is not over HTTPS, and requests knows no loopback: the cookie goes along by itself.
        self.http.headers["Origin"] = self.base

    def ask(self, method: str, path: str, content: Any = None) -> Any:
        reply = self.http.request(
            method, f"{self.base}/api/v1/{path}", json=content, timeout=TIMEOUT
        )
        assert reply.status_code == 200, (reply.status_code, reply.text)
        return reply.json()

    def press(self, action: str, said: str) -> str:
        """Press a button, and return what is said of it: by the answer, or later, as on a busy
        machine.

        Args:
            action: of the button.
            said: is in it.
        """

        def status() -> str | None:
            text = str(self.ask("GET", "state")["status"]["text"])
            return text if said in text else None

        answer = str(self.ask("POST", f"actions/{action}", {})["answer"])
        return answer if said in answer else wait_until(status, what=f"{said!r} to be said")

    def field(self, key: str) -> Any:
        sections = self.ask("GET", "state")["sections"]
        found = [
            element
            for elements in sections.values()
            for element in elements
            if element["key"] == key
        ]
        return found[0].get("value", "")

    def answers(self, path: str, headers: dict[str, str]) -> bool:
        """Return whether it lets another program in."""
        try:
            reply = requests.get(f"{self.base}/api/v1/{path}", headers=headers, timeout=TIMEOUT)
        except requests.ConnectionError:
            return False
        return reply.status_code == 200

    def is_closed(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.parts.port or 0), 1).close()
        except OSError:
            return True
        return False


def test_page__is_the_panel_and_ends_with_it(world: World) -> None:
    button = BrowserButton(world.folder / "browser")
    world.start(
        {"title": "Hello"},
        environment=button.environment,
        profiles=[Profile(service=world.velora_service())],
    )
    panel = world.panel
    assert "opens as a page in your browser" in world.press("Open the dock")
    opened = button.wait(1)
    address = panel.text("Dock address")
    assert opened.partition("=")[0].endswith("?ticket")
    dock = Dock(opened)
    assert (
        requests.get(opened, timeout=TIMEOUT, allow_redirects=False).status_code == 403
    )  # used up
    assert dock.field("title") == "Hello"

    dock.ask("PATCH", "values", {"title": "From the page"})
    panel.close()
    world.open_panel()
    assert panel.text("Title") == "From the page"
    dock.press("update_now", "From the page")
    assert world.updates() == [{"title": "From the page"}]
    panel.set_text("Title", "From the panel")
    wait_until(lambda: dock.field("title") == "From the panel", what="the page to have it")
    kept = json.dumps(dock.ask("GET", "state"))
    for secret in (world.token, world.velora.account.stream_key, address.partition("=")[2]):
        assert secret not in kept
        assert secret not in world.obs.log_text()

    events = dock.http.get(f"{dock.base}/api/v1/events", stream=True, timeout=TIMEOUT)
    lines = events.iter_lines()
    assert next(lines) == b"retry: 1000"
    panel.reload()
    assert any(line == b"event: bye" for line in lines)
    wait_until(dock.is_closed, what="the port to be free")
    world.quit_clean()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


def test_page__that_is_kept_on_is_back_and_quits_at_once(world: World, browser: Browser) -> None:
    world.start({"page_kept": True}, profiles=[Profile(service=world.velora_service())])
    address = world.page_address()
    dock = Dock(address)
    panel = world.panel
    panel.set_text("Program", "Deck")
    assert "Deck may control Velora" in world.press("Add this program")
    token = panel.text("Its token")
    headers = {"Authorization": f"Bearer {token}"}
    assert dock.answers("state", headers)
    pages = [
        dock.http.get(f"{dock.base}/api/v1/events", stream=True, timeout=TIMEOUT) for _ in range(9)
    ]
    browser.open(address)
    assert browser.url == f"{dock.base}/"
    wait_until(lambda: "Stream info" in browser.text(), what="Chromium to show the page")
    panel.reload()
    wait_until(lambda: dock.answers("state", headers), what="the page to be back")
    assert [b"event: bye" in b"".join(page.iter_lines()) for page in pages] == [True] * 9
    dock.ask("PATCH", "values", {"title": "After the reload"})
    answer = dock.press("update_now", "After the reload")
    wait_until(lambda: answer in browser.text(), what="Chromium to show what came after")
    pages = [
        dock.http.get(f"{dock.base}/api/v1/events", stream=True, timeout=TIMEOUT) for _ in range(9)
    ]
    began = time.monotonic()
    world.quit_clean()
    print(f"quit with ten pages open: {time.monotonic() - began:.2f} s")
    assert dock.is_closed()
    for secret in (token, address.partition("=")[2]):
        assert _files_with(secret, world.obs.home) == []
    del pages


def _files_with(text: str, folder: Path) -> list[Path]:
    """Return the files that a text is in; OBS writes all that it keeps into its home."""
    return [
        file
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink() and text.encode() in file.read_bytes()
    ]
