"""A hundred thousand hostile requests at the page's server, in an OBS that streams.

Usage: python -m tests.soak.hostile_requests [--requests N] [--calm SECONDS] [--seed N] [--write]

The seed is printed; the same one brings the same requests. VELORA_TEST_OBS names the OBS, as for
the tests. With `--write` the figures become HOSTILE.md. The whole takes about a quarter of an hour
on two cores, a third of which goes into inventing the requests, before OBS is started.
"""

from __future__ import annotations

import argparse
import datetime
import json
import multiprocessing
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import requests

from tests.benchmarks.report import table
from tests.e2e.world import World, chosen_installation
from tests.harness import BrowserButton, Display, Profile
from tests.soak.hostile import Hostile, Target, findings, invent, send, status_of
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish

__all__ = ["main"]

_RESULTS = Path(__file__).with_name("HOSTILE.md")
_PROCESSES, _THREADS = 2, 4
_SHOWN = 20  # findings
_SETTLING = 8.0  # seconds after the start of the stream, until nothing changes by itself
_HEAD = ("what is wrong with them", "requests", "refused for that", "too fast", "cut off")
_MOVING = ("live_line", "encoder_line")  # elements that a stream changes


class _Outcome(NamedTuple):
    """What came of a part of the requests."""

    counts: Counter[tuple[str, str]]
    findings: list[str]


class _Phase(NamedTuple):
    """What OBS lost in a stretch of its stream."""

    name: str
    seconds: float
    due: int
    missing: int
    skipped: int
    dropped: int

    def cells(self) -> list[object]:
        lost = (self.due, self.missing, self.skipped, self.dropped)
        return [self.name, f"{self.seconds:.0f}", *lost]


def _yield_to_others() -> None:
    """What is measured is what OBS pays, not what those who attack it take from the computer."""
    with suppress(OSError):
        os.nice(10)


def _attack(wanted: Sequence[Hostile], target: Target, hidden: Sequence[str]) -> _Outcome:
    def attack(request: Hostile) -> tuple[str, str, list[str]]:
        try:
            answer = send(request, target)
        except TimeoutError:
            return request.kind, "cut", [f"no answer to {request.text[:300]!r}"]
        status = status_of(answer)
        how = "cut" if status is None else "fast" if status == 429 else "refused"
        return request.kind, how, findings(request, answer, hidden)

    with ThreadPoolExecutor(_THREADS) as pool:
        outcomes = list(pool.map(attack, wanted))
    counts = Counter((kind, how) for kind, how, _ in outcomes)
    return _Outcome(counts, [finding for _, _, found in outcomes for finding in found])


class _Watched:
    """An OBS that streams while its page is attacked."""

    def __init__(self, world: World, fps: int) -> None:
        self.world = world
        self.fps = fps
        self.session = requests.Session()
        self.session.trust_env = False

    def open(self) -> None:
        """Start OBS, its page and its stream; let a program in."""
        world = self.world
        button = BrowserButton(world.folder / "browser")
        world.start(
            {"title": "Mine", "tags": "mine"},
            profiles=[Profile(service=world.velora_service(), fps=self.fps)],
            environment=button.environment,
        )
        world.press("Open the dock")
        world.panel.set_text("Program", "Deck")
        world.press("Add this program")
        token = world.panel.text("Its token")
        address = world.panel.text("Dock address")
        self.base = "/".join(address.split("/")[:3])
        self.session.get(button.wait(), timeout=10).raise_for_status()
        [(name, value)] = self.session.cookies.items()
        self.target = Target(self.base.partition("//")[2], f"{name}={value}", token)
        [kept] = [json.loads(file.read_text()) for file in world.obs.home.rglob("page.json")]
        account = world.velora.account
        self.hidden = (
            *(account.stream_key, world.token, token, value, address.partition("=")[2]),
            kept["secret"],
        )
        world.obs.start_stream()
        world.rtmp.wait_for_media()
        time.sleep(_SETTLING)

    def standing(self) -> dict[str, Any]:
        """Return all that no hostile request may change."""
        world = self.world
        state = self.session.get(f"{self.base}/api/v1/state", timeout=10).json()
        for name in ("revision", "now", "live"):
            del state[name]
        state["sections"] = {
            name: [element for element in elements if element["key"] not in _MOVING]
            for name, elements in state["sections"].items()
        }
        files = {
            file.name: file.read_bytes()
            for name in ("page.json", "settings.json", "presets.json", "secrets.json")
            for file in world.obs.home.rglob(name)
        }
        changing = [it for it in world.velora.journal.find() if it.method not in ("GET", "HEAD")]
        return {
            "state": state,
            "files": files,
            "requests to Velora that change something": len(changing),
            "streams": len(world.rtmp.publishes),
            "streaming": world.obs.stream_status().active,
            "service": world.obs.request("GetStreamServiceSettings"),
            "key": world.velora.account.stream_key,
        }

    def phase(self, name: str, act: Any) -> tuple[_Phase, Any]:
        """Do something; return what OBS lost meanwhile, and what came of it."""
        obs = self.world.obs
        sent, before, began = obs.stream_status(), obs.stats(), time.monotonic()
        result = act()
        after, took, then = obs.stats(), time.monotonic() - began, obs.stream_status()
        due = round(took * self.fps)
        drawn = (after.render_total_frames - after.render_skipped_frames) - (
            before.render_total_frames - before.render_skipped_frames
        )
        skipped = after.output_skipped_frames - before.output_skipped_frames
        dropped = then.skipped_frames - sent.skipped_frames
        # One at each end is chance.
        return _Phase(name, took, due, max(0, due - drawn - 1), skipped, dropped), result


def _compare(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [
        f"{name} has changed: {before[name]!r:.800} -> {after[name]!r:.800}"
        for name in before
        if before[name] != after[name]
    ]


def _report(options: argparse.Namespace, phases: Sequence[_Phase], outcome: _Outcome) -> str:
    now = datetime.datetime.now(datetime.timezone.utc)
    obs = chosen_installation().version_text
    load = Path("/proc/loadavg").read_text().split()[0]
    counts = outcome.counts
    kinds = sorted({kind for kind, _ in counts})
    by_kind = {kind: [counts[kind, how] for how in _HOWS] for kind in kinds}
    by_kind["all"] = [sum(column) for column in zip(*by_kind.values(), strict=True)]
    rows = [[kind, sum(numbers), *numbers] for kind, numbers in by_kind.items()]
    attack = phases[1]
    lines = [
        "# Hostile requests",
        "",
        f"`python -m tests.soak.hostile_requests --requests {options.requests} --seed "
        f"{options.seed} --write`, OBS {obs}, {now:%Y-%m-%d}, load average {load} afterwards.",
        "",
        f"{options.requests:,} requests, {options.requests / attack.seconds:.0f} a second, at the "
        f"page of an OBS that streams {options.fps} frames a second,",
        "by whoever may not come in and by whoever may (the page's cookie, a program's token), who",
        "then want what they may not have. Each has something for which it has to be refused:",
        "another `Host`, another `Origin`, a form, a path that leads out, a guessed secret, broken",
        "HTTP, values that no field holds, buttons that there are not.",
        "",
        table(_HEAD, rows),
        "*Too fast*: refused with 429 before that, since all of them together come faster than the",
        "server admits. The integration tests send a share of the same without that bound.",
        "",
        table(
            ("", "seconds", "frames due", "not drawn", "not encoded", "not sent"),
            [phase.cells() for phase in phases],
        ),
    ]
    lines += [f"- {finding}" for finding in outcome.findings[:_SHOWN]]
    if not outcome.findings:
        lines.append(
            "- No request was served, no answer had a secret in it, the log has none, and nothing "
            "of fields,\n  files, OBS's service and what Velora was asked has changed."
        )
    return "\n".join(lines) + "\n"


_HOWS = ("refused", "fast", "cut")


def main() -> int:
    """Return the exit code: 0 when nothing was wrong and no frame was lost."""
    parser = command_parser("tests.soak.hostile_requests", __doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--calm", type=float, default=60.0, help="seconds before and afterwards")
    parser.add_argument("--fps", type=int, default=30)
    seed = secrets.randbelow(1_000_000)
    parser.add_argument("--seed", type=int, default=seed, help="instead of a random one")
    add_write_option(parser, _RESULTS)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    share = -(-options.requests // _PROCESSES)
    orders = [
        (min(share, options.requests - number * share), options.seed + number)
        for number in range(_PROCESSES)
    ]
    context = multiprocessing.get_context("spawn")
    with (
        context.Pool(_PROCESSES, initializer=_yield_to_others) as pool,
        tempfile.TemporaryDirectory() as folder,
    ):
        parts = pool.starmap(invent, orders, chunksize=1)
        print("invented", flush=True)
        with Display() as display, World(display, Path(folder)) as world:
            watched = _Watched(world, options.fps)
            watched.open()
            before = watched.standing()

            def attack() -> list[_Outcome]:
                orders = [(part, watched.target, watched.hidden) for part in parts]
                return pool.starmap(_attack, orders, chunksize=1)

            def wait() -> None:
                time.sleep(options.calm)

            calm, _ = watched.phase("before", wait)
            attacked, outcomes = watched.phase("meanwhile", attack)
            time.sleep(1.0)
            found = _compare(before, watched.standing())
            after, _ = watched.phase("afterwards", wait)
            found += [
                f"the log has a secret: {line:.200}"
                for line in world.obs.log_text().splitlines()
                if any(secret in line for secret in watched.hidden)
            ]
            world.obs.stop_stream()
            world.rtmp.wait_for_end()
            world.quit_clean()
    counts: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        counts.update(outcome.counts)
        found += outcome.findings
    text = _report(options, [calm, attacked, after], _Outcome(counts, found))
    publish(text, _RESULTS, write=options.write)
    lost = attacked.missing + attacked.skipped + attacked.dropped
    return 1 if found or lost else 0


if __name__ == "__main__":
    sys.exit(main())
