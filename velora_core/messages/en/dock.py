"""What the page's server answers to requests that it doesn't serve, by name.

Loaded by that server alone, so that OBS doesn't read it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "dock.closed_title": "Open this page from Velora",
    "dock.closed_text": (
        "This browser doesn't have the key to this page yet. Press Open the dock in Velora's "
        "panel, under Dock and remote, or enter page in velora companion, or start velora page "
        "again."
    ),
    "dock.not_here": "There is nothing at this address.",
    "dock.wrong_host": "This page answers to its own address only.",
    "dock.wrong_origin": "Another website can't use this page.",
    "dock.unknown": "A token is missing or no longer valid: add the program again in the panel.",
    "dock.wrong_method": "This address can't be used that way.",
    "dock.not_json": "The content has to be a JSON object, and its type application/json.",
    "dock.too_large": "The request is too large.",
    "dock.malformed": "The request can't be understood.",
    "dock.too_many": "Too many requests: wait a second, then try again.",
    "dock.too_many_pages": "Too many pages are open at once: close one, then try again.",
    "dock.no_field": "There is no field “{name}” now.",
    "dock.wrong_value": "The field “{name}” can't hold this value.",
    "dock.no_action": "There is no action “{name}”.",
    "dock.page_alone": (
        "A program can't have the stream key copied: press Copy stream key in Velora's panel."
    ),
    "dock.not_offered": "This can't be done now.",
    "dock.busy": "{host} is busy and has not taken this over: try again in a moment.",
    "dock.failed": "Something went wrong on Velora's page ({kind}): try again.",
}
