"""How a stream is sent, as a real OBS counts it."""

from __future__ import annotations

import os
import signal

from tests.e2e.test_live import live_line, wait_for_line
from tests.e2e.world import World
from tests.harness import Profile


def test_an_ingest_that_stops_reading__is_warned_of_until_it_reads_again(world: World) -> None:
    # At this rate what OBS and the system keep for a connection is full within seconds.
    profile = Profile(video_bitrate=4000, service=world.velora_service())
    world.start({"title": "Hello", "live_interval": 5}, profiles=[profile])
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    processes = world.rtmp.processes()
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        world.wait_for_log("nothing could be sent to Velora for 10 seconds", timeout=90)
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
    world.wait_for_log("Your stream is sent to Velora again.")
    assert world.obs.stream_status().active
    wait_for_line(world, "% of the frames lost")
    world.obs.stop_stream()
    world.wait_for_log(" kbit/s (")
    assert live_line(world).startswith("Your stream lasted 0:0")
    world.quit_clean()
