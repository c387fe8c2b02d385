"""Several programs of a user share a sign-in."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from tests.integration.auth.refresh.steps import Rotating, still_signed_in, stored
from tests.unit.fakes import wait_for
from velora_core import errors
from velora_core.app.account import TokenOrigin
from velora_core.application import Application
from velora_core.secret import Secret
from velora_core.storage import file_lock

OTHER_PROGRAM = """
import os, sys
from pathlib import Path
from velora_core.features.diagnostics import _HeadlessRuntime
from velora_core.app.session import Session
from velora_core.api.cancellation import CallRegistry
session = Session(os.environ, _HeadlessRuntime(), CallRegistry(), folder=Path(sys.argv[1]))
session.open()
print("ready", flush=True)
sys.stdin.readline()
for _ in range(3):
    print(len(session.client().get_categories()), flush=True)
"""


def test_three_programs__refresh_once(velora: Rotating, folder: Path) -> None:
    velora.pause = 0.2
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", OTHER_PROGRAM, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "VELORA_API_URL": velora.url},
            text=True,
        )
        for _ in range(3)
    ]
    for program in programs:  # all have read the old tokens
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    assert [program.communicate(timeout=120)[0] for program in programs] == ["1\n1\n1\n"] * 3
    assert (velora.number, velora.refused) == (1, [])


def test_program__that_is_killed_while_it_renews_holds_nobody_up(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    killed = threading.Event()
    velora.between = lambda at: at == 0 and velora.number == 1 and killed.wait(60)
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_PROGRAM, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "VELORA_API_URL": velora.url},
        text=True,
    ) as other:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
        assert velora.begun.wait(60)  # it has all that requests need to import
        other.kill()
    killed.set()
    velora.number = 0  # a Velora that goes on taking a refresh token whose answer was not fetched
    velora.between = lambda _: None
    still_signed_in(start(), velora, folder)


def test_another_program__that_takes_too_long_is_said(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    mocker.patch("velora_core.app.credentials._REFRESH_LOCK_TIMEOUT", 0.05)
    with stored(velora, folder).refreshing.held(0):
        app = start()
        assert app.actions.load().wait(5)
        assert app.state.status == str(errors.SignInBusy())
    still_signed_in(app, velora, folder)


def test_stream__does_not_wait_behind_a_button_that_waits_for_another_program(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    mocker.patch("velora_core.app.credentials._REFRESH_LOCK_TIMEOUT", 60.0)
    waits = threading.Event()
    lock = file_lock._lock

    def noted(handle: int) -> None:
        try:
            lock(handle)
        except BlockingIOError:
            waits.set()
            raise

    mocker.patch.object(file_lock, "_lock", noted)
    with stored(velora, folder).refreshing.held(0):
        app = start()
        wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
        job = app.actions.load()
        wait_for(waits.is_set, "the button to wait for the lock")
        app.stream_starting()
        wait_for(lambda: job.done, "the button to be put off")
    wait_for(lambda: velora.titles == ["Hello"])


def test_signed_out__in_another_program_is_not_stored_again(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    app = start()
    wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
    stored(velora, folder).forget_sign_in()
    assert app.actions.load().wait(5)
    assert app.state.status == str(errors.NotSignedIn())
    assert app.state.account.origin is TokenOrigin.NONE
    assert stored(velora, folder).sign_in is None
    assert velora.number == 0


@pytest.mark.parametrize("content", [b"\xff\x00", b""])
def test_damaged__is_not_signed_out(
    start: Callable[[], Application], velora: Rotating, folder: Path, content: bytes
) -> None:
    app = start()
    wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
    (folder / "secrets.json").write_bytes(content)
    still_signed_in(app, velora, folder)


def test_token__that_was_pasted_in_another_program_stays(
    start: Callable[[], Application], velora: Rotating, folder: Path
) -> None:
    app = start()
    wait_for(lambda: app.state.account.origin is TokenOrigin.SIGNED_IN)
    stored(velora, folder).save_token(Secret("test_access_pasted"))
    still_signed_in(app, velora, folder)
    assert stored(velora, folder).token == Secret("test_access_pasted")


def test_sign_out__after_a_reload_in_the_middle_of_a_refresh_is_the_last_word(
    start: Callable[[], Application], velora: Rotating, folder: Path, mocker: MockerFixture
) -> None:
    mocker.patch("velora_core.application._STORING_TIMEOUT", 0.05)
    velora.pause = 0.5
    app = start()
    app.panel_opened()
    wait_for(velora.begun.is_set)
    app.close()
    again = start()
    assert again.actions.sign_out().wait(10)
    wait_for(lambda: not app._runtime.worker.alive)
    assert stored(velora, folder).sign_in is None
