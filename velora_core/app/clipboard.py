"""The system's clipboard, without packages: what is put there, and how it is taken out again.

Whoever reads a program's arguments sees no text: it goes through a pipe, or through memory. All of
it may take a moment, and is for the worker's thread.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, Protocol

from velora_core.errors import ClipboardMissing, ClipboardRefused

__all__ = ["Clipboard", "Copied"]

_STARTS: Final = 0.4  # seconds after which a program that still runs has taken the text
_ENDS: Final = 2.0  # seconds that a program gets which has only to read or write
_HOLDERS: Final = (
    ("WAYLAND_DISPLAY", ("wl-copy", "--foreground", "--type", "text/plain")),
    ("DISPLAY", ("xclip", "-quiet", "-selection", "clipboard", "-in")),
    ("DISPLAY", ("xsel", "--clipboard", "--input", "--nodetach")),
)
"""Programs that offer a text for as long as they run and nobody copies another one; each with the
variable without which it is of no use."""


class Copied(Protocol):
    """A text on the clipboard."""

    def take_back(self) -> None:
        """Take it off the clipboard, unless something else is there by now."""


class Clipboard:
    """The clipboard of this computer."""

    def __init__(self, environment: Mapping[str, str], platform: str = sys.platform) -> None:
        """Create it; nothing is looked for yet.

        Args:
            environment: which screens there are.
            platform: as `sys.platform`.
        """
        self._environment = environment
        self._platform = platform

    def copy(self, text: str, *, seconds: float = 0.0) -> Copied:
        """Put a text on the clipboard.

        Args:
            text: whatever it is, only the clipboard gets it.
            seconds: how long it is to stay there even if this program crashes; 0 for as long as
                the system likes. A crash alone makes it matter: see `Copied.take_back`.

        Raises:
            ClipboardMissing: there is nothing here that could do it.
            ClipboardRefused: it did not work.
        """
        if self._platform == "win32":
            from .windows_clipboard import copy_on_windows

            return copy_on_windows(text, secret=seconds > 0)
        if self._platform == "darwin":
            return _MacClipboard(text)
        return self._hold(text, seconds)

    def _hold(self, text: str, seconds: float) -> Copied:
        import shutil

        path = self._environment.get("PATH")
        refused = False
        for variable, arguments in _HOLDERS:
            program = shutil.which(arguments[0], path=path)
            if not self._environment.get(variable) or program is None:
                continue
            command = [program, *arguments[1:]]
            limit = shutil.which("timeout", path=path) if seconds else None
            if limit:
                command = [limit, f"{seconds:.0f}", *command]
            try:
                return _Holder(command, text, self._environment)
            except ClipboardRefused:
                refused = True
        raise ClipboardRefused if refused else ClipboardMissing


class _Holder:
    """A program that offers the text, and ends when another one is copied."""

    def __init__(self, command: list[str], text: str, environment: Mapping[str, str]) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - found on the PATH, by a fixed name
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=dict(environment),
                start_new_session=True,
            )
        except OSError:
            raise ClipboardRefused from None
        with suppress(OSError):  # it has ended already
            stdin: Any = self._process.stdin
            with stdin:
                stdin.write(text.encode("utf-8", "replace"))
        with suppress(subprocess.TimeoutExpired):
            if self._process.wait(_STARTS):
                raise ClipboardRefused

    def take_back(self) -> None:
        """End the program; if another text is there it has ended already."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_ENDS)
            except subprocess.TimeoutExpired:
                self._process.kill()


class _MacClipboard:
    """The pasteboard, by the programs that macOS has for it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._write(text)

    @staticmethod
    def _write(text: str) -> None:
        _run(["/usr/bin/pbcopy"], text)

    def take_back(self) -> None:
        """Empty the pasteboard if the text is still there."""
        with suppress(ClipboardRefused):
            if _run(["/usr/bin/pbpaste"]) == self._text:
                self._write("")


def _run(command: list[str], text: str = "") -> str:
    """Run one of macOS's programs, and return what it prints."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed path
            command,
            input=text.encode(),
            capture_output=True,
            timeout=_ENDS,
            check=True,
            env={"LC_CTYPE": "UTF-8", "PATH": "/usr/bin:/bin"},
        )
    except (OSError, subprocess.SubprocessError):
        raise ClipboardRefused from None
    return done.stdout.decode("utf-8", "replace")
