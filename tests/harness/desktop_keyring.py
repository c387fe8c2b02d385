"""The keyring of a desktop (GNOME's), with its own dialog that asks for the password."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from tests.harness.display import Display
from tests.harness.processes import OwnedProcess
from tests.harness.waiting import HarnessError, WaitTimeout, wait_until
from tests.managed import Managed

__all__ = ["DesktopKeyring"]

_DAEMON = "gnome-keyring-daemon"
_PROMPTER = "gcr-prompter"
_PASSWORD = "test"


class DesktopKeyring(Managed):
    """What offers `org.freedesktop.secrets` on a display's bus. Use it as a context manager."""

    BACKEND: ClassVar[Mapping[str, str]] = {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.chainer.ChainerBackend"
    }
    """For a program that is to use it: the harness keeps all others from any keyring."""

    def __init__(self, display: Display, folder: Path) -> None:
        """Nothing is started yet.

        Args:
            display: whose session it belongs to.
            folder: where it keeps what it is given.
        """
        self._display = display
        self._folder = folder
        self._process: OwnedProcess | None = None

    def start(self) -> None:
        """Start it, unlocked."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._start(unlock=True)

    def lock(self) -> None:
        """Lock it as after a login without a password: whoever asks makes the dialog appear."""
        self.stop()
        self._start(unlock=False)

    def wait_for_prompt(self) -> None:
        """Wait until the dialog is there."""
        wait_until(self._prompts, what="the keyring's dialog")

    def unlock(self) -> None:
        """Type the password into the dialog."""
        self.wait_for_prompt()

        def unlocked() -> bool:
            # It is shown a moment before it takes the keys.
            self._display.keys("ctrl+a")
            self._display.type(_PASSWORD)
            self._display.keys("Return")
            with suppress(WaitTimeout):
                return wait_until(lambda: not self._prompts(), what="", timeout=10)
            return False

        wait_until(unlocked, what="the keyring's dialog to go")

    def secrets(self) -> str:
        """Return all that is stored for Velora; the keyring has to be unlocked."""
        return self._display.run("/usr/bin/python3", "-c", _SECRETS)

    def _start(self, *, unlock: bool) -> None:
        arguments = ["--foreground", "--components=secrets"]
        self._process = OwnedProcess(
            [_DAEMON, *arguments, *(["--unlock"] if unlock else [])],
            environment=self._display.environment(self._folder),
            output=self._folder / "daemon.log",
            stdin=subprocess.PIPE,
        )
        stdin = self._process.popen.stdin
        assert stdin is not None
        stdin.write(_PASSWORD.encode() if unlock else b"")
        stdin.close()
        wait_until(self._offered, what="the keyring on the bus", details=self._log)

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def _offered(self) -> bool:
        try:
            self._display.run(*_OWNER)
        except HarnessError:
            return False
        return True

    def _prompts(self) -> bool:
        try:
            found = self._display.run("xdotool", "search", "--onlyvisible", "--class", _PROMPTER)
        except HarnessError:  # it finds nothing
            return False
        return bool(found.split())

    def _log(self) -> str:
        return (self._folder / "daemon.log").read_text(errors="replace")


_OWNER = (
    *("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus"),
    *("/org/freedesktop/DBus", "org.freedesktop.DBus.GetNameOwner"),
    "string:org.freedesktop.secrets",
)
_SECRETS = """
import gi
gi.require_version("Secret", "1")
from gi.repository import Secret
flags = Secret.SearchFlags.ALL | Secret.SearchFlags.LOAD_SECRETS
service = Secret.Service.get_sync(Secret.ServiceFlags.LOAD_COLLECTIONS, None)
string = Secret.SchemaAttributeType.STRING
schema = Secret.Schema.new(
    "org.freedesktop.Secret.Generic", Secret.SchemaFlags.NONE, {"service": string}
)
for item in service.search_sync(schema, {"service": "velora-obs"}, flags, None):
    print(item.get_secret().get_text())
"""
