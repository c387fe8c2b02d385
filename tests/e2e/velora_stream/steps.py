"""What the tests of `velora stream` do and read."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.tooling.environment import ROOT

__all__ = ["KEY", "PATTERN", "children", "ended", "start"]

KEY = "live_test_of_the_account"
PATTERN = ("--", "-re", "-f", "lavfi", "-i", "testsrc=s=320x180:r=30",
           "-f", "lavfi", "-i", "sine")  # fmt: skip


class _Command(subprocess.Popen[str]):
    """A command that a test which failed doesn't wait for."""

    def __exit__(self, *error: Any) -> None:
        if self.poll() is None:
            self.terminate()  # with its ffmpeg
            with suppress(subprocess.TimeoutExpired):
                self.communicate(timeout=30)
            self.kill()
        super().__exit__(*error)


def start(*arguments: str) -> subprocess.Popen[str]:
    return _Command(
        [sys.executable, "-m", "velora_core", "stream", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    assert KEY not in out + err
    return process.returncode, out, err


def children(process: subprocess.Popen[str]) -> list[str]:
    folder = Path(f"/proc/{process.pid}/task/")
    return [word for task in folder.glob("*/children") for word in task.read_text().split()]
