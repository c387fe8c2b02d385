"""One small world for a test: a Velora with its ingests, and a real OBS with the script in it."""

from __future__ import annotations

import os
import signal
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.e2e.sections import ACCOUNT, INFO, SECTIONS
from tests.harness import (
    Display,
    HarnessError,
    Obs,
    ObsChroot,
    ObsConfig,
    ObsInstallation,
    Panel,
    Profile,
    QuitReport,
    RtmpIngest,
    SceneCollection,
    Script,
    SrtIngest,
    wait_until,
)
from tests.harness.widgets import lines
from tests.ports import free_port
from tests.simulator import Simulator
from tests.stage import stage_script
from velora_core.web.server import PORT

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["AT_ONCE", "SCRIPT", "World", "chosen_installation"]

SCRIPT = "velora_obs.py"
AT_ONCE = 10.0
"""Seconds that OBS may take to quit on a busy machine; whoever waited for Velora would take 30."""
LEAKS_OF_OBS_ITSELF = 1
_NOT_YET = "Velora has not answered yet"
_CRASHES_SINCE = (32, 0, 0)
_WEBSOCKET_ENDS = "[obs-websocket] [obs_module_unload] Shutting down..."


def chosen_installation() -> ObsInstallation:
    """Return the system's own OBS, or the one in the chroot that `VELORA_TEST_OBS` (30, 32) names.

    Raises:
        HarnessError: there is no such chroot.
    """
    return _installation(os.environ.get("VELORA_TEST_OBS", ""))


@cache
def _installation(wanted: str) -> ObsInstallation:
    """Each is asked for its version once, which is a program that has to start."""
    if not wanted:
        return ObsInstallation()
    chroot = ObsChroot(wanted)
    reason = chroot.missing()
    if reason:
        raise HarnessError(reason)
    return chroot


def _note(text: str) -> None:
    """Leave a note for the end of the whole run, which prints it."""
    file = os.environ.get("VELORA_TEST_NOTES")
    if file:
        with open(file, "a", encoding="utf-8") as notes:
            notes.write(f"{text} ({os.environ.get('PYTEST_CURRENT_TEST', '')})\n")


class World:
    """Use it as a context manager; OBS is started with `start`."""

    def __init__(
        self,
        display: Display,
        folder: Path,
        *,
        srt: bool = False,
        installation: ObsInstallation | None = None,
    ) -> None:
        """
        Args:
            srt: whether there is an SRT ingest, too.
            installation: which OBS; by default the one `VELORA_TEST_OBS` asks for.
        """
        self.display = display
        self.installation = installation or chosen_installation()
        self.folder = folder
        self.script = folder / "Velora" / SCRIPT
        self.window_size: tuple[int, int] | None = (1120, 880)
        """Of the Scripts window; None for the one that OBS gives it."""
        self._wants_srt = srt
        self._pressed = "?"  # the latest button
        self._stack = ExitStack()
        self._obs: Obs | None = None

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._stack.close()  # what runs already; nobody else would end it
            raise
        return self

    def _begin(self) -> None:
        enter = self._stack.enter_context
        self.velora = enter(Simulator())
        self.rtmp = enter(
            RtmpIngest(
                on_publish=f"{self.velora.url}/_ingest/publish",
                on_publish_done=f"{self.velora.url}/_ingest/publish_done",
            )
        )
        self.velora.account.rtmp_url = self.rtmp.url
        if self._wants_srt:
            self.srt = enter(SrtIngest())
            self.velora.account.srt_url = self.srt.url
        self.token = self.velora.issue_token()
        stage_script(self.script.parent, compiled_for=self.installation)
        self._give_page_port()

    def _give_page_port(self) -> None:
        """Let the page have a port of its own: while this OBS is closed, that of a test run beside
        this one would take the usual one, and a browser would find that."""
        self.page_port = free_port()
        server = self.script.parent / "velora_core" / "web" / "server.py"
        text = server.read_text(encoding="utf-8")
        own = text.replace(f"\nPORT: Final = {PORT}\n", f"\nPORT: Final = {self.page_port}\n")
        assert own != text
        server.write_text(own, encoding="utf-8")

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def obs(self) -> Obs:
        """The running OBS."""
        assert self._obs is not None, "OBS has not been started"
        return self._obs

    @property
    def panel(self) -> Panel:
        """The script's panel."""
        panel = self.obs.panel
        panel.sections = SECTIONS
        return panel

    @property
    def status(self) -> str:
        """The status line, as it stood when the panel was drawn last.

        Where it is not at the top, it answers a press beside the button.
        """
        return wait_until(self._status, what="a status line")

    def _status(self) -> str | None:
        widgets = self.panel.widgets()
        shown = [widget for widget in widgets if widget.visible]
        names = [widget.name if widget.role == "push button" else "" for widget in shown]
        if shown and shown[0].role == "push button" and self._pressed in names:
            for beside in shown[names.index(self._pressed) + 1 :][:1]:
                if beside.role == "label":
                    return beside.name
        return next(iter(lines(widgets)), None)

    def account_texts(self) -> list[str]:
        """The panel's texts, with those on who is signed in."""
        if self.panel.choice("Show") != ACCOUNT:
            self.panel.choose("Show", ACCOUNT)
        return self.panel.texts()

    def start(
        self,
        settings: Mapping[str, Any] | None = None,
        *,
        token: bool = True,
        environment: Mapping[str, str] | None = None,
        profiles: Sequence[Profile] = (Profile(),),
        more_collections: Sequence[SceneCollection] = (),
        more_scripts: Sequence[Script] = (),
        arguments: Sequence[str] = (),
        wait_until_loaded: bool = True,
        home: Path | None = None,
        visible_folders: Sequence[Path] = (),
    ) -> Obs:
        """Start OBS with the script and open its panel.

        Args:
            settings: what the script's fields hold.
            token: whether VELORA_ACCESS_TOKEN has a good token.
            environment: more variables.
            wait_until_loaded: whether the panel is opened only when what was kept has been read.
            home: OBS's home, where it is started, too; a temporary one without it.
        """
        scripts = [Script(self.script, dict(settings or {})), *more_scripts]
        variables = {"VELORA_API_URL": self.velora.api_url}
        if token:
            variables["VELORA_ACCESS_TOKEN"] = self.token
        first = (
            SceneCollection(scripts=scripts, colour=None)
            if more_collections
            else SceneCollection(scripts=scripts)
        )
        obs = Obs(
            self.display,
            ObsConfig(profiles=profiles, collections=[first, *more_collections]),
            installation=self.installation,
            arguments=arguments,
            environment={**variables, **(environment or {})},
            home=home,
            visible_folders=visible_folders,
        )
        self._variables = {**variables, **(environment or {})}
        self._obs = self._stack.enter_context(obs)
        if wait_until_loaded:
            self.open_panel()
        else:
            self.panel.open(SCRIPT, size=self.window_size)
        return obs

    def start_again(self, home: Path | None = None) -> Obs:
        """Start an OBS that was quit, with what it has kept, and open its panel.

        Args:
            home: its home; by default that of the last one.
        """
        obs = Obs(
            self.display,
            None,
            installation=self.installation,
            environment=self._variables,
            home=home or self.obs.home,
            visible_folders=[self.script.parent],
        )
        self._obs = self._stack.enter_context(obs)
        self.open_panel()
        return obs

    def open_panel(self) -> None:
        """Open the panel once the script has read what was kept: one that is drawn before that
        says so, and OBS can't draw it anew by itself."""
        with suppress(HarnessError):  # a script that can't run here never says it
            self.wait_for_log("is loaded.", timeout=30.0)
        self.panel.open(SCRIPT, size=self.window_size)

    def switch_collection(self, name: str) -> None:
        """Switch to a scene collection that has the script as well, and open the panel once the
        script there has read what was kept."""
        self._load_anew(lambda: self.obs.switch_collection(name))

    def reload(self) -> None:
        """Reload the script, and open the panel once it has read what was kept."""
        self._load_anew(self.panel.reload)

    def _load_anew(self, act: Callable[[], object]) -> None:
        before = self._loads()
        act()
        wait_until(lambda: self._loads() > before, what="the script to be loaded again")
        self.panel.open(SCRIPT, size=self.window_size)

    def _loads(self) -> int:
        return len([line for line in self.log() if "is loaded." in line])

    def page_address(self) -> str:
        """Wait until the page is on, and return what the panel has as its address."""

        def look() -> str | None:
            self.press("Refresh")  # OBS does not draw it anew by itself
            field = self.panel.find("Dock address", role="text")
            return field.text if field is not None else None

        return wait_until(look, what="the page to be on", interval=1.0)

    def velora_service(self, key: str | None = None) -> dict[str, Any]:
        """Return a service.json that streams to Velora."""
        settings = {"server": self.rtmp.url, "key": key or self.velora.account.stream_key}
        return {"type": "rtmp_custom", "settings": settings}

    def press(self, button: str, *, patient: bool = True) -> str:
        """Press a button of the panel and return the status line that results.

        OBS waits for an answer no longer than a moment, which on a busy machine may be too short
        even for the simulator. What came later is shown once the panel is drawn anew, and so that
        is done.

        Args:
            patient: False for the line that comes at once.
        """
        self._pressed = button
        self.panel.press(button)
        return self.answer() if patient else self.status

    def answer(self) -> str:
        """Return the status line after a press, once Velora has answered."""
        said = self.status
        if _NOT_YET in said:
            said = wait_until(self._drawn_anew, what="an answer", interval=0.5)
        return said

    def _drawn_anew(self) -> str | None:
        """Return the answer once it is there.

        *Refresh* would add an answer of its own, or put it in this one's place: another section
        and back has OBS draw the panel as well. A panel that has none has only *Refresh*.
        """
        panel = self.panel
        box = panel.find(panel.section_box, role="combo box")
        if box is None:
            panel.press("Refresh")
        else:
            here = box.name
            panel.choose(panel.section_box, ACCOUNT if here != ACCOUNT else INFO)
            panel.choose(panel.section_box, here)
        said = self.status
        return None if _NOT_YET in said else said

    def stream(self, seconds: float = 2.0, *, until: Callable[[], object] | None = None) -> None:
        """Stream until so much picture was sent, and stop.

        Args:
            seconds: of the stream itself, whatever time they take.
            until: what has to have come true, too; the stream's end may put an end to it.
        """
        self.obs.start_stream()
        self.rtmp.wait_for_media()
        self.obs.wait_for_sent(seconds)
        if until is not None:
            wait_until(until, what="what the stream brings about", details=self.history)
        self.obs.stop_stream()
        self.rtmp.wait_for_end()

    def updates(self) -> list[Any]:
        """Return the bodies of all updates of the stream info that arrived."""
        return [request.json for request in self.velora.journal.find("PUT", "/stream/info")]

    def log(self) -> list[str]:
        """Return what the script has written into OBS's log."""
        return [line.text for line in self.obs.script_log()]

    def wait_for_log(self, part: str, timeout: float = 40.0) -> None:
        """Wait until a line of the script's log has `part` in it."""
        wait_until(
            lambda: any(part in line for line in self.log()),
            what=f"the script to log {part!r}",
            timeout=timeout,
            details=lambda: "\n".join(self.log()),
        )

    def wait_for_script_log(self) -> None:
        """Wait until OBS puts the Script Log before the streamer's eyes, as with each warning: that
        comes a moment after the line is in OBS's log."""
        wait_until(lambda: self.panel.script_log_shown, what="the Script Log")

    def history(self) -> str:
        """Return what happened so far, for the report of a failure."""
        now = time.monotonic()
        lines = [
            f"{request.monotonic - now:7.1f} s: {request.method} {request.path} -> {request.status}"
            for request in self.velora.journal.find()[-40:]
        ]
        lines += [f"{publish.at - now:7.1f} s: {publish}" for publish in self.rtmp.publishes]
        if self._obs is not None:
            lines.append(self._obs.log_text()[-8000:])
        return "\n".join(lines)

    def _crash_without_us(self, report: QuitReport) -> str | None:
        """Return what OBS crashed in, if that was after the script was gone and is known of OBS."""
        log = self.obs.log_text()
        if (
            self.installation.version >= _CRASHES_SINCE
            and report.exit_code == -signal.SIGSEGV
            and not report.killed
            and "Unloaded python script" in log
            and log.rstrip().endswith(_WEBSOCKET_ENDS)
        ):
            return "obs-websocket"  # about one of 300 quits; by its core, there
        return None

    def quit_clean(
        self, leaks: int | None = LEAKS_OF_OBS_ITSELF, *, exit_code_counts: bool = True
    ) -> QuitReport:
        """Quit OBS and check that it went as if the script had not been there.

        Args:
            leaks: what OBS would lose without the script; None where that varies.
            exit_code_counts: False after a stream by SRT; see `QuitReport.orderly`.
        """
        assert self.obs.exceptions() == []
        report = self.obs.quit()
        crash = None if report.orderly else self._crash_without_us(report)
        if crash:
            warnings.warn(f"OBS crashed in {crash} while it quit: {report}", stacklevel=2)
            _note(f"OBS crashed in {crash}, after the script was gone, while it quit")
            return report
        printed = (self.obs.home / "obs.out").read_text()[-2000:]
        assert report.orderly, f"{report}\n{printed}\n{self.obs.log_text()[-2000:]}"
        assert report.exit_code == 0 or not exit_code_counts
        assert leaks in (None, report.leaks), f"{report.leaks} instead of {leaks}"
        assert self.obs.exceptions() == []
        return report
