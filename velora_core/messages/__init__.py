"""All sentences that people read, by name, so that a translation is one more file beside `en`.

The panel, OBS's log and a command line show the same sentence because they all ask here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .en import MESSAGES

__all__ = ["escape_label", "listed", "message", "shorten"]

_WIDTH: Final = 18
"""Characters of a name in a list: a wider list would push its label out of OBS's panel."""


def message(name: str, /, **values: object) -> str:
    """The sentence called `name` with its `{placeholders}` filled in.

    Raises:
        KeyError: there is no such sentence, or a placeholder has no value.
    """
    return MESSAGES[name].format(**values)


def escape_label(text: str) -> str:
    """`text` for a label that takes anything with a tag in it for HTML, as OBS's labels do; its
    lines stay lines."""
    if "<" not in text and "&" not in text:
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<span>{}</span>".format(escaped.replace("\n", "<br>"))


def shorten(name: str) -> str:
    """A name that fits into a list of the panel; what is cut off shows as ``…``."""
    return name if len(name) <= _WIDTH else name[: _WIDTH - 1].rstrip() + "…"


def listed(parts: Sequence[str]) -> str:
    """Some words as one list: with commas, and the last one joined to the others."""
    if len(parts) < 2:
        return "".join(parts)
    return message("change.and", first=", ".join(parts[:-1]), last=parts[-1])
