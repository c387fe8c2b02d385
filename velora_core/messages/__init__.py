"""All sentences that people read, by name, so that a translation is one more folder beside `en`.

The panel, OBS's log and a command line show the same sentence because they all ask here.
"""

from __future__ import annotations

from .en import FILES

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

__all__ = [
    "Program",
    "alternatives",
    "both_ends",
    "cut",
    "escape_label",
    "listed",
    "message",
    "short_labels",
    "shorten",
    "speak_for",
]

_WIDE: Final = "MW@mw%"
_NARROW: Final = "ijlIft.,:;'|! "
_WIDTH: Final = 15
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
    from .en.library_wording import MESSAGES as LIBRARY

    if program == Program.LIBRARY:
        return LIBRARY
    from .en.command_line_wording import MESSAGES as COMMAND_LINE

    return {**LIBRARY, **COMMAND_LINE}


_own: dict[str, str] | None = None  # until somebody has chosen


_read: dict[str, str] = {}  # of the files that were needed so far


def message(name: str, /, **values: object) -> str:
    """Return the sentence called `name` with its `{placeholders}` filled in.

    Raises:
        KeyError: there is no such sentence, or a placeholder has no value.
    """
    sentence = (_own.get(name) if _own else None) or _read.get(name)
    return (sentence or _first_of_its_file(name)).format(**values)


def _first_of_its_file(name: str) -> str:
    """Return a sentence of a file that may not have been read yet."""
    file = FILES[name.partition(".")[0]]
    # Not by `importlib`, which OBS's UI thread would have to read first.
    _read.update(__import__(f"{__name__}.en.{file}", fromlist=["MESSAGES"]).MESSAGES)
    return _read[name]


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
    return name if _width(name) <= _WIDTH else cut(name, _WIDTH - 1).rstrip() + "…"


def both_ends(name: str) -> str:
    """Shorten a name to its beginning and its end: “The Leg…e Wild”."""
    half = (_WIDTH - 1) // 2
    if _width(name) <= _WIDTH:
        return name
    return f"{cut(name, half).rstrip()}…{cut(name[::-1], half)[::-1].lstrip()}"


def short_labels(names: Sequence[str]) -> list[str]:
    """Shorten names for a list of the panel, in the same order, so that no two look alike.

    Those that begin alike keep their ends as well.
    """
    shortened = [shorten(name) for name in names]
    labels: list[str] = []
    for name, short in zip(names, shortened, strict=True):
        label = both_ends(name) if shortened.count(short) > 1 else short
        number, unique = 1, label
        while unique in labels:  # the same to the letter, or in the middle only
            number += 1
            unique = f"{cut(label, _WIDTH - 4).rstrip('… ')}… {number}"
        labels.append(unique)
    return labels


def cut(text: str, width: float) -> str:
    """Return as much of the beginning of a text as is not wider than so many letters."""
    for length in range(len(text), 0, -1):
        if _width(text[:length]) <= width:
            return text[:length]
    return ""


def _width(text: str) -> float:
    """Return how many letters wide a text is: not all letters are of the same width."""
    total = len(text) + 0.7 * sum(map(text.count, _WIDE)) - 0.5 * sum(map(text.count, _NARROW))
    if text.isascii():
        return total
    from unicodedata import east_asian_width  # not worth its time while OBS starts

    return total + 1.3 * sum(east_asian_width(letter) in "WF" for letter in text)


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
