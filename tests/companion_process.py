"""`velora companion` as a process of its own, at a pipe instead of a terminal."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.harness import wait_until
from tests.harness.processes import OwnedProcess
from tests.managed import Managed
from tests.simulator import Simulator
from tests.tooling.environment import ROOT

__all__ = ["CompanionProcess"]


class CompanionProcess(Managed):
    """The command. `lines` has what it has printed."""

    def __init__(self, velora: Simulator, home: Path, *arguments: str, **environment: str) -> None:
        """Nothing is started yet.

        Args:
            velora: where it is signed in.
            home: where its settings are kept.
            arguments: of `velora companion`.
            environment: more variables.
        """
        self._arguments = ["companion", *arguments]
        self._environment = {
            **os.environ,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "VELORA_API_URL": velora.api_url,
            "VELORA_ACCESS_TOKEN": velora.issue_token(),
            **environment,
        }
        self.lines: list[str] = []

    def start(self) -> None:
        self._owned = OwnedProcess(
            [sys.executable, "-m", "velora_hosts", *self._arguments],
            environment=self._environment,
            name="companion",
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.process = self._owned.popen
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        code = self._owned.wait(20)
        if code is None:
            self.process.kill()
        self._reader.join()  # all that it has printed, before the pipe is closed
        self._owned.stop()
        assert code == 143, f"{code}\n{''.join(self.lines)}"

    def _read(self) -> None:
        assert self.process.stdout
        for line in io.TextIOWrapper(self.process.stdout, encoding="utf-8"):
            self.lines.append(line)

    def heard(self, part: str) -> int:
        """Return how many lines have this in them."""
        return sum(part in line for line in self.lines)

    def hears(self, part: str, *, times: int = 1) -> None:
        """Wait until so many lines have this in them."""
        wait_until(
            lambda: self.heard(part) >= times,
            what=f"{part!r}",
            timeout=60,
            details=lambda: "".join(self.lines),
        )

    def enter(self, line: str, expected: str) -> None:
        """Enter a line, and wait until a new line has this in it."""
        before = self.heard(expected)
        self.type(line)
        self.hears(expected, times=before + 1)

    def type(self, line: str) -> None:
        """Enter a line."""
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()
