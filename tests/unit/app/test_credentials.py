"""The access token that somebody types, and the one of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.clock import Clock
from tests.unit.fakes import (
    TOKEN,
    FakeHost,
    FakeVelora,
    run,
    wait_for,
)
from velora_core.app.account import Account, TokenOrigin
from velora_core.app.state import StatusLevel
from velora_core.application import Application
from velora_core.errors import Unauthorized
from velora_core.secret import Secret
from velora_core.storage.storage import Storage

NOTHING = {"HOME": "/nowhere"}
pytestmark = pytest.mark.usefixtures("quick_typing")


def test_token__typed_in_pieces_is_used_and_kept(
    make: Any, velora: FakeVelora, folder: Path
) -> None:
    app = make(**NOTHING)
    for end in (1, 5, len(TOKEN)):
        app.set_secret("access_token", TOKEN[:end])
    run(app, app.actions.configure())
    assert velora.tokens.token().reveal() == TOKEN
    assert app.state.account.origin is TokenOrigin.ENTERED
    assert app.state.account.sentence == "Using the access token you pasted."
    token = Storage(folder).token
    assert token
    assert token.reveal() == TOKEN


def test_damaged_file__is_said_and_counts_again_once_it_is_mended(
    make: Any, velora: FakeVelora, folder: Path
) -> None:
    Storage(folder).save_token(Secret(TOKEN))
    file = folder / "secrets.json"
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    app = make(**NOTHING)
    wait_for(
        lambda: "secrets.json is damaged: press Sign in with Velora." in app.state.status,
        meanwhile=app.process_ui_queue,
    )
    assert app.state.tone is StatusLevel.WARNING
    assert app.state.account.sentence == ("Your sign-in can't be read because its file is damaged.")
    assert file.read_bytes() == whole[:-20]
    file.write_bytes(whole)
    run(app, app.actions.refresh())
    assert app.state.account.origin is TokenOrigin.ENTERED


def test_damaged_file__is_said_no_longer_once_it_is_put_aside(
    make: Any, velora: FakeVelora, folder: Path
) -> None:
    Storage(folder).save_token(Secret(TOKEN))
    (folder / "secrets.json").write_bytes(b"{")
    app = make(**NOTHING)
    wait_for(lambda: bool(app.state.account.damaged), meanwhile=app.process_ui_queue)
    app.set_secret("client_id", "client-1")
    wait_for(lambda: not app.state.account.damaged, meanwhile=app.process_ui_queue)
    assert (folder / "secrets.json.damaged").read_bytes() == b"{"
    assert app.state.account.origin is TokenOrigin.NONE


def test_newer_file__is_said_and_counts_once_it_is_this_version_s_again(
    make: Any, velora: FakeVelora, folder: Path
) -> None:
    Storage(folder).save_token(Secret(TOKEN))
    file = folder / "secrets.json"
    own = file.read_bytes()
    newer = own.replace(b'"version": 1', b'"version": 2')
    file.write_bytes(newer)
    app = make(**NOTHING)
    wait_for(
        lambda: "a newer version of Velora for OBS has written the file" in app.state.status,
        meanwhile=app.process_ui_queue,
    )
    assert "Nothing was changed" in app.state.status
    assert app.state.tone is StatusLevel.WARNING
    assert app.state.account.sentence == (
        "Your sign-in can't be read because a newer version has written its file."
    )
    assert file.read_bytes() == newer
    file.write_bytes(own)
    run(app, app.actions.refresh())
    assert app.state.account.origin is TokenOrigin.ENTERED


def test_newer_file__is_said_no_longer_once_it_is_put_aside(
    make: Any, velora: FakeVelora, folder: Path
) -> None:
    folder.mkdir()
    file = folder / "secrets.json"
    file.write_bytes(b'{"version": 2}')
    app = make(**NOTHING)
    wait_for(lambda: bool(app.state.account.newer), meanwhile=app.process_ui_queue)
    app.set_secret("client_id", "client-1")
    wait_for(lambda: not app.state.account.newer, meanwhile=app.process_ui_queue)
    assert (folder / "secrets.json.newer").read_bytes() == b'{"version": 2}'
    run(app, app.actions.sign_out())
    wait_for(lambda: not list(folder.glob("secrets.json*")), meanwhile=app.process_ui_queue)


def test_token__is_kept_after_a_pause_without_a_button(make: Any, folder: Path) -> None:
    app = make(**NOTHING)
    app.set_secret("access_token", f"  {TOKEN}\n")
    wait_for(lambda: (folder / "secrets.json").exists())
    wait_for(lambda: Storage(folder).token is not None)
    assert app.state.status == "Your token is entered. Next: press Configure Velora."


def test_token__is_there_the_next_time(make: Any) -> None:
    first = make(**NOTHING)
    first.set_secret("access_token", TOKEN)
    run(first, first.actions.configure())
    first.close()
    second = make(**NOTHING)
    wait_for(lambda: second.state.account.origin is TokenOrigin.ENTERED)
    assert "OBS will stream" in run(second, second.actions.configure())


def test_token__taken_out_again_is_forgotten(make: Any, folder: Path) -> None:
    app = make(**NOTHING)
    app.set_secret("access_token", TOKEN)
    run(app, app.actions.configure())
    app.set_secret("access_token", "")
    assert "You are not signed in" in run(app, app.actions.configure())
    assert Storage(folder).token is None


@pytest.mark.parametrize("text", ["two words", "tökèn", "line\nbreak"])
def test_token__that_can_not_be_one_is_said(make: Any, folder: Path, text: str) -> None:
    app = make(**NOTHING)
    app.set_secret("access_token", text)
    status = run(app, app.actions.configure())
    assert "That is not an access token" in status
    assert text not in status
    assert Storage(folder).token is None


def test_token__that_is_the_clients_secret__is_recognised(make: Any, folder: Path) -> None:
    app = make(**NOTHING)
    app.edit({"client_id": "test_client", "client_secret": "test_client_secret"})
    app.edit({"access_token": "test_client_secret"})
    status = run(app, app.actions.configure())
    assert "That is your app's client secret" in status
    assert Storage(folder).token is None


def test_token__that_can_not_be_one_keeps_nothing_else_from_being_kept(
    make: Any, folder: Path
) -> None:
    app = make(**NOTHING)
    app.set_secret("client_id", "test_client")
    app.set_secret("access_token", "two words")
    run(app, app.actions.configure())
    client = Storage(folder).client
    assert client
    assert client.client_id == "test_client"


def test_token__of_the_environment_wins_and_is_never_written(
    make: Any, velora: FakeVelora, folder: Path
) -> None:
    other = "test_access_environment_only"
    app = make(VELORA_ACCESS_TOKEN=f" {other} ")
    app.set_secret("access_token", TOKEN)
    run(app, app.actions.configure())
    assert velora.tokens.token().reveal() == other
    assert app.state.account.sentence == "Using the access token in VELORA_ACCESS_TOKEN."
    assert all(other not in file.read_text() for file in folder.iterdir())


def test_token__that_can_not_be_saved_still_works(
    make: Any, mocker: MockerFixture, host: FakeHost
) -> None:
    app = make(**NOTHING)
    mocker.patch("os.replace", side_effect=OSError(30, "Read-only file system"))
    app.set_secret("access_token", TOKEN)
    wait_for(lambda: "could not be saved" in app.state.status)
    assert app.state.tone is StatusLevel.WARNING
    assert "offline" in run(app, app.actions.refresh())


def test_typing__does_not_hide_what_a_button_said(
    make: Any, monkeypatch: pytest.MonkeyPatch, mocker: MockerFixture
) -> None:
    clock = Clock()
    clock.rule(monkeypatch, "app.worker")
    app = make(**NOTHING)
    app.set_secret("access_token", TOKEN)
    run(app, app.actions.configure())
    kept = mocker.patch("velora_core.storage.storage.Storage.save_token")
    clock.now += 1e6
    status = run(app, app.actions.refresh())
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
        app.set_secret("access_token", TOKEN[:end])
    app.actions.restore_previous().wait(5)  # a button that isn't about the token
    assert not (folder / "secrets.json").exists()
    clock.now += 0.05
    app.actions.restore_previous().wait(5)
    wait_for((folder / "secrets.json").exists)
    assert Storage(folder).token == Secret(TOKEN)


@pytest.mark.parametrize("text", ["two words", "tökèn"])
def test_token__that_can_not_be_one_is_said_without_a_button(
    make: Any, folder: Path, text: str
) -> None:
    app = make(**NOTHING)
    app.set_secret("access_token", text)
    wait_for(lambda: "That is not an access token" in app.state.status)
    assert app.state.tone is StatusLevel.ERROR
    assert Storage(folder).token is None


@pytest.mark.parametrize("text", ["two words", "live_test_key", "https://velora.tv"])
def test_token__of_the_environment_that_can_not_be_one_is_said(make: Any, text: str) -> None:
    app = make(VELORA_ACCESS_TOKEN=text)
    assert run(app, app.actions.refresh()) == (
        "What VELORA_ACCESS_TOKEN contains is not an access token: correct or remove the variable, "
        "then start this program again."
    )


def test_token__of_the_environment_that_is_refused_is_named(make: Any, velora: FakeVelora) -> None:
    app = make(VELORA_ACCESS_TOKEN="test_access_environment_only")
    run(app, app.actions.refresh())  # or there is no client yet
    with pytest.raises(Unauthorized) as caught:
        velora.tokens.refresh(velora.tokens.token())
    assert str(caught.value) == (
        "Velora does not accept your access token in VELORA_ACCESS_TOKEN (it is wrong or has "
        "expired): correct or remove the variable, then start this program again."
    )


def test_sign_out__forgets(make: Any, folder: Path) -> None:
    app = make(**NOTHING)
    app.set_secret("access_token", TOKEN)
    app.set_secret("client_id", "test-client-id")
    run(app, app.actions.refresh())
    assert "You are signed out" in run(app, app.actions.sign_out())
    assert app.state.account == Account()
    assert not (folder / "secrets.json").exists()


def test_sign_out__can_not_unset_the_environment(app: Application) -> None:
    assert "VELORA_ACCESS_TOKEN still works" in run(app, app.actions.sign_out())
