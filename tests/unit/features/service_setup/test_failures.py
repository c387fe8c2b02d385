"""Configure Velora where something fails: nothing is lost, nothing is told that is secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import KEY, NEW_KEY, OTHER, RTMP, SRT, FakeHost, FakeVelora, previous, run
from tests.unit.features.service_setup.steps import protocol
from velora_core import errors
from velora_core.app.state import StatusLevel
from velora_core.application import Application
from velora_core.secret import Secret


def test_read_only_folder__nothing_is_replaced(
    make: Any, host: FakeHost, folder: Path, mocker: MockerFixture
) -> None:
    mocker.patch("pathlib.Path.mkdir", side_effect=PermissionError(13, "Permission denied"))
    app = make()
    status = run(app, app.actions.configure())
    assert "could not be saved first" in status
    assert "Permission denied" in status
    assert str(folder) in status
    assert host.changes == []
    assert not previous(app)


@pytest.mark.parametrize("step", ["os.fsync", "os.replace", "tempfile.mkstemp"])
def test_no_room_to_keep_it__nothing_is_replaced(
    app: Application, host: FakeHost, mocker: MockerFixture, step: str
) -> None:
    broken = mocker.patch(step, side_effect=OSError(28, "No space left on device"))
    status = run(app, app.actions.configure())
    assert "could not be saved first" in status
    assert "No space left on device" in status
    assert host.changes == []
    assert "could not be saved first" in run(
        app, app.actions.configure()
    )  # not even at the second try
    mocker.stop(broken)
    assert "OBS will stream" in run(app, app.actions.configure())


def test_no_room_for_what_is_not_needed__is_no_obstacle(
    app: Application, host: FakeHost, velora: FakeVelora, mocker: MockerFixture
) -> None:
    run(app, app.actions.configure())
    velora.setup = velora.setup._replace(stream_key=Secret(NEW_KEY))
    mocker.patch("os.replace", side_effect=OSError(28, "No space left on device"))
    assert "OBS will stream" in run(app, app.actions.configure())
    assert host.service().settings["key"] == NEW_KEY


def test_key_that_is_not_taken__is_said(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    """The address is the same before and after, so that alone proves nothing."""
    run(app, app.actions.configure())
    host.takes = False
    velora.setup = velora.setup._replace(stream_key=Secret(NEW_KEY))
    assert "OBS did not accept the settings" in run(app, app.actions.configure())
    app.actions.request_new_key()
    assert run(app, app.actions.regenerate()) == str(errors.KeyNotApplied(host="OBS"))
    assert host.service().settings["key"] == KEY


def test_service_that_is_not_taken__is_said(app: Application, host: FakeHost) -> None:
    host.takes = False
    assert "OBS did not accept the settings" in run(app, app.actions.configure())


@pytest.mark.parametrize(
    "failure",
    [
        errors.Unauthorized(),
        errors.TimedOut(),
        errors.InvalidResponse(endpoint="/stream/setup", field="streamKey", problem="missing"),
    ],
)
def test_velora_fails__nothing_is_changed(
    app: Application, host: FakeHost, velora: FakeVelora, failure: Exception
) -> None:
    velora.failures["setup"].append(failure)
    assert run(app, app.actions.configure()) == str(failure)
    assert app.state.tone is StatusLevel.ERROR
    assert host.changes == []


def test_nothing_secret__is_kept_outside_the_secrets(
    app: Application, host: FakeHost, folder: Path
) -> None:
    protocol(app, "whip")
    run(app, app.actions.configure())
    known = (folder / "known.json").read_text()
    assert KEY not in known
    assert json.loads(known)["addresses"] == [RTMP, SRT, "https://ingest.test:3334"]
    shown = repr((app.state, host.service(), app.settings)) + "".join(t for _, t in host.logged)
    assert KEY not in shown
    assert "live_test_other" not in repr(OTHER)


def test_address_with_a_passphrase__is_shown_without_it(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.setup = velora.setup._replace(
        srt_url=SRT + "?passphrase=live_test_phrase", stream_key=Secret(KEY)
    )
    protocol(app, "srt")
    assert "passphrase" not in run(app, app.actions.configure())
    assert host.service().server.endswith("live_test_phrase")
