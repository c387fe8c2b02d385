"""One OBS that lives through a season: streams, reloads and switches at random, with faults."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.world import SCRIPT, World
from tests.harness import (
    Display,
    Profile,
    SceneCollection,
    Script,
    ToyWindows,
    WaitTimeout,
    capture_window,
    wait_until,
)
from tests.harness.known_of_obs import HANGS_WITH_CAPTURES_SINCE, leaks_of_obs
from tests.simulator import Fault

__all__ = ["Plan", "Sample", "Season", "Soak", "live_through"]

_HERE = Path(__file__).resolve().parent
_ANY = ("*", "")
_MAX_MORE_OBJECTS = 0.02  # of what Python holds, from the first quarter to the last
_MAX_MORE_THREADS = 2
_MAX_MORE_DESCRIPTORS = 5
_SAMPLES = 24
_PRESETS = [
    {"id": "one", "name": "One", "title": "Kept", "scenes": [{"name": "Second"}]},
    {"id": "two", "name": "Two 🌙", "title": "Kept", "tags": ["late"]},
    {"id": "chess", "name": "Chess", "title": "Kept", "programs": ["chess"], "while_live": True},
    {"id": "racer", "name": "Racer", "title": "Kept", "programs": ["Racer *"], "while_live": True},
]
_WINDOWS = (("Chess Master", "chess"), ("Racer 2: Return", "racer"))
_HOTKEYS = ("velora_preset_one", "velora_preset_two", "velora_put_back", "velora_update_now")

_TELLS_CAPTURES_SINCE = (30, 0, 0)


class Plan(NamedTuple):
    """How often what happens, in an order that the seed decides."""

    streams: int
    reloads: int
    collection_switches: int
    profile_switches: int
    seed: int

    def acts(self, chance: random.Random) -> list[str]:
        """Return all of them in their order. Switches go there and back."""
        acts = ["stream"] * self.streams + ["reload"] * self.reloads
        acts += ["collection"] * (self.collection_switches // 2)
        acts += ["profile"] * (self.profile_switches // 2)
        acts += ["button"] * ((self.streams + self.reloads) // 10)
        acts += ["hotkey", "program"] * (self.streams // 5)
        chance.shuffle(acts)
        return acts


class Sample(NamedTuple):
    """What OBS holds at a moment."""

    acts: int
    """How many have been."""
    objects: int
    """Of Python's, all scripts and libraries included, without the next."""
    callbacks: int
    """Our script's functions. OBS (29 to 32) keeps those it was given, of any script, for ever:
    each reload leaves that many behind."""
    ours: Mapping[str, int]
    """Objects of velora_core's types, by type."""
    python_threads: int
    threads: int
    """Of the process."""
    descriptors: int
    mebibytes: float
    """Resident."""


@dataclass
class Season:
    """How it went."""

    plan: Plan
    samples: list[Sample] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    leaks: int | None = None
    """OBS's own count; one, and one for each switch of the collection, are OBS's own."""
    skipped: int = 0
    frames: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def growth(self, of: Callable[[Sample], float]) -> tuple[float, float]:
        """Return the means of the first quarter, after what is only made once, and of the last."""
        values = [of(sample) for sample in self.samples[1:]]
        quarter = max(1, len(values) // 4)
        return sum(values[:quarter]) / quarter, sum(values[-quarter:]) / quarter


class Soak(World):
    """A world for a season. `bare`: without our script, to compare with."""

    def __init__(self, display: Display, folder: Path, plan: Plan, *, bare: bool = False) -> None:
        super().__init__(display, folder)
        self._chance = random.Random(plan.seed)
        self._bare = bare
        self._scene = "Scene"
        self._program = -1
        self.season = Season(plan)
        self._acts: dict[str, Callable[[], None]] = {
            "stream": self._stream,
            "reload": self._reload,
            "collection": self._switch_collection,
            "profile": self._switch_profile,
            "button": self._press_something,
            "hotkey": self._press_a_hotkey,
            "program": self._change_program,
        }

    def run(self) -> Season:
        """Live through all of it."""
        counter = self.folder / "counter" / "counter.py"
        counter.parent.mkdir()
        shutil.copy(_HERE / "counter.py", counter)
        self._counter = counter.parent
        self._open(counter)
        began = time.monotonic()
        acts = self.season.plan.acts(self._chance)
        every = max(1, len(acts) // _SAMPLES)
        for number, act in enumerate(acts):
            if number % every == 0:
                self._sample(number)
            self._maybe_a_fault()
            self._acts[act]()
        self.velora.faults.clear()
        self._sample(len(acts))
        self.season.seconds = time.monotonic() - began
        self._end()
        return self.season

    def _open(self, counter: Path) -> None:
        profiles = [Profile(service=self.velora_service()), Profile("Other")]
        more = [SceneCollection("Other", colour=None)]
        settings = {"title": "Kept", "live_interval": 5}
        self._windows = self._stack.enter_context(ToyWindows(self.display))
        if self._bare:
            shutil.copy(counter, self.script)  # in the place of ours
            shutil.copytree(self.script.parent / "velora_core", self.folder / "unused")
        self.start(
            settings,
            profiles=profiles,
            more_collections=more,
            more_scripts=[Script(counter, {})],
            environment={"PYTHONDONTWRITEBYTECODE": ""},
        )
        self.obs.request("CreateScene", {"sceneName": "Second"})
        if self._has_programs:
            for title, program in _WINDOWS:
                capture_window(self.obs, self._scene, title, program)
        if not self._bare:
            file = self.obs.home / ".config" / "velora-obs" / "presets.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({"version": 1, "presets": _PRESETS}), encoding="utf-8")
            self.panel.reload()

    # -- what happens ----------------------------------------------------------------------

    def _maybe_a_fault(self) -> None:
        """Half of the time Velora is well."""
        self.velora.faults.clear()
        faults: list[tuple[str, Callable[[], Fault] | None]] = [
            ("none", None),
            ("hang", lambda: Fault.hang(*_ANY)),
            ("401", lambda: Fault.status(*_ANY, status=401)),
            ("500", lambda: Fault.status(*_ANY, status=500)),
            ("reset", lambda: Fault.reset_in_body(*_ANY)),
            ("slow", lambda: Fault.latency(*_ANY, 1.0)),
            ("trickle", lambda: Fault.trickle(*_ANY, interval=0.1)),
            ("no JSON", lambda: Fault.answer(*_ANY, b"<html>")),
        ]
        name, make = self._chance.choices(faults, [7, 1, 1, 1, 1, 1, 1, 1])[0]
        self.season.faults[name] = self.season.faults.get(name, 0) + 1
        if make:
            self.velora.faults.add(make())

    def _stream(self) -> None:
        before = self.obs.stats()
        self.obs.start_stream()
        if self._chance.random() < 0.5:
            for _ in range(10):
                self._show("Second")
                self._show(self._scene)
        time.sleep(self._chance.uniform(0, 0.5))
        self.obs.stop_stream()
        after = self.obs.stats()
        self.season.frames += after.render_total_frames - before.render_total_frames
        self.season.skipped += after.render_skipped_frames - before.render_skipped_frames

    def _show(self, scene: str) -> None:
        self.obs.request("SetCurrentProgramScene", {"sceneName": scene})

    def _press_a_hotkey(self) -> None:
        if not self._bare:
            name = self._chance.choice(_HOTKEYS)
            # Right after a reload not all of them are there.
            if name in self.obs.request("GetHotkeyList")["hotkeys"]:
                self.obs.request("TriggerHotkeyByName", {"hotkeyName": name})

    @property
    def _has_programs(self) -> bool:
        """OBS 32 may hang while it switches collections with captured windows, without us, too."""
        return self.installation.version < HANGS_WITH_CAPTURES_SINCE

    def _change_program(self) -> None:
        """Close the program whose window is captured, and start the other one."""
        if not self._has_programs:
            return
        if self._program >= 0:
            self._windows.close(_WINDOWS[self._program][0])
        self._program = (self._program + 1) % len(_WINDOWS)
        self._windows.open(*_WINDOWS[self._program])

    def _reload(self) -> None:
        self.panel.reload()

    def _switch_collection(self) -> None:
        self.obs.switch_collection("Other")
        self.obs.switch_collection("Main")

    def _switch_profile(self) -> None:
        self.obs.switch_profile("Other")
        self.obs.switch_profile("Main")

    def _press_something(self) -> None:
        button = self._chance.choice(["Refresh", "Update now", "Configure Velora"])
        if not self._bare:
            self.panel.select(SCRIPT)
            self.panel.press(button)

    # -- what is looked at -----------------------------------------------------------------

    def _sample(self, acts: int) -> None:
        """Two rounds of garbage may be needed, and the worker's last moments."""
        time.sleep(0.5)
        (self._counter / "counted").unlink(missing_ok=True)
        (self._counter / "count").touch()
        # A new name each time: OBS 32 may still have a scene of that name from a collection that it
        # has left; see `tests.harness.known_of_obs`.
        self._scene, old = f"Scene {len(self.season.samples) + 2}", self._scene
        self.obs.request("SetSceneName", {"sceneName": old, "newSceneName": self._scene})
        counted = self._counter / "counted"
        wait_until(counted.exists, what="the counter", details=self.obs.log_text)
        found: dict[str, Any] = json.loads(counted.read_text())
        usage = self.obs.usage()
        self.season.samples.append(
            Sample(
                acts=acts,
                objects=found["objects"],
                callbacks=found["callbacks"],
                ours=found["ours"],
                python_threads=found["threads"],
                threads=len(usage.threads),
                descriptors=usage.descriptors,
                mebibytes=usage.resident_bytes / (1 << 20),
            )
        )

    def _end(self) -> None:
        """Everything still works; then what has grown is looked for."""
        season, wrong = self.season, self.season.problems
        if not self._bare:
            if self._has_programs and self.installation.version >= _TELLS_CAPTURES_SINCE:
                self.wait_for_log("is captured, ")
            self.panel.open(SCRIPT)
            if self.panel.text("Title") != "Kept":
                wrong.append("the title in the panel is lost")
            with suppress(WaitTimeout):  # a request that hung may be under way
                wait_until(self._configures, what="Configure Velora", timeout=60, interval=3)
            if "OBS will stream to" not in self.status:
                wrong.append(f"Configure Velora does not work any more: {self.status}")
            if season.samples[-1].ours.get("Application") != 1:
                wrong.append(f"{season.samples[-1].ours.get('Application')} applications are left")
        log = self.obs.log_text()
        wrong += [f"an exception in the log: {exception}" for exception in self.obs.exceptions()]
        wrong += [
            "a secret in the log"
            for secret in (self.token, self.velora.account.stream_key)
            if secret in log
        ]
        strangers = [line for line in self.obs.script_log() if line.script != "velora_obs.py"]
        wrong += [f"in the log: {line}" for line in strangers]
        report = self.obs.quit()
        season.leaks = report.leaks
        if not report.orderly or report.exit_code:
            wrong.append(f"it did not end well: {report}")
        expected = 1 + season.plan.collection_switches // 2 * 2
        if report.leaks not in leaks_of_obs(self.obs.installation.version, expected):
            wrong.append(f"{report.leaks} leaks, and {expected} are OBS's own")
        self._what_grows(wrong)

    def _configures(self) -> bool:
        return "OBS will stream to" in self.press("Configure Velora", patient=False)

    def _what_grows(self, wrong: list[str]) -> None:
        season = self.season
        first, last = season.growth(lambda item: item.objects)
        if last > first * (1 + _MAX_MORE_OBJECTS):
            wrong.append(f"Python's objects grow from {first:.0f} to {last:.0f}")
        first, last = season.growth(lambda item: item.threads)
        if last > first + _MAX_MORE_THREADS:
            wrong.append(f"threads grow from {first:.1f} to {last:.1f}")
        first, last = season.growth(lambda item: item.python_threads)
        if last > first + _MAX_MORE_THREADS:
            wrong.append(f"Python's threads grow from {first:.1f} to {last:.1f}")
        first, last = season.growth(lambda item: item.descriptors)
        if last > first + _MAX_MORE_DESCRIPTORS:
            wrong.append(f"descriptors grow from {first:.1f} to {last:.1f}")


def live_through(plan: Plan, bare: bool) -> Season:
    """Return a season on a screen of its own.

    Without our script, an end of OBS's own is told in it: what is compared with that is kept.
    """
    with (
        tempfile.TemporaryDirectory(prefix="velora-soak-") as folder,
        Display() as display,
        Soak(display, Path(folder), plan, bare=bare) as soak,
    ):
        try:
            return soak.run()
        except Exception as error:
            if not bare:
                raise
            soak.season.problems.append(f"OBS did not live through it: {error}")
            return soak.season
