"""Reads a browser's page by AT-SPI, which is all that a screen reader such as Orca has of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from tests.harness import Display
from tests.harness.accessibility import Accessibility
from tests.harness.widgets import Node, Stale
from tests.managed import Managed

__all__ = ["ScreenReader"]


class ScreenReader(Managed):
    """Beside one browser. Use it as a context manager."""

    def __init__(self, display: Display, pid: int) -> None:
        """Create it.

        Args:
            display: of the browser.
            pid: the browser's.
        """
        self._display = display
        self._pid = pid

    def start(self) -> None:
        self._access = Accessibility(self._display, self._pid)

    def stop(self) -> None:
        self._access.close()

    def page(self) -> list[Node]:
        """Return all that is on the page, in the order in which it is read out."""
        try:
            tree = self._access.tree()
        except Stale:
            tree = None
        nodes = Node(tree).walk() if tree else iter(())
        return next((list(node.walk()) for node in nodes if node.role == "document web"), [])

    def find(self, role: str, name: str) -> Node | None:
        """Return what is called so."""
        return next(self.all(role, name), None)

    def all(self, role: str, name: str | None = None) -> Iterator[Node]:
        """Return what has a role, and a name if there is one."""
        return (node for node in self.page() if node.role == role and name in (None, node.name))

    def status(self) -> list[str]:
        """Return what is read out when it changes, wherever the reader is."""
        regions = [*self.all("status bar"), *self.all("alert"), *self.all("notification")]
        return [
            part.name
            for region in regions
            for part in region.walk()
            if part.role == "static" and part.name
        ]

    def act(self, node: Node, action: str = "press") -> None:
        """Do what the reader's command for it does."""
        with suppress(Stale):
            self._access.act(node.handle, action)
