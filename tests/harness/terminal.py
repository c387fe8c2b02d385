"""What a terminal shows, as a page for a browser to take a picture of."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

__all__ = ["Typed", "terminal_page"]

_PAGE = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #16181d; color: #d5d8df; }
pre { margin: 0; padding: 14px 16px; font: 13px/1.5 "DejaVu Sans Mono", monospace;
      white-space: pre-wrap; }
b { color: #9db4ff; font-weight: normal; }
</style><pre>%s</pre>"""


class Typed(str):
    """A line that somebody has entered."""

    __slots__ = ()


def terminal_page(lines: Iterable[str]) -> str:
    """Return the address of a page with these lines, each of which has its own end."""
    shown = "".join(
        f"<b>{escape(line)}</b>" if isinstance(line, Typed) else escape(line) for line in lines
    )
    return "data:text/html," + quote(_PAGE % shown)
