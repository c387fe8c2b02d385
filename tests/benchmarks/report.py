"""The measurements as Markdown, and whether the targets are met."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tests.benchmarks.callbacks import Loads, Quits, Waits
from tests.benchmarks.footprint import MINIMAL, Footprint, Use
from tests.benchmarks.frames import BUSY, CASES, NONE, OURS, Case, FrameCount

__all__ = [
    "Section",
    "Target",
    "calls_section",
    "footprint_section",
    "frames_section",
    "loads_section",
    "ms",
    "percentile",
    "quits_section",
    "spread",
    "table",
]

_LOAD, _FIRST_LOAD = 0.012, 0.025  # with and without bytecode
_EVENT, _PUT, _QUIT, _TIMEOUT = 0.002, 0.010, 0.2, 1.5
_PANEL, _EARLY_PANEL = 0.020, 0.010
_MEMORY = 8.0  # MiB more than a script that only imports requests
_BUTTON_OVERHEAD = 0.010
_SLACK = 0.030  # seconds that a machine may be late in waking up who has waited
_EQUAL = 0.002  # of all frames
_ONE_IN_A_THOUSAND = 0.001


class Target(NamedTuple):
    """What was wanted, and what came of it."""

    wanted: str
    measured: str
    met: bool


Section = tuple[str, list[Target]]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; all but the first column is aligned to the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def ms(seconds: float) -> str:
    """Write milliseconds as in a table: two decimals below 100."""
    return f"{seconds * 1000:.2f}" if seconds < 0.1 else f"{seconds * 1000:.0f}"


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value that this part of all does not exceed."""
    return sorted(values)[max(math.ceil(len(values) * part) - 1, 0)]


def spread(values: Sequence[float]) -> list[str]:
    """Return how many, median, 99th percentile and largest, in milliseconds."""
    middle = statistics.median(values)
    return [
        str(len(values)),
        ms(middle),
        ms(percentile(values, 0.99)),
        ms(max(values)),
    ]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %"


def frames_section(counts: Sequence[FrameCount]) -> Section:
    """Return frames that were not drawn, case by case, the repeats added up."""
    cases: dict[Case, list[FrameCount]] = defaultdict(list)
    for count in counts:
        cases[count.case].append(count)
    rows, lost = [], {}
    for case in CASES:
        runs = cases.get(case)
        if not runs:
            continue
        due, missing = sum(run.due for run in runs), sum(run.missing for run in runs)
        lost[case] = missing / due
        rows.append(
            [
                case.answer or "–",
                case.script,
                case.fps,
                due,
                missing,
                _percent(missing, due),
                sum(run.skipped for run in runs),
                sum(run.output_skipped for run in runs),
                sum(run.presses for run in runs),
                sum(run.requests for run in runs),
            ]
        )
    targets = []
    for case in CASES:
        without = Case(case.fps, BUSY if case.answer == BUSY else "", NONE)
        if case.script != OURS or case not in lost or without not in lost:
            continue
        name = case.answer if case.answer == BUSY else f"API responding {case.answer}"
        targets.append(
            Target(
                f"{name}, {case.fps} frames a second: as many frames as without a script "
                f"(within {100 * _EQUAL:g} %)",
                f"{100 * lost[case]:.2f} % lost, {100 * lost[without]:.2f} % without a script",
                lost[case] - lost[without] <= _EQUAL,
            )
        )
    for fps in (30, 60):
        ours = [item for item in counts if item.case.script == OURS and item.case.fps == fps]
        none = [item for item in counts if item.case.script == NONE and item.case.fps == fps]
        if ours and none:
            lost_now, lost_then = (sum(run.missing for run in runs) for runs in (ours, none))
            due_now, due_then = (sum(run.due for run in runs) for runs in (ours, none))
            more = lost_now / due_now - lost_then / due_then
            targets.append(
                Target(
                    f"All cases at {fps} frames a second together: fewer than one more frame in a "
                    "thousand is lost",
                    f"{lost_now} of {due_now}, {lost_then} of {due_then} without a script",
                    more < _ONE_IN_A_THOUSAND,
                )
            )
    head = (
        "API responds",
        "script",
        "fps",
        "frames due",
        "not drawn",
        "",
        "skipped, as OBS counts",
        "skipped by the encoder",
        "buttons pressed",
        "requests",
    )
    return table(head, rows), targets


def loads_section(loads: Loads) -> Section:
    """Return what loading costs."""
    head = ("From … until the script is loaded", "n", "median", "p99", "max")
    rows = [
        ["Python starts looking for the script, with bytecode", *spread(loads.imported)],
        ["the script's first line, with bytecode", *spread(loads.compiled)],
        ["Python starts looking for the script, without bytecode", *spread(loads.first)],
    ]
    targets = []
    for shown, values, most in (
        ("with bytecode", loads.imported, _LOAD),
        ("without bytecode, as after installing", loads.first, _FIRST_LOAD),
    ):
        middle = statistics.median(values)
        targets.append(
            Target(
                f"Loading takes at most {most * 1000:g} ms of the UI thread, {shown}",
                f"{ms(middle)} ms (median)",
                middle <= most,
            )
        )
    return table(head, rows), targets


def calls_section(waits: Waits) -> Section:
    """Return what OBS waits for."""
    buttons = {button.name for button in waits.buttons}
    by_name: dict[str, list[float]] = defaultdict(list)
    for call in waits.calls:
        if call.name not in buttons:
            by_name[call.name].append(call.seconds)
    del by_name["script_properties"]
    by_name["script_properties, right after loading"] = waits.early_panel
    by_name["script_properties"] = waits.panel
    by_name["script_properties, 5,000 categories"] = waits.large_panel
    events = [
        second for name in by_name if name.startswith("on_event ") for second in by_name[name]
    ]
    panels = waits.panel + waits.large_panel
    text = table(
        ("OBS calls (ms)", "n", "median", "p99", "max"),
        [[f"`{name}`", *spread(by_name[name])] for name in sorted(by_name)],
    )
    text += "\n" + table(
        ("Button (ms)", "API responds", "requests", "n", "median", "max"),
        [
            [
                f"`{item.name}`",
                item.answer,
                item.requests or "–",
                len(item.seconds),
                ms(statistics.median(item.seconds)),
                ms(max(item.seconds)),
            ]
            for item in waits.buttons
        ],
    )
    text += "\n" + table(
        ("From `STREAMING_STARTING` to the PUT at Velora (ms)", "n", "median", "p99", "max"),
        [
            ["with nothing else in progress", *spread(waits.until_put)],
            ["while another request gets no response", *spread(waits.until_put_while_busy)],
        ],
    )
    longest = max(second for item in waits.buttons for second in item.seconds)
    added = [
        max(0.0, second - item.latency * item.requests)
        for item in waits.buttons
        if item.latency is not None
        for second in item.seconds
    ]
    put = max(waits.until_put + waits.until_put_while_busy)
    return text, [
        Target(
            f"An event callback takes less than {_EVENT * 1000:g} ms (p99)",
            f"{ms(percentile(events, 0.99))} ms, {ms(max(events))} ms at most, of {len(events)}",
            percentile(events, 0.99) < _EVENT,
        ),
        Target(
            f"Opening the panel takes less than {_PANEL * 1000:g} ms (p99)",
            f"{ms(percentile(panels, 0.99))} ms, of {len(panels)}, some with 5,000 categories",
            percentile(panels, 0.99) < _PANEL,
        ),
        Target(
            f"Opening it right after loading takes at most {_EARLY_PANEL * 1000:g} ms",
            f"{ms(statistics.median(waits.early_panel))} ms (median), "
            f"{ms(max(waits.early_panel))} ms at most",
            statistics.median(waits.early_panel) <= _EARLY_PANEL,
        ),
        Target(
            f"The PUT arrives within {_PUT * 1000:g} ms of `STREAMING_STARTING`",
            f"{ms(put)} ms at most",
            put <= _PUT,
        ),
        Target(
            f"A button waits at most {_TIMEOUT} s for the API",
            f"{ms(longest)} ms at most",
            longest <= _TIMEOUT + _SLACK,
        ),
        Target(
            f"A button adds less than {_BUTTON_OVERHEAD * 1000:g} ms to the API's latency",
            f"{ms(statistics.median(added))} ms (median), {ms(percentile(added, 0.99))} ms (p99), "
            "the simulator's own time included",
            statistics.median(added) < _BUTTON_OVERHEAD,
        ),
    ]


def quits_section(quits: Quits) -> Section:
    """Return what quitting costs."""
    head = ("Quitting OBS (ms)", "n", "median", "p99", "max")
    text = table(
        head,
        [
            ["no script", *spread(quits.without)],
            ["Velora, with a request that gets no response", *spread(quits.hanging)],
        ],
    )
    more = statistics.median(quits.hanging) - statistics.median(quits.without)
    wanted = f"Quitting takes at most {_QUIT} s longer while a request gets no response"
    return text, [Target(wanted, f"{ms(more)} ms longer (medians)", more <= _QUIT)]


def footprint_section(footprint: Footprint) -> Section:
    """Return what the script takes of the computer while nothing happens, and while live."""
    head = ("", *(use.script for use in footprint.idle))
    rows: list[tuple[str, Callable[[Use], str]]] = [
        ("resident memory, MiB", lambda item: f"{item.mebibytes:.1f}"),
        ("threads of the process", lambda item: str(item.threads)),
        ("connections to the API", lambda item: str(item.connections)),
        ("processor, seconds in all", lambda item: f"{item.cpu_seconds:.1f}"),
        ("wake-ups of our thread", lambda item: "–" if item.wakeups is None else str(item.wakeups)),
        ("requests", lambda item: str(item.requests)),
    ]
    text = table(head, [[name, *(of(use) for use in footprint.idle)] for name, of in rows])
    ours = next(use for use in footprint.idle if use.script == OURS)
    text += (
        f"\nLive, at the usual interval: {footprint.live_requests} requests in "
        f"{footprint.live_seconds:.0f} s from the start, its update included. A whole hour is "
        "counted by tests/contract/test_requests_an_hour.py.\n"
    )
    more = ours.mebibytes - next(use.mebibytes for use in footprint.idle if use.script == MINIMAL)
    return text, [
        Target(
            "Idle: no requests, and our thread never wakes up",
            f"{ours.requests} requests, {ours.wakeups} wake-ups",
            ours.requests == 0 and ours.wakeups == 0,
        ),
        Target(
            f"At most {_MEMORY:g} MiB more memory than a script that only imports requests",
            f"{more:.1f} MiB more",
            more <= _MEMORY,
        ),
    ]
