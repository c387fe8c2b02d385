"""The command `velora` in the middle of it: interrupted, two at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.contract.command_line.steps import command, signed_in
from tests.simulator import Fault, Simulator
from tests.tooling.environment import ROOT
from velora_core.storage.storage import Storage


def wait_for(done: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_interrupted_refresh__is_stored(velora: Simulator, folder: Path) -> None:
    """Ctrl-C while Velora is refreshing the sign-in: the old refresh token is dead by then."""
    old = signed_in(velora, folder, left=0.0)
    velora.faults.add(Fault.latency("POST", "/api/developer/oauth/token", 0.5))
    with command("info") as process:
        wait_for(lambda: velora.refreshes == 1)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr
        assert process.stderr.read() == ""
    origin = velora.api_url.partition("/api/")[0]
    stored = Storage(folder, None, origin=origin).sign_in
    assert stored is not None
    assert stored.tokens.refresh is not None
    assert stored.tokens.refresh.reveal() != old
    assert velora.tokens.find_refresh(stored.tokens.refresh.reveal()) is not None


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
