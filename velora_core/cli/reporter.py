"""What a session reports to where there is a terminal instead of a panel."""

from __future__ import annotations

import threading
from typing import Any

from velora_core.app.state import State, StatusLevel
from velora_core.errors import Cancelled
from velora_core.host.host import LogLevel
from velora_core.messages import message

from .output import Output

__all__ = ["TerminalReporter"]


class TerminalReporter:
    """A `Reporter` that prints warnings on the error stream."""

    def __init__(self, output: Output) -> None:
        self.state = State(status="")
        self._output = output
        self._stopped = threading.Event()
        self._poked = threading.Event()

    def stop(self) -> None:
        """Have whatever runs make room; from any thread."""
        self._stopped.set()
        self._poked.set()

    def poke(self) -> None:
        """End the waiting early, or the next one if nobody waits; from any thread."""
        self._poked.set()

    def wait(self, seconds: float) -> None:
        """Wait, unless the command is to stop; raises `Cancelled` then."""
        self.raise_if_cancelled()
        self._poked.wait(seconds)
        self._poked.clear()
        self.raise_if_cancelled()

    def message(self, name: str, /, **values: object) -> str:
        """Return a sentence; the software that it may name is this command."""
        return message(name, host="this program", **values)

    def change(self, **changes: Any) -> None:
        """Replace parts of the state."""
        self.state = self.state._replace(**changes)

    def show(self, sentence: str, tone: StatusLevel = StatusLevel.NORMAL) -> None:
        """Print a warning; there is no status line for the rest."""
        if tone is not StatusLevel.NORMAL and not self._stopped.is_set():
            self._output.hint(sentence)

    def log(self, severity: LogLevel, sentence: str) -> None:
        """Write nothing: there is no log."""

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` when the command is to stop."""
        if self._stopped.is_set():
            raise Cancelled
