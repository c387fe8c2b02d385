"""The measurements as Markdown, and whether the targets are met."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tests.benchmarks.callbacks import Loads, Quits, Waits
from tests.benchmarks.frames import ANSWERS, SCRIPTS, FrameCount

__all__ = ["Target", "calls_section", "frames_section", "loads_section", "quits_section", "table"]

_LOAD, _EVENT, _PUT, _QUIT, _PATIENCE = 0.030, 0.005, 0.050, 0.2, 1.5
_BUTTON_OVERHEAD = 0.030
_EQUAL = 0.002  # of all frames


class Target(NamedTuple):
    """What was wanted, and what came of it."""

    wanted: str
    measured: str
    met: bool


Section = tuple[str, list[Target]]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; all but the first column is aligned to the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f}" if seconds < 0.1 else f"{seconds * 1000:.0f}"


def _percentile(values: Sequence[float], part: float) -> float:
    return sorted(values)[max(math.ceil(len(values) * part) - 1, 0)]


def _spread(values: Sequence[float]) -> list[str]:
    middle = statistics.median(values)
    return [str(len(values)), _ms(middle), _ms(_percentile(values, 0.99)), _ms(max(values))]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %"


def frames_section(counts: Sequence[FrameCount]) -> Section:
    """Frames that were not drawn, case by case, the repeats added up."""
    cases: dict[tuple[str, str], list[FrameCount]] = defaultdict(list)
    for count in counts:
        cases[count.answer, count.script].append(count)
    rows, lost = [], {}
    for answer in ANSWERS:
        for script in SCRIPTS:
            runs = cases.get((answer, script))
            if not runs:
                continue
            due, missing = sum(run.due for run in runs), sum(run.missing for run in runs)
            lost[answer, script] = missing / due
            rows.append(
                [
                    answer,
                    script,
                    due,
                    missing,
                    _percent(missing, due),
                    sum(run.skipped for run in runs),
                    sum(run.output_skipped for run in runs),
                    sum(run.presses for run in runs),
                    sum(run.requests for run in runs),
                ]
            )
    targets = [
        Target(
            f"API answering {answer}: as many frames as without a script "
            f"(within {100 * _EQUAL:g} %)",
            f"{100 * lost[answer, 'Velora']:.2f} % lost, "
            f"{100 * lost[answer, 'none']:.2f} % without a script",
            lost[answer, "Velora"] - lost[answer, "none"] <= _EQUAL,
        )
        for answer in ANSWERS
        if (answer, "none") in lost
    ]
    head = (
        "API answers",
        "script",
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
    """What loading costs."""
    head = ("From … until the script is loaded", "n", "median", "p99", "max")
    rows = [
        ["Python looks for the script, bytecode there", *_spread(loads.imported)],
        ["the script's first line, bytecode there", *_spread(loads.compiled)],
        ["Python looks for the script, no bytecode yet", *_spread(loads.first)],
    ]
    targets = []
    for shown, values in (("", loads.imported), (" the very first time, too", loads.first)):
        middle = statistics.median(values)
        targets.append(
            Target(
                f"Loading keeps the UI thread for less than {_ms(_LOAD)} ms{shown}",
                f"{_ms(middle)} ms (median)",
                middle < _LOAD,
            )
        )
    return table(head, rows), targets


def calls_section(waits: Waits) -> Section:
    """What OBS waits for."""
    buttons = {button.name for button in waits.buttons}
    by_name: dict[str, list[float]] = defaultdict(list)
    for call in waits.calls:
        if call.name not in buttons:
            by_name[call.name].append(call.seconds)
    by_name["script_properties, 5,000 categories"] = waits.large_panel
    events = {name: max(by_name[name]) for name in by_name if name.startswith("on_event ")}
    slowest = max(events, key=lambda name: events[name])
    text = table(
        ("OBS calls (ms)", "n", "median", "p99", "max"),
        [[f"`{name}`", *_spread(by_name[name])] for name in sorted(by_name)],
    )
    text += "\n" + table(
        ("Button (ms)", "API answers", "requests", "n", "median", "max"),
        [
            [
                f"`{one.name}`",
                one.answer,
                one.requests or "–",
                len(one.seconds),
                _ms(statistics.median(one.seconds)),
                _ms(max(one.seconds)),
            ]
            for one in waits.buttons
        ],
    )
    text += "\n" + table(
        ("From `STREAMING_STARTING` to the PUT at Velora (ms)", "n", "median", "p99", "max"),
        [
            ["nothing else under way", *_spread(waits.until_put)],
            ["a request under way that nobody answers", *_spread(waits.until_put_while_busy)],
        ],
    )
    longest = max(second for one in waits.buttons for second in one.seconds)
    quick = max(statistics.median(one.seconds) for one in waits.buttons if one.answer == "at once")
    put = max(waits.until_put + waits.until_put_while_busy)
    return text, [
        Target(
            f"Every event callback takes less than {_ms(_EVENT)} ms",
            f"at most {_ms(events[slowest])} ms (`{slowest}`)",
            events[slowest] < _EVENT,
        ),
        Target(
            f"The PUT arrives within {_ms(_PUT)} ms of `STREAMING_STARTING`",
            f"at most {_ms(put)} ms",
            put <= _PUT,
        ),
        Target(
            f"A button waits for the API for {_PATIENCE} s at most",
            f"at most {_ms(longest)} ms",
            longest <= _PATIENCE + _BUTTON_OVERHEAD,
        ),
        Target(
            f"A button adds less than {_ms(_BUTTON_OVERHEAD)} ms to the API's own time",
            f"at most {_ms(quick)} ms (median), API answering at once",
            quick < _BUTTON_OVERHEAD,
        ),
    ]


def quits_section(quits: Quits) -> Section:
    """What quitting costs."""
    head = ("Quitting OBS (ms)", "n", "median", "p99", "max")
    text = table(
        head,
        [
            ["no script", *_spread(quits.without)],
            ["Velora, a request hanging", *_spread(quits.hanging)],
        ],
    )
    more = statistics.median(quits.hanging) - statistics.median(quits.without)
    wanted = f"Quitting with a request hanging takes at most {_QUIT} s more"
    return text, [Target(wanted, f"{_ms(more)} ms more (medians)", more <= _QUIT)]
