"""A streamer who does anything in a real OBS, a thousand times: is what the panel says true?

Usage: python -m tests.soak.panel_walk [--steps N] [--obs VERSION …] [--seed N] [--write]

The steps are gone in shares of 250, each in an OBS and with a seed of its own: that of the first
is printed, and the others follow it. A contradiction ends its share. With `--write` the figures
become PANEL_WALK.md. The whole takes a quarter of an hour for each OBS on two cores.
"""

from __future__ import annotations

import datetime
import secrets
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.e2e.panel_walk import PanelWalk
from tests.e2e.world import World
from tests.harness import Display, HarnessError, ObsChroot, ObsInstallation
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish

_RESULTS = Path(__file__).with_name("PANEL_WALK.md")
_VERSIONS = ("29", "32")
_SHARE = 250  # steps
_KINDS = ("press", "show", "another profile", "start", "stop", "a failure", "all is well", "key")


class Share(NamedTuple):
    """How one OBS's part of the walk went.

    Attributes:
        version: OBS's, whole.
        seed: brings the same steps again, as far as time has no part in them.
        events: what was done.
        seconds: what each step took.
        problems: what was untrue, and what else was wrong.
    """

    version: str
    seed: int
    events: Sequence[str]
    seconds: Sequence[float]
    problems: Sequence[str]


def _installation(version: str) -> ObsInstallation:
    return ObsInstallation() if version == "29" else ObsChroot(version)


def walk_a_share(installation: ObsInstallation, steps: int, seed: int) -> Share:
    """Go so many steps in a new OBS, or up to the first contradiction."""
    seconds: list[float] = []
    problems: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="velora-panel-walk-") as folder,
        Display() as display,
        World(display, Path(folder), installation=installation) as world,
    ):
        walk = PanelWalk(world, seed)
        walk.begin()
        try:
            for _ in range(steps):
                began = time.monotonic()
                walk.step()
                seconds.append(time.monotonic() - began)
            walk.end()
        except (AssertionError, HarnessError) as error:
            problems.append(str(error))
        problems += [f"an exception in the log: {error}" for error in world.obs.exceptions()]
        log = world.obs.log_text()
        hidden = {"token": world.token, "stream key": world.velora.account.stream_key}
        problems += [f"the {name} is in the log" for name, text in hidden.items() if text in log]
    version = ".".join(map(str, installation.version))
    return Share(version, seed, walk.events, seconds, problems)


def _shares(version: str, steps: int, seed: int) -> list[Share]:
    shares = []
    for number, first in enumerate(range(0, steps, _SHARE)):
        length = min(_SHARE, steps - first)
        share = walk_a_share(_installation(version), length, seed + number)
        shares.append(share)
        took = sum(share.seconds)
        print(f"OBS {version}, seed {share.seed}: {len(share.seconds)} steps in {took:.0f} s")
        for problem in share.problems:
            print(problem)
        sys.stdout.flush()
    return shares


def _kind(step: str) -> str:
    return next(kind for kind in _KINDS if step.startswith(kind))


def _row(shares: Sequence[Share]) -> str:
    counts = Counter(_kind(step) for share in shares for step in share.events)
    seconds = [each for share in shares for each in share.seconds]
    cells = [
        shares[0].version,
        f"{shares[0].seed} to {shares[-1].seed}" if len(shares) > 1 else str(shares[0].seed),
        len(seconds),
        *(counts[kind] for kind in _KINDS),
        f"**{sum(len(share.problems) for share in shares)}**",
        f"{statistics.median(seconds):.2f}",
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def _pressed(walked: Iterable[Sequence[Share]]) -> str:
    counts = Counter(
        step.removeprefix("press ")
        for shares in walked
        for share in shares
        for step in share.events
        if step.startswith("press ")
    )
    return ", ".join(f"*{name}* {count}" for name, count in counts.most_common())


def _report(walked: Mapping[str, Sequence[Share]], steps: int, seed: int) -> str:
    now = datetime.datetime.now(datetime.timezone.utc)
    lines = [
        "# A random walk through the panel",
        "",
        f"`python -m tests.soak.panel_walk --steps {steps} --seed {seed} --write`, {now:%Y-%m-%d}.",
        "",
        "In a real OBS one thing after the other is done at random: a button of the panel is",
        "pressed, a section is shown, a stream is started or stopped, the profile is switched (one",
        "streams to Velora, one nowhere), Velora fails twice or works again, or the stream key is",
        "changed there. After each step the panel is read as a screen reader reads it, and",
        "compared with how things are (`tests/contradictions.py` has what counts as untrue).",
        "",
        "| OBS | seeds | steps | pressed | shown | profile | start | stop | fails | works | key "
        "| untrue or wrong | a step, s |",
        "| --- " + "| --: " * 12 + "|",
        *(_row(shares) for shares in walked.values()),
        "",
        f"What was pressed: {_pressed(walked.values())}.",
    ]
    problems = [
        f"- OBS {share.version}, seed {share.seed}, step {len(share.events)}: {problem}"
        for shares in walked.values()
        for share in shares
        for problem in share.problems
    ]
    return "\n".join([*lines, *(["", *problems] if problems else [])]) + "\n"


def main() -> int:
    """Return the exit code: 0 when nothing was untrue or wrong."""
    parser = command_parser("tests.soak.panel_walk", __doc__)
    parser.add_argument("--steps", type=int, default=1000, help="in each version")
    parser.add_argument("--obs", nargs="+", choices=("29", "30", "32"), default=_VERSIONS)
    seed = secrets.randbelow(1_000_000)
    parser.add_argument("--seed", type=int, default=seed, help="instead of a random one")
    add_write_option(parser, _RESULTS)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    walked = {version: _shares(version, options.steps, options.seed) for version in options.obs}
    text = _report(walked, options.steps, options.seed)
    publish(text, _RESULTS, write=options.write)
    wrong = any(share.problems for shares in walked.values() for share in shares)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
