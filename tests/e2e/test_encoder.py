"""The encoder's settings, as a real OBS uses them and a real ingest gets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import World
from tests.harness import Profile, wait_until
from tests.harness.probe import keyframe_times

ADVANCED = {"rate_control": "CBR", "bitrate": 400, "preset": "veryfast"}


def profile(world: World, mode: str) -> Profile:
    """Return one whose own settings have B-frames, and a keyframe each 250 frames at most."""
    encoder = ADVANCED if mode == "advanced" else None
    return Profile(preset="veryfast", encoder=encoder, service=world.velora_service())


def files(world: World) -> dict[str, bytes]:
    """Return the profile's files."""
    folder = Path(world.obs._profile_folder("Main"))
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def stream(world: World, seconds: float = 5.5) -> tuple[list[float], int]:
    """Stream; when the keyframes came, and how many frames wait for others."""
    known = len(world.rtmp.recordings())
    world.obs.start_stream()
    world.rtmp.wait_for_media()
    world.obs.wait_for_sent(seconds)
    world.obs.stop_stream()
    world.rtmp.wait_for_end()
    assert len(world.rtmp.recordings()) == known + 1
    return keyframe_times(world.rtmp.recordings()[-1]), world.rtmp.probe().b_frames


def other_service(world: World) -> dict[str, Any]:
    """Return the same ingest by another name, which is none of Velora's."""
    server = world.rtmp.url.replace("127.0.0.1", "localhost")
    return {
        "streamServiceType": "rtmp_custom",
        "streamServiceSettings": {"server": server, "key": world.velora.account.stream_key},
    }


@pytest.mark.parametrize("mode", ["simple", "advanced"])
def test_suited__for_streams_to_velora_alone(world: World, mode: str) -> None:
    obs = world.start({"suit_encoder": True}, profiles=[profile(world, mode)])
    world.press("Refresh")  # so that it is known where Velora takes streams
    world.press("Check everything")
    before = files(world)
    times, b_frames = stream(world)
    assert (times[:3], b_frames) == ([0.0, 2.0, 4.0], 0)
    assert files(world) == before
    if mode == "simple":  # its recordings take the stream's encoder
        obs.request("StartRecord")
        wait_until(lambda: obs.request("GetRecordStatus")["outputActive"], what="the recording")
        obs.start_stream()
        world.wait_for_log("uses the same encoder, such as a recording or the replay buffer")
        obs.stop_stream()
        obs.request("StopRecord")
        wait_until(lambda: not obs.request("GetRecordStatus")["outputActive"], what="its end")
    obs.request("SetStreamServiceSettings", other_service(world))
    times, b_frames = stream(world, 3.0)
    assert times == [0.0]
    assert b_frames > 0
    world.quit_clean()


def test_cannot_be_opened__the_start_is_over_at_once(world: World) -> None:
    broken = Profile(
        encoder={**ADVANCED, "x264opts": "cqmfile=/none"}, service=world.velora_service()
    )
    obs = world.start({}, profiles=[broken])
    world.press("Refresh")  # so that it is known where Velora takes streams
    obs.start_stream(wait=False)
    world.wait_for_log("OBS itself could not start the stream, and has not tried to reach Velora")
    assert world.rtmp.keys == []
    obs.kill()  # its own message is open
