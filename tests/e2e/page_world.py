"""A real OBS with the page of its script in a real Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.e2e.world import World
from tests.harness import BrowserButton, Display, ObsInstallation, wait_until
from tests.page.driver import ENTER, TAB, PageBrowser

__all__ = ["CATEGORY", "TAGS", "TITLE", "PageWorld"]

TITLE = "[data-key=title] textarea"
CATEGORY = "[data-key=category_entry] input"
TAGS = "[data-key=tags_entry] input"


class PageWorld(World):
    """A world in which a browser shows the page."""

    def __init__(
        self,
        display: Display,
        folder: Path,
        browser: PageBrowser,
        *,
        installation: ObsInstallation | None = None,
    ) -> None:
        super().__init__(display, folder, installation=installation)
        self.button = BrowserButton(folder / "browser")
        self.page = browser

    def open_page(self, settings: dict[str, Any], **how: Any) -> None:
        """Start OBS, and open the page by the panel's button."""
        self.start(settings, environment=self.button.environment, **how)
        assert self.press("Open the dock").startswith("Velora opens as a page")
        self.page.show(self.button.wait(), width=300)
        self.page.unfold()

    def press_on_page(self, action: str) -> None:
        """Press a button by the keyboard."""
        self.page.wait(f"return document.querySelector('[data-action={action}]')", action)
        self.page.focus(f"[data-action={action}]")
        self.page.press(ENTER)

    def wait_said(self, part: str) -> None:
        """Wait until the page's status has a part in it."""
        script = "return document.getElementById('status').textContent"
        wait_until(
            lambda: part in self.page.run(script),
            what=f"the page to say {part!r}",
            details=lambda: str(self.page.text()),
        )

    def type_on_page(self, selector: str, text: str) -> None:
        """Replace what is in a line, and leave it."""
        self.page.focus(selector)
        self.page.run("document.activeElement.select()")
        self.page.press(text, TAB)
        wait_until(self.all_sent, what="it to be sent")

    def all_sent(self) -> bool:
        return bool(self.page.run("return !document.querySelector('.dirty')"))
