"""A real OBS: started, watched, talked to over its websocket, and quit."""

from __future__ import annotations

import logging
import re
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import obsws_python.error
import obsws_python.reqs

from tests.harness.closing import ask_to_close
from tests.harness.config import ObsConfig
from tests.harness.display import Display
from tests.harness.installation import ObsInstallation
from tests.harness.listening import listens_on_tcp
from tests.harness.obs_files import ObsFiles
from tests.harness.obs_log import ObsLog
from tests.harness.pictures import take_picture
from tests.harness.processes import (
    OwnedProcess,
    ProcessUsage,
    remove_scratch_dir,
    scratch_dir,
)
from tests.harness.waiting import HarnessError, WaitTimeout, wait_until
from tests.managed import Managed
from tests.ports import free_port

if TYPE_CHECKING:
    from tests.harness.panel import Panel

__all__ = ["Obs", "QuitReport", "Stats", "StreamStatus"]

# It logs every request and every attempt to connect, at length.
logging.getLogger("obsws_python").setLevel(logging.CRITICAL + 1)

# The library has no types of its own.
_WebsocketClient: Callable[..., Any] = obsws_python.reqs.ReqClient
_WebsocketError: type[Exception] = obsws_python.error.OBSSDKError
# OBS 29 closes its window inside the signal's handler, whatever it has just been doing: holding the
# X connection's lock, it then waits for itself for ever, and painting, Qt crashes.
_QUITS_BY_SIGNAL = (30, 0, 0)


@dataclass(frozen=True)
class QuitReport:
    """How OBS ended."""

    seconds: float
    """From the signal to the end of the process."""
    exit_code: int
    """0 when it ended well; negative for the signal that killed it."""
    killed: bool
    """It did not end when asked."""
    leaks: int | None
    """The memory leaks it counted, or None when it came to no count."""

    @property
    def orderly(self) -> bool:
        """It ended when asked and took everything down before.

        Unlike `exit_code`, this tells nothing of what a library does after that: in Debian's OBS
        29, libsrt crashes when the process ends, once a stream was sent over SRT.
        """
        return not self.killed and self.leaks is not None


@dataclass(frozen=True)
class StreamStatus:
    """The stream output's counters."""

    active: bool
    reconnecting: bool
    skipped_frames: int
    sent_bytes: int
    milliseconds: int


@dataclass(frozen=True)
class Stats:
    """OBS's own counters."""

    render_total_frames: int
    render_skipped_frames: int
    output_skipped_frames: int
    fps: float


class Obs(Managed, ObsFiles, ObsLog):
    """One running OBS with a home folder of its own. Use it as a context manager."""

    def __init__(
        self,
        display: Display,
        config: ObsConfig | None = None,
        *,
        installation: ObsInstallation | None = None,
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        home: Path | None = None,
        visible_folders: Sequence[Path] = (),
        websocket_password: str = "",
    ) -> None:
        """Nothing is started yet.

        Args:
            config: what OBS finds; None to keep what `home` holds.
            installation: which OBS; the system's own without it.
            environment: more variables, such as ``VELORA_API_URL``.
            arguments: more flags, such as ``--startstreaming``.
            home: the home folder, kept afterwards; without one, a temporary one.
            visible_folders: what OBS needs to find beside home and scripts, such as the folder of a
                package a script imports; only matters to an OBS in a chroot.
            websocket_password: of its websocket server; empty for none.
        """
        self.display = display
        self.installation = installation or ObsInstallation()
        self._own_home = home is None
        self.home = home or scratch_dir("home")
        self.websocket_port = free_port()
        self.start_seconds = 0.0
        """How long the last start took."""
        self._environment = dict(environment or {})
        self._arguments = tuple(arguments)
        self._password = websocket_password
        if websocket_password:
            self._arguments += ("--websocket_password", websocket_password)
        self._process: OwnedProcess | None = None
        self._client: Any = None
        self._panel: Panel | None = None
        self._report: QuitReport | None = None
        self._folders = [self.home, *visible_folders]
        if config is not None:
            self._folders += sorted(config.script_folders())
            config.write(self.installation, self.home, websocket_port=self.websocket_port)
        else:
            self.installation.set_websocket_port(self.home, self.websocket_port)

    # Life and death

    def start(self, *, timeout: float = 120.0) -> None:
        """Start OBS and wait until its window is there and its websocket answers.

        Args:
            timeout: seconds.
        """
        if self._process is not None:
            raise HarnessError("OBS runs already")
        started = time.monotonic()
        self._report = None
        try:
            self._process = OwnedProcess(
                self.installation.obs_command(
                    *self._arguments,
                    start_in=self.home,
                    folders=[*self._folders, self.display.folder],
                ),
                environment={
                    **self.display.environment(self.home),
                    # OBS looks for newer service lists; nothing here leaves the machine.
                    "https_proxy": "http://127.0.0.1:9",
                    "no_proxy": "127.0.0.1,localhost,::1",
                    # Whatever keyring this computer has is not for tests.
                    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
                    **self._environment,
                },
                name="obs",
                output=self.home / "obs.out",
                cwd=self.home,
            )
            wait_until(self._is_ready, what="OBS to start", timeout=timeout, details=self._tail)
        except BaseException:
            self.stop()
            raise
        self.start_seconds = time.monotonic() - started

    def _is_ready(self) -> bool:
        if self.process.exit_code is not None:
            raise HarnessError(f"OBS ended with {self.process.exit_code}\n{self._tail()}")
        # Looking for windows is a program of its own, and only worth it near the end of the start.
        if not listens_on_tcp(self.websocket_port):
            return False
        if not self.display.windows(pid=self.pid, title="^OBS "):
            return False
        with suppress(OSError, _WebsocketError):
            client = _WebsocketClient(
                host="127.0.0.1", port=self.websocket_port, password=self._password, timeout=30
            )
            try:
                # Before the scripts are loaded, requests are answered with "not ready".
                client.send("GetSceneList", raw=True)
            except _WebsocketError:
                client.disconnect()
                return False
            self._client = client
            return True
        return False

    @property
    def process(self) -> OwnedProcess:
        """The OBS process."""
        if self._process is None:
            raise HarnessError("OBS does not run")
        return self._process

    @property
    def running(self) -> bool:
        """Whether it has been started, and has not ended."""
        return self._process is not None and self._process.exit_code is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def usage(self) -> ProcessUsage:
        """Return OBS's threads, descriptors and memory now."""
        return self.process.usage()

    def main_window(self) -> int:
        """X's id of the main window."""
        return self.display.windows(pid=self.pid, title="^OBS ")[-1]

    def quit(self, *, timeout: float = 40.0) -> QuitReport:
        """Ask OBS to quit as a user does, scripts unloaded and all, and wait for it.

        Args:
            timeout: seconds until it is killed.
        """
        if self._report is not None:
            return self._report
        process = self.process
        self._leave()
        windows = self.display.windows(pid=self.pid, title="^OBS ")
        started = time.monotonic()
        if windows and self.installation.version < _QUITS_BY_SIGNAL:
            ask_to_close(self.display.name, windows[-1])
        else:
            process.send(signal.SIGINT)
        code = process.wait(timeout)
        seconds = time.monotonic() - started
        process.stop()
        self._process = None
        found = re.findall(r"Number of memory leaks: (\d+)", self.log_text())
        self._report = QuitReport(
            seconds=seconds,
            exit_code=process.popen.returncode,
            killed=code is None,
            leaks=int(found[-1]) if found else None,
        )
        return self._report

    def kill(self) -> None:
        """End OBS at once, as a power cut does."""
        self._leave(gently=False)
        self.process.stop(number=signal.SIGKILL)
        self._process = None

    def stop(self) -> None:
        """Quit OBS if it still runs, and remove a temporary home folder."""
        try:
            if self._process is not None:
                self.quit(timeout=20.0)
        finally:
            if self._own_home:
                remove_scratch_dir(self.home)

    def _leave(self, *, gently: bool = True) -> None:
        if self._panel is not None:
            self._panel.disconnect()
            self._panel = None
        if self._client is not None:
            with suppress(Exception):
                self._client.disconnect()
            self._client = None
            if not gently:
                return
            # Its own thread takes the connection down, and what quits OBS next must not meet that.
            with suppress(WaitTimeout):
                wait_until(self._nobody_connected, what="the end of the connection", timeout=3)

    def _nobody_connected(self) -> bool:
        log = self.log_text()
        opened, closed = (log.count(f"[WebSocketServer::on{act}]") for act in ("Open", "Close"))
        return opened <= closed or self.process.exit_code is not None

    # The panel and pictures

    @property
    def panel(self) -> Panel:
        """Tools → Scripts, as a user sees it."""
        if self._panel is None:
            from tests.harness.panel import Panel

            self._panel = Panel(self)
        return self._panel

    def screenshot(self, path: Path) -> Path:
        """Save a picture of the whole screen as PNG."""
        return take_picture(self.display, path)

    # The websocket

    def request(self, name: str, data: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send an obs-websocket request by its name and return the answer's fields."""
        if self._client is None:
            raise HarnessError("OBS does not run")
        answer = self._client.send(name, dict(data) if data is not None else None, raw=True)
        return dict(answer or {})

    def start_stream(self, *, wait: bool = True, timeout: float = 30.0) -> None:
        """Press Start Streaming.

        Args:
            wait: until the stream is connected.
            timeout: seconds.
        """
        self.request("StartStream")
        if wait:
            wait_until(
                lambda: self.stream_status().active,
                what="the stream to start",
                timeout=timeout,
                details=self._tail,
            )

    def stop_stream(self, *, timeout: float = 30.0) -> None:
        """Press Stop Streaming and wait until the stream has ended.

        Args:
            timeout: seconds.
        """
        self.request("StopStream")
        wait_until(
            lambda: not self.stream_status().active,
            what="the stream to stop",
            timeout=timeout,
            details=self._tail,
        )

    def wait_for_sent(self, seconds: float, *, timeout: float = 60.0) -> None:
        """Wait until so many seconds of the stream have been sent; a busy OBS takes longer.

        Args:
            timeout: seconds.
        """
        wait_until(
            lambda: self.stream_status().milliseconds >= seconds * 1000,
            what=f"{seconds:g} s of the stream",
            timeout=timeout,
            details=self._tail,
        )

    def stream_status(self) -> StreamStatus:
        """Return the stream's state and counters."""
        answer = self.request("GetStreamStatus")
        return StreamStatus(
            active=answer["outputActive"],
            reconnecting=answer["outputReconnecting"],
            skipped_frames=answer["outputSkippedFrames"],
            sent_bytes=answer["outputBytes"],
            milliseconds=answer["outputDuration"],
        )

    def stats(self) -> Stats:
        """Return OBS's counters since it started."""
        answer = self.request("GetStats")
        return Stats(
            render_total_frames=answer["renderTotalFrames"],
            render_skipped_frames=answer["renderSkippedFrames"],
            output_skipped_frames=answer["outputSkippedFrames"],
            fps=answer["activeFps"],
        )

    @property
    def profile(self) -> str:
        """The current profile's name."""
        return str(self.request("GetProfileList")["currentProfileName"])

    def create_profile(self, name: str) -> None:
        """Make a profile and switch to it."""
        self.request("CreateProfile", {"profileName": name})
        wait_until(lambda: self.profile == name, what=f"the profile {name!r}")

    def switch_profile(self, name: str) -> None:
        """Switch to a profile and wait until that is done."""
        self.request("SetCurrentProfile", {"profileName": name})
        wait_until(lambda: self.profile == name, what=f"the profile {name!r}")

    @property
    def collection(self) -> str:
        """The current scene collection's name."""
        return str(self.request("GetSceneCollectionList")["currentSceneCollectionName"])

    def switch_collection(self, name: str) -> None:
        """Switch to a scene collection and wait until that is done."""
        self.request("SetCurrentSceneCollection", {"sceneCollectionName": name})
        wait_until(lambda: self.collection == name, what=f"the scene collection {name!r}")
