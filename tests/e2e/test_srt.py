"""SRT at a server that refuses the stream id: what OBS makes of it, and the ways out."""

from __future__ import annotations

from urllib.parse import quote

from tests.e2e.world import World
from tests.harness import Profile, wait_until
from tests.harness.srt_gate import SrtGate

FORM = "default/{app}/{key}"
TELLS_A_REFUSAL = (32, 0, 0)
"""Before, OBS takes it for a lost connection, because EIO has that one's number, and tries again
for hours: "Connecting" is greyed out, and obs-websocket finds no stream to stop."""


def test_refused__rtmp_in_one_press(world: World) -> None:
    with SrtGate(lambda _: False) as gate:
        world.velora.account.srt_url = gate.url
        obs = world.start({"protocol": "srt", "title": "Hello"})
        world.press("Configure Velora")
        obs.start_stream(wait=False)
        wait_until(lambda: gate.refused, what="a stream by SRT")
        assert gate.refused[0] == world.velora.account.stream_key
        world.wait_for_log("Press Use RTMP instead, or try another SRT stream id")
        world.press("Refresh")
        tries_on = obs.installation.version < TELLS_A_REFUSAL
        assert obs.stream_status().reconnecting is tries_on
        said = world.press("Use RTMP instead")
        ready = f"OBS will stream to {world.rtmp.url}"
        assert ("OBS is asked to give up the start by SRT" if tries_on else ready) in said
        world.wait_for_log(ready)
        world.press("Refresh")
        assert world.panel.find("Use RTMP instead") is None
        world.stream(1)
    assert world.rtmp.keys == [world.velora.account.stream_key]
    # Each refusal costs an OBS before 32 a block of memory, also without the script. A gate that is
    # slow may be asked twice about the same start.
    report = world.quit_clean(None if tries_on else 1, exit_code_counts=False)
    assert report.leaks is not None
    assert 1 <= report.leaks <= 1 + len(gate.refused)


def test_another_form_of_the_stream_id__is_let_in(world: World) -> None:
    key = world.velora.account.stream_key
    wanted = quote(f"default/live/{key}", safe="")
    with SrtGate(lambda stream_id: stream_id == wanted) as gate:
        world.velora.account.srt_url = gate.url
        obs = world.start({"protocol": "srt"})
        world.panel.find("Configure Velora")
        world.panel.set_text("SRT stream id", FORM)
        assert "OBS will stream to srt://" in world.press("Configure Velora")
        obs.start_stream()
        assert gate.wait_for_media() == wanted
        obs.stop_stream()
    assert gate.refused == []
    assert key not in obs.log_text()
    world.quit_clean(exit_code_counts=False)


def test_an_encoder_that_fails__hangs_in_obs_and_can_be_ended(world: World) -> None:
    """OBS before 32 connects first, and gives up without a word then."""
    with SrtGate(lambda _: True) as gate:
        world.velora.account.srt_url = gate.url
        ten_bit = {"Video": {"ColorFormat": "P010"}}  # x264 refuses that
        profile = Profile(extra=ten_bit)
        obs = world.start({"protocol": "srt", "title": "Hello"}, profiles=[profile])
        world.press("Configure Velora")
        obs.start_stream(wait=False)
        hangs = obs.installation.version < TELLS_A_REFUSAL
        if hangs:
            world.wait_for_log("OBS can't encode your stream (“OBS does not support")
            assert "OBS is asked to give up the start by SRT" in world.press("Use RTMP instead")
            world.wait_for_log(f"OBS will stream to {world.rtmp.url}")
            obs.start_stream(wait=False)
        world.wait_for_log("OBS itself could not start the stream")
        world.panel.answer("OK")
    # OBS 32 loses a block of memory at such a start, also without the script.
    world.quit_clean(1 if hangs else 2, exit_code_counts=False)
