"""One real OBS that meets one fault, from before its start to its end, moment by moment."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.world import AT_ONCE, SCRIPT, World
from tests.faults.gate import Gate
from tests.faults.presets import apply_presets, keep_presets, start_program
from tests.faults.rows import NO_LOOK, NOTHING_SAID, FaultCase, FaultContext
from tests.faults.signing_in import api_url, new_sign_in, sign_in_under
from tests.harness import (
    Display,
    Obs,
    ObsConfig,
    Profile,
    SceneCollection,
    Script,
    ToyWindows,
    wait_until,
)
from tests.harness.known_of_obs import leaks_of_obs
from velora_core.api.endpoints import Endpoints
from velora_core.host.destination import IngestAddresses
from velora_core.storage.storage import Storage

__all__ = ["MOMENTS", "Seen", "Session"]

_KEPT, _NEWER = "Kept", "Newer"
_SENT = "Velora now has"
_INTERVAL = 5  # seconds between two looks at the stream
_TIMEOUT = 60.0  # seconds for a sentence; a call to Velora may take 30
_LEAKS = 3  # of OBS 29, 30 and 32 themselves: one, and one for each of two scene collections
_MAX_LOST = 0.25  # of the frames; on a busy machine OBS skips some of its own accord
_OTHER = {"type": "rtmp_custom", "settings": {"server": "rtmp://127.0.0.1:9/x", "key": "test"}}


@dataclass
class Seen:
    """What was seen under a fault."""

    moments: dict[str, str] = field(default_factory=dict)
    """What was said at each moment; a moment that is missing has not come about."""
    frames: int = 0
    """Drawn and skipped while live."""
    skipped: int = 0
    """Of them."""
    recovered: float | None = None
    """Seconds from the fault's end until Velora had the info, without anybody doing anything."""
    quit: float = 0.0
    """Seconds that OBS took to quit."""
    version: str = ""
    """OBS's."""


class Session(World):
    """A world under a fault. `moments` gives the moments; each raises what is wrong."""

    def __init__(self, display: Display, folder: Path, row: FaultCase) -> None:
        super().__init__(display, folder)
        self.row = row
        self.seen = Seen()
        self._home = folder / "home"
        self._extra = folder / "extra"
        self._now = ""

    def __enter__(self) -> Session:
        super().__enter__()
        self._home.mkdir()
        self._extra.mkdir()
        self._windows = self._stack.enter_context(ToyWindows(self.display))
        gate = self._stack.enter_context(Gate(self.velora.url, self._extra))
        gate.open()
        config = self._home / ".config"
        self.ground = self._stack.enter_context(
            _ground(FaultContext(self.velora, gate, config, self._extra))
        )
        self.old_key = self.velora.account.stream_key
        self._prepare()
        return self

    # -- before and after ------------------------------------------------------------------

    def _prepare(self) -> None:
        """OBS was set up for Velora the day before, and all was well."""
        self.velora.account.title = "Yesterday"
        self._sign_in = new_sign_in(self.ground)
        account = self.velora.account
        # What the fault stands in front of has another address than what the next OBS is told.
        for url in {self.velora.api_url, api_url(self.row, self.ground)}:
            storage = Storage(self.ground.folder, origin=Endpoints.at(url).origin)
            storage.save_sign_in(self._sign_in)
            storage.save_addresses(IngestAddresses(account.rtmp_url, account.srt_url, ""))
        keep_presets(self.ground.folder, _KEPT)
        self.config = ObsConfig(
            profiles=[Profile(service=self.velora_service()), Profile("Other", service=_OTHER)],
            collections=[
                SceneCollection(
                    scripts=[Script(self.script, {"title": _KEPT, "live_interval": _INTERVAL})],
                    colour=None,
                ),
                SceneCollection("Other", colour=None),
            ],
        )

    def _make_obs(self, config: ObsConfig | None, environment: dict[str, str]) -> Obs:
        self._obs = Obs(
            self.display,
            config,
            installation=self.installation,
            home=self._home,
            environment=environment,
            visible_folders=[self._extra],
        )
        return self._stack.enter_context(self._obs)

    # -- what must hold --------------------------------------------------------------------

    def says(self) -> str:
        """Return the pattern for what is said at the present moment."""
        return self.row.at.get(self._now, self.row.says)

    def _lines(self, pattern: str) -> list[str]:
        return [line for line in self.log() if re.search(pattern, line)]

    def _wait_for_line(self, pattern: str, before: int = 0, timeout: float = _TIMEOUT) -> str:
        """Wait until the script has said so once more; return the line."""
        wait_until(
            lambda: len(self._lines(pattern)) > before,
            what=f"{pattern!r} (line {before + 1})",
            timeout=timeout,
            details=lambda: "\n".join(self.log()[-12:]),
        )
        return self._lines(pattern)[-1]

    def hear(self, act: Callable[[], object]) -> str:
        """Do what sends something to Velora; return what is said about that."""
        expected = self.says() or _SENT
        before = len(self._lines(expected))
        act()
        return self._wait_for_line(expected, before)

    def press_and_hear(self, *buttons: str, good: str = _SENT) -> str:
        """Press buttons; return what was said in the end, which must be right."""
        expected = self.says() or good
        before = len(self._lines(expected))
        for button in buttons:
            took = self.panel.press(button)
            assert took < 10.0, f"OBS did not respond for {took:.1f} s"
        if re.search(expected, self.status):
            return self.status
        return self._wait_for_line(expected, before)

    def _still_right(self) -> None:
        """After every moment."""
        assert self.obs.exceptions() == []
        everything = self.obs.log_text()
        if self.panel.is_open:
            everything += "\n".join(self.panel.texts())  # OBS answers
        self._no_secret(everything)
        main, other = self.obs.service_json("Main"), self.obs.service_json("Other")
        assert other == _OTHER
        assert main is not None
        assert main["settings"]["server"] == self.rtmp.url

    def _no_secret(self, text: str) -> None:
        key = self.velora.account.stream_key
        for secret in (self.old_key, key, "test_access_", "test_refresh_", self.token):
            assert secret not in text, "a secret is shown"

    def _fields_kept(self, title: str = _KEPT) -> None:
        assert self.panel.text("Title") == title

    def _key_in_obs(self) -> str:
        service = self.obs.service_json("Main")
        assert service is not None
        return str(service["settings"]["key"])

    # -- the moments -----------------------------------------------------------------------

    def run(self, moment: str) -> None:
        """Go through a moment and check what must hold after it."""
        self._now = moment
        said = _STEPS[moment](self)
        if moment not in ("quit", "sign-in"):
            self._still_right()
        self._no_secret(said)
        self.seen.moments[moment] = said

    def _load(self) -> str:
        self.row.begin(self.ground)
        environment = {"VELORA_API_URL": api_url(self.row, self.ground), **self.row.environment}
        if any(self._extra.glob("*.py")):
            environment["PYTHONPATH"] = str(self._extra)
        self._make_obs(self.config, environment)
        self.obs.wait_for_log(r"Loaded python script: velora_obs\.py")
        self.seen.version = self.obs.request("GetVersion")["obsVersion"]
        return ""

    def _open_panel(self) -> str:
        self.open_panel()
        self._fields_kept()
        return self.status

    def _configure(self) -> str:
        said = self.press_and_hear("Configure Velora", good="OBS will stream to")
        assert self._key_in_obs() == self.old_key
        return said

    def _go_live(self) -> str:
        self._stats = self.obs.stats()
        self._live_since = time.monotonic()
        start_program(self, self._windows)
        expected = f"({self.says()}).*not affected" if self.says() else _SENT
        requests, lines = len(self.velora.journal.find()), len(self.log())
        self.obs.start_stream()
        self.rtmp.wait_for_media()
        assert self.rtmp.keys[-1] == self.old_key
        silent = self.says() == NOTHING_SAID
        said = self._silence(requests, lines) if silent else self._wait_for_line(expected)
        assert self.obs.stream_status().active
        return said

    def _silence(self, requests: int, lines: int) -> str:
        """For as long as two looks at the stream would take, neither becomes more."""
        time.sleep(2 * _INTERVAL)
        assert len(self.velora.journal.find()) == requests
        assert self.log()[lines:] == []
        return "Nothing is said, and nothing asked"

    def _poll(self) -> str:
        if self.says() == NOTHING_SAID:
            return self._silence(len(self.velora.journal.find()), len(self.log()))
        if self.says() == NO_LOOK:
            before = len(self.velora.journal.find("GET", "/stream/info"))
            time.sleep(3 * _INTERVAL)
            assert len(self.velora.journal.find("GET", "/stream/info")) == before
            return "No look while Velora asks for a pause"
        if self.says():
            # A look makes room for the stream's info, which is tried again and again: where tokens
            # are waited for each time, it comes to its end after the fourth try.
            expected = f"The last status check failed.*({self.says()})"
            return self._wait_for_line(expected, timeout=(4 if self.row.slow else 2) * _TIMEOUT)
        looks = len(self.velora.journal.find("GET", "/stream/info"))
        wait_until(
            lambda: (
                (self.velora.events.open and not self.row.polled)
                or len(self.velora.journal.find("GET", "/stream/info")) > looks
            ),
            what="a look at the stream, or what Velora pushes of it",
        )
        return "On air"

    def _apply_presets(self) -> str:
        said = apply_presets(self)
        assert self.obs.stream_status().active
        return said

    def _update(self) -> str:
        self.panel.set_text("Title", _NEWER)
        said = self.press_and_hear("Update now")
        assert self.obs.stream_status().active
        if self.row.says and not self.row.lasting:
            self._let_recover()
        assert self.obs.stream_status().active
        self._frames_kept()
        self.obs.stop_stream()
        self.rtmp.wait_for_end()
        self.panel.set_text("Title", _KEPT)
        return said

    def _let_recover(self) -> None:
        """The fault ends while live; where it can, the info comes to Velora by itself."""
        rest = self.row.seconds - (time.monotonic() - self._live_since)
        if rest > 0:
            time.sleep(rest)
        self.row.end(self.ground)
        ended = time.monotonic()
        if self.row.transient:
            wait_until(
                lambda: self.velora.account.title == _NEWER,
                what="the info to come to Velora by itself",
                timeout=180,
                details=lambda: "\n".join(self.log()[-12:]),
            )
            self.seen.recovered = time.monotonic() - ended
        else:
            self.panel.press("Update now")
            wait_until(lambda: self.velora.account.title == _NEWER, what="the info on Velora")
        self.row.begin(self.ground)

    def _frames_kept(self) -> None:
        before, now = self._stats, self.obs.stats()
        self.seen.frames = now.render_total_frames - before.render_total_frames
        self.seen.skipped = now.render_skipped_frames - before.render_skipped_frames
        seconds = time.monotonic() - self._live_since
        # OBS counts what it skipped only once it draws again: what is due counts.
        lost = max(1 - self.seen.frames / (seconds * 30), self.seen.skipped / self.seen.frames)
        assert lost < _MAX_LOST, f"{lost:.0%} of the frames are lost"

    def _refresh(self) -> str:
        return self.press_and_hear("Refresh", good="Velora has")

    def _regenerate(self) -> str:
        before = self._key_in_obs()
        if self.row.signs_in_again:  # nobody is signed in, and so it isn't offered
            assert self.panel.find("Regenerate stream key", role="push button") is None
            return self.status
        if self.says():
            said = self.press_and_hear("Regenerate stream key", "Yes, make a new key", good="")
            assert self._key_in_obs() == before
        else:
            said = self.press_and_hear(
                "Regenerate stream key", "Yes, make a new key", good="your new key"
            )
            assert self._key_in_obs() == self.velora.account.stream_key != before
        return said

    def _switch_collection(self) -> str:
        self.panel.close()
        self.obs.switch_collection("Other")
        self.obs.switch_collection("Main")
        self.open_panel()
        self._fields_kept()
        return self.status

    def _switch_profile(self) -> str:
        before = self._key_in_obs()
        self.obs.switch_profile("Other")
        self.obs.switch_profile("Main")
        assert self._key_in_obs() == before
        self._fields_kept()
        return self.status

    def _reload(self) -> str:
        self.panel.reload()
        self._fields_kept()
        return self.status

    def _sign_in_elsewhere(self) -> str:
        """With settings of its own: the way through the browser does not touch OBS."""
        if not self.row.lasting:
            self.row.end(self.ground)
        config, extra = self.folder / "beside", self.folder / "beside" / "extra"
        extra.mkdir(parents=True)
        with _ground(FaultContext(self.velora, self.ground.gate, config, extra)) as ground:
            said = sign_in_under(self.row, ground)
        assert not self.says() or re.search(self.says(), said), said
        self._now = "recovery"
        return said

    def _quit(self) -> str:
        """Return first all is well again; then the fault comes back, and a request is under way."""
        if self.row.signs_in_again:
            self.panel.paste("Access token", self.token)
            assert "OBS will stream to" in self.press("Configure Velora")
        elif not self.row.lasting:
            wait_until(
                lambda: "OBS will stream to" in self.press("Configure Velora"),
                what="Configure Velora to work again",
                timeout=180,
                interval=3,
            )
            self.row.begin(self.ground)
        if not self.row.lasting or self.row.signs_in_again:
            assert self._key_in_obs() == self.velora.account.stream_key
        self.panel.press("Refresh")
        report = self.quit_clean(leaks=None)
        known = leaks_of_obs(self.installation.version, _LEAKS)
        assert report.leaks in known, f"{report.leaks} leaks, and {known} are OBS's own"
        self.seen.quit = report.seconds
        assert report.seconds < AT_ONCE
        if self.row.lasting and not self.row.signs_in_again:
            self._all_well_tomorrow()
        if not self.row.signs_in_again:
            self._signed_in_still()
        self._nothing_left_behind()
        return ""

    def _signed_in_still(self) -> None:
        """What is kept is what Velora takes, whatever was under way when OBS was quit."""
        url = self.velora.api_url if self.row.lasting else api_url(self.row, self.ground)
        kept = Storage(self.ground.folder, origin=Endpoints.at(url).origin).sign_in
        assert kept is not None, "the sign-in is gone"
        assert kept.tokens.refresh is not None
        refresh = kept.tokens.refresh.reveal()
        assert self.velora.tokens.find_refresh(refresh), "the sign-in that is kept no longer works"

    def _all_well_tomorrow(self) -> None:
        """The next OBS has the right address again."""
        self._make_obs(None, {"VELORA_API_URL": self.velora.api_url})
        self.open_panel()
        self._fields_kept()
        assert "OBS will stream to" in self.press("Configure Velora")
        self.quit_clean()

    def _nothing_left_behind(self) -> None:
        assert self.obs.script_settings(SCRIPT)["title"] == _KEPT
        folder = self.installation.config_folder(self._home)
        for path in folder.rglob("*"):
            if path.is_file() and path.name not in ("service.json", "service.json.bak"):
                self._no_secret(path.read_text(errors="replace"))


@contextmanager
def _ground(ground: FaultContext) -> Iterator[FaultContext]:
    with ground.stack:
        yield ground


_STEPS: dict[str, Callable[[Session], str]] = {
    "script load": Session._load,
    "panel opened": Session._open_panel,
    "Configure": Session._configure,
    "going live": Session._go_live,
    "polling": Session._poll,
    "presets": Session._apply_presets,
    "mid-stream update": Session._update,
    "refresh": Session._refresh,
    "regenerate": Session._regenerate,
    "scene-collection switch": Session._switch_collection,
    "profile switch": Session._switch_profile,
    "reload": Session._reload,
    "sign-in": Session._sign_in_elsewhere,
    "quit": Session._quit,
}

MOMENTS = tuple(_STEPS)
