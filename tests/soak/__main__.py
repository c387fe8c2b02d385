"""A season in one OBS, and beside it the same without our script, to compare with.

Usage: python -m tests.soak [--streams N] [--reloads N] [--switches N] [--seed N] [--write]

The seed is printed; the same one brings the same order of acts and faults. With `--write` the
figures become RESULTS.md. The whole takes about ten minutes on two cores.
"""

from __future__ import annotations

import datetime
import multiprocessing
import secrets
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.e2e.world import chosen_installation
from tests.soak.soak import Plan, Sample, Season, live_through
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish

_RESULTS = Path(__file__).with_name("RESULTS.md")
_ROWS: tuple[tuple[str, Callable[[Sample], float], int], ...] = (
    ("Python's objects, all scripts and libraries", lambda item: item.objects, 0),
    (
        "our script's functions (OBS keeps those it was given, of any script)",
        lambda item: item.callbacks,
        0,
    ),
    ("objects of velora_core's types", lambda item: sum(item.ours.values()), 1),
    ("Python's threads", lambda item: item.python_threads, 1),
    ("threads of the process", lambda item: item.threads, 1),
    ("file descriptors", lambda item: item.descriptors, 1),
    ("resident memory, MiB", lambda item: item.mebibytes, 1),
)


def _report(ours: Season, bare: Season, version: str) -> str:
    plan = ours.plan
    now = datetime.datetime.now(datetime.timezone.utc)
    faults = ", ".join(f"{name} {count}" for name, count in sorted(ours.faults.items()))
    lines = [
        "# A season in one OBS",
        "",
        f"`python -m tests.soak --seed {plan.seed} --write`, {now:%Y-%m-%d}, {version}.",
        "",
        f"{plan.streams} streams, {plan.reloads} reloads, {plan.collection_switches} switches of",
        f"the scene collection and {plan.profile_switches} of the profile, in random order, in one",
        "OBS, with some buttons pressed in between. Before each step Velora is made to work or to",
        f"fail at random ({faults}).",
        "*Without*: the same steps in a second OBS beside it, without our script. The figures are",
        "means of the first and the last quarter of the samples, not counting the very first one.",
        "",
        "| | Velora: first | last | without: first | last |",
        "| --- | --: | --: | --: | --: |",
    ]
    for name, of, digits in _ROWS:
        numbers = [*ours.growth(of), *bare.growth(of)]
        lines.append(
            f"| {name} | " + " | ".join(f"{number:,.{digits}f}" for number in numbers) + " |"
        )
    first, last = Counter(ours.samples[1].ours), Counter(ours.samples[-1].ours)
    more = ", ".join(f"{name} {count:+}" for name, count in sorted((last - first).items()))
    lines += [
        "",
        f"- Types of velora_core with more objects at the end: {more or 'none'}.",
        f"- Leaks that OBS reports on quitting: {ours.leaks}; without the script: {bare.leaks}.",
        f"- Frames skipped while live: {ours.skipped} of {ours.frames}; without the script: "
        f"{bare.skipped} of {bare.frames}.",
        f"- The run took {ours.seconds / 60:.0f} minutes.",
    ]
    for name, season in (("Velora", ours), ("without", bare)):
        lines += [f"- {name}: {problem}" for problem in season.problems]
    if not ours.problems:
        lines.append(
            "- No exception and no secret in the log, the fields kept, every button still working."
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Return the exit code: 0 when nothing was wrong."""
    parser = command_parser("tests.soak", __doc__)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--reloads", type=int, default=200)
    parser.add_argument("--switches", type=int, default=200, help="of collection and of profile")
    seed = secrets.randbelow(1_000_000)
    parser.add_argument("--seed", type=int, default=seed, help="instead of a random one")
    add_write_option(parser, _RESULTS)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    plan = Plan(options.streams, options.reloads, options.switches, options.switches, options.seed)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        ours, bare = pool.starmap(live_through, [(plan, False), (plan, True)])
    text = _report(ours, bare, f"OBS {chosen_installation().version_text}")
    publish(text, _RESULTS, write=options.write)
    return 1 if ours.problems else 0


if __name__ == "__main__":
    sys.exit(main())
