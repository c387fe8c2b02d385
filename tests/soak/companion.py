"""Hundreds of streams in one OBS that is reached from outside, by one companion.

Usage: python -m tests.soak.companion [--streams N] [--write]

Each stream has a title of its own, which has to arrive. With `--write` the figures become the part
of COMPANION.md that is about this OBS, which `VELORA_TEST_OBS` chooses. 200 streams take a few
minutes.
"""

from __future__ import annotations

import datetime
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.e2e.companion import Companion, started
from tests.e2e.world import chosen_installation
from tests.harness import Display, Obs, RtmpIngest, wait_until
from tests.simulator import Simulator
from tests.tooling.command import command_parser

__all__ = ["Streams", "live_through"]

_RESULTS = Path(__file__).with_name("COMPANION.md")
_MIB = 1024  # what /proc counts in, in a MiB
_MAX_MEMORY = 10.0  # MiB that may come to it between the first and the last half


class Sample(NamedTuple):
    """One stream, and the companion after it."""

    mebibytes: float
    threads: int
    sockets: int
    descriptors: int
    requests: int
    """To Velora."""
    seconds: float
    """From Start Streaming until Velora has the title."""
    obs_threads: int
    obs_descriptors: int


class Streams(NamedTuple):
    """All of them."""

    samples: Sequence[Sample]
    asked: Counter[str]
    """What Velora was asked, how often."""
    seconds: float
    problems: Sequence[str]

    def growth(self, of: Callable[[Sample], float]) -> tuple[float, float]:
        """Return the means of the first and the last quarter, without the very first."""
        found = [of(sample) for sample in self.samples[1:]]
        quarter = max(1, len(found) // 4)
        return statistics.fmean(found[:quarter]), statistics.fmean(found[-quarter:])

    def least(self, of: Callable[[Sample], float]) -> tuple[float, float]:
        """Return the least of the first and of the last half, without the very first."""
        found = [of(sample) for sample in self.samples[1:]]
        half = len(found) // 2
        return min(found[:half]), min(found[half:])


_ROWS: tuple[tuple[str, Callable[[Sample], float], int], ...] = (
    ("resident memory, MiB", lambda sample: sample.mebibytes, 1),
    ("threads", lambda sample: sample.threads, 1),
    ("sockets", lambda sample: sample.sockets, 1),
    ("file descriptors", lambda sample: sample.descriptors, 1),
    ("requests to Velora for a stream", lambda sample: sample.requests, 1),
    ("from Start Streaming to the title at Velora, s", lambda sample: sample.seconds, 2),
    ("OBS: threads", lambda sample: sample.obs_threads, 1),
    ("OBS: file descriptors", lambda sample: sample.obs_descriptors, 1),
)


def live_through(display: Display, folder: Path, count: int) -> Streams:
    """Go live so many times.

    Args:
        display: for OBS.
        folder: the companion's home.
        count: at least three.
    """
    began = time.monotonic()
    with Simulator() as velora:
        publish, done = f"{velora.url}/_ingest/publish", f"{velora.url}/_ingest/publish_done"
        with (
            RtmpIngest(on_publish=publish, on_publish_done=done) as rtmp,
            started(display, None) as obs,
        ):
            velora.account.rtmp_url = rtmp.url
            with Companion(velora, folder, obs.websocket_port) as companion:
                companion.hears("is connected to OBS")
                companion.enter("configure", "will stream to")
                asked: Counter[str] = Counter()
                samples = [_stream(obs, velora, companion, n, asked) for n in range(count)]
                wrong = [line.strip() for line in companion.lines if "Round" in line]
    streams = Streams(
        samples, asked, time.monotonic() - began, wrong,
    )  # fmt: skip
    return streams._replace(problems=[*wrong, *_growing(streams)])


def _stream(
    obs: Obs, velora: Simulator, companion: Companion, number: int, asked: Counter[str]
) -> Sample:
    title = f"Stream {number}"
    companion.enter(f"title {title}", "noted")
    velora.journal.clear()
    began = time.monotonic()
    obs.request("StartStream")
    wait_until(
        lambda: [put.json for put in velora.journal.find("PUT")] == [{"title": title}],
        what=f"{title!r} at Velora",
        details=lambda: "".join(companion.lines[-5:]),
        interval=0.01,
    )
    seconds = time.monotonic() - began
    wait_until(lambda: obs.stream_status().active, what="the stream")
    obs.stop_stream()
    requests = velora.journal.find()
    asked.update(f"{entry.method} {entry.path}" for entry in requests)
    process = Path(f"/proc/{companion.process.pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    descriptors = list(_descriptors(process / "fd"))
    usage = obs.usage()
    return Sample(
        mebibytes=int(status["VmRSS"].split()[0]) / _MIB,
        threads=int(status["Threads"]),
        sockets=sum(target.startswith("socket:") for target in descriptors),
        descriptors=len(descriptors),
        requests=len(requests),
        seconds=seconds,
        obs_threads=len(usage.threads),
        obs_descriptors=usage.descriptors,
    )


def _descriptors(folder: Path) -> Iterator[str]:
    for link in folder.iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            yield os.readlink(link)


def _growing(streams: Streams) -> list[str]:
    problems = []
    for name, of, _ in _ROWS[:5]:
        # What stays for good is there after each later stream; a question more or a thread that is
        # just ending isn't.
        first, last = streams.least(of)
        most = _MAX_MEMORY if name.startswith("resident") else 1.5
        if last - first > most:
            problems.append(f"{name}: {first:.1f}, then {last:.1f}")
    return problems


_ABOUT = """\
# Streams in an OBS that is reached from outside

One after the other, each with a title of its own, that arrived each time, and once. The figures are
means of the first and the last quarter of the streams, not counting the very first one.
"""


def _report(streams: Streams, version: str) -> str:
    now = datetime.datetime.now(datetime.timezone.utc)
    count = len(streams.samples)
    command = f"python -m tests.soak.companion --streams {count} --write"
    lines = [
        f"## {version}",
        "",
        f"{count} streams: `{command}`, {now:%Y-%m-%d}.",
        "",
        "| the companion's | first | last |",
        "| --- | --: | --: |",
    ]
    for name, of, digits in _ROWS:
        first, last = streams.growth(of)
        lines.append(f"| {name} | {first:,.{digits}f} | {last:,.{digits}f} |")
    lines += [
        "",
        "- Velora was asked:",
        *(f"  - {count} × {name}" for name, count in streams.asked.most_common()),
        f"- The run took {streams.seconds / 60:.0f} minutes.",
        *(f"- {problem}" for problem in streams.problems),
    ]
    return "\n".join(lines) + "\n"


def _beside_others(before: str, report: str) -> str:
    """Return all of the file, in which a report takes the place of that of the same OBS."""
    parts = [f"## {part}".strip() for part in before.split("## ")[1:]]
    kept = {part.partition("\n")[0]: part for part in (*parts, report.strip())}
    return "\n\n".join((_ABOUT.strip(), *(part for _, part in sorted(kept.items())))) + "\n"


def main() -> int:
    """Return the exit code: 0 when nothing was wrong."""
    parser = command_parser("tests.soak.companion", __doc__)
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="put them into COMPANION.md")
    options = parser.parse_args()
    with Display() as display, tempfile.TemporaryDirectory() as folder:
        streams = live_through(display, Path(folder), options.streams)
    text = _report(streams, f"OBS {chosen_installation().version_text}")
    print(text)
    if options.write:
        _RESULTS.write_text(_beside_others(_RESULTS.read_text(), text))
    return 1 if streams.problems else 0


if __name__ == "__main__":
    sys.exit(main())
