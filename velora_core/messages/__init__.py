"""All sentences that people read, by name, so that a translation is one more folder beside `en`.

The panel, OBS's log and a command line show the same sentence because they all ask here.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

__all__ = [
    "FILES",
    "Program",
    "alternatives",
    "both_ends",
    "cut",
    "escape_label",
    "listed",
    "message",
    "seconds_in_words",
    "short_labels",
    "shorten",
    "speak_for",
    "tags_in_words",
]

FILES: Final[dict[str, str]] = {
    **dict.fromkeys(("script", "hotkey"), "script"),
    **dict.fromkeys(("error", "api_url", "damage", "problem", "storage"), "errors"),
    **dict.fromkeys(("status", "lost", "key", "keyring", "change", "log", "next"), "status"),
    **dict.fromkeys(("live", "srt", "health", "encoder"), "stream"),
    **dict.fromkeys(
        ("panel", "section", "button", "title", "service", "account", "scope", "settings"), "panel"
    ),
    "check": "diagnostics",
    "page": "sign_in_page",
    "web": "web",
    "dock": "dock",
    "browser": "browser_stream",
    "cli": "command_line",
    "companion": "companion",
    "streamlabs": "streamlabs",
}
"""Which file of a language has an area.

It isn't in the language's package, so that this one imports none of its own modules: a thread that
imports one of those at that moment would hold what this one waits for, and the other way round.
"""

_WIDTHS: Final = {**dict.fromkeys("MW@mw%", 17), **dict.fromkeys("ijlIft.,:;'|! ", 5)}
"""Of letters that are not as wide as most, which are 10."""
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
    return name if _fits(name) else cut(name, _WIDTH - 1).rstrip() + "…"


def both_ends(name: str) -> str:
    """Shorten a name to its beginning and its end: “The Leg…e Wild”."""
    half = (_WIDTH - 1) // 2
    if _fits(name):
        return name
    return f"{cut(name, half).rstrip()}…{cut(name[::-1], half)[::-1].lstrip()}"


_LISTS: Final = 8  # whose labels are remembered
_labels: dict[tuple[str, ...], tuple[str, ...]] = {}
"""Of the last lists, by their names: a panel's are the same at each keystroke. Not by `functools`,
which some Pythons would import on OBS's UI thread for this alone."""


def short_labels(names: Sequence[str]) -> list[str]:
    """Shorten names for a list of the panel, in the same order, so that no two look alike.

    Those that begin alike keep their ends as well.
    """
    key = tuple(names)
    labels = _labels.pop(key, None) or _told_apart(key)
    _labels[key] = labels  # as the latest; another thread may be here as well
    for oldest in list(_labels)[:-_LISTS]:
        _labels.pop(oldest, None)
    return list(labels)


def _told_apart(names: tuple[str, ...]) -> tuple[str, ...]:
    shortened = [shorten(name) for name in names]
    alike: dict[str, int] = {}
    for short in shortened:
        alike[short] = alike.get(short, 0) + 1
    labels: dict[str, None] = {}
    numbers: dict[str, int] = {}  # the last one, by what it stands behind
    for name, short in zip(names, shortened, strict=True):
        label = unique = both_ends(name) if alike[short] > 1 else short
        if label in labels:  # the same to the letter, or in the middle only
            beginning = cut(label, _WIDTH - 4).rstrip("… ")
            number = numbers.get(beginning, 1)
            while unique in labels:
                number += 1
                unique = f"{beginning}… {number}"
            numbers[beginning] = number
        labels[unique] = None
    return tuple(labels)


def cut(text: str, width: int) -> str:
    """Return as much of the beginning of a text as is not wider than so many letters."""
    room = 10 * width
    for at, letter in enumerate(text):
        room -= _WIDTHS.get(letter) or _width_of(letter)
        if room < 0:
            return text[:at]
    return text


def _fits(name: str) -> bool:
    return cut(name, _WIDTH) == name


def _width_of(letter: str) -> int:
    """Return the width of a letter that is neither wide nor narrow among Latin ones."""
    if letter.isascii():
        return 10
    from unicodedata import east_asian_width  # not worth its time while OBS starts

    return 23 if east_asian_width(letter) in "WF" else 10


def listed(parts: Sequence[str]) -> str:
    """Join words into one list: with commas, and “and” before the last one."""
    if len(parts) < 2:
        return "".join(parts)
    return message("change.and", first=", ".join(parts[:-1]), last=parts[-1])


def tags_in_words(tags: Sequence[str]) -> str:
    """Return a stream's tags as a part of a sentence."""
    name = "change.no_tags" if not tags else "change.tag" if len(tags) == 1 else "change.tags"
    return message(name, tags=", ".join(tags))


def seconds_in_words(seconds: float) -> str:
    """Return a time to wait as a part of a sentence; it is never none."""
    count = max(1, round(seconds))
    return message("change.second" if count == 1 else "change.seconds", count=count)


def alternatives(parts: Sequence[str]) -> str:
    """Join words into one choice: with commas, and “or” before the last one."""
    if len(parts) < 2:
        return "".join(parts)
    return message("change.or", first=", ".join(parts[:-1]), last=parts[-1])
