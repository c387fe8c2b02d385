"""Whose sentences this process uses: those of the panel, of the command, or of another program."""

from __future__ import annotations

from typing import Final

from velora_core import messages

__all__ = ["Program", "speak_for", "spoken_for"]


class Program:
    """What kind of program shows the sentences: what it calls things, and what it has.

    Not an `Enum`, whose import OBS would wait for while a script is loaded.
    """

    LIBRARY: Final = "library"
    """A program of somebody else's, whose buttons and commands nobody here knows."""
    PANEL: Final = "panel"
    """The panel in OBS, with its buttons."""
    COMMAND_LINE: Final = "command line"
    """The command ``velora``."""


_program: str | None = None  # until somebody has chosen


def speak_for(program: str) -> None:
    """Use a program's sentences in this process from now on.

    Args:
        program: one of `Program`. The panel's are used until somebody says otherwise; `LIBRARY`
            is what the public face of the package says when it is used, and does not replace
            another choice.
    """
    global _program
    if program != Program.LIBRARY or _program is None:
        messages.own, _program = _own_messages(program), program


def spoken_for() -> str:
    """Return the program whose sentences this process uses."""
    return _program or Program.PANEL


def _own_messages(program: str) -> dict[str, str]:
    """Return the sentences that a program says otherwise than the panel."""
    if program == Program.PANEL:
        return {}
    from .en import library_wording

    if program == Program.LIBRARY:
        return library_wording.MESSAGES
    from .en import command_line_wording

    return {**library_wording.MESSAGES, **command_line_wording.MESSAGES}
