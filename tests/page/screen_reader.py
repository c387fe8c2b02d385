"""Reads a browser's page by AT-SPI, which is all that a screen reader such as Orca has of it."""

from __future__ import annotations

import json
import select
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.harness import Display
from tests.harness.processes import OwnedProcess
from tests.harness.waiting import HarnessError
from tests.harness.widgets import Node
from tests.managed import Managed

__all__ = ["ScreenReader"]

_HELPER = Path(__file__).parents[1] / "harness" / "panel_helper.py"
_ANSWERED = 30.0  # seconds that a question may take


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
        self._helper = OwnedProcess(
            ["/usr/bin/python3", "-u", str(_HELPER), str(self._pid)],
            environment=self._display.environment(),
            output=self._display.folder / "screen_reader.log",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def stop(self) -> None:
        self._helper.stop()

    def _ask(self, command: str, **how: Any) -> Any:
        stdin, stdout = self._helper.popen.stdin, self._helper.popen.stdout
        assert stdin
        assert stdout
        stdin.write(json.dumps({"command": command, **how}).encode() + b"\n")
        stdin.flush()
        ready, _, _ = select.select([stdout], [], [], _ANSWERED)
        answer = json.loads(stdout.readline() or b"{}") if ready else {}
        if "stale" in answer:
            return None
        if "result" not in answer:
            raise HarnessError(f"{command}: {answer}")
        return answer["result"]

    def page(self) -> list[Node]:
        """Return all that is on the page, in the order in which it is read out."""
        tree = self._ask("tree")
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
        self._ask("act", handle=node.handle, action=action)
