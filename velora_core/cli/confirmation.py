"""A question before something that can't be undone."""

from __future__ import annotations

import sys

from .errors import NotConfirmed
from .interruption import Raised
from .output import Output

__all__ = ["confirm"]


def confirm(output: Output, *, question: str, unasked: str, kept: str) -> None:
    """Ask on the terminal. The main thread's alone.

    Args:
        output: where the question goes.
        question: to ask.
        unasked: what is said where there is no terminal.
        kept: what is said after any answer but yes.

    Raises:
        NotConfirmed: it is not to be done.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise NotConfirmed(sentence=unasked)
    output.hint(question)
    try:
        with Raised():
            answer = input()
    except EOFError:  # Ctrl-D
        answer = ""
    if answer.strip().casefold() not in ("y", "yes"):
        raise NotConfirmed(sentence=kept)
