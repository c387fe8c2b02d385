"""A screen of the test's own: an X server and a session bus with the accessibility bus on it."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import suppress
from pathlib import Path

from tests.harness.processes import (
    OwnedProcess,
    remove_scratch_dir,
    scratch_dir,
    system_environment,
)
from tests.harness.waiting import HarnessError, wait_until
from tests.managed import Managed

__all__ = ["Display"]


class Display(Managed):
    """An X server without a monitor, and one session bus. Use it as a context manager."""

    def __init__(self, *, width: int = 1600, height: int = 1000) -> None:
        """Nothing is started yet.

        Args:
            width: pixels.
            height: pixels.
        """
        self.width = width
        self.height = height
        self._number: int | None = None
        self._bus_address = ""
        self._folder: Path | None = None
        self._server: OwnedProcess | None = None
        self._bus: OwnedProcess | None = None
        self._clipboard: OwnedProcess | None = None

    @property
    def name(self) -> str:
        """What `DISPLAY` is set to, such as ``:7``."""
        return f":{self._number}"

    @property
    def folder(self) -> Path:
        """A folder that lives as long as the display does."""
        if self._folder is None:
            raise HarnessError("the display is not started")
        return self._folder

    def environment(self, home: Path | None = None) -> dict[str, str]:
        """Return the environment of a program on this screen.

        Args:
            home: its home folder; without one, an empty one.
        """
        runtime = self.folder / "runtime"
        return {
            **system_environment(home or self.folder / "home"),
            "DBUS_SESSION_BUS_ADDRESS": self._bus_address,
            "DISPLAY": self.name,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "QT_ACCESSIBILITY": "1",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_QPA_PLATFORM": "xcb",
            "XDG_RUNTIME_DIR": str(runtime),
        }

    def start(self) -> None:
        """Start the X server and the bus. What is missing is named by the error raised."""
        self._folder = scratch_dir("display")
        try:
            for name in ("home", "runtime"):
                (self._folder / name).mkdir(mode=0o700)
            self._start_server()
            self._start_bus()
        except BaseException:
            self.stop()
            raise

    def _start_server(self) -> None:
        # The server chooses a free number itself and says it once it takes clients.
        reading, writing = os.pipe()
        try:
            self._server = OwnedProcess(
                [
                    "Xvfb",
                    *("-displayfd", str(writing)),
                    # Without it the server resets whenever its last client has left.
                    "-noreset",
                    *("-screen", "0", f"{self.width}x{self.height}x24"),
                    *("-nolisten", "tcp"),
                ],
                environment=system_environment(self.folder / "home"),
                output=self.folder / "xvfb.log",
                pass_fds=(writing,),
            )
        finally:
            os.close(writing)
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            log = (self.folder / "xvfb.log").read_text(errors="replace")
            raise HarnessError(f"the X server did not start\n{log}")
        self._number = int(number)

    def _start_bus(self) -> None:
        self._bus = OwnedProcess(
            [
                "dbus-daemon",
                "--session",
                "--nofork",
                "--nopidfile",
                f"--address=unix:path={self.folder}/runtime/bus",
                "--print-address=1",
            ],
            environment=self.environment(),
            output=self.folder / "dbus.log",
            stdout=subprocess.PIPE,
        )
        stream = self._bus.popen.stdout
        assert stream is not None
        self._bus_address = stream.readline().decode().strip()
        if not self._bus_address:
            log = (self.folder / "dbus.log").read_text(errors="replace")
            raise HarnessError(f"the session bus did not start\n{log}")

    def stop(self) -> None:
        """End the bus, what it has started, and the X server; remove the folder."""
        if self._clipboard is not None:
            self._clipboard.stop()
            self._clipboard = None
        if self._bus is not None:
            self._bus.stop()
            self._bus = None
        if self._server is not None:
            server, self._server = self._server, None
            server.stop()
            # The number may be another's already.
            if self._number is not None and _holds(server.pid, self._number):
                for left in (f"/tmp/.X11-unix/X{self._number}", f"/tmp/.X{self._number}-lock"):
                    with suppress(OSError):
                        os.unlink(left)
        if self._folder is not None:
            remove_scratch_dir(self._folder)
            self._folder = None

    def processes(self) -> set[int]:
        """Return the ids of the X server, the bus and what the bus has started."""
        owned = (self._server, self._bus)
        return {pid for process in owned if process is not None for pid in process.family()}

    def run(self, *command: str, timeout: float = 20.0) -> str:
        """Run a short program on this screen and return what it prints.

        Args:
            timeout: seconds.

        Raises:
            HarnessError: it failed.
        """
        done = subprocess.run(
            command,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if done.returncode != 0:
            raise HarnessError(f"{' '.join(command)} failed: {done.stderr.strip()}")
        return done.stdout

    def keys(self, *names: str) -> None:
        """Press keys, such as ``"ctrl+a"`` or ``"Return"``, in the window that has the focus."""
        self.run("xdotool", "key", "--clearmodifiers", "--delay", "20", *names)

    def type(self, text: str) -> None:
        """Type a text into the window that has the focus.

        What no key of the keyboard stands for is pasted, one character at a time.
        """
        for run in re.findall(r"[ -~]+|.", text, re.DOTALL):
            if run.isascii():
                self.run(
                    *("xdotool", "type", "--clearmodifiers", "--delay", "12", "--", run),
                    timeout=20 + len(run) * 0.2,
                )
            else:
                self.paste(run)

    def paste(self, text: str) -> None:
        """Put a text on the clipboard and paste it into the window that has the focus."""
        if self._clipboard is not None:
            self._clipboard.stop()
        # A clipboard lasts as long as the program that offers it.
        self._clipboard = OwnedProcess(
            ["xclip", "-quiet", "-selection", "clipboard", "-in"],
            environment=self.environment(),
            stdin=subprocess.PIPE,
        )
        stdin = self._clipboard.popen.stdin
        assert stdin is not None
        stdin.write(text.encode())
        stdin.close()
        wait_until(lambda: self.clipboard_text() == text, what="the text to be on the clipboard")
        self.keys("ctrl+v")

    def clipboard_text(self) -> str:
        """Return what is on the clipboard; empty for nothing."""
        asked = subprocess.run(
            ["xclip", "-selection", "clipboard", "-out"],
            env=self.environment(),
            capture_output=True,
            timeout=20,
            check=False,
        )
        return asked.stdout.decode(errors="replace")

    def windows(self, *, pid: int, title: str = "") -> list[int]:
        """Return the X ids of a process's visible windows whose title matches, the newest last.

        Args:
            title: a regular expression.
        """
        searched = subprocess.run(
            [
                *("xdotool", "search", "--all", "--onlyvisible"),
                *("--pid", str(pid), "--name", title or ".*"),
            ],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(line) for line in searched.stdout.split()]

    def focus(self, window: int) -> None:
        """Give a window the keyboard; there is no window manager to do it."""
        wait_until(lambda: self._try_focus(window), what=f"window {window} to take the focus")

    def _try_focus(self, window: int) -> bool:
        self.run("xdotool", "windowraise", str(window), "windowfocus", str(window))
        return self.run("xdotool", "getwindowfocus").strip() == str(window)

    def place(self, window: int, *, x: int, y: int, width: int, height: int) -> None:
        """Move and size a window."""
        target = str(window)
        self.run("xdotool", "windowmove", target, str(x), str(y))
        self.run("xdotool", "windowsize", target, str(width), str(height))


def _holds(pid: int, number: int) -> bool:
    """Return whether what an X server leaves behind that was killed is this one's."""
    try:
        return int(Path(f"/tmp/.X{number}-lock").read_text()) == pid
    except (OSError, ValueError):
        return False
