"""The command `velora` in the middle of it: interrupted, two at once."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.command_line.steps import KEY, command, signed_in
from tests.simulator import Fault, Simulator
from tests.soak.interrupts import COMMANDS, Home
from tests.tooling.environment import ROOT
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import PresetStore
from velora_core.storage.storage import Storage

MOMENTS = (20, 300, 3_000, 12_000, 40_000, 64_000)
"""Calls of functions, from the first import on; a whole command makes from 11,000 to 140,000."""


def wait_for(done: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_interrupted_refresh__is_stored(velora: Simulator, folder: Path) -> None:
    """Ctrl-C while Velora is refreshing the sign-in: the old refresh token has ended by then."""
    old = signed_in(velora, folder, left=0.0)
    pressed = threading.Event()
    late = Fault("POST", "/api/developer/oauth/token", lambda *_: not pressed.wait(60), after=True)
    velora.faults.add(late)
    with command("info") as process:
        wait_for(lambda: velora.refreshes == 1)
        for _ in range(3):  # whoever is impatient presses it again
            process.send_signal(signal.SIGINT)
            time.sleep(0.02)
        pressed.set()
        assert process.wait(20) == 130
        assert process.stderr
        assert process.stderr.read() == ""
    origin = velora.api_url.partition("/api/")[0]
    stored = Storage(folder, None, origin=origin).sign_in
    assert stored is not None
    assert stored.tokens.refresh is not None
    assert stored.tokens.refresh.reveal() != old
    assert velora.tokens.find_refresh(stored.tokens.refresh.reveal()) is not None


@pytest.mark.parametrize("place", range(len(COMMANDS)), ids=lambda at: " ".join(COMMANDS[at]))
def test_interrupted_anywhere__ends_without_a_trace(
    velora: Simulator, tmp_path: Path, place: int
) -> None:
    """`python -m tests.soak.interrupts` has hundreds of moments instead of one for each command."""
    home = Home(velora, tmp_path)
    home.prepare()
    end = home.at_call(COMMANDS[place], MOMENTS[place % len(MOMENTS)])
    assert list(home.wrong(COMMANDS[place], end)) == []
    assert end.code in (0, 130)


@pytest.mark.parametrize(
    "arguments", [["regenerate-key"], ["sign-in", "--with-token"], ["presets", "delete", "Old"]]
)
def test_interrupted_question__changes_nothing(
    velora: Simulator, folder: Path, arguments: list[str]
) -> None:
    """By the key on the terminal itself."""
    signed_in(velora, folder)
    kept = PresetStore(folder).add("Old", PresetContent("Hello"))
    with Terminal(*arguments) as terminal:
        terminal.wait_for("[y/N]" if "sign-in" not in arguments else "token:")
        terminal.press_ctrl_c()
        assert terminal.process.wait(20) == 130
        assert terminal.shows_what_is_typed
    assert "Traceback" not in terminal.seen
    assert velora.account.stream_key == KEY
    assert PresetStore(folder).read() == (kept,)


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self._ours, self._its = pty.openpty()
        self.seen = ""

        def attach() -> None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [sys.executable, "-m", "velora_core", *arguments],
            cwd=ROOT,
            stdin=self._its,
            stdout=self._its,
            stderr=self._its,
            start_new_session=True,
            preexec_fn=attach,
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._its)

    def wait_for(self, text: str) -> None:
        while text not in self.seen:
            ready, _, _ = select.select([self._ours], [], [], 20)
            assert ready, self.seen
            self.seen += os.read(self._ours, 4096).decode()

    def press_ctrl_c(self) -> None:
        os.write(self._ours, b"\x03")

    @property
    def shows_what_is_typed(self) -> bool:
        return bool(termios.tcgetattr(self._its)[3] & termios.ECHO)


def test_pipe_that_closes__ends_it_quietly(velora: Simulator, token: str) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "velora_core", "categories"],
        cwd=ROOT,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_two_at_once__refresh_once(velora: Simulator, folder: Path) -> None:
    signed_in(velora, folder, left=0.0)
    codes: list[int] = []

    def one() -> None:
        with command("info") as process:
            process.communicate(timeout=30)
            codes.append(process.returncode)

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0, 0, 0]
    assert velora.refused_refreshes == 0
