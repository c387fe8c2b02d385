"""The rest of what the application does: tokens, refresh, profiles, time, threads."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, cast

import pytest
from pytest_mock import MockerFixture

from tests.unit.clock import Clock
from tests.unit.fakes import (
    CATEGORIES,
    RTMP,
    TOKEN,
    FakeHost,
    FakeVelora,
    run,
    wait_for,
)
from velora_core import errors
from velora_core.api.models import StreamInfo
from velora_core.api.transport import Transport
from velora_core.app.account import Account, TokenOrigin
from velora_core.app.runtime import Runtime
from velora_core.app.state import State, StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.auth.client_registration import DEFAULT_PORT, BundledClient
from velora_core.auth.oauth import AuthorizationRequest, ClientCredentials, Tokens
from velora_core.auth.scopes import FREE_SCOPES, SCOPES
from velora_core.auth.token_refresh import Grant
from velora_core.errors import VeloraError
from velora_core.host.host import LogLevel
from velora_core.secret import Secret
from velora_core.storage.storage import Storage

NOTHING = {"HOME": "/nowhere"}


@pytest.fixture(autouse=True)
def _typing_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("velora_core.features.sign_in._TYPING_DELAY", 0.05)


# -- tokens ------------------------------------------------------------------------------------


def test_first_start__says_what_to_do(make: Any) -> None:
    app = make(**NOTHING)
    app.settle(app._opening)
    assert app.state.status == "Sign in with Velora, then press Configure Velora."
    assert app.state.account.sentence == "Not signed in."
    assert "You are not signed in" in run(app, app.configure())


def test_first_moment__nothing_is_said_about_the_sign_in(
    make: Any, folder: Path, mocker: MockerFixture
) -> None:
    client = ClientCredentials("test-client-id")
    tokens = Tokens(Secret(TOKEN), None, time.time() + 3600, None)
    Storage(folder).save_sign_in(Grant(client, tokens, name="Some Body", since=1000.0))
    go = threading.Event()
    opened = Storage.__init__

    def slowly(self: Storage, *how: Any, **more: Any) -> None:
        assert go.wait(5)
        opened(self, *how, **more)

    mocker.patch("velora_core.application._OPENING_TIMEOUT", 0.0)
    mocker.patch.object(Storage, "__init__", slowly)
    shown = mocker.spy(Runtime, "change")
    app = make(**NOTHING)
    app.panel_opened()
    app.profile_changed()
    account = app.state.account
    assert app.state.status.startswith("Your sign-in and settings are being read …")
    assert account.sentence == "Your sign-in is being read …"
    assert not account.can_sign_in
    assert not account.can_register
    assert not account.can_paste
    go.set()
    app.settle(app._opening)
    assert app.state.status == "Press Configure Velora to set OBS up for Velora."
    assert app.state.account.origin is TokenOrigin.SIGNED_IN
    said = [call.kwargs["account"].origin for call in shown.mock_calls if "account" in call.kwargs]
    assert set(said) <= {TokenOrigin.READING, TokenOrigin.SIGNED_IN}  # nor at any moment between


def test_token__typed_in_pieces_is_used_and_kept(
    make: Any, velora: FakeVelora, folder: Path
) -> None:
    app = make(**NOTHING)
    for end in (1, 5, len(TOKEN)):
        app.entered("access_token", TOKEN[:end])
    run(app, app.configure())
    assert velora.tokens.token().reveal() == TOKEN
    assert app.state.account.origin is TokenOrigin.ENTERED
    assert app.state.account.sentence == "Using the access token you pasted."
    token = Storage(folder).token
    assert token
    assert token.reveal() == TOKEN


def test_token__is_kept_after_a_pause_without_a_button(make: Any, folder: Path) -> None:
    app = make(**NOTHING)
    app.entered("access_token", f"  {TOKEN}\n")
    wait_for(lambda: (folder / "secrets.json").exists())
    wait_for(lambda: Storage(folder).token is not None)
    assert app.state.status == "Your token is entered. Next: press Configure Velora."


def test_token__is_there_the_next_time(make: Any) -> None:
    first = make(**NOTHING)
    first.entered("access_token", TOKEN)
    run(first, first.configure())
    first.close()
    second = make(**NOTHING)
    wait_for(lambda: second.state.account.origin is TokenOrigin.ENTERED)
    assert "OBS will stream" in run(second, second.configure())


def test_token__taken_out_again_is_forgotten(make: Any, folder: Path) -> None:
    app = make(**NOTHING)
    app.entered("access_token", TOKEN)
    run(app, app.configure())
    app.entered("access_token", "")
    assert "You are not signed in" in run(app, app.configure())
    assert Storage(folder).token is None


@pytest.mark.parametrize("text", ["two words", "tökèn", "line\nbreak"])
def test_token__that_can_not_be_one_is_said(make: Any, folder: Path, text: str) -> None:
    app = make(**NOTHING)
    app.entered("access_token", text)
    status = run(app, app.configure())
    assert "That is not an access token" in status
    assert text not in status
    assert Storage(folder).token is None


def test_token__that_can_not_be_one_keeps_nothing_else_from_being_kept(
    make: Any, folder: Path
) -> None:
    app = make(**NOTHING)
    app.entered("client_id", "test_client")
    app.entered("access_token", "two words")
    run(app, app.configure())
    client = Storage(folder).client
    assert client
    assert client.client_id == "test_client"


def test_token__of_the_environment_wins_and_is_never_written(
    make: Any, velora: FakeVelora, folder: Path
) -> None:
    other = "test_access_environment_only"
    app = make(VELORA_ACCESS_TOKEN=f" {other} ")
    app.entered("access_token", TOKEN)
    run(app, app.configure())
    assert velora.tokens.token().reveal() == other
    assert velora.tokens.renew(velora.tokens.token()) is None
    assert app.state.account.sentence == "Using the access token in VELORA_ACCESS_TOKEN."
    assert all(other not in file.read_text() for file in folder.iterdir())


def test_token__that_can_not_be_saved_still_works(
    make: Any, mocker: MockerFixture, host: FakeHost
) -> None:
    app = make(**NOTHING)
    mocker.patch("os.replace", side_effect=OSError(30, "Read-only file system"))
    app.entered("access_token", TOKEN)
    wait_for(lambda: "could not be saved" in app.state.status)
    assert app.state.tone is StatusLevel.WARNING
    assert "offline" in run(app, app.refresh())


def test_typing__does_not_hide_what_a_button_said(
    make: Any, monkeypatch: pytest.MonkeyPatch, mocker: MockerFixture
) -> None:
    clock = Clock()
    clock.rule(monkeypatch, "app.worker")
    app = make(**NOTHING)
    app.entered("access_token", TOKEN)
    run(app, app.configure())
    kept = mocker.patch("velora_core.storage.storage.Storage.save_token")
    clock.now += 1e6
    status = run(app, app.refresh())
    assert "offline" in status
    kept.assert_not_called()  # it was stored when the first button was pressed


def test_typing__is_stored_once_it_pauses_and_not_before(
    make: Any, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    clock = Clock()
    clock.rule(monkeypatch, "app.worker")
    app = make(**NOTHING)
    for end in range(1, len(TOKEN) + 1):
        clock.now += 0.04
        app.entered("access_token", TOKEN[:end])
    app.restore_previous().wait(5)  # a button that isn't about the token
    assert not (folder / "secrets.json").exists()
    clock.now += 0.05
    app.restore_previous().wait(5)
    wait_for((folder / "secrets.json").exists)
    assert Storage(folder).token == Secret(TOKEN)


@pytest.mark.parametrize("text", ["two words", "tökèn"])
def test_token__that_can_not_be_one_is_said_without_a_button(
    make: Any, folder: Path, text: str
) -> None:
    app = make(**NOTHING)
    app.entered("access_token", text)
    wait_for(lambda: "That is not an access token" in app.state.status)
    assert app.state.tone is StatusLevel.ERROR
    assert Storage(folder).token is None


def test_token__of_the_environment_that_can_not_be_one_is_said(make: Any) -> None:
    app = make(VELORA_ACCESS_TOKEN="two words")
    assert "That is not an access token" in run(app, app.refresh())


def test_sign_in__without_an_app_says_how_to_get_one(make: Any) -> None:
    app = make(**NOTHING)
    assert "developer.velora.tv" in run(app, app.sign_in())
    app.entered("client_id", " test-client-id ")
    app.entered("client_secret", "test_client_secret")
    wait_for(lambda: app.state.account.client_known)


def test_sign_out__forgets(make: Any, folder: Path) -> None:
    app = make(**NOTHING)
    app.entered("access_token", TOKEN)
    app.entered("client_id", "test-client-id")
    run(app, app.refresh())
    assert "You are signed out" in run(app, app.sign_out())
    assert app.state.account == Account()
    assert not (folder / "secrets.json").exists()


def test_sign_out__can_not_unset_the_environment(app: Application) -> None:
    assert "VELORA_ACCESS_TOKEN still works" in run(app, app.sign_out())


# -- signing in: the browser and the authorization server are fakes --------------------------


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
        self.under_way = False

    def signing_in(self, oauth: Any, *, finish: Any, failed: Any, unopened: Any) -> Browser:
        self.finish, self.failed, self.unopened = finish, failed, unopened
        return self

    @property
    def address(self) -> str:
        return "https://velora.test/authorize" if self.under_way else ""

    def begin(
        self, client: ClientCredentials, *, redirect_uri: str, port: int, scopes: tuple[str, ...]
    ) -> None:
        if self.opening:
            self.opening()
        if self.refusal:
            raise self.refusal
        self.asked.append(scopes)
        self.opened.append((client, redirect_uri, port))
        self.under_way = True

    def stop(self) -> None:
        self.stops += 1
        self.under_way = False

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

        self.under_way = False

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
    app.entered("client_id", " test-client-id ")
    app.entered("client_secret", " test_client_secret ")
    assert "Velora's page opens in your browser" in run(app, app.sign_in())
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
    assert "OBS will stream" in run(registered, registered.configure())
    assert velora.tokens.token() == Secret("test_access_1")
    stored = Storage(folder).sign_in
    assert stored
    assert (stored.name, stored.tokens.refresh) == ("Some Body", Secret("test_refresh_1"))
    assert "test_" not in repr(registered.state)


def test_sign_in__takes_the_place_of_a_token(
    registered: Application, browser: Browser, velora: FakeVelora, folder: Path
) -> None:
    registered.entered("access_token", TOKEN)
    run(registered, registered.refresh())
    assert registered.state.account.origin is TokenOrigin.ENTERED
    browser.answer()
    run(registered, registered.refresh())
    assert velora.tokens.token() == Secret("test_access_1")
    assert Storage(folder).token is None
    registered.entered("access_token", TOKEN)  # and the other way round
    run(registered, registered.refresh())
    assert velora.tokens.token() == Secret(TOKEN)
    assert velora.tokens.renew(Secret(TOKEN)) is None


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
    run(second, second.refresh())
    assert velora.tokens.token() == Secret("test_access_2")
    stored = Storage(folder).sign_in
    assert stored
    assert stored.tokens.access == Secret("test_access_2")
    assert velora.tokens.renew(Secret("test_access_1")) == Secret("test_access_2")
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
    assert run(registered, registered.refresh()) == str(errors.SignInEnded())
    assert registered.state.account.origin is TokenOrigin.NONE
    assert (Storage(folder).sign_in is None) is not storage_fails
    assert "You are not signed in" in run(registered, registered.refresh())


def test_sign_in__before_it_was_answered__refresh_says_what_is_left(
    registered: Application, velora: FakeVelora
) -> None:
    assert "Velora's page opens in your browser" in run(registered, registered.refresh())
    assert velora.calls == []


@pytest.mark.parametrize("allowed", [True, False])
def test_sign_in__answered_while_nobody_looked__is_what_refresh_shows(
    registered: Application, browser: Browser, allowed: bool
) -> None:
    """The browser's page sends the streamer back to OBS, and the panel said: press Refresh."""
    if allowed:
        browser.answer()
        first = "Signed in as Some Body. Next: press Configure Velora."
        second = "You are offline. Velora has no title and no category."
    else:
        browser.under_way = False
        browser.failed(errors.ConsentDenied())
        first, second = str(errors.ConsentDenied()), str(errors.NotSignedIn())
    assert run(registered, registered.refresh()) == f"{first}\n{second}"
    assert run(registered, registered.refresh()) == second


def test_key_mended_while_nobody_looked__is_seen_when_the_panel_opens(
    app: Application, velora: FakeVelora
) -> None:
    run(app, app.configure())
    velora.regenerate_stream_key()
    app.stream_stopped()
    wait_for(lambda: "had changed" in app.state.status, meanwhile=app.process_ui_queue)
    app.profile_changed()  # says where things stand, and hides nothing
    app.panel_opened()
    lines = app.panel(drawn=True).find("status").text.splitlines()
    assert "Your stream key had changed on Velora" in lines[0]
    assert "OBS streams to Velora" in lines[1]


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
    registered.entered("access_token", TOKEN)
    run(registered, registered.refresh())
    browser.refusal = errors.SignInRefused()
    with pytest.raises(errors.SignInRefused):
        browser.answer()
    assert registered.state.status == str(errors.SignInRefused())
    run(registered, registered.refresh())
    assert velora.tokens.token() == Secret(TOKEN)


def test_sign_in__that_can_not_be_kept_holds_until_the_end(
    registered: Application, browser: Browser, mocker: MockerFixture, host: FakeHost
) -> None:
    mocker.patch("os.replace", side_effect=OSError(30, "Read-only file system"))
    browser.answer()
    registered.process_ui_queue()
    assert "signed in until you close OBS" in registered.state.status
    assert len([text for text in host.warnings if "signed in until you close OBS" in text]) == 1
    assert "offline" in run(registered, registered.refresh())


def test_sign_in__with_a_bug_in_it_ends(registered: Application, browser: Browser) -> None:
    browser.refusal = KeyError("test_access_1")  # type: ignore[assignment]
    with pytest.raises(errors.TimedOut):
        browser.answer()
    assert "KeyError" in registered.state.status
    assert "test_access" not in registered.state.status


def test_sign_in__that_has_no_browser_is_said(make: Any, browser: Browser) -> None:
    app = make(VELORA_CLIENT_ID="preset-id", HOME="/nowhere")
    run(app, app.sign_in())
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
    run(app, app.sign_in())
    browser.failed(errors.ScopesNotApproved())
    assert "press Sign in with Velora again" in app.state.status
    assert "this time without stream:key and stream:write" in run(app, app.sign_in())
    browser.granted = frozenset(FREE_SCOPES)
    browser.answer()
    assert app.state.status.startswith("Signed in as ")
    assert "without stream:key and stream:write, for which Velora has not" in app.state.status
    assert "Copy your stream key from velora.tv" in app.state.status
    assert "Set title, category and tags on velora.tv." in app.state.status
    assert "ask for it at developer.velora.tv" in (app.state.account.obstacle("stream:key") or "")
    assert app.state.account.can_sign_in
    run(app, app.sign_in())
    assert browser.asked == [SCOPES, FREE_SCOPES, SCOPES]


def test_sign_in__with_a_scope_left_out__says_both_reasons(make: Any, browser: Browser) -> None:
    app = make(VELORA_CLIENT_ID="preset-id", HOME="/nowhere")
    run(app, app.sign_in())
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
    app.entered("client_id", "another")
    run(app, app.sign_in())
    assert browser.opened == [(ClientCredentials("preset-id"), "http://localhost:5000/", 5000)]
    assert app.panel().find("redirect_address").value == "http://localhost:5000/"
    app.close()


def test_sign_in__twice_and_expiry(
    registered: Application, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    clock.now = time.monotonic()
    clock.rule(monkeypatch, "app.worker")
    run(registered, registered.sign_in())
    assert len(browser.opened) == 2
    assert browser.expiries == 0
    clock.now += 301
    run(registered, registered.refresh())
    wait_for(lambda: browser.expiries == 2)


def test_sign_out__ends_an_attempt_and_a_sign_in(
    registered: Application, browser: Browser, folder: Path
) -> None:
    browser.answer()
    assert "You are signed out" in run(registered, registered.sign_out())
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
    job = registered.sign_in()
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
    run(app, app.refresh())

    def signing_in(*_: Any, **__: Any) -> Browser:
        app.close()  # by the UI thread, in this very moment
        return browser

    mocker.patch("velora_core.features.sign_in.BrowserFlow", side_effect=signing_in)
    assert app.sign_in().wait(5)
    assert browser.opened == []


# -- what is shown -----------------------------------------------------------------------------


def test_refresh__tells_how_the_channel_stands(app: Application, velora: FakeVelora) -> None:
    assert run(app, app.refresh()) == ("You are offline. Velora has no title and no category.")
    assert app.state.categories == CATEGORIES
    velora.info = StreamInfo(
        "A\n<b>title</b>", "Music", "music", True, 5, datetime(2026, 1, 1, tzinfo=timezone.utc)
    )
    assert run(app, app.refresh()) == (
        "You are live on Velora with the title “A <b>title</b>” and the category Music."
    )


def test_refresh__shows_why_it_failed(app: Application, velora: FakeVelora) -> None:
    velora.failures["categories"].append(errors.DnsError(host="api.velora.tv"))
    assert "api.velora.tv can't be looked up" in run(app, app.refresh())


def test_categories__are_fetched_behind_an_opening_panel_but_not_each_time(
    app: Application, velora: FakeVelora
) -> None:
    for _ in range(5):
        app.panel_opened()
    run(app, app.update_now())
    wait_for(lambda: app.state.categories == CATEGORIES)
    assert len(velora.named("categories")) == 1


def test_categories__of_the_last_time_are_there_at_once(make: Any, velora: FakeVelora) -> None:
    first = make()
    run(first, first.refresh())
    first.close()
    velora.failures["categories"] += [errors.TimedOut()] * 5
    second = make()
    second.panel_opened()
    wait_for(lambda: second.state.categories == CATEGORIES)
    run(second, second.update_now())
    assert second.state.tone is not StatusLevel.ERROR  # nobody asked for it, so nobody is told


def test_categories__are_not_asked_for_when_signed_out(make: Any, velora: FakeVelora) -> None:
    app = make(**NOTHING)
    app.panel_opened()
    run(app, app.update_now())
    assert velora.calls == []


def test_category_field__shows_names_and_keeps_slugs(app: Application) -> None:
    run(app, app.refresh())
    for typed, kept, shown in (
        (" just chatting", "just-chatting", "Just Chatting"),
        (" anything ", "anything", "anything"),
    ):
        app.edit({"category_entry": typed})
        assert app.settings.category == kept
        assert app.panel().find("category_entry").value == shown


def test_profile_change__shows_which_service_is_in_use(app: Application, host: FakeHost) -> None:
    run(app, app.configure())
    host.current_profile = "Second"
    app.profile_changed()
    assert app.state.status == "Press Configure Velora to set OBS up for Velora."
    host.current_profile = "Main"
    app.profile_changed()
    assert app.state.status == f"OBS streams to Velora ({RTMP})."


def test_profile_change__when_signed_out_says_what_to_do(make: Any) -> None:
    app = make(**NOTHING)
    run(app, app.update_now())
    app.profile_changed()
    assert app.state.status == "Sign in with Velora, then press Configure Velora."


def test_categories__whose_fetching_makes_room_are_no_news(
    app: Application, velora: FakeVelora, host: FakeHost
) -> None:
    velora.failures["categories"].append(errors.Cancelled())
    app.panel_opened()
    wait_for(lambda: velora.named("categories"))
    run(app, app.update_now())
    app.panel_opened()
    wait_for(lambda: app.state.categories == CATEGORIES)
    app.process_ui_queue()
    assert host.logged == []


def test_restart__shows_that_obs_is_configured(make: Any) -> None:
    first = make()
    run(first, first.configure())
    first.close()
    second = make()

    def shown() -> bool:
        second.process_ui_queue()
        return bool(second.state.status == f"OBS streams to Velora ({RTMP}).")

    wait_for(shown)


def test_bad_api_url__is_said_at_once_and_at_each_button(host: FakeHost, folder: Path) -> None:
    environment = {"VELORA_API_URL": "http://velora.test/", "VELORA_ACCESS_TOKEN": TOKEN}
    app = Application(host, environment=environment, folder=folder)
    wait_for(lambda: "must be https://" in app.state.status)
    for action in (app.configure, app.refresh, app.update_now):
        app.settings = StreamSettings(title="x")
        assert "must be https://" in run(app, action())
    assert host.changes == []
    app.close()


def test_scopes__say_what_can_not_be_done() -> None:
    account = Account(TokenOrigin.SIGNED_IN, "A", 0.0, frozenset({"stream:write"}))
    assert account.obstacle("stream:write") is None
    assert "stream:key" in (account.obstacle("stream:key") or "")
    assert Account().obstacle("stream:key") is None
    assert "Signed in as A since 1970-01-0" in account.sentence or "1969" in account.sentence


@pytest.mark.parametrize(
    ("account", "sign_in", "register"),
    [
        (Account(), True, True),
        (Account(client_known=True), True, True),
        (Account(client_known=True, client_preset=True), True, False),
        (Account(TokenOrigin.ENTERED), False, False),
        (Account(TokenOrigin.ENTERED, client_known=True), True, False),
        (Account(TokenOrigin.ENVIRONMENT, client_known=True), False, False),
        (Account(TokenOrigin.SIGNED_IN, client_known=True), False, False),
        (Account(TokenOrigin.SIGNED_IN, scopes=frozenset({"stream:key"})), True, False),
    ],
)
def test_panel__offers_what_is_of_use(account: Account, sign_in: bool, register: bool) -> None:
    assert (account.can_sign_in, account.can_register) == (sign_in, register)


# -- time and threads --------------------------------------------------------------------------


def test_button__waits_a_bounded_moment(
    app: Application, velora: FakeVelora, mocker: MockerFixture
) -> None:
    velora.block = threading.Event()
    job = app.refresh()
    app._runtime.settle(job, 0.05)
    assert "has not answered yet" in app.state.status
    velora.block.set()
    assert "offline" in run(app, job)


def test_button__put_off_by_a_stream_says_so(
    app: Application, host: FakeHost, velora: FakeVelora, mocker: MockerFixture
) -> None:
    run(app, app.configure())
    velora.block = threading.Event()
    app.settings = StreamSettings(title="x")
    shown: list[str] = []
    real = app._runtime.show

    def show(sentence: str, *tone: StatusLevel) -> None:
        shown.append(sentence)
        real(sentence, *tone)

    mocker.patch.object(app._runtime, "show", side_effect=show)
    job = app.refresh()
    wait_for(lambda: velora.named("categories"))
    app.stream_starting()
    velora.block.set()
    assert job.wait(5)
    wait_for(lambda: velora.named("update"))
    assert shown[0].startswith("“Refresh” was put off because your stream started")
    assert velora.named("info") == []


def test_unexpected__is_named_without_its_text(app: Application, velora: FakeVelora) -> None:
    velora.failures["setup"].append(KeyError("live_test_key_z789"))
    status = run(app, app.configure())
    assert "KeyError at fakes.py:" in status
    assert "live_test" not in status


def test_unexpected__on_the_ui_thread_as_well(
    app: Application, host: FakeHost, mocker: MockerFixture
) -> None:
    mocker.patch.object(host, "set_destination", side_effect=ValueError("live_test_key_z789"))
    status = run(app, app.configure())
    assert "ValueError" in status
    assert "live_test" not in status


def test_close__at_once_with_a_request_in_flight(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    run(app, app.refresh())
    velora.block = threading.Event()
    app.configure()
    wait_for(lambda: velora.named("setup"))
    started = time.monotonic()
    app.close()
    assert time.monotonic() - started < 1
    velora.block.set()
    wakes = host.wakes
    wait_for(lambda: not app._runtime.worker.alive)
    app.process_ui_queue()
    assert host.changes == []
    assert host.wakes == wakes


def test_close__gives_the_connections_back(app: Application, mocker: MockerFixture) -> None:
    given_back = mocker.spy(Transport, "close")
    run(app, app.refresh())
    given_back.assert_not_called()
    app.close()
    given_back.assert_called_once()


def test_log_lines__are_written_on_the_ui_thread_on_one_line_each(host: FakeHost) -> None:
    runtime = Runtime(host, interrupt=lambda: None, state=State(""))
    runtime.announce("One\nline")
    assert host.logged == []
    runtime.run_ui_callbacks()
    assert host.logged[0][1] == "One line"
    runtime.close()
    runtime.announce("late")
    runtime.run_ui_callbacks()
    assert len(host.logged) == 1


# -- what a distributor preset -----------------------------------------------------------------


def test_preset__from_the_environment(tmp_path: Path) -> None:
    environment = {"VELORA_CLIENT_ID": " id ", "VELORA_CLIENT_SECRET": "test_secret"}
    preset = BundledClient.find(environment, tmp_path)
    assert preset.client_id == "id"
    assert preset.client_secret
    assert BundledClient.find({"VELORA_CLIENT_ID": "id"}, None).client_secret is None


@pytest.mark.parametrize(
    ("content", "client_id", "port"),
    [
        ('{"client_id": "id", "client_secret": "test_secret", "redirect_port": 5000}', "id", 5000),
        ('{"client_id": "id", "redirect_port": "5000"}', "id", None),
        ('{"client_id": "id", "redirect_port": 99999}', "id", None),
        ('{"client_id": 5}', "", None),
        ("[]", "", None),
        ("{", "", None),
        ("x" * 20_000, "", None),
    ],
)
def test_preset__from_the_file(
    tmp_path: Path, content: str, client_id: str, port: int | None
) -> None:
    (tmp_path / "velora_app.json").write_text(content)
    preset = BundledClient.find({}, tmp_path)
    assert (preset.client_id, preset.port) == (client_id, port)


def test_preset__is_not_needed(tmp_path: Path) -> None:
    assert BundledClient.find({}, tmp_path) == BundledClient() == BundledClient.find({}, None)
    assert StreamSettings().redirect_port == DEFAULT_PORT
