"""Whether a terminal shows what is typed: it doesn't while a password is."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["Echo"]


class Echo:
    """How the terminal of the standard input is set up, at the moment when this is made."""

    def __init__(self) -> None:
        """Read it; where it can't be read, nothing is restored."""
        self._found = _read()

    def restore(self) -> None:
        """Set the terminal up as it was; what asked for a password may never come to that."""
        if self._found is not None:
            _write(self._found)


if sys.platform == "win32":  # where it is a matter of each reading

    def _read() -> Any:
        return None

    def _write(found: Any) -> None:
        pass

else:
    import termios

    def _read() -> Any:
        try:
            return termios.tcgetattr(sys.stdin)
        except (termios.error, OSError, ValueError):
            return None

    def _write(found: Any) -> None:
        try:
            termios.tcsetattr(sys.stdin, termios.TCSANOW, found)
        except (termios.error, OSError, ValueError):  # it has been closed
            return
