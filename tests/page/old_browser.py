"""The page in an engine as old as OBS's own (`old_engine.py`), told what to do as Chromium is."""

from __future__ import annotations

import json
import select
import subprocess
from pathlib import Path
from typing import Any

from tests.harness.processes import (
    OwnedProcess,
    remove_scratch_dir,
    scratch_dir,
    system_environment,
)
from tests.page.driver import PageBrowser

__all__ = ["OldBrowser"]

_PYTHON = "/usr/bin/python3"
_ANSWERED = 30.0  # seconds that an order may take
_COUNT = """
    if (window.keysLeft === undefined) addEventListener("keyup", () => window.keysLeft--, true);
    window.keysLeft = arguments[0];
"""
"""Counts the keys that the page has yet to take; another page begins without any."""
_PROGRAM = Path(__file__).with_name("old_engine.py")


class OldBrowser(PageBrowser):
    """Qt WebEngine 6.4. Use it as a context manager."""

    def start(self) -> None:
        self._folder = scratch_dir("old-browser")
        environment = {
            **system_environment(self._folder),
            "QT_QPA_PLATFORM": "offscreen",
            "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu --force-prefers-reduced-motion",
            "QTWEBENGINE_DISABLE_SANDBOX": "1",  # it can't be had as root
        }
        self._engine = OwnedProcess(
            [_PYTHON, str(_PROGRAM)],
            environment=environment,
            output=self._folder / "output",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def stop(self) -> None:
        self._engine.stop()
        remove_scratch_dir(self._folder)

    def _order(self, order: str, **how: Any) -> Any:
        process = self._engine.popen
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({"order": order, **how}).encode() + b"\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], _ANSWERED)
        line = process.stdout.readline() if ready else b""
        assert line, (self._folder / "output").read_text()
        return json.loads(line)["value"]

    @property
    def version(self) -> str:
        """Chromium's."""
        return str(self._order("version"))

    def open(self, url: str) -> None:
        self._order("open", url=url)

    @property
    def url(self) -> str:
        return str(self._order("url"))

    def text(self) -> str:
        return str(self.run("return document.body.innerText"))

    def source(self) -> str:
        return str(self.run("return document.documentElement.outerHTML"))

    def run(self, script: str, *arguments: Any) -> Any:
        return self._order("run", script=script, arguments=list(arguments))

    def resize(self, width: int, height: int = 900, *, zoom: float = 1.0) -> None:
        self._order("resize", width=width, height=height, zoom=zoom)

    def prefer(self, scheme: str) -> None:
        """Leave the colours: this engine takes them when it starts."""

    def press(self, *keys: str, shift: bool = False) -> None:
        strokes = [key for text in keys for key in text]
        self.run(_COUNT, len(strokes))
        self._order("press", strokes=strokes, shift=shift)
        # The engine hands on a key once the page is done with the one before; no script waits.
        self.wait("return !(window.keysLeft > 0)", "the keys to be taken")

    def _console(self) -> list[str]:
        return list(self._order("complaints"))
