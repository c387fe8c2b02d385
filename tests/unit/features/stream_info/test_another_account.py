"""What was wanted for one channel is sent to no other, whoever signs in before the next try."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import TOKEN, FakeHost, FakeVelora, grant, run, sign_in_as
from tests.unit.features.live import work
from tests.unit.features.stream_info.steps import FULL, go_live
from velora_core import errors
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.auth.token_refresh import RefreshingTokens
from velora_core.secret import Secret
from velora_core.storage.storage import Storage

SENT = {"title": "Hello", "category_slug": "music", "tags": ("a", "b")}
KEPT = "You are signed in to another channel now, so what was meant for the first one was not sent"


@pytest.fixture
def app(make: Any, folder: Path, host: FakeHost, velora: FakeVelora, clock: Clock) -> Application:
    """Live; what A's channel was to have has failed, and is to be tried again."""
    Storage(folder).save_sign_in(grant("a"))
    app: Application = make(VELORA_NOTHING="")
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    app.settings = FULL
    fail(velora)
    go_live(app, host)
    work(app)
    assert velora.named("update") == [SENT]
    velora.calls.clear()
    return app


def fail(velora: FakeVelora) -> None:
    velora.failures["update"].append(errors.ServerError(status=500))


def try_again(app: Application, clock: Clock) -> None:
    clock.now += 600
    work(app)


pytestmark = pytest.mark.usefixtures("slow_retries")


def test_another_channel__is_sent_nothing(
    app: Application, velora: FakeVelora, clock: Clock
) -> None:
    sign_in_as(app, grant("b", since=2000.0))
    try_again(app, clock)
    assert velora.named("update") == []
    assert KEPT in app.state.status
    assert app.pending_update is None
    try_again(app, clock)
    assert velora.named("update") == []
    run(app, app.actions.update_now())
    assert velora.named("update") == [SENT]


def test_same_channel_signed_in_anew__is_sent_it(
    app: Application, velora: FakeVelora, clock: Clock
) -> None:
    sign_in_as(app, grant("a", since=2000.0, token=TOKEN + "_new"))
    try_again(app, clock)
    assert velora.named("update") == [SENT]


def test_update_now__that_failed_is_sent_to_no_other_either(
    app: Application, velora: FakeVelora, clock: Clock
) -> None:
    fail(velora)
    run(app, app.actions.update_now())
    velora.calls.clear()
    sign_in_as(app, grant("b", since=2000.0))
    try_again(app, clock)
    assert velora.named("update") == []


def test_signed_in_by_another_program__is_seen_before_the_next_try(
    app: Application, folder: Path, velora: FakeVelora, clock: Clock
) -> None:
    """Its sign-in is taken over when the token that is known here has run out."""
    tokens = app._session.credentials._signed_in
    assert isinstance(tokens, RefreshingTokens)
    old = grant("a")
    ended = old.tokens._replace(refresh=Secret("test_refresh"), expires_at=0.0)
    tokens._sign_in = old._replace(tokens=ended)
    Storage(folder).save_sign_in(grant("b", since=2000.0, token=TOKEN + "_of_b"))
    try_again(app, clock)
    assert velora.named("update") == []
    assert KEPT in app.state.status


@pytest.mark.parametrize("user", ["a", "b"])
def test_signed_in_by_another_program__a_refused_request_is_repeated_for_the_same_user_only(
    app: Application, folder: Path, user: str
) -> None:
    """As a title or a new stream key, which would be somebody else's."""
    credentials = app._session.credentials
    refused = credentials.token()
    Storage(folder).save_sign_in(grant(user, since=2000.0, token=TOKEN + "_new"))
    if user == "b":
        with pytest.raises(errors.OtherSignIn):
            credentials.refresh(refused)
    else:
        assert credentials.refresh(refused) is not None
    assert credentials.account().user == user
    assert credentials.token().reveal() == TOKEN + "_new"


def test_preset_applied_since__is_sent_without_the_others_title(
    app: Application, velora: FakeVelora, clock: Clock
) -> None:
    sign_in_as(app, grant("b", since=2000.0))
    run(app, app.features.stream_info.send_part(StreamSettings(category="just-chatting")))
    assert velora.named("update") == [{"category_slug": "just-chatting"}]


def test_preset_applied_before__that_was_tried_is_sent_to_no_other(
    app: Application, velora: FakeVelora, clock: Clock
) -> None:
    fail(velora)
    run(app, app.features.stream_info.send_part(StreamSettings(category="just-chatting")))
    assert len(velora.named("update")) == 1
    velora.calls.clear()
    sign_in_as(app, grant("b", since=2000.0))
    try_again(app, clock)
    assert velora.named("update") == []
    assert KEPT in app.state.status


def test_presets_applied_since__both_are_sent_without_the_others_title(
    app: Application, velora: FakeVelora, clock: Clock
) -> None:
    sign_in_as(app, grant("b", since=2000.0))
    updater = app.features.stream_info
    with app._runtime.worker.gathering():
        updater.send_part(StreamSettings(category="just-chatting"))
        job = updater.send_part(StreamSettings(tags=("x",)))
    run(app, job)
    assert velora.named("update") == [{"category_slug": "just-chatting", "tags": ("x",)}]


@pytest.mark.parametrize("user", ["a", "b"])
def test_loaded_anew__a_preset_applied_since_is_sent_without_the_others_title(
    app: Application, make: Any, velora: FakeVelora, folder: Path, user: str
) -> None:
    with app._runtime.worker.gathering():
        app.features.stream_info.send_part(StreamSettings(category="just-chatting"))
        pending = app.pending_update
        app.close()
    Storage(folder).save_sign_in(grant(user, since=2000.0))
    following: Application = make(pending_update=pending, VELORA_NOTHING="")
    work(following)
    of_a = {"title": "Hello", "tags": ("a", "b")} if user == "a" else {}
    assert velora.named("update") == [{"category_slug": "just-chatting", **of_a}]


@pytest.mark.parametrize(("user", "sent"), [("a", [SENT]), ("b", [])])
def test_loaded_anew__it_is_still_for_that_channel(
    app: Application, make: Any, velora: FakeVelora, folder: Path, user: str, sent: list[Any]
) -> None:
    pending = app.pending_update
    app.close()
    Storage(folder).save_sign_in(grant(user, since=2000.0))
    following: Application = make(pending_update=pending, VELORA_NOTHING="")
    work(following)
    assert velora.named("update") == sent
