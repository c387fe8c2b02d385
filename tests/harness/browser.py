"""A real browser without a window: Chromium, told what to do by WebDriver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from tests.harness.processes import (
    OwnedProcess,
    remove_scratch_dir,
    scratch_dir,
    system_environment,
)
from tests.harness.waiting import HarnessError, wait_until
from tests.managed import Managed
from tests.ports import free_port

if TYPE_CHECKING:
    from tests.harness.display import Display

__all__ = ["Browser", "BrowserButton"]

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SHOWN = ("--ozone-platform=x11", "--force-renderer-accessibility")
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key WebDriver names elements by


class Browser(Managed):
    """Chromium with a profile of its own. Use it as a context manager."""

    def __init__(self, *flags: str, display: Display | None = None) -> None:
        """Create the browser.

        Args:
            flags: more of Chromium's.
            display: where it has a window that screen readers can read.
        """
        self._flags = (*flags, *(_SHOWN if display else ("--headless",)))
        self._display = display

    def start(self) -> None:
        """Start it; return once it takes orders."""
        self._folder = scratch_dir("browser")
        port = free_port()
        environment = system_environment(self._folder)
        if self._display:
            environment = {**self._display.environment(self._folder), "ACCESSIBILITY_ENABLED": "1"}
        self._driver = OwnedProcess(
            ["chromedriver", f"--port={port}", "--allowed-ips=127.0.0.1"],
            environment=environment,
            output=self._folder / "chromedriver.log",
        )
        self._http = requests.Session()
        self._http.trust_env = False  # no proxy between here and the driver
        self._base = f"http://127.0.0.1:{port}"
        wait_until(self._is_up, what="chromedriver to answer")
        options = {"args": [*_FLAGS, *self._flags, f"--user-data-dir={self._folder / 'profile'}"]}
        capabilities = {"alwaysMatch": {"goog:chromeOptions": options}}
        session = self._ask("POST", "/session", {"capabilities": capabilities})
        self._base += f"/session/{session['sessionId']}"
        self.pid = int(session["capabilities"]["goog:processID"])
        """Chromium's."""

    def stop(self) -> None:
        """End it, and remove its profile."""
        try:
            self._ask("DELETE", "")
        finally:
            self._http.close()
            self._driver.stop()
            remove_scratch_dir(self._folder)

    def _is_up(self) -> bool:
        try:
            return bool(self._ask("GET", "/status")["ready"])
        except requests.ConnectionError:
            return False

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        json = body if body is not None or method != "POST" else {}
        answer = self._http.request(method, self._base + path, json=json, timeout=60).json()
        value = answer["value"]
        if isinstance(value, dict) and "error" in value:
            raise HarnessError(f"{value['error']}: {value['message']}")
        return value

    def open(self, url: str) -> None:
        """Go to an address and wait until the page is there."""
        self._ask("POST", "/url", {"url": url})

    @property
    def url(self) -> str:
        """Where it is."""
        return str(self._ask("GET", "/url"))

    def text(self) -> str:
        """Return what a person reads on the page."""
        body = self._find("css selector", "body")
        return str(self._ask("GET", f"/element/{body}/text"))

    def source(self) -> str:
        """Return the page's HTML."""
        return str(self._ask("GET", "/source"))

    def click(self, text: str) -> None:
        """Click on the label with this text."""
        self._click(f"//label[normalize-space()='{text}']")

    def submit(self, text: str) -> str:
        """Click on the button with this text; what a person reads on the page it leads to."""
        before = self.url
        self._click(f"//button[normalize-space()='{text}']")
        wait_until(lambda: self.url != before and self._is_whole(), what="the next page")
        return self.text()

    def _is_whole(self) -> bool:
        script = {"script": "return document.readyState", "args": []}
        return bool(self._ask("POST", "/execute/sync", script) == "complete")

    def _click(self, path: str) -> None:
        self._ask("POST", f"/element/{self._find('xpath', path)}/click")

    def _find(self, using: str, value: str) -> str:
        return str(self._ask("POST", "/element", {"using": using, "value": value})[_ELEMENT])


class BrowserButton:
    """Stands for the system's browser: notes the address that a program wants to open.

    The program is to have `environment` in its own.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "opened"
        self._stays = folder / "stays"
        program = folder / "browser"
        program.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{self._file}"\n'
            f'while [ -e "{self._stays}" ]; do sleep 0.1; done\n'
        )
        program.chmod(0o755)
        self.environment = {"BROWSER": f"{program} %s"}

    def stay(self) -> None:
        """Have the program end with `leave` only, as a browser in the foreground does."""
        self._stays.touch()

    def leave(self) -> None:
        """End the programs that stayed."""
        self._stays.unlink(missing_ok=True)

    @property
    def opened(self) -> list[str]:
        """The addresses so far."""
        return self._file.read_text().split() if self._file.exists() else []

    def wait(self, count: int = 1) -> str:
        """Wait for the address number `count`."""
        wait_until(lambda: len(self.opened) >= count, what="the browser to be opened")
        return self.opened[count - 1]
