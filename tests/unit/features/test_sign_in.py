"""Signing in with a browser and an authorization server that are fakes, and signing out."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any, cast

import pytest
from pytest_mock import MockerFixture

from tests.unit.clock import Clock
from tests.unit.fakes import (
    TOKEN,
    FakeHost,
    FakeVelora,
    run,
    run_until_idle,
    wait_for,
)
from tests.unit.features.stream_key_check.steps import BY_HAND
from velora_core import errors
from velora_core.app.account import Account, TokenOrigin
from velora_core.app.state import StatusLevel
from velora_core.application import Application
from velora_core.auth.client_registration import DEFAULT_PORT
from velora_core.auth.oauth import AuthorizationRequest, ClientCredentials, Tokens
from velora_core.auth.scopes import FREE_SCOPES, SCOPES
from velora_core.auth.token_refresh import Grant
from velora_core.errors import VeloraError
from velora_core.host.host import LogLevel
from velora_core.secret import Secret
from velora_core.storage.storage import Storage

NOTHING = {"HOME": "/nowhere"}
pytestmark = pytest.mark.usefixtures("quick_typing")


def test_sign_in__without_an_app_says_how_to_get_one(make: Any) -> None:
    app = make(**NOTHING)
    assert "developer.velora.tv" in run(app, app.actions.sign_in())
    assert app.state.tone is StatusLevel.NORMAL  # it is the next step: nothing went wrong
    app.set_secret("client_id", " test-client-id ")
    app.set_secret("client_secret", "test_client_secret")
    wait_for(lambda: app.state.account.client_known)


class Browser:
    """The page, and the server behind it. `answer` is the user who allows access."""

    def __init__(self) -> None:
        self.opened: list[tuple[ClientCredentials, str, int]] = []
        self.refusal: VeloraError | None = None
        self.finish: Any = None
        self.failed: Any = None
        self.unopened: Any = None
        self.asked: list[tuple[str, ...]] = []
        self.granted = frozenset(SCOPES)
        self.stops = 0
        self.expiries = 0
        self.expires_in = 3600.0
        self.refreshed: list[str] = []
        self.opening: Any = None
        self.pending = False

    def signing_in(self, oauth: Any, *, finish: Any, failed: Any, unopened: Any) -> Browser:
        self.finish, self.failed, self.unopened = finish, failed, unopened
        return self

    @property
    def address(self) -> str:
        return "https://velora.test/authorize" if self.pending else ""

    def begin(
        self, client: ClientCredentials, *, redirect_uri: str, port: int, scopes: tuple[str, ...]
    ) -> None:
        if self.opening:
            self.opening()
        if self.refusal:
            raise self.refusal
        self.asked.append(scopes)
        self.opened.append((client, redirect_uri, port))
        self.pending = True

    def stop(self) -> None:
        self.stops += 1
        self.pending = False

    def expire(self) -> None:
        self.expiries += 1

    def tokens(self, number: int = 1) -> Tokens:
        return Tokens(
            Secret(f"test_access_{number}"),
            Secret(f"test_refresh_{number}"),
            time.time() + self.expires_in,
            self.granted,
        )

    def exchange(self, *_: Any) -> Tokens:
        if self.refusal:
            raise self.refusal
        return self.tokens()

    def refresh(self, _: Any, token: Secret) -> Tokens:
        self.refreshed.append(token.reveal())
        if self.refusal:
            raise self.refusal
        return self.tokens(2)

    def answer(self) -> Grant:
        """As the listener's thread does it."""
        outcome: list[Any] = []

        self.pending = False

        def listen() -> None:
            state, verifier = Secret("test_state"), Secret("test_verifier")
            attempt = AuthorizationRequest("", "", state, verifier, self.asked[-1])
            try:
                outcome.append(self.finish(self.opened[-1][0], attempt, Secret("test_code")))
            except VeloraError as error:
                outcome.append(error)

        thread = threading.Thread(target=listen, name="listener")
        thread.start()
        thread.join(5)
        [found] = outcome
        if isinstance(found, VeloraError):
            raise found
        return cast(Grant, found)


@pytest.fixture
def browser(mocker: MockerFixture) -> Browser:
    browser = Browser()
    mocker.patch("velora_core.features.sign_in.BrowserFlow", side_effect=browser.signing_in)
    for name in ("exchange", "refresh"):
        mocker.patch(f"velora_core.auth.oauth.OAuth.{name}", side_effect=getattr(browser, name))
    return browser


@pytest.fixture
def registered(make: Any, browser: Browser) -> Application:
    """The browser is open."""
    app: Application = make(**NOTHING)
    app.set_secret("client_id", " test-client-id ")
    app.set_secret("client_secret", " test_client_secret ")
    assert "Velora's page opens in your browser" in run(app, app.actions.sign_in())
    return app


def test_sign_in__opens_the_browser_with_the_app_that_was_entered(
    registered: Application, browser: Browser
) -> None:
    client = ClientCredentials("test-client-id", Secret("test_client_secret"))
    address = f"http://localhost:{DEFAULT_PORT}/"
    assert browser.opened == [(client, address, DEFAULT_PORT)]
    assert registered.panel().find("redirect_address").value == address


def test_sign_in__is_announced_used_and_kept(
    registered: Application, browser: Browser, velora: FakeVelora, host: FakeHost, folder: Path
) -> None:
    assert browser.answer().name == "Some Body"
    sentence = "Signed in as Some Body. Next: press Configure Velora."
    assert registered.state.status == sentence
    assert registered.state.account.origin is TokenOrigin.SIGNED_IN
    assert "Signed in as Some Body since 20" in registered.state.account.sentence
    assert registered.state.account.scopes == frozenset(SCOPES)
    registered.process_ui_queue()
    assert host.logged[-1] == (LogLevel.INFO, sentence)
    assert "OBS will stream" in run(registered, registered.actions.configure())
    assert velora.tokens.token() == Secret("test_access_1")
    stored = Storage(folder).sign_in
    assert stored
    assert (stored.name, stored.tokens.refresh) == ("Some Body", Secret("test_refresh_1"))
    assert "test_" not in repr(registered.state)


def test_sign_in__with_another_channels_key_in_the_profile__asks_about_it(
    registered: Application, browser: Browser, host: FakeHost
) -> None:
    run(registered, registered.actions.refresh())
    host.services["Main"] = BY_HAND
    run_until_idle(registered)
    assert not registered.actions.asking
    browser.answer()
    run_until_idle(registered)
    assert registered.actions.asking
    question = registered.state.status
    assert question.startswith("The stream key in OBS is not your channel's")
    assert host.services["Main"] == BY_HAND


def test_sign_in__takes_the_place_of_a_token(
    registered: Application, browser: Browser, velora: FakeVelora, folder: Path
) -> None:
    registered.set_secret("access_token", TOKEN)
    run(registered, registered.actions.refresh())
    assert registered.state.account.origin is TokenOrigin.ENTERED
    browser.answer()
    run(registered, registered.actions.refresh())
    assert velora.tokens.token() == Secret("test_access_1")
    assert Storage(folder).token is None
    registered.set_secret("access_token", TOKEN)  # and the other way round
    run(registered, registered.actions.refresh())
    assert velora.tokens.token() == Secret(TOKEN)
    assert velora.tokens.refresh(Secret(TOKEN)) is None


def test_sign_in__is_there_the_next_time_and_renews_itself(
    registered: Application, browser: Browser, make: Any, velora: FakeVelora, folder: Path
) -> None:
    browser.expires_in = -1.0
    browser.answer()
    registered.close()
    browser.expires_in = 3600.0
    second = make(**NOTHING)
    wait_for(lambda: second.state.account.origin is TokenOrigin.SIGNED_IN)
    assert second.state.account.client_known
    run(second, second.actions.refresh())
    assert velora.tokens.token() == Secret("test_access_2")
    stored = Storage(folder).sign_in
    assert stored
    assert stored.tokens.access == Secret("test_access_2")
    assert velora.tokens.refresh(Secret("test_access_1")) == Secret("test_access_2")
    assert browser.refreshed == ["test_refresh_1"]


@pytest.mark.parametrize("storage_fails", [False, True])
def test_sign_in__that_velora_ends_is_said_and_forgotten(
    registered: Application,
    browser: Browser,
    folder: Path,
    mocker: MockerFixture,
    storage_fails: bool,
) -> None:
    browser.expires_in = -1.0
    browser.answer()
    registered.panel(drawn=True)
    browser.refusal = errors.SignInRefused()
    if storage_fails:
        mocker.patch("os.replace", side_effect=OSError(28, "full"))
    assert run(registered, registered.actions.refresh()) == str(errors.SignInEnded())
    assert registered.state.account.origin is TokenOrigin.NONE
    assert (Storage(folder).sign_in is None) is not storage_fails
    assert "You are not signed in" in run(registered, registered.actions.refresh())


def test_sign_in__before_it_was_answered__refresh_says_what_is_left(
    registered: Application, velora: FakeVelora
) -> None:
    assert "Velora's page opens in your browser" in run(registered, registered.actions.refresh())
    assert velora.calls == []


@pytest.mark.parametrize("allowed", [True, False])
def test_sign_in__answered_while_nobody_looked__is_what_refresh_shows(
    registered: Application, browser: Browser, allowed: bool
) -> None:
    """The browser's page sends the streamer back to OBS, and the panel said: press Refresh."""
    if allowed:
        browser.answer()
        first = "Signed in as Some Body. Next: press Configure Velora."
        second = "You are offline (as of 12:00). Velora has no title and no category."
    else:
        browser.pending = False
        browser.failed(errors.ConsentDenied())
        first, second = str(errors.ConsentDenied()), str(errors.NotSignedIn())
    assert run(registered, registered.actions.refresh()) == f"{first}\n{second}"
    assert run(registered, registered.actions.refresh()) == second


def test_sign_in__without_a_name_is_one_all_the_same(
    registered: Application, browser: Browser, velora: FakeVelora, folder: Path
) -> None:
    velora.failures["profile"].append(errors.TimedOut())
    browser.answer()
    assert "Signed in as yourself" in registered.state.status
    assert "Signed in as a Velora user" in registered.state.account.sentence
    assert Storage(folder).sign_in


def test_sign_in__that_is_refused_leaves_what_was_there(
    registered: Application, browser: Browser, velora: FakeVelora
) -> None:
    registered.set_secret("access_token", TOKEN)
    run(registered, registered.actions.refresh())
    browser.refusal = errors.SignInRefused()
    with pytest.raises(errors.SignInRefused):
        browser.answer()
    assert registered.state.status == str(errors.SignInRefused())
    run(registered, registered.actions.refresh())
    assert velora.tokens.token() == Secret(TOKEN)


def test_sign_in__that_can_not_be_kept_holds_until_the_end(
    registered: Application, browser: Browser, mocker: MockerFixture, host: FakeHost
) -> None:
    mocker.patch("os.replace", side_effect=OSError(30, "Read-only file system"))
    browser.answer()
    registered.process_ui_queue()
    assert "signed in until you close OBS" in registered.state.status
    assert len([text for text in host.warnings if "signed in until you close OBS" in text]) == 1
    assert "offline" in run(registered, registered.actions.refresh())


def test_sign_in__with_a_bug_in_it_ends(registered: Application, browser: Browser) -> None:
    browser.refusal = KeyError("test_access_1")  # type: ignore[assignment]
    with pytest.raises(errors.TimedOut):
        browser.answer()
    assert "KeyError" in registered.state.status
    assert "test_access" not in registered.state.status


def test_sign_in__that_has_no_browser_is_said(make: Any, browser: Browser) -> None:
    app = make(VELORA_CLIENT_ID="preset-id", HOME="/nowhere")
    run(app, app.actions.sign_in())
    assert app.panel().find("sign_in_address").value == "https://velora.test/authorize"
    browser.unopened(errors.BrowserMissing())
    assert app.state.status == str(errors.BrowserMissing())
    assert "copy the address below" in app.state.status
    assert app.panel().find("sign_in_address").value  # the attempt goes on
    browser.answer()
    assert app.panel().find("sign_in_address").value == ""


def test_sign_in__by_an_app_that_is_not_approved__asks_for_less_the_next_time(
    make: Any, browser: Browser
) -> None:
    app = make(VELORA_CLIENT_ID="preset-id", HOME="/nowhere")
    run(app, app.actions.sign_in())
    browser.failed(errors.ScopesNotApproved())
    assert "press Sign in with Velora again" in app.state.status
    assert "this time without stream:key and stream:write" in run(app, app.actions.sign_in())
    browser.granted = frozenset(FREE_SCOPES)
    browser.answer()
    assert app.state.status.startswith("Signed in as ")
    assert "without stream:key and stream:write, for which Velora has not" in app.state.status
    assert "Copy your stream key from velora.tv" in app.state.status
    assert "Set title, category and tags on velora.tv." in app.state.status
    assert "ask for it at developer.velora.tv" in (app.state.account.obstacle("stream:key") or "")
    assert app.state.account.can_sign_in
    run(app, app.actions.sign_in())
    assert browser.asked == [SCOPES, FREE_SCOPES, SCOPES]


def test_sign_in__with_a_scope_left_out__says_both_reasons(make: Any, browser: Browser) -> None:
    app = make(VELORA_CLIENT_ID="preset-id", HOME="/nowhere")
    run(app, app.actions.sign_in())
    browser.granted = frozenset(SCOPES) - {"stream:write"}
    browser.answer()
    assert app.state.status == (
        "Signed in as Some Body, but without stream:write: you did not allow it, or Velora has not "
        "approved your app for it yet. Set title, category and tags on velora.tv."
    )


def test_sign_in__with_a_preset_app(browser: Browser, host: FakeHost, tmp_path: Path) -> None:
    (tmp_path / "velora_app.json").write_text('{"client_id": "preset-id", "redirect_port": 5000}')
    app = Application(
        host, environment=NOTHING, folder=tmp_path / "settings", preset_folder=str(tmp_path)
    )
    app.set_secret("client_id", "another")
    run(app, app.actions.sign_in())
    assert browser.opened == [(ClientCredentials("preset-id"), "http://localhost:5000/", 5000)]
    assert app.panel().find("redirect_address").value == "http://localhost:5000/"
    app.close()


def test_sign_in__twice_and_expiry(
    registered: Application, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    clock.now = time.monotonic()
    clock.rule(monkeypatch, "app.worker")
    run(registered, registered.actions.sign_in())
    assert len(browser.opened) == 2
    assert browser.expiries == 0
    clock.now += 301
    run(registered, registered.actions.refresh())
    wait_for(lambda: browser.expiries == 2)


def test_sign_out__ends_an_attempt_and_a_sign_in(
    registered: Application, browser: Browser, folder: Path
) -> None:
    browser.answer()
    assert "You are signed out" in run(registered, registered.actions.sign_out())
    assert browser.stops == 1
    assert registered.state.account == Account()
    assert not (folder / "secrets.json").exists()


def test_close__ends_an_attempt(registered: Application, browser: Browser) -> None:
    registered.close()
    assert browser.stops == 1
    with pytest.raises(errors.TimedOut):
        browser.answer()


def test_close__while_the_browser_is_being_opened_leaves_nothing_behind(
    registered: Application, browser: Browser
) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def opening() -> None:
        under_way.set()
        assert go_on.wait(5)

    browser.opening = opening
    job = registered.actions.sign_in()
    assert under_way.wait(5)
    registered.close()
    stops = browser.stops
    go_on.set()
    assert job.wait(5)
    assert browser.stops == stops + 1


def test_close__before_the_browser_is_opened_opens_none(
    make: Any, browser: Browser, mocker: MockerFixture
) -> None:
    app = make(VELORA_CLIENT_ID="preset-id", HOME="/nowhere")
    run(app, app.actions.refresh())

    def signing_in(*_: Any, **__: Any) -> Browser:
        app.close()  # by the UI thread, in this very moment
        return browser

    mocker.patch("velora_core.features.sign_in.BrowserFlow", side_effect=signing_in)
    assert app.actions.sign_in().wait(5)
    assert browser.opened == []
