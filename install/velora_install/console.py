"""What is said on the terminal: plain, coloured only where that is seen."""

from __future__ import annotations

import os
import sys
from typing import TextIO

_COLOURS = {"good": "\x1b[32m", "bad": "\x1b[31m", "unsure": "\x1b[33m"}
_PLAIN = "\x1b[0m"
_SIMPLER = {"→": ">", "“": '"', "”": '"', "…": "...", "•": "*"}


class Console:
    """Says things, and asks where somebody is there to answer."""

    def __init__(self, out: TextIO | None = None, *, yes: bool = False) -> None:
        """Make it; the colours depend on the terminal.

        Args:
            out: instead of the standard output.
            yes: every question is answered with yes.
        """
        self._out = out or sys.stdout
        self._yes = yes
        terminal = hasattr(self._out, "isatty") and self._out.isatty()
        self._coloured = terminal and "NO_COLOR" not in os.environ and os.name != "nt"

    @property
    def can_ask(self) -> bool:
        """Whether there is somebody to answer."""
        return bool(sys.stdin and sys.stdin.isatty())

    def say(self, text: str, tone: str = "") -> None:
        """Print a line at once."""
        if tone and self._coloured:
            text = _COLOURS[tone] + text + _PLAIN
        print(self._printable(text), file=self._out, flush=True)

    def agrees(self, question: str) -> bool:
        """Return whether the user says yes; no when nobody is there."""
        if self._yes:
            return True
        if not self.can_ask:
            return False
        return self._ask(question + " [y/N] ").lower() in ("y", "yes")

    def answer(self, question: str) -> str:
        """Return what the user types; nothing when nobody is there, or wants to be asked."""
        return self._ask(question + " ") if self.can_ask and not self._yes else ""

    def choose(self, question: str, count: int) -> int | None:
        """Return a number from 1 to `count`, or None when nobody is there."""
        while self.can_ask:
            answer = self._ask(f"{question} [1-{count}] ")
            if not answer:
                return None
            if answer.isdigit() and 1 <= int(answer) <= count:
                return int(answer)
        return None

    def _ask(self, question: str) -> str:
        # Not by `input`, which ends in an error where the console can't show a character.
        print(self._printable(question), end="", file=self._out, flush=True)
        return sys.stdin.readline().strip()

    def _printable(self, text: str) -> str:
        """Return what an old Windows console can show of it."""
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            for character, simpler in _SIMPLER.items():
                text = text.replace(character, simpler)
        return text.encode(encoding, "replace").decode(encoding)
