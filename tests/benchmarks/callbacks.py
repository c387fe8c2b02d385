"""How long OBS waits for the script: at loading, in every function it calls, at quitting."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.scene import Call, Scene
from tests.harness import Obs, Script
from tests.simulator import Fault

__all__ = [
    "Button",
    "Loads",
    "Quits",
    "Waits",
    "measure_calls",
    "measure_loads",
    "measure_quits",
    "measure_starts",
]

_HERE = Path(__file__).resolve().parent
_MANY = 5000
_EARLY = 5
_BUTTONS = ("on_refresh", "on_update_now", "on_configure")
_ANSWERS: tuple[tuple[str, float | None, int], ...] = (
    ("at once", 0.0, 40),
    ("in 300 ms", 0.3, 10),
    ("never", None, 4),
)


class Loads(NamedTuple):
    """Seconds of the UI thread until the script is loaded, in a fresh OBS each."""

    imported: list[float]
    """From the moment Python looks for it, with bytecode."""
    compiled: list[float]
    """From the script's first line, with bytecode."""
    first: list[float]
    """From the moment Python looks for it, without bytecode: the first time after installing."""


class Button(NamedTuple):
    """How OBS waited for a button."""

    name: str
    answer: str
    """When the API answered."""
    latency: float | None
    """Seconds that the API took; None: it never answered."""
    requests: int
    """To the API, for one press."""
    seconds: list[float]


class Waits(NamedTuple):
    """How OBS waited for the script."""

    calls: list[Call]
    """All calls of all functions."""
    buttons: list[Button]
    early_panel: list[float]
    """Seconds to build the panel when a script has just been loaded: it waits, bounded, for what
    was stored, because OBS would not show it later."""
    panel: list[float]
    """Seconds to build it any other time, with the simulator's own categories."""
    large_panel: list[float]
    """The same with 5,000 categories."""
    until_put: list[float]
    """Seconds from OBS's notice that a stream starts until its info arrives at Velora."""
    until_put_while_busy: list[float]
    """The same while a request that nobody answers is under way."""


class Quits(NamedTuple):
    """Seconds that OBS took to quit, by turns."""

    without: list[float]
    hanging: list[float]
    """With the script, while a request of it hangs."""


def measure_loads(scene: Scene, times: int) -> Loads:
    """Start OBS so many times with the bytecode of an earlier start, and without."""
    scripts = [Script(_HERE / "import_watch.py"), scene.ours]
    loads = Loads([], [], [])
    for _ in range(times):
        scene.measured.forget_bytecode()
        for fresh in (True, False):
            with scene.obs(scripts) as obs:
                time.sleep(1.0)
                obs.quit()
            load = scene.measured.notes().load
            if fresh:
                loads.first.append(load["from_import"])
            else:
                loads.imported.append(load["from_import"])
                loads.compiled.append(load["from_first_line"])
    return loads


def _live(scene: Scene, act: Callable[[Obs], object]) -> list[Call]:
    """Return what the script notes in an OBS of its own in which `act` is done."""
    with scene.obs([scene.ours]) as obs:
        scene.configure(obs)
        act(obs)
        obs.quit()
    return scene.measured.notes().calls


def _last(calls: Sequence[Call], name: str, count: int) -> list[float]:
    return [call.seconds for call in calls if call.name == name][-count:]


def measure_calls(scene: Scene, times: int) -> Waits:
    """Open the panel, types, presses the buttons and go live.

    Args:
        times: how often.
    """
    everything: list[Call] = []

    def live(act: Callable[[Obs], object]) -> list[Call]:
        calls = _live(scene, act)
        everything.extend(calls)
        return calls

    def use_panel(obs: Obs) -> None:
        for _ in range(times):
            scene.do(obs, "open panel")
            scene.do(obs, "type")
        obs.create_profile("Other")
        for _ in range(times // 2):
            obs.switch_profile("Main")
            obs.switch_profile("Other")
        time.sleep(0.5)

    opened = [call.seconds for call in live(use_panel) if call.name == "script_properties"]
    early, panel = opened[:1], opened[1:]
    buttons = [button for answer in _ANSWERS for button in _press(scene, live, *answer)]
    until_put = _starts(scene, live, times // 2, busy=False)
    until_put_while_busy = _starts(scene, live, times // 4, busy=True)

    usual = scene.velora.categories
    scene.velora.listed = None
    scene.velora.categories = [
        {"slug": f"category-{number}", "name": f"Category {number}", "imageUrl": None}
        for number in range(_MANY)
    ]

    def use_large_panel(obs: Obs) -> None:
        scene.do(obs, "on_refresh")
        for _ in range(times):
            scene.do(obs, "open panel")

    large_panel = _last(_live(scene, use_large_panel), "script_properties", times)
    scene.velora.categories = usual
    for _ in range(_EARLY):
        calls = _live(scene, lambda _: None)
        early += [call.seconds for call in calls if call.name == "script_properties"][:1]
    return Waits(everything, buttons, early, panel, large_panel, until_put, until_put_while_busy)


def _press(
    scene: Scene,
    live: Callable[[Callable[[Obs], object]], list[Call]],
    answer: str,
    seconds: float | None,
    times: int,
) -> list[Button]:
    requests: dict[str, int] = {}

    def press(obs: Obs) -> None:
        if seconds is None:
            scene.velora.faults.add(Fault.hang("*", ""))
        elif seconds:
            scene.velora.faults.add(Fault.latency("*", "", seconds=seconds))
        for button in _BUTTONS:
            scene.velora.journal.clear()
            for _ in range(times):
                scene.do(obs, button)
                time.sleep(0.1)
            requests[button] = len(scene.velora.journal.find()) // times

    calls = live(press)
    return [
        Button(name, answer, seconds, requests[name], _last(calls, name, times))
        for name in _BUTTONS
    ]


def _starts(
    scene: Scene,
    live: Callable[[Callable[[Obs], object]], list[Call]],
    times: int,
    *,
    busy: bool,
) -> list[float]:
    arrivals: list[float] = []

    def start(obs: Obs) -> None:
        for _ in range(times):
            if busy:
                scene.velora.faults.add(Fault.hang("GET", ""))
                scene.do(obs, "on_refresh")
            scene.velora.journal.clear()
            obs.start_stream()
            arrivals.append(scene.velora.journal.wait_for("PUT", "/stream/info")[0].monotonic)
            scene.velora.faults.clear()
            time.sleep(0.5)
            obs.stop_stream()
            time.sleep(0.5)

    calls = live(start)
    began = [call.monotonic for call in calls if call.name == "on_event STREAMING_STARTING"]
    assert len(began) == len(arrivals)
    return [arrived - called for called, arrived in zip(began, arrivals, strict=True)]


def measure_starts(scene: Scene, times: int) -> tuple[list[Call], list[float]]:
    """Go live so many times; return all calls of the script, and the seconds until the PUT."""
    calls: list[Call] = []

    def live(act: Callable[[Obs], object]) -> list[Call]:
        calls.extend(_live(scene, act))
        return calls

    return calls, _starts(scene, live, times, busy=False)


def measure_quits(scene: Scene, times: int) -> Quits:
    """Quit OBS so many times with a request that hangs, and without any script, by turns."""
    quits = Quits([], [])
    for _ in range(times):
        for ours in (False, True):
            with scene.obs([scene.ours] if ours else []) as obs:
                if ours:
                    scene.configure(obs)
                    scene.velora.faults.add(Fault.hang("*", ""))
                    scene.do(obs, "on_refresh")
                else:
                    time.sleep(2.0)
                (quits.hanging if ours else quits.without).append(obs.quit().seconds)
    return quits
