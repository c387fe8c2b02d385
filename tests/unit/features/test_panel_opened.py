"""What an opening panel waits for, and what it does not."""

from __future__ import annotations

import threading

from pytest_mock import MockerFixture

from tests.unit.conftest import Make
from tests.unit.fakes import run_until_idle
from velora_core.app.session import Session
from velora_core.application import Application
from velora_core.messages import message


def test_panel__is_drawn_before_the_worker_begins(app: Application) -> None:
    """It would take Python from the thread that draws."""
    held: list[int] = []
    app.panel_opened(lambda: held.append(app._runtime.worker._gathering))
    assert held == [1]
    assert not app._runtime.worker._gathering


def test_panel__that_waited_for_what_was_kept__is_drawn_before_all_else(
    make: Make,
) -> None:
    """Importing requests, and a second look at files that were just read, come after it."""
    app = make()
    app.keep_fields(lambda: "Untitled")
    drawn: list[tuple[object, bool]] = []
    app.panel_opened(
        lambda: drawn.append((app._session._transport, app._runtime.worker.running is not None))
    )
    assert drawn == [(None, False)]
    run_until_idle(app)
    assert app._session._transport is not None


def test_panel__while_what_was_kept_is_still_being_read__waits_for_that_once(
    make: Make, mocker: MockerFixture
) -> None:
    mocker.patch("velora_core.application._OPENING_TIMEOUT", 0.0)
    go = threading.Event()
    mocker.patch.object(Session, "open", side_effect=lambda **_: go.wait(5))
    waits = mocker.spy(Session, "wait_for_files")
    app = make()
    drawn: list[str] = []
    app.panel_opened(lambda: drawn.append(app.state.status))
    go.set()
    assert drawn == [message("status.reading")]
    assert waits.call_count == 0
