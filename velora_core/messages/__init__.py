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
    "listed",
    "message",
    "seconds_in_words",
    "speak_for",
    "spoken_for",
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
    global _own, _program
    if program != Program.LIBRARY or _own is None:
        _own, _program = _own_messages(program), program


def spoken_for() -> str:
    """Return the program whose sentences this process uses."""
    return _program


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
_program = Program.PANEL


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
