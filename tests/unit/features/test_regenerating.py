"""A new stream key: asked for twice, never made twice, never lost."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import (
    KEY,
    NEW_KEY,
    OTHER,
    TOKEN,
    FakeHost,
    FakeVelora,
    grant,
    run,
    sign_in_as,
    wait_for,
)
from velora_core import errors
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_core.auth.grant import Tokens
from velora_core.secret import Secret
from velora_core.storage.storage import Storage


@pytest.fixture(params=["rtmp", "srt", "whip"])
def app(make: Any, request: pytest.FixtureRequest) -> Application:
    """Configured for Velora by each protocol."""
    app: Application = make()
    app.settings = StreamSettings(protocol=request.param)
    run(app, app.actions.configure())
    return app


def sure(app: Application) -> str:
    run(app, app.actions.request_new_key())
    return run(app, app.actions.regenerate())


def test_first_press__only_warns(app: Application, velora: FakeVelora) -> None:
    status = run(app, app.actions.request_new_key())
    assert "will stop working immediately" in status
    assert app.state.tone is StatusLevel.WARNING
    assert app.state.confirming
    assert "stays as it is" in run(app, app.actions.cancel_new_key())
    run(app, app.actions.regenerate())
    assert velora.named("regenerate") == []


def test_first_press__is_forgotten_when_the_panel_is_opened_again(
    app: Application, velora: FakeVelora
) -> None:
    run(app, app.actions.request_new_key())
    app.panel_opened()
    run(app, app.actions.regenerate())
    assert velora.named("regenerate") == []


def test_second_press__the_new_key_is_in_the_service(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    expected = "OBS will stream with your new key ••••new9 in the profile “Main”; the old one"
    assert sure(app) == f"{expected} no longer works."
    everything = str(dict(host.service().settings))
    assert NEW_KEY in everything
    assert KEY not in everything
    run(app, app.actions.regenerate())
    assert len(velora.named("regenerate")) == 1


def test_another_service__is_left_as_it_is(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.services["Main"] = OTHER
    assert "another service in the profile “Main” and stays so" in sure(app)
    assert host.service() == OTHER


def test_address_that_velora_has_left__gets_the_new_one_with_the_key(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    before = host.service()
    velora.setup = velora.setup._replace(
        rtmp_url="rtmp://moved.test/live",
        srt_url="srt://moved.test:1",
        whip_url=Secret(f"https://moved.test/live/{KEY}/whip"),
    )
    assert "your new key" in sure(app)
    assert "moved.test" in host.service().server
    assert host.service().kind == before.kind


@pytest.mark.parametrize("starting", [True, False])
def test_stream__running_or_starting_refuses_it(
    app: Application, host: FakeHost, velora: FakeVelora, starting: bool
) -> None:
    if starting:
        app.stream_starting()
    else:
        host.live = True
    assert "stop the stream first" in sure(app)
    assert velora.named("regenerate") == []


def test_stream__that_began_meanwhile_is_told(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    run(app, app.actions.request_new_key())
    velora.block = threading.Event()
    job = app.actions.regenerate()
    wait_for(lambda: len(velora.named("setup")) == 2)
    host.live = True
    velora.block.set()
    assert "OBS does not have the new one yet" in run(app, job)


def test_service__that_does_not_take_it_is_told(app: Application, host: FakeHost) -> None:
    host.takes = False
    host.services["Main"] = host.service()._replace(kind="rtmp_custom", settings={"server": ""})
    assert "OBS is set up for another service" in sure(app)


def test_signed_in_by_another_program_meanwhile__that_ones_key_stays(
    make: Any, folder: Path, velora: FakeVelora
) -> None:
    """Its sign-in is taken over when the token that is known here has run out."""
    ended = Tokens(Secret(TOKEN), Secret("test_refresh"), 0.0, None)
    app: Application = make(VELORA_NOTHING="")
    sign_in_as(app, grant("a")._replace(tokens=ended))
    Storage(folder).save_sign_in(grant("b", since=2000.0, token=TOKEN + "_of_b"))
    assert sure(app) == str(errors.OtherSignIn())
    assert velora.named("regenerate") == []
    assert "new9" in sure(app), "asked about the channel that is shown by now"


LOST = [errors.ConnectionLost(), errors.TimedOut(), errors.ServerError(status=502)]


@pytest.mark.parametrize("lost", LOST)
def test_answer_lost__but_the_key_was_made(
    app: Application, host: FakeHost, velora: FakeVelora, lost: Exception
) -> None:
    velora.failures["regenerate"].append(lost)
    velora.regenerates_all_the_same = True
    assert "new key ••••new9" in sure(app)
    assert NEW_KEY in str(dict(host.service().settings))
    assert len(velora.named("regenerate")) == 1


@pytest.mark.parametrize("lost", LOST)
def test_answer_lost__and_no_key_was_made(
    app: Application, host: FakeHost, velora: FakeVelora, lost: Exception
) -> None:
    velora.failures["regenerate"].append(lost)
    assert sure(app) == str(lost)
    assert KEY in str(dict(host.service().settings))
    assert len(velora.named("regenerate")) == 1


def test_answer_lost__and_velora_with_it(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["regenerate"].append(errors.TimedOut())
    velora.fails_after_regenerate = errors.TransportError()
    assert "did not confirm a new stream key" in sure(app)
    run(app, app.actions.configure())
    assert len(velora.named("regenerate")) == 1


def test_refused__nothing_happened(app: Application, velora: FakeVelora) -> None:
    velora.failures["regenerate"].append(errors.InsufficientScope(scope="stream:key"))
    assert "stream:key" in sure(app)
