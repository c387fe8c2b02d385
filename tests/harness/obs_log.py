"""The log of an OBS, and what scripts have written to it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.harness.installation import ObsInstallation
from tests.harness.waiting import wait_until

__all__ = ["LogLine", "ObsLog"]

_PREFIX = re.compile(r"^[\d:.]+: (?:\[[^\]]*\] )?")


@dataclass(frozen=True)
class LogLine:
    """A line a script has written to OBS's log."""

    script: str
    """The script's file name, or "Unknown Script" for a line of another thread."""
    text: str


class ObsLog:
    """The log of one OBS."""

    installation: ObsInstallation
    home: Path

    def log_text(self) -> str:
        """Return OBS's log of this run so far (of the last run, after quitting)."""
        logs = sorted((self.installation.config_folder(self.home) / "logs").glob("*.txt"))
        return logs[-1].read_text(encoding="utf-8", errors="replace") if logs else ""

    def script_log(self) -> list[LogLine]:
        """Return the lines scripts have written to the log."""
        found = re.findall(
            r"^[\d:.]+: \[(?:Python: )?([^\]\n]+\.py|Unknown Script)\] (.*)$",
            self.log_text(),
            re.MULTILINE,
        )
        return [LogLine(script, text) for script, text in found]

    def exceptions(self) -> list[str]:
        """Return the tracebacks in the log, as Python would print them."""
        found: list[list[str]] = []
        inside = False
        for line in self.log_text().splitlines():
            text = _PREFIX.sub("", line)
            if text.startswith("Traceback (most recent call last)"):
                found.append([text])
                inside = True
            elif inside:
                found[-1].append(text)
                # The exception itself is the first line that is not indented.
                inside = not text or text.startswith(" ")
        return ["\n".join(lines) for lines in found]

    def wait_for_log(self, pattern: str, *, timeout: float = 30.0) -> str:
        """Wait until the log matches a regular expression; return what matched.

        Args:
            timeout: seconds.
        """
        match = wait_until(
            lambda: re.search(pattern, self.log_text(), re.MULTILINE),
            what=f"{pattern!r} in OBS's log",
            timeout=timeout,
            details=self._tail,
        )
        return match[0]

    def _tail(self) -> str:
        with suppress(OSError):
            printed = (self.home / "obs.out").read_text(errors="replace")
            return "\n".join((self.log_text() or printed).splitlines()[-40:])
        return ""
