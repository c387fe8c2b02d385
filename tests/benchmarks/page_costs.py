"""What the panel's page costs OBS while it streams: frames, memory, the time of a change, quitting.

    .cache/venv-3.11/bin/python -m tests.benchmarks.page_costs

A real OBS streams to a real RTMP ingest: without the script, with it and without a page, and with
ten of them, each of which follows the state. Meanwhile one of them changes the title, as often as
the server admits it: 3,000 times.
VELORA_TEST_OBS names the OBS, as for the tests. It prints a table; with --write it puts it into
tests/benchmarks/PAGE_COSTS.md.
"""

from __future__ import annotations

import http.client
import statistics
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import requests

from tests.benchmarks.live_obs import circumstances
from tests.benchmarks.report import ms, percentile, table
from tests.e2e.world import World
from tests.harness import (
    BrowserButton,
    Display,
    HarnessError,
    Obs,
    ObsConfig,
    Profile,
    SceneCollection,
    wait_until,
)
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish

__all__ = ["main"]

_RESULT = Path(__file__).with_name("PAGE_COSTS.md")
_PAGES, _A_SECOND, _CHANGES = 10, 12, 3000
_ABOUT = """\
# What the page costs OBS

Made by `python -m tests.benchmarks.page_costs --seconds {seconds:g}`: OBS {obs}, {at} UTC, load
average {load} before. Each row is an OBS of its own that streams 320x180 to an ingest on the same
computer for {seconds:g} s; – is an OBS without the script, 0 one with it whose page is off. With
pages, ten programs follow the state as a page does, and one of them changes the title {rate} times
a second, which is about as often as the server admits it; *change to page* is the time from sending
that until the last of the ten has it. Frames are those that OBS should have drawn or encoded and
did not. Memory is resident, at the end of the stream; an OBS without the script has no Python
loaded, and its Scripts window was not opened.

"""
_HEAD = (
    *("frames a second", "pages", "changes", "frames due", "not drawn", "not encoded"),
    *("change to page (ms): median", "p99", "memory (MiB)", "quitting (s)"),
)


class _Row(NamedTuple):
    """One OBS."""

    fps: int
    pages: int | None  # None: no script
    due: int
    missing: int
    skipped: int
    delays: list[float]
    mebibytes: float
    quit_seconds: float

    def cells(self) -> list[object]:
        """Return the row of the table."""
        middle = ms(statistics.median(self.delays)) if self.delays else "–"
        late = ms(percentile(self.delays, 0.99)) if self.delays else "–"
        size, took = f"{self.mebibytes:.1f}", f"{self.quit_seconds:.2f}"
        lost = (self.due, self.missing, self.skipped)
        changes = len(self.delays)
        pages = "–" if self.pages is None else self.pages
        return [self.fps, pages, changes, *lost, middle, late, size, took]


class _Page:
    """Follows the state, and notes when it has seen which title."""

    def __init__(self, session: requests.Session, base: str) -> None:
        self.seen: dict[str, float] = {}
        connection = http.client.HTTPConnection(base.partition("//")[2], timeout=60)
        cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
        connection.request("GET", "/api/v1/events", headers={"Cookie": cookie})
        answer = connection.getresponse()
        if answer.status != HTTPStatus.OK:
            raise HarnessError(f"the server answers {answer.status}")
        threading.Thread(target=self._follow, args=(answer,), daemon=True).start()

    def _follow(self, answer: http.client.HTTPResponse) -> None:
        with suppress(OSError, ValueError):  # OBS has quit
            while line := answer.readline():
                at, title = time.monotonic(), _title(line)
                if title:
                    self.seen.setdefault(title, at)

    def saw(self, number: str) -> float:
        """Return when it has seen a change, or a later one: those that come fast are merged."""
        return min(at for seen, at in self.seen.items() if seen >= number)


def _title(line: bytes) -> str:
    """Return the number of the title that a state has, as text."""
    _, found, rest = line.partition(b"Title number ")
    return rest[:4].decode() if found else ""


def _let_in(address: str) -> tuple[requests.Session, str]:
    """Return a browser's session that has the page's cookie, and the server's address."""
    session = requests.Session()
    session.trust_env = False
    session.get(address, timeout=10).raise_for_status()
    base = "/".join(address.split("/")[:3])
    session.headers["Origin"] = base
    return session, base


def _measure(
    display: Display, folder: Path, *, fps: int, pages: int | None, seconds: float
) -> _Row:
    with World(display, folder) as world, ExitStack() as stack:
        button = BrowserButton(folder / "browser")
        profile = Profile(service=world.velora_service(), fps=fps)
        if pages is None:
            config = ObsConfig([profile], [SceneCollection()])
            obs = stack.enter_context(Obs(display, config, installation=world.installation))
        else:
            obs = world.start(
                {"title": "Title"}, profiles=[profile], environment=button.environment
            )
        open_pages: list[_Page] = []
        session: Any = None
        base = ""
        if pages:
            world.press("Open the dock")
            session, base = _let_in(button.wait())
            open_pages = [_Page(session, base) for _ in range(pages)]
        obs.start_stream()
        world.rtmp.wait_for_media()
        time.sleep(3.0)
        sent: dict[str, float] = {}
        before, began = obs.stats(), time.monotonic()
        while time.monotonic() - began < seconds:
            if pages:
                number = f"{len(sent):04}"
                sent[number] = time.monotonic()
                values = {"title": f"Title number {number}"}
                session.patch(f"{base}/api/v1/values", json=values, timeout=10).raise_for_status()
            time.sleep(1 / _A_SECOND)
        after, elapsed = obs.stats(), time.monotonic() - began
        last = max(sent, default="")
        wait_until(lambda: all(last in page.seen for page in open_pages), what="the last change")
        delays = [max(page.saw(number) for page in open_pages) - sent[number] for number in sent]
        mebibytes = obs.usage().resident_bytes / (1 << 20)
        obs.stop_stream()
        world.rtmp.wait_for_end()
        due = round(elapsed * fps)
        drawn = (
            after.render_total_frames
            - after.render_skipped_frames
            - before.render_total_frames
            + before.render_skipped_frames
        )
        skipped = after.output_skipped_frames - before.output_skipped_frames
        took = obs.quit().seconds
    return _Row(fps, pages, due, max(0, due - drawn), skipped, delays, mebibytes, took)


def main() -> int:
    """Measure each, and print them side by side."""
    parser = command_parser("tests.benchmarks.page_costs", __doc__)
    parser.add_argument(
        "--seconds", type=float, default=1.1 * _CHANGES / _A_SECOND, help="of each stream"
    )
    add_write_option(parser, _RESULT)
    options = parser.parse_args()
    run = circumstances()
    rows = []
    with Display() as display, tempfile.TemporaryDirectory() as folder:
        for fps in (30, 60):
            for pages in (None, 0, _PAGES):
                place = Path(folder) / f"{fps}-{pages}"
                place.mkdir()
                row = _measure(display, place, fps=fps, pages=pages, seconds=options.seconds)
                print(row.cells(), file=sys.stderr, flush=True)
                rows.append(row.cells())
    text = _ABOUT.format(**run, seconds=options.seconds, rate=_A_SECOND) + table(_HEAD, rows)
    publish(text, _RESULT, write=options.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
