"""A browser with the page in it: keys, colours, widths, and what axe-core finds."""

from __future__ import annotations

import base64
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.harness.browser import Browser
from tests.harness.waiting import wait_until

__all__ = ["BACKSPACE", "DOWN", "END", "ENTER", "ESCAPE", "SPACE", "TAB", "UP", "PageBrowser"]

ENTER, TAB, ESCAPE, SPACE = "\ue007", "\ue004", "\ue00c", " "
UP, DOWN, END, BACKSPACE = "\ue013", "\ue015", "\ue010", "\ue003"
_SHIFT = "\ue008"
_LOST = re.compile(
    r"Failed to load resource|^network - |Cache\.addAll\(\) failed|"
    r"EventSource's response has a MIME"
)
"""Of a connection, or of another program that has the port."""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class PageBrowser(Browser):
    """Chromium, beside a program whose page it shows."""

    def run(self, script: str, *arguments: Any) -> Any:
        """Run JavaScript, and return what it returns."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command: str, **parameters: Any) -> Any:
        """Give an order of the DevTools protocol."""
        order = {"cmd": command, "params": parameters}
        return self._ask("POST", "/goog/cdp/execute", order)

    def show(self, address: str, *, width: int = 300, height: int = 900) -> None:
        """Open the page in a window of a size, and wait until it has a state."""
        self.resize(width, height)
        self.open(address)
        self.wait("return document.querySelector('#status')?.textContent", "the page's first state")

    def resize(self, width: int, height: int = 900, *, zoom: float = 1.0) -> None:
        """Have a window of that size; zoomed in, there is less room in it."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=round(width / zoom),
            height=round(height / zoom),
            deviceScaleFactor=zoom,
            mobile=False,
        )

    def prefer(self, scheme: str) -> None:
        """Have a `dark` or a `light` system."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.devtools("Emulation.setEmulatedMedia", features=features)

    def wait(self, script: str, what: str, *arguments: Any) -> Any:
        """Wait until JavaScript returns something true, and return that."""
        return wait_until(lambda: self.run(script, *arguments), what=what)

    def press(self, *keys: str, shift: bool = False) -> None:
        """Press keys one after another; a text is typed."""
        strokes = [
            {"type": kind, "value": key}
            for text in keys
            for key in text
            for kind in ("keyDown", "keyUp")
        ]
        if shift:
            held = {"type": "keyDown", "value": _SHIFT}
            strokes = [held, *strokes, {**held, "type": "keyUp"}]
        source = {"type": "key", "id": "keyboard", "actions": strokes}
        self._ask("POST", "/actions", {"actions": [source]})

    def focus(self, selector: str) -> None:
        """Put the focus on an element, unfolding what it is in."""
        self.run(
            "const it = document.querySelector(arguments[0]);"
            "if (it.closest('details')) it.closest('details').open = true; it.focus();",
            selector,
        )

    def unfold(self) -> None:
        """Open all sections."""
        self.run("for (const section of document.querySelectorAll('details')) section.open = true")

    @property
    def focused(self) -> str:
        """The name of what has the focus: its action, its field's key, or its label."""
        return str(
            self.run(
                "const it = document.activeElement;"
                "return it.dataset.action || (it.id && it.closest('[data-key]')?.dataset.key) ||"
                "it.getAttribute('aria-label') || it.textContent"
            )
        )

    def value(self, key: str) -> str:
        """Return what a field shows."""
        return str(
            self.run(
                "const field = document.querySelector(`[data-key=${arguments[0]}]`);"
                "return field.querySelector('input, textarea, select').value",
                key,
            )
        )

    def has_horizontal_scroll(self) -> bool:
        """Return whether something is wider than the window."""
        return bool(
            self.run(
                "const root = document.scrollingElement;"
                "return root.scrollWidth > root.clientWidth ||"
                "[...document.querySelectorAll('body *')].some((node) =>"
                "node.checkVisibility?.({visibilityProperty: true}) !== false &&"
                "!node.closest('.visually-hidden, .quiet, .tip, svg') &&"
                "node.getBoundingClientRect().right > root.clientWidth + 0.5)"
            )
        )

    def axe(self) -> list[str]:
        """Return what axe-core has to say against the page as it is now."""
        if not self.run("return 'axe' in window"):
            self.run(_axe_source())
        found = self.run(
            "return axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']})"
            ".then((found) => found.violations, (error) => String(error))",
            _RULES,
        )
        assert isinstance(found, list), found
        return [
            f"{rule['id']}: {json.dumps([node['html'][:160] for node in rule['nodes']])}"
            for rule in found
        ]

    def complaints(self) -> list[str]:
        """Return the browser's complaints since the last call, but for lost connections."""
        return [text for text in self._console() if not _LOST.search(text)]

    def _console(self) -> list[str]:
        said = self._ask("POST", "/se/log", {"type": "browser"})
        return [str(entry["message"]) for entry in said]

    def addresses(self) -> list[str]:
        """Return all that the page has fetched."""
        script = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
        return list(self.run(script))

    def screenshot(self, file: Path, *, width: int) -> None:
        """Save the whole page as PNG."""
        height = self.run("return document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        drawn = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        file.write_bytes(base64.b64decode(drawn["data"]))


def _axe_source() -> str:
    """Return axe-core, which comes in another package."""
    spec = find_spec("axe_playwright_python")
    assert spec
    assert spec.origin
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")
