"""A question before something that can't be undone."""

from __future__ import annotations

import sys

from velora_core.messages import message

from .output import Output

__all__ = ["confirmed"]


def confirmed(output: Output, *, question: str, unasked: str, kept: str) -> bool:
    """Ask on the terminal, and return whether the answer is yes. The main thread's alone.

    Args:
        output: where the question goes.
        question: to ask.
        unasked: what is said where there is no terminal.
        kept: name of what is said after any other answer.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        output.hint(unasked)
        return False
    output.hint(question)
    try:
        answer = input()
    except EOFError:  # Ctrl-D
        answer = ""
    if answer.strip().casefold() in ("y", "yes"):
        return True
    output.hint(message(kept))
    return False
