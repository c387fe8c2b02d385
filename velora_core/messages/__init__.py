"""All sentences that people read, by name, so that a translation is one more file beside `en`.

The panel, OBS's log and a command line show the same sentence because they all ask here.
"""

from __future__ import annotations

from .en import MESSAGES

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

__all__ = ["escape_label", "listed", "message", "shorten"]

_WIDTH: Final = 18
"""Characters of a name in a list: a wider list would push its label out of OBS's panel."""


def message(name: str, /, **values: object) -> str:
    """Return the sentence called `name` with its `{placeholders}` filled in.

    Raises:
        KeyError: there is no such sentence, or a placeholder has no value.
    """
    return MESSAGES[name].format(**values)


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
