"""What the browser shows after signing in."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "page.signed_in": "You're signed in to Velora as {name}",
    "page.someone": "yourself",
    "page.close": "You can close this page now.",
    "page.failed": "You are not signed in",
    "page.nothing_here": "There is nothing here",
    "page.nothing_here_text": "This address is only used for signing in to Velora.",
}
