"""What the command prints: sentences for people, or JSON for programs."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import IO, Any

from velora_core.errors import VeloraError

__all__ = ["Mark", "Output", "OutputFailed", "told_apart"]


class OutputFailed(Exception):
    """Nothing more can be written where the results go (a disk that is full); says why."""


class Mark(Enum):
    """How a checked thing stands; the values are ANSI colours."""

    GOOD = "32"
    BAD = "31"
    UNKNOWN = "33"


_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal obeys instead of showing it: titles and names may be somebody else's."""
_COLOUR = re.compile(r"(\x1b\[(?:3[123]|0)m)")
"""What `Output.marked` puts around a symbol, to be split by."""
_SYMBOLS = {Mark.GOOD: "ok", Mark.BAD: "!!", Mark.UNKNOWN: "??"}


class Output:
    """Prints to a terminal, a file or a pipe.

    With `as_json` each call of `result` prints one JSON object on one line, and sentences for
    people are not printed at all, except for questions and errors on the error stream.
    """

    def __init__(
        self,
        *,
        as_json: bool = False,
        out: IO[str] | None = None,
        err: IO[str] | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Create the output.

        Args:
            as_json: whether a program reads it.
            out: for results; standard output by default.
            err: for errors and hints; standard error by default.
            environment: whose ``NO_COLOR`` and ``TERM`` count.
        """
        self.as_json = as_json
        self._out = out if out is not None else sys.stdout
        self._err = err if err is not None else sys.stderr
        plain = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
        # Windows' own console shows the codes as they are unless a program switches them on.
        able = os.name != "nt" or "WT_SESSION" in environment
        self._colour = not plain and able and _is_terminal(self._out)
        for stream in (self._out, self._err):  # a bullet must not end the command on an old console
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="replace")

    @property
    def on_terminal(self) -> bool:
        """Whether all that is printed is seen on a terminal, and kept in no file."""
        return self._err is not None and _is_terminal(self._out) and _is_terminal(self._err)

    def result(self, data: Mapping[str, Any], lines: Iterable[str] = ()) -> None:
        """Print a result.

        Args:
            data: for programs: built-in types only.
            lines: the same for people.
        """
        if self.as_json:
            self._print(json.dumps(dict(data), sort_keys=False))
            return
        for line in lines:
            self._print(_plain(line))

    def say(self, sentence: str) -> None:
        """Print a sentence for people; a program's reader gets none."""
        if not self.as_json:
            self._print(_plain(sentence))

    def hint(self, sentence: str) -> None:
        """Print a sentence beside the result, on the error stream, if that is open."""
        if self._err is not None:
            print(_plain(sentence), file=self._err, flush=True)

    def error(self, error: VeloraError) -> None:
        """Print why it did not work."""
        if self.as_json:
            kind = type(error).__name__
            report = {"kind": kind, "message": str(error), "transient": error.transient}
            self._print(json.dumps({"error": report}))
        else:
            self.hint(str(error))

    def when_unread(self, tell: Callable[[], object]) -> None:
        """Have it told, on a thread of its own, once nobody reads the results any more.

        Only a pipe or a socket has a reader who can go, and Windows doesn't tell before the next
        line.
        """
        try:
            descriptor = self._out.fileno()
            mode = os.fstat(descriptor).st_mode
        except (AttributeError, OSError, ValueError):
            return
        if os.name == "nt" or not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
            return
        import select  # which no other command needs

        def wait() -> None:
            reader = select.poll()
            # That it is closed is always told, but macOS doesn't look where nothing is asked for.
            reader.register(descriptor, select.POLLRDBAND)
            reader.poll()
            tell()

        threading.Thread(target=wait, name="velora-reader", daemon=True).start()

    def marked(self, mark: Mark, sentence: str) -> str:
        """Return a line about a checked thing, in colour on a terminal."""
        symbol = _SYMBOLS[mark]
        if self._colour:
            symbol = f"\x1b[{mark.value}m{symbol}\x1b[0m"
        return f"{symbol} {sentence}"

    def table(self, rows: Iterable[tuple[str, str]]) -> list[str]:
        """Return rows of two columns, the first as wide as it needs to be."""
        listed = [(name, value) for name, value in rows if value]
        width = max((len(name) for name, _ in listed), default=0)
        return [f"{name:<{width}}  {value}" for name, value in listed]

    def _print(self, line: str) -> None:
        with told_apart():
            print(line, file=self._out, flush=True)


@contextmanager
def told_apart() -> Iterator[None]:
    """Tell a reader who has gone from a disk that is full, while something is printed.

    Raises:
        BrokenPipeError: nobody reads any more.
        OutputFailed: it can't be written.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if os.name == "nt" and error.errno == errno.EINVAL:  # its word for a closed pipe
            raise BrokenPipeError from None
        raise OutputFailed(error.strerror or type(error).__name__) from None


def _plain(text: str) -> str:
    """Return a text without what a terminal obeys, but for the colour of a checked thing."""
    return "".join(
        part if _COLOUR.fullmatch(part) else _OBEYED.sub("?", part) for part in _COLOUR.split(text)
    )


def _is_terminal(stream: IO[str]) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False
