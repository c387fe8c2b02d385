"""One run of `velora companion`, and who types what after what was printed."""

from __future__ import annotations

import io
import sys
import time
from typing import Any

import pytest

from tests.unit.fakes import TIMEOUT
from velora_hosts.command_line import main
from velora_hosts.companion import command as module

__all__ = ["Session"]


class Typing:
    """Standard input: a line is typed once the test has done with the last one."""

    def __init__(self, lines: Any, *, terminal: bool = False) -> None:
        self._lines = iter(lines)
        self._terminal = terminal
        self.failure: BaseException | None = None

    def __next__(self) -> str:
        try:
            return f"{next(self._lines)}\n"
        except StopIteration:
            raise
        except BaseException as error:  # on the command's own thread, where pytest sees nothing
            self.failure = error
            return "quit\n"

    def __iter__(self) -> Typing:
        return self

    def isatty(self) -> bool:
        return self._terminal


class Session:
    """One run of the command, whose input is a generator that looks at what was printed.

    What is printed is kept here, and not taken from pytest: that reads and empties in two steps,
    and loses what another thread prints in between.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._printed = io.StringIO()
        self._begin = 0

    def run(self, lines: Any, *arguments: str, terminal: bool = False) -> int:
        """Run the command, and return its exit code."""
        typing = Typing(lines, terminal=terminal)
        with self._monkeypatch.context() as patched:
            patched.setattr(sys, "stdin", typing)
            patched.setattr(sys, "stdout", self._printed)
            patched.setattr(sys, "stderr", self._printed)
            patched.setattr(module, "_POLL_INTERVAL", 0.01)
            code = main(["companion", *arguments])
        if typing.failure:
            raise typing.failure
        return code

    @property
    def text(self) -> str:
        """What was printed."""
        return self._printed.getvalue()[self._begin :]

    def begin_anew(self) -> None:
        """Leave out what was printed until now."""
        self._begin = len(self._printed.getvalue())

    def hears(self, part: str, *, times: int = 1) -> None:
        deadline = time.monotonic() + 6 * TIMEOUT  # it is several programs' work
        while self.text.count(part) < times:
            assert time.monotonic() < deadline, f"{part!r} in {self.text}"
            time.sleep(0.002)
