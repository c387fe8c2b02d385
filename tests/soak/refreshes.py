"""At a random moment of a token refresh, everything that could cut it is done to OBS.

Usage: python -m tests.soak.refreshes [--moments N] [--obs VERSION …] [--seed N] [--write]

Without `--moments`: 300 in OBS 29 and 60 in each other version that is there. The seed is printed;
the same one brings the same moments. With `--write` the figures become REFRESHES.md. The whole
takes about half an hour on two cores.
"""

from __future__ import annotations

import datetime
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.harness import Display, ObsChroot, ObsInstallation
from tests.soak.moments import Moments, Outcome
from tests.soak.plan import ACTS, DELAYS, plan
from tests.soak.quits import QuitRow, measure
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish

_RESULTS = Path(__file__).with_name("REFRESHES.md")
_MOMENTS = {"29": 300, "30": 60, "32": 60}
_QUITS = 5  # in each situation


def _installation(version: str) -> ObsInstallation:
    return ObsInstallation() if version == "29" else ObsChroot(version)


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="velora-refreshes-")


def _live_through(version: str, count: int, seed: int) -> list[Outcome]:
    outcomes = []
    with (
        _folder() as folder,
        Display() as display,
        Moments(display, Path(folder), installation=_installation(version)) as moments,
    ):
        moments.open()
        for number, moment in enumerate(plan(count, seed), 1):
            began = time.monotonic()
            outcome = moments.live_through(moment)
            outcomes.append(outcome)
            took = time.monotonic() - began
            print(f"OBS {version} {number:3} {took:4.1f} s  {outcome}", flush=True)
        moments.obs.quit()
    return outcomes


def _table(head: str, columns: Sequence[object], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [
        f"| {head} | " + " | ".join(map(str, columns)) + " |",
        "| --- |" + " --: |" * len(columns),
    ]
    return [*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)]


def _counts(outcomes: Sequence[Outcome]) -> str:
    bad = sum(outcome.bad for outcome in outcomes)
    return f"{len(outcomes)}, **{bad} bad**" if bad else str(len(outcomes))


def _of_moments(seen: dict[str, list[Outcome]]) -> list[str]:
    def row(act: str, outcomes: list[Outcome]) -> list[str]:
        mine = [outcome for outcome in outcomes if outcome.moment.act == act]
        return [
            act,
            *(_counts([item for item in mine if item.moment.delay == delay]) for delay in DELAYS),
        ]

    lines = []
    for version, outcomes in seen.items():
        lost = sum(outcome.lost for outcome in outcomes)
        other = sum(outcome.bad for outcome in outcomes) - lost
        lines += [
            "",
            f"## OBS {version}: {len(outcomes)} moments, {lost} sign-ins lost"
            + (f", {other} other failures" if other else ""),
            "",
            *_table(
                "what was done, and when Velora responded",
                [f"{delay:g} s" for delay in DELAYS],
                (row(act, outcomes) for act in ACTS),
            ),
            "",
            *(f"- {outcome}" for outcome in outcomes if outcome.bad),
        ]
    return lines


def _of_quits(rows: Sequence[QuitRow]) -> list[str]:
    def cells(row: QuitRow) -> list[str]:
        kept = "" if row.kept is None else f"{row.kept} of {len(row.seconds)}"
        middle, most = statistics.median(row.seconds), max(row.seconds)
        return [row.situation, f"{middle:.2f}", f"{most:.2f}", kept]

    return _table("quitting OBS", ["median, s", "longest, s", "sign-in kept"], map(cells, rows))


def _report(seen: dict[str, list[Outcome]], quits: dict[str, list[QuitRow]], seed: int) -> str:
    now = datetime.datetime.now(datetime.timezone.utc)
    lines = [
        "# At a random moment of a token refresh",
        "",
        f"`python -m tests.soak.refreshes --seed {seed} --write`, {now:%Y-%m-%d}.",
        "",
        "Every refresh yields a new refresh token, and the old one stops working as soon as Velora",
        "has the request (in a quarter of the cases: once it responds). The script refreshes when",
        "it is loaded, for a button, or for a stream that starts; sometimes it is waiting for the",
        "code exchange at the end of a sign-in instead. Between request and response, one",
        "thing is done to OBS. Afterwards the stored sign-in must be one that Velora accepts, the",
        "next refresh and the next request must work, no refresh may have been refused, and a",
        "stream that was started must have its title. After *Sign out*, nobody is signed in.",
        "",
        "The tables count those moments.",
        *_of_moments(seen),
    ]
    for version, rows in quits.items():
        lines += ["", f"## Quitting OBS {version} meanwhile", "", *_of_quits(rows)]
    text = "\n".join(lines).replace("\n\n\n", "\n\n")
    return text.rstrip("\n") + "\n"


def main() -> int:
    """Return the exit code: 0 when no sign-in was lost and nothing else was wrong."""
    parser = command_parser("tests.soak.refreshes", __doc__)
    parser.add_argument("--moments", type=int, help="in each version")
    parser.add_argument("--obs", nargs="+", choices=tuple(_MOMENTS))
    seed = secrets.randbelow(1_000_000)
    parser.add_argument("--seed", type=int, default=seed, help="instead of a random one")
    add_write_option(parser, _RESULTS)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    there = [version for version in _MOMENTS if _installation(version).missing() is None]
    seen, quits = {}, {}
    for version in options.obs or there:
        count = _MOMENTS[version] if options.moments is None else options.moments
        seen[version] = _live_through(version, count, options.seed)
        with _folder() as folder:
            quits[version] = measure(_installation(version), Path(folder), _QUITS)
    text = _report(seen, quits, options.seed)
    publish(text, _RESULTS, write=options.write)
    return 1 if any(outcome.bad for outcomes in seen.values() for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
