"""One run of `velora companion`, and who types what after what was printed."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest

from tests.unit.fakes import TIMEOUT
from velora_hosts.command_line import main
from velora_hosts.companion import command as module

__all__ = ["Session", "run"]


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
    """One run of the command, whose input is a generator that looks at what was printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.text = ""

    def hears(self, part: str, *, times: int = 1) -> None:
        deadline = time.monotonic() + 6 * TIMEOUT  # it is several programs' work
        while self.text.count(part) < times:
            assert time.monotonic() < deadline, f"{part!r} in {self.text}"
            read = self._capsys.readouterr()
            self.text += read.out + read.err
            time.sleep(0.002)


def run(
    monkeypatch: pytest.MonkeyPatch, lines: Any, *arguments: str, terminal: bool = False
) -> int:
    typing = Typing(lines, terminal=terminal)
    monkeypatch.setattr(sys, "stdin", typing)
    monkeypatch.setattr(module, "_POLL_INTERVAL", 0.01)
    code = main(["companion", *arguments])
    if typing.failure:
        raise typing.failure
    return code
