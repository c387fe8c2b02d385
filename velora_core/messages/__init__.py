"""All sentences that people read, by name, so that a translation is one more file beside `en`.

The panel, OBS's log and a command line show the same sentence because they all ask here.
"""

from __future__ import annotations

from .en import MESSAGES

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

__all__ = [
    "Program",
    "alternatives",
    "escape_label",
    "listed",
    "message",
    "shorten",
    "speak_for",
]

_WIDTH: Final = 18
"""Characters of a name in a list: a wider list would push its label out of OBS's panel."""


class Program:
    """What kind of program shows the sentences: what it calls things, and what it has.

    Not an `Enum`: OBS's UI thread imports this, and would wait longer for that than for all else.
    """

    LIBRARY: Final = "library"
    """A program of somebody else's, whose buttons and commands nobody here knows."""
    PANEL: Final = "panel"
    """The panel in OBS, with its buttons."""
    COMMAND_LINE: Final = "command line"
    """The command ``velora``."""


def speak_for(program: str) -> None:
    """Use a program's sentences in this process from now on.

    Args:
        program: one of `Program`. The panel's are used until somebody says otherwise; `LIBRARY`
            is what the public face of the package says when it is used, and does not replace
            another choice.
    """
    global _own
    if program != Program.LIBRARY or _own is None:
        _own = _own_messages(program)


def _own_messages(program: str) -> dict[str, str]:
    """Return the sentences that a program says otherwise than the panel."""
    if program == Program.PANEL:
        return {}
    from .en_library import MESSAGES as LIBRARY

    if program == Program.LIBRARY:
        return LIBRARY
    from .en_command_line import MESSAGES as COMMAND_LINE

    return {**LIBRARY, **COMMAND_LINE}


_own: dict[str, str] | None = None  # until somebody has chosen


def message(name: str, /, **values: object) -> str:
    """Return the sentence called `name` with its `{placeholders}` filled in.

    Raises:
        KeyError: there is no such sentence, or a placeholder has no value.
    """
    sentence = _own.get(name) if _own else None
    return (sentence or MESSAGES[name]).format(**values)


def escape_label(text: str) -> str:
    """Escape a text for a label that takes tags for HTML, as OBS's labels do.

    Its lines stay lines.
    """
    if "<" not in text and "&" not in text:
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<span>{}</span>".format(escaped.replace("\n", "<br>"))


def shorten(name: str) -> str:
    """Shorten a name to fit into a list of the panel, with ``…`` for what is cut off."""
    return name if len(name) <= _WIDTH else name[: _WIDTH - 1].rstrip() + "…"


def listed(parts: Sequence[str]) -> str:
    """Join words into one list: with commas, and “and” before the last one."""
    if len(parts) < 2:
        return "".join(parts)
    return message("change.and", first=", ".join(parts[:-1]), last=parts[-1])


def alternatives(parts: Sequence[str]) -> str:
    """Join words into one choice: with commas, and “or” before the last one."""
    if len(parts) < 2:
        return "".join(parts)
    return message("change.or", first=", ".join(parts[:-1]), last=parts[-1])
