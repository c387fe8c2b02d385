"""How long a viewer who joins late waits for the first picture, with the streamer's own encoder
settings and with those that suit Velora.

    .cache/venv-3.11/bin/python -m tests.benchmarks.late_viewer

A real OBS streams to a real RTMP ingest, and one viewer after the other joins and leaves with the
first keyframe. VELORA_TEST_OBS names the OBS, as for the tests. It prints a
table; with --write it puts it into tests/benchmarks/LATE_VIEWER.md.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from tests.e2e.world import World
from tests.harness import Display, Profile
from tests.harness.probe import keyframe_times
from tests.harness.rtmp_viewer import wait_for_picture
from tests.tooling.command import command_parser
from tests.tooling.document import add_write_option, publish

__all__ = ["main"]

_RESULT = Path(__file__).with_name("LATE_VIEWER.md")
_MAX_PAUSE, _SEED = 8.0, 14  # seconds between two viewers, who join whenever they like
_ABOUT = """\
# A viewer who joins late

Made by `python -m tests.benchmarks.late_viewer`: OBS {obs}, x264 veryfast, 320x180 at 30 frames a
second, a picture without cuts, {viewers} viewers for each row, who join at random moments, one
after the other. The ingest is nginx, which sends a viewer what comes after the joining; what is
measured is the time from the viewer's connection to the first keyframe, before which no player has
anything to show. x264 puts keyframes at cuts as well, so with OBS's own settings a viewer of a game
waits less than this, and one of a talk about as long.

| encoder settings | keyframes apart (s) | B-frames | wait: median (s) | longest (s) |
|---|---|---|---|---|
"""


def _measure(display: Display, folder: Path, viewers: int, *, suited: bool) -> str:
    """A row of the table."""
    with World(display, folder) as world:
        profile = Profile(preset="veryfast", service=world.velora_service())
        world.start({"suit_encoder": suited}, profiles=[profile])
        world.press("Refresh")
        world.obs.start_stream()
        world.rtmp.wait_for_media()
        time.sleep(3.0)
        waits = []
        pause = random.Random(_SEED)
        for _ in range(viewers):
            key = world.velora.account.stream_key
            waits.append(wait_for_picture(world.rtmp.port, world.rtmp.app, key))
            time.sleep(pause.uniform(0.0, _MAX_PAUSE))
        world.obs.stop_stream()
        world.rtmp.wait_for_end()
        times = keyframe_times(world.rtmp.recordings()[-1])
        apart = statistics.median(after - item for item, after in pairwise(times))
        b_frames = "yes" if world.rtmp.probe().b_frames else "no"
        world.quit_clean()
    name = "those that suit Velora" if suited else "OBS's own"
    middle, longest = statistics.median(waits), max(waits)
    return f"| {name} | {apart:.1f} | {b_frames} | {middle:.1f} | {longest:.1f} |"


def main() -> int:
    """Measure both, and print them side by side."""
    parser = command_parser("tests.benchmarks.late_viewer", __doc__)
    parser.add_argument("--viewers", type=int, default=12, help="for each of the two")
    add_write_option(parser, _RESULT)
    options = parser.parse_args()
    rows = []
    with Display() as display, tempfile.TemporaryDirectory() as folder:
        for suited in (False, True):
            place = Path(folder) / str(suited)
            place.mkdir()
            rows.append(_measure(display, place, options.viewers, suited=suited))
    from tests.e2e.world import chosen_installation

    obs = chosen_installation().version_text
    table = _ABOUT.format(obs=obs, viewers=options.viewers) + "\n".join(rows) + "\n"
    publish(table, _RESULT, write=options.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
