"""Sign in with Velora: from the button in a real OBS through a real browser, and ever after."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.world import AT_ONCE, World
from tests.harness import Browser, BrowserButton, Display, Obs, Profile, wait_until
from tests.ports import free_port
from tests.simulator import Client, Fault

TOKEN = ("POST", "/oauth/token")
SIGN_IN = "Sign in with Velora"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


class SignInWorld(World):
    """A world with a registered app, and a browser that OBS can open."""

    def __init__(self, display: Display, folder: Path) -> None:
        super().__init__(display, folder)
        self.button = BrowserButton(folder / "browser")
        self.port = free_port()
        self.app = Client(redirect_uris=(f"http://localhost:{self.port}/",))
        self.presses = 0

    def open(self, *, preset: bool = True, title: str = "Hello") -> Obs:
        """Start OBS, with the app preset by the environment unless it is to be typed in."""
        self.velora.register(self.app)
        variables = dict(self.button.environment)
        if preset:
            variables["VELORA_CLIENT_ID"] = self.app.client_id
            variables["VELORA_CLIENT_SECRET"] = self.app.client_secret or ""
        settings = {"title": title, "redirect_port": self.port}
        return self.start(
            settings,
            token=False,
            environment=variables,
            profiles=[Profile(service=self.velora_service())],
        )

    def begin(self) -> str:
        """Press the button; the address that the browser is to open."""
        assert "allow access there" in self.press(SIGN_IN)
        self.presses += 1
        return self.button.wait(self.presses)

    def sign_in(self, browser: Browser) -> str:
        """Return all of it; the page at the end."""
        browser.open(self.begin())
        assert "wants to do this" in browser.text()
        return browser.submit("Allow")

    def redraw(self) -> list[str]:
        """Return the panel's texts, up to date (OBS can't refresh a panel by itself)."""
        self.press("Refresh")
        return self.panel.texts()

    def secrets_file(self) -> Path:
        return self.obs.home / ".config" / "velora-obs" / "secrets.json"

    def stored_sign_in(self) -> dict[str, Any]:
        """Return what is kept of the sign-in with this Velora."""
        stored = json.loads(self.secrets_file().read_text())
        found: dict[str, Any] = stored[f"sign_in@{self.velora.url}"]
        return found


@pytest.fixture
def world(display: Display, tmp_path: Path) -> Iterator[SignInWorld]:
    with SignInWorld(display, tmp_path) as world:
        yield world


def test_from_the_button_to_a_stream(world: SignInWorld, browser: Browser) -> None:
    obs = world.open(preset=False)
    panel = world.panel
    assert "Signing in needs a Velora app" in world.press(SIGN_IN)
    assert panel.text("Redirect URI") == f"http://localhost:{world.port}/"
    panel.paste("Client ID", world.app.client_id)
    panel.paste("Client secret", world.app.client_secret or "")
    page = world.sign_in(browser)
    assert "You're signed in to Velora as The Streamer" in page
    assert "close this page" in page
    world.redraw()
    assert panel.find("Client ID") is None
    assert any(text.startswith("Signed in as The Streamer since ") for text in panel.texts())
    assert panel.find(SIGN_IN) is None
    assert "OBS will stream to" in world.press("Configure Velora")
    world.stream(until=world.updates)
    assert world.updates() == [{"title": "Hello"}]
    world.quit_clean()
    saved = json.dumps(obs.collection_json())
    assert world.app.client_id not in saved
    assert "test_access" not in saved
    assert "test_refresh" not in saved


@pytest.mark.parametrize("how", ["short-lived token", "a day later"])
def test_the_next_day__an_expired_token_costs_nothing(
    world: SignInWorld, browser: Browser, how: str
) -> None:
    short = how == "short-lived token"
    if short:
        world.velora.access_lifetime = 2
    obs = world.open()
    world.sign_in(browser)
    world.quit_clean()
    if short:
        time.sleep(2)  # OBS knows that the token has expired while it was closed
    else:
        # Velora knows, and OBS does not: its own clock says that the token is good.
        world.velora.tokens.clock = lambda: time.time() + 24 * 3600
    obs.start()
    world.stream(until=lambda: world.velora.account.title == "Hello")
    assert world.updates()[-1] == {"title": "Hello"}
    assert world.velora.account.title == "Hello"
    assert world.velora.refreshes >= 1
    stored = world.stored_sign_in()
    assert stored["refresh_token"]
    world.quit_clean()


@pytest.mark.parametrize("rotates", [True, False])
def test_a_token_that_velora_refuses__is_refreshed_in_the_middle_of_a_stream(
    world: SignInWorld, browser: Browser, rotates: bool
) -> None:
    world.velora.rotates = rotates
    world.open()
    world.sign_in(browser)
    world.obs.start_stream()
    world.wait_for_log("Velora now has the title “Hello”")
    stored = world.stored_sign_in()
    world.velora.tokens.expire(stored["access_token"])
    world.panel.set_text("Title", "Later")
    assert "Velora now has the title “Later”" in world.press("Update now")
    assert world.velora.refreshes == 1
    world.obs.stop_stream()
    world.quit_clean()


def test_velora_ends_the_sign_in__one_sentence_and_all_settings_stay(
    world: SignInWorld, browser: Browser
) -> None:
    world.open()
    world.sign_in(browser)
    assert "Signed in as" in " ".join(world.redraw())
    world.velora.tokens.revoke_all()
    assert "Velora has ended your sign-in: press Sign in with Velora" in world.press("Refresh")
    assert world.panel.find(SIGN_IN)
    assert world.panel.text("Title") == "Hello"
    assert "You're signed in" in world.sign_in(browser)
    world.quit_clean()


def test_app_that_is_not_approved__signs_in_for_what_it_may(
    world: SignInWorld, browser: Browser
) -> None:
    world.app = replace(world.app, approved=frozenset({"stream:read", "user:read"}))
    world.open()
    world.velora.account.title = "From the website"
    browser.open(world.begin())
    assert "has not approved your app for stream:key and stream:write" in browser.text()
    assert "press Sign in with Velora again" in browser.text()
    page = world.sign_in(browser)
    assert "You're signed in" in page
    assert any("Signed in as The Streamer" in text for text in world.redraw())
    world.wait_for_log("for which Velora has not approved your app yet")
    for name, enabled in (("Configure Velora", False), ("Load from Velora", True)):
        button = world.panel.find(name)
        assert button
        assert button.enabled is enabled
    world.press("Load from Velora")
    assert world.panel.text("Title") == "From the website"
    assert world.panel.find(SIGN_IN)  # for the day when it is approved
    world.quit_clean()


def test_browser_that_stays__holds_nothing_up(world: SignInWorld, browser: Browser) -> None:
    world.button.stay()
    try:
        world.open()
        assert "You're signed in" in world.sign_in(browser)
        assert "OBS will stream to" in world.press("Configure Velora")
        world.stream(until=world.updates)
        assert world.updates() == [{"title": "Hello"}]
        assert world.quit_clean().seconds < AT_ONCE
    finally:
        world.button.leave()


def test_browser_that_does_not_open__the_address_can_be_copied(
    world: SignInWorld, browser: Browser
) -> None:
    world.button.environment = {"BROWSER": "/bin/true %s"}
    obs = world.open()
    assert world.panel.find("Velora's page") is None
    assert "copy the address below" in world.press(SIGN_IN)
    address = world.panel.text("Velora's page")
    assert address.startswith(f"{world.velora.url}/oauth/authorize?")
    obs.request("SetSceneName", {"sceneName": "Scene", "newSceneName": "Saved"})
    wait_until(lambda: "Saved" in json.dumps(obs.collection_json()), what="the scenes to be saved")
    assert "code_challenge" not in json.dumps(obs.collection_json())
    browser.open(address)
    assert "You're signed in" in browser.submit("Allow")
    world.redraw()
    assert world.panel.find("Velora's page") is None
    world.quit_clean()
    assert "code_challenge" not in json.dumps(obs.collection_json())


def test_consent__denied_and_partly_denied(world: SignInWorld, browser: Browser) -> None:
    world.open()
    browser.open(world.begin())
    assert "You did not allow access" in browser.submit("Deny")
    world.panel.select("velora_obs.py")
    world.wait_for_log("You did not allow access")

    browser.open(world.begin())
    browser.click("stream:key")
    assert "You're signed in" in browser.submit("Allow")
    world.redraw()
    configure = world.panel.find("Configure Velora")
    assert configure
    assert not configure.enabled
    assert world.panel.find(SIGN_IN)  # to do it again, and allow it
    assert "Velora now has the title" in world.press("Update now")
    world.quit_clean()


def test_redirects_that_are_not_ours__change_nothing(world: SignInWorld, browser: Browser) -> None:
    world.open()
    address = world.begin()
    base = f"http://localhost:{world.port}/"
    with requests.Session() as session:
        session.trust_env = False
        for query in ("code=test_code&state=guess", "error=access_denied", "code=x"):
            answer = session.get(f"{base}?{query}", timeout=30)
            assert answer.status_code == 400
            assert "test_code" not in answer.text
        assert session.get(f"{base}other?code=x", timeout=30).status_code == 404
    browser.open(address)
    assert "You're signed in" in browser.submit("Allow")
    with pytest.raises(requests.ConnectionError):
        wait_until(lambda: requests.get(base, timeout=30) is None, what="the port to be free")
    world.quit_clean()


def test_port_taken__and_a_second_press(world: SignInWorld, browser: Browser) -> None:
    world.open()
    with socket.create_server(("127.0.0.1", world.port)):
        assert f"Another program uses port {world.port}" in world.press(SIGN_IN)
    first = world.begin()
    second = world.begin()
    browser.open(first)
    assert "does not belong to this sign-in" in browser.submit("Allow")
    browser.open(second)
    assert "You're signed in" in browser.submit("Allow")
    world.quit_clean()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault.status(*TOKEN, status=500, count=1), "a server problem"),
        (Fault.answer(*TOKEN, b"<html>", count=1), "did not come from Velora"),
        (Fault.reset(*TOKEN, count=1), "connection to Velora broke"),
        (Fault.latency(*TOKEN, 2.0, count=1), ""),
    ],
    ids=["500", "garbage", "reset", "slow"],
)
def test_token_endpoint_in_trouble(
    world: SignInWorld, browser: Browser, fault: Fault, sentence: str
) -> None:
    world.open()
    world.velora.faults.add(fault)
    page = world.sign_in(browser)
    if sentence:
        assert sentence in page
        assert "test_code" not in browser.source()
        page = world.sign_in(browser)
    assert "You're signed in" in page
    world.quit_clean()


def test_quitting_half_way__the_port_is_free(world: SignInWorld) -> None:
    world.open()
    world.begin()
    world.quit_clean()
    with socket.create_server(("127.0.0.1", world.port)):
        pass


def test_reload_half_way__the_port_is_free_and_it_works_again(
    world: SignInWorld, browser: Browser
) -> None:
    world.open()
    world.begin()
    world.panel.reload()
    assert "You're signed in" in world.sign_in(browser)
    world.quit_clean()


def test_sign_out__forgets_all_of_it(world: SignInWorld, browser: Browser) -> None:
    world.open()
    world.sign_in(browser)
    world.redraw()
    assert world.secrets_file().exists()
    assert "You are signed out" in world.press("Sign out")
    assert world.panel.find(SIGN_IN)
    assert not world.secrets_file().exists()
    world.quit_clean()


def test_app_preset_beside_the_script__hides_the_fields(
    world: SignInWorld, browser: Browser
) -> None:
    preset = {
        "client_id": world.app.client_id,
        "client_secret": world.app.client_secret,
        "redirect_port": world.port,
    }
    (world.script.parent / "velora_app.json").write_text(json.dumps(preset))
    world.velora.register(world.app)
    world.start(token=False, environment=world.button.environment)
    world.press("Check everything")  # drawn anew: on a slow machine the file wasn't read before
    assert world.panel.find("Client ID") is None
    assert "You're signed in" in world.sign_in(browser)
    world.quit_clean()
