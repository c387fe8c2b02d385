"""What it takes to make the panel's value, as at each keystroke in its title.

    .cache/venv-3.11/bin/python -m tests.benchmarks.panel_value

No broadcasting software takes part. It prints a table; with --write it puts it into
tests/benchmarks/PANEL_VALUE.md.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.report import table
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish
from velora_core.api.models import Category
from velora_core.app.account import Account, TokenOrigin
from velora_core.app.categories import KnownCategories
from velora_core.app.state import State, StreamSettings
from velora_core.auth.scopes import SCOPES
from velora_core.panel.build import build_panel
from velora_core.panel.elements import Section
from velora_core.panel.facts import Facts
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import Preset

__all__ = ["main"]

_RESULT = Path(__file__).with_name("PANEL_VALUE.md")
_WANTED = 1.0  # ms
_FACTS = Facts("main", ("rtmp", "srt", "whip"), ("Banner", "Count"), host="OBS", set_up=True)
_ACCOUNT = Account(TokenOrigin.SIGNED_IN, "Somebody", 0.0, frozenset(SCOPES))
_ABOUT = """\
# What it takes to make the panel's value

Made by `python -m tests.benchmarks.panel_value --write`: Python {python}, {cores} cores, {at} UTC;
load average {load} before. {times} panels each, by turns, with another title each time, as while it
is typed. *First* is the panel in which the names are new, and what the worker does before the panel
is built; the other columns are what OBS's UI thread then has to do at a keystroke. Times are the
processor's; a busy computer makes even these longer, so that the least of them counts. The ratio
is that to the panel of the first row, in the same run. At most {wanted:g} ms was wanted with 300
categories.

"""
_HEAD = ("known", "first (ms)", "least (ms)", "median (ms)", "", f"at most {_WANTED:g} ms")


class _Case(NamedTuple):
    """A panel, and what is measured of it, in seconds."""

    name: str
    state: State
    settings: StreamSettings
    first: float
    later: list[float]


def _categories(count: int, prefix: str) -> tuple[Category, ...]:
    return tuple(
        Category(f"{prefix}-{n}", f"Category {prefix} of number {n}") for n in range(count)
    )


def _presets(count: int) -> tuple[Preset, ...]:
    content = PresetContent("My title", "a-1", "Category a of number 1", ("english", "friendly"))
    return tuple(Preset(f"{n:032x}", f"Preset for my evening {n}", content) for n in range(count))


def _states() -> dict[str, State]:
    plain = State("OBS streams to Velora.", account=_ACCOUNT)
    found = KnownCategories(found=_categories(12_000, "f"))
    presets = _presets(200)
    return {
        "nothing": plain,
        "300 categories": plain._replace(categories=_categories(300, "a")),
        "5,000 categories": plain._replace(categories=_categories(5000, "b")),
        "300 categories, 12,000 found": plain._replace(
            categories=_categories(300, "c"), known=found
        ),
        "200 presets, managed": plain._replace(presets=presets, managing=True),
        "all of it": plain._replace(
            categories=_categories(300, "d"),
            known=found,
            presets=(*presets[1:], presets[0]),
            managing=True,
        ),
    }


def _took(state: State, settings: StreamSettings) -> float:
    began = time.thread_time()
    build_panel(state, settings, _FACTS)
    return time.thread_time() - began


def _measure(times: int) -> list[_Case]:
    build_panel(State(""), StreamSettings(), _FACTS)  # imports what is imported late
    cases = []
    for name, state in _states().items():
        section = Section.PRESETS.value if state.managing else Section.INFO.value
        settings = StreamSettings(title="H", category="a-1", section=section)
        cases.append(_Case(name, state, settings, _took(state, settings), []))
        for count in range(times):
            typed = settings._replace(title=f"Hello {count}")
            cases[0].later.append(_took(cases[0].state, typed))
            cases[-1].later.append(_took(state, typed))
    return cases


def _rows(cases: list[_Case]) -> list[tuple[object, ...]]:
    plain = min(cases[0].later)
    rows: list[tuple[object, ...]] = []
    for case in cases:
        median, least = statistics.median(case.later), min(case.later)
        first, met = f"{case.first * 1e3:.1f}", "yes" if least * 1e3 <= _WANTED else "**no**"
        figures = (f"{least * 1e3:.2f}", f"{median * 1e3:.2f}", f"{least / plain:.2f} ×")
        rows.append((case.name, first, *figures, met))
    return rows


def main() -> int:
    """Return the exit code: 0 when all is as quick as was wanted."""
    parser = command_parser("tests.benchmarks.panel_value", __doc__)
    parser.add_argument("--times", type=int, default=500, help="how often it is made")
    add_write_option(parser, _RESULT)
    options = parser.parse_args()
    about = _ABOUT.format(
        python=platform.python_version(),
        cores=os.cpu_count(),
        at=f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M}",
        load=f"{os.getloadavg()[0]:.2f}",
        times=options.times,
        wanted=_WANTED,
    )
    rows = _rows(_measure(options.times))
    text = about + table(_HEAD, rows)
    publish(text, _RESULT, write=options.write)
    return 0 if all(row[-1] == "yes" for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
