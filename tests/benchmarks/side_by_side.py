"""The script of another commit and the present one, measured by turns in one run."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.callbacks import measure_loads, measure_starts
from tests.benchmarks.frames import BUSY, NONE, OURS, Case, FrameCount, count_frames
from tests.benchmarks.report import Section, Target, ms, percentile, spread, table
from tests.benchmarks.scene import Measured, Scene
from tests.stage import ROOT

__all__ = ["compare"]

_LOADS, _STARTS = 3, 20  # for each script and turn
_CASES = ("in 300 ms", "never", BUSY)
_PUT, _EVENT = 0.010, 0.002
_LOAD_SLACK = 0.002  # by which the medians of the same script differ from run to run


@dataclass
class _Figures:
    """Of one script; seconds."""

    measured: Measured
    loads: list[float] = field(default_factory=list)
    first_loads: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)
    until_put: list[float] = field(default_factory=list)
    counts: list[FrameCount] = field(default_factory=list)


@contextmanager
def _worktree(commit: str) -> Iterator[Path]:
    """The project's files as they were at that commit."""
    git = ["git", "-C", str(ROOT), "worktree"]
    with tempfile.TemporaryDirectory(prefix="velora-commit-") as folder:
        path = Path(folder) / "tree"
        subprocess.run([*git, "add", "--quiet", "--detach", str(path), commit], check=True)
        try:
            yield path
        finally:
            subprocess.run([*git, "remove", "--force", str(path)], check=True)


def compare(
    scene: Scene, commit: str, seconds: float, repeat: int, say: Callable[[str], None]
) -> Section:
    """Measure both by turns; whoever begins changes with each turn.

    Args:
        scene: where.
        commit: whose script is the other one.
        seconds: for each case in which frames are counted.
        repeat: how many turns.
        say: told how it goes on.
    """
    with _worktree(commit) as tree:
        before = _Figures(Measured(scene.folder / "before", tree))
    now = _Figures(scene.measured)
    without: list[FrameCount] = []
    for turn in range(repeat):
        pair = (before, now) if turn % 2 == 0 else (now, before)
        for answer in _CASES:
            nothing = Case(30, BUSY if answer == BUSY else "", NONE)
            if answer != "never":  # without a script it is the same as the one before
                without.append(_count(scene, nothing, seconds, say))
            for figures in pair:
                scene.measure(figures.measured)
                figures.counts.append(_count(scene, Case(30, answer, OURS), seconds, say))
        for figures in pair:
            scene.measure(figures.measured)
            calls, until_put = measure_starts(scene, _STARTS)
            figures.events += [call.seconds for call in calls if call.name.startswith("on_event ")]
            figures.until_put += until_put
        for _ in range(_LOADS):
            for figures in pair:
                scene.measure(figures.measured)
                loads = measure_loads(scene, 1)
                figures.loads += loads.imported
                figures.first_loads += loads.first
        say(f"   turn {turn + 1} of {repeat}")
    return _section(commit, before, now, without)


def _count(scene: Scene, case: Case, seconds: float, say: Callable[[str], None]) -> FrameCount:
    count = count_frames(scene, case, seconds)
    say(f"   {scene.measured.folder.name}: {count}")
    return count


def _section(commit: str, before: _Figures, now: _Figures, without: list[FrameCount]) -> Section:
    pair = ((commit, before), ("now", now))
    times: tuple[tuple[str, Callable[[_Figures], list[float]]], ...] = (
        ("loading, bytecode there", lambda item: item.loads),
        ("loading, no bytecode yet", lambda item: item.first_loads),
        ("event callbacks", lambda item: item.events),
        ("from `STREAMING_STARTING` to the PUT", lambda item: item.until_put),
    )
    text = table(
        ("OBS waits (ms)", "script", "n", "median", "p99", "max"),
        [[what, name, *spread(of(item))] for what, of in times for name, item in pair],
    )
    rows = [
        [case.answer, name, sum(run.due for run in runs), sum(run.missing for run in runs)]
        for case in dict.fromkeys(run.case for run in now.counts)
        for name, item in pair
        for runs in [[run for run in item.counts if run.case == case]]
    ]
    rows += [[run.case.answer or "–", "none", run.due, run.missing] for run in without]
    text += "\n" + table(("API answers", "script", "frames due", "not drawn"), rows)
    medians = [statistics.median(item.loads) for _, item in pair]
    first = [statistics.median(item.first_loads) for _, item in pair]
    lost = sum(run.missing for run in now.counts)
    due = sum(run.due for run in now.counts)
    lost_before = sum(run.missing for run in before.counts)
    event = [percentile(item.events, 0.99) for _, item in pair]
    put = [max(item.until_put) for _, item in pair]

    def both(values: list[float]) -> str:
        return f"{ms(values[1])} ms, {ms(values[0])} ms at {commit}"

    none = sum(run.missing for run in without)
    return text, [
        Target(
            "No frame is lost",
            f"{lost} of {due}, {lost_before} at {commit}, {none} without a script",
            lost == 0,
        ),
        Target(
            f"The PUT arrives within {ms(_PUT)} ms of `STREAMING_STARTING`",
            f"at most {both(put)}",
            put[1] <= _PUT,
        ),
        Target(
            f"An event callback takes less than {ms(_EVENT)} ms (p99)",
            both(event),
            event[1] < _EVENT,
        ),
        *(
            Target(
                f"Loading is not slower{when} (within {ms(_LOAD_SLACK)} ms)",
                f"{both(values)} (medians)",
                values[1] <= values[0] + _LOAD_SLACK,
            )
            for when, values in (("", medians), (" the very first time", first))
        ),
    ]
