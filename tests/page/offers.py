"""Which buttons the page has, and which it is to have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.page.driver import PageBrowser

__all__ = ["offered", "to_offer"]


def offered(browser: PageBrowser) -> set[str]:
    """Return the actions whose buttons can be pressed."""
    script = (
        "return [...document.querySelectorAll('button[data-action]')]"
        ".filter((node) => node.ariaDisabled !== 'true').map((node) => node.dataset.action)"
    )
    return set(browser.run(script))


def to_offer(elements: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the actions that the page is to offer: all but those it has another way for.

    Args:
        elements: of the state, as JSON.
    """
    found = {
        str(element["action"])
        for element in elements
        if "action" in element and element.get("enabled", True)
    }
    managing = "presets_less" in found
    return found - {"find_category"} - (set() if managing else {"preset_apply"})
