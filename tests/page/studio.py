"""A browser that streams through the page's real server to a real WHIP server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.harness.waiting import wait_until
from tests.harness.whip_server import WhipServer
from tests.page.driver import ENTER, PageBrowser
from tests.ports import free_port
from tests.unit.fakes import TOKEN, FakeHost, FakeVelora, run, run_until_idle
from velora_core.application import Application
from velora_core.panel.elements import Action
from velora_core.secret import Secret
from velora_core.web import start_page, whip_relay

__all__ = ["ALLOWED", "MEDIA", "Studio", "open_studio"]

MEDIA = ("--use-fake-device-for-media-stream", "--allow-loopback-in-peer-connection")
"""Has a browser make up a camera and a microphone."""
ALLOWED = "--use-fake-ui-for-media-stream"
"""Has it allow them without asking."""


class Studio:
    """An application with its page, whose UI thread is this one, and a browser that streams."""

    def __init__(
        self, app: Application, velora: FakeVelora, browser: PageBrowser, whip: WhipServer
    ) -> None:
        self.app = app
        self.velora = velora
        self.browser = browser
        self.whip = whip

    def wait(self, condition: Callable[[], Any], what: str, *, timeout: float = 30.0) -> Any:
        def look() -> Any:
            self.app.process_ui_queue()
            return condition()

        return wait_until(
            look, what=what, interval=0.02, timeout=timeout, details=lambda: f"it says: {self.said}"
        )

    @property
    def said(self) -> str:
        return str(self.browser.run("return document.querySelector('#said')?.textContent"))

    @property
    def open_events(self) -> int:
        """How many connections with events the page has."""
        server: Any = self.app.features.page._server
        return int(server.feed.subscribers)

    def press(self, name: str) -> None:
        self.browser.focus(f"#{name}")
        self.browser.press(ENTER)

    def go_live(self) -> None:
        self.press("main")
        self.wait(lambda: "You are streaming" in self.said, "the stream to run")


@contextmanager
def open_studio(browser: PageBrowser, whip: WhipServer, folder: Path) -> Iterator[Studio]:
    """Have a browser show the page that streams, beside the application that it belongs to."""
    velora, app = FakeVelora(), None
    velora.setup = velora.setup._replace(whip_url=Secret(whip.url))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("velora_core.web.server.PORT", free_port())
        patch.setattr("webbrowser.open", lambda _: True)
        patch.setattr(whip_relay, "_GRACE_PERIOD", 0.5)
        patch.setattr("velora_core.api.client.VeloraClient", velora)
        environment = {"VELORA_ACCESS_TOKEN": TOKEN, "VELORA_API_URL": "http://127.0.0.1:9/api"}
        try:
            app = Application(FakeHost(), environment=environment, folder=folder, page=start_page)
            app.panel_opened()
            app.edit({"title": "From a browser"})
            run_until_idle(app)
            run(app, app.press(Action.OPEN_PAGE))
            browser.resize(900, 900)
            browser.open(str(app.panel().find("page_address").value))
            studio = Studio(app, velora, browser, whip)
            link = "return document.querySelector('#stream')?.textContent"
            studio.wait(lambda: browser.run(link), "the link")
            browser.run("document.querySelector('#stream').click()")
            shown = "return Boolean(document.querySelector('.told dd'))"
            studio.wait(lambda: browser.run(shown), "the page that streams")
            browser.complaints()
            yield studio
        finally:
            if app:
                app.close()
