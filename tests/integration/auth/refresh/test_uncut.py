"""A refresh survives whatever comes between two bytes of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from tests.integration.auth.refresh.steps import ANSWER, Rotating, still_signed_in, stored
from tests.unit.fakes import FakeHost, wait_for
from velora_core.app.account import TokenOrigin
from velora_core.application import Application
from velora_core.auth.oauth import AuthorizationRequest, ClientCredentials
from velora_core.secret import Secret


def stream(app: Application) -> None:
    app.stream_starting()


def button(app: Application) -> None:
    app.actions.refresh()


def typed(app: Application) -> None:
    app.set_secret("client_id", "test-other-id")


MOMENTS = {"stream": stream, "button": button, "typed": typed}


@pytest.mark.parametrize("what", MOMENTS)
@pytest.mark.parametrize("place", [*range(0, ANSWER, 25), ANSWER - 1, ANSWER])
def test_refresh__survives_what_comes_between_two_bytes(
    start: Callable[[], Application], velora: Rotating, folder: Path, what: str, place: int
) -> None:
    app = start()
    velora.between = lambda at: MOMENTS[what](app) if at == place else None
    app.panel_opened()
    wait_for(velora.begun.is_set)
    if what == "stream":
        wait_for(lambda: velora.titles == ["Hello"])
    velora.between = lambda _: None
    still_signed_in(app, velora, folder)
    assert velora.number == 1


def test_stream__waits_for_a_refresh_that_it_needs_and_is_set_with_its_token(
    start: Callable[[], Application], velora: Rotating, host: FakeHost
) -> None:
    velora.pause = 0.4
    app = start()
    app.panel_opened()
    wait_for(velora.begun.is_set)
    app.stream_starting()
    wait_for(lambda: velora.titles == ["Hello"])
    assert velora.number == 1
    assert host.warnings == []


def test_close__in_the_middle_of_a_code_exchange_waits_until_it_is_stored(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    mocker.patch("velora_core.application._STORING_TIMEOUT", 60.0)
    stored(velora, folder).forget_sign_in()
    velora.pause = 0.2
    app = start()
    client = ClientCredentials("test-client-id")
    attempt = AuthorizationRequest("", "http://localhost:17653/", Secret("x" * 9), Secret("y" * 64))
    browser = threading.Thread(
        target=app.features.sign_in._finish, args=(client, attempt, Secret("code"))
    )
    browser.start()
    wait_for(velora.begun.is_set)
    app.close()
    kept = stored(velora, folder).sign_in
    browser.join(5)
    assert kept is not None
    assert kept.tokens.refresh == Secret("test_refresh_1")


@pytest.mark.parametrize("place", [0, ANSWER // 2, ANSWER])
def test_close__in_the_middle_of_a_refresh_waits_until_it_is_stored(
    start: Callable[[], Application],
    velora: Rotating,
    folder: Path,
    mocker: MockerFixture,
    place: int,
) -> None:
    mocker.patch("velora_core.application._STORING_TIMEOUT", 60.0)
    app, closing = start(), threading.Event()

    def between(at: int) -> None:
        if at == place:
            closing.set()
            time.sleep(0.2)  # so that `close` comes before the rest

    velora.between = between
    app.panel_opened()
    assert closing.wait(5)
    app.close()
    kept = stored(velora, folder).sign_in
    assert kept is not None
    assert kept.tokens.refresh == Secret("test_refresh_1")
    velora.between = lambda _: None
    still_signed_in(start(), velora, folder)
    assert velora.number == 1


def test_close__waits_a_bounded_time_and_the_late_answer_is_stored_all_the_same(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    mocker.patch("velora_core.application._STORING_TIMEOUT", 0.1)
    go_on = threading.Event()
    velora.between = lambda at: bool(at != ANSWER - 1 or go_on.wait(60))
    app = start()
    app.panel_opened()
    wait_for(velora.begun.is_set)
    app.close()
    app.close()  # at the exit, and when the script is unloaded
    second = start()  # in the same process, with the old token
    job = second.actions.load()
    assert not job.wait(0.3)  # so closing has not waited for the answer
    go_on.set()
    assert job.wait(5)
    still_signed_in(second, velora, folder)
    assert velora.number == 1


def test_close__waits_for_nothing_else(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    """Not for a connection that does not come about either: Velora knows nothing of it yet."""
    mocker.patch("velora_core.application._STORING_TIMEOUT", 60)
    connecting, go_on = threading.Event(), threading.Event()

    def connect(*_: object, **__: object) -> None:
        connecting.set()
        assert go_on.wait(10)
        raise OSError

    mocker.patch("urllib3.util.connection.create_connection", side_effect=connect)
    app = start()
    app.panel_opened()
    assert connecting.wait(5)
    app.close()
    go_on.set()
    assert stored(velora, folder).sign_in is not None
    assert velora.number == 0


def test_typed__less_than_a_second_before_is_kept(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    app = start()
    wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
    app.set_secret("client_id", "test-other-id")
    app.set_secret("client_secret", "test_other_secret")
    app.set_secret("access_token", "test_access_pasted")
    app.close()
    storage = stored(velora, folder)
    assert storage.client == ClientCredentials("test-other-id", Secret("test_other_secret"))
    assert storage.token == Secret("test_access_pasted")


def test_typed__is_kept_behind_a_request_that_is_cut(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    app = start()
    wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
    hanging = threading.Event()
    velora.between = lambda _: hanging.wait(5)
    app.panel_opened()
    wait_for(velora.begun.is_set)
    app.set_secret("client_id", "test-other-id")
    hanging.set()
    app.close()
    wait_for(lambda: stored(velora, folder).client is not None)
