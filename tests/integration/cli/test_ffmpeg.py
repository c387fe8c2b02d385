"""How ffmpeg is called, what of its complaints is the reason, and when it streams no more."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.fakes import wait_for
from velora_core.cli import ffmpeg
from velora_core.host.destination import Destination
from velora_core.secret import Secret

KEY = Secret("live_test_key_of_ffmpeg")
ADDRESS = "https://ingest.velora.tv/live/whip"
# What ffmpeg 9 says on a refused offer.
REFUSED = """\
[WHIP muxer @ 0x1] Failed to request url=https://ingest.velora.tv/live/whip, offer: v=0
s=FFmpegPublishSession
a=ice-pwd:37b059a070255668
[out#0/whip @ 0x2] Could not write header: Server returned 403 Forbidden
[vf#0:0 @ 0x3] Error sending frames to consumers: Server returned 403 Forbidden
[vf#0:0 @ 0x3] Terminating thread with return code -858797304 (Server returned 403 Forbidden)
[out#0/whip @ 0x2] Nothing was written into output file, because at least one of its streams …
"""
# And on an offer that it gets no answer to.
UNANSWERED = """\
[http @ 0x1] Error reading HTTP response: Connection timed out
[WHIP muxer @ 0x1] Failed to request url=https://ingest.velora.tv/live/whip, offer: v=0
s=FFmpegPublishSession
[out#0/whip @ 0x2] Could not write header (incorrect codec parameters ?): Connection timed out
[vf#0:0 @ 0x3] Error sending frames to consumers: Connection timed out
"""
UNOPENED = """\
[in#0 @ 0x1] Cannot open video device /dev/video9: No such file or directory
[in#0 @ 0x1] Error opening input: No such file or directory
Error opening input file /dev/video9.
Error opening input files: No such file or directory
"""
ENDED = """\
[WHIP muxer @ 0x1] Failed to read response from DELETE url=https://ingest.velora.tv/resource/1
[WHIP muxer @ 0x1] Failed to dispose resource, ret=-5
"""


def test_windows__takes_no_ffmpeg_of_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("downloads", "tools"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ffmpeg.exe").touch(0o755)
    monkeypatch.chdir(tmp_path / "downloads")
    found: list[str | None] = []
    for on_path in (tmp_path, tmp_path / "tools"):
        with monkeypatch.context() as patch:
            patch.setenv("PATH", os.pathsep.join(("", ".", str(on_path))))
            patch.setattr("os.name", "nt")
            found.append(ffmpeg._program("ffmpeg"))
    assert found == [None, str(tmp_path / "tools" / "ffmpeg.exe")]


@pytest.fixture
def started() -> Iterator[list[ffmpeg.Ffmpeg]]:
    started: list[ffmpeg.Ffmpeg] = []
    yield started
    for process in started:
        process.stop()


_ONCE = "print('out_time_us=7000000', 'progress=continue', sep='\\n', flush=True); input()"


# What ffmpeg 9 reports of a stream that no ingest took, and of a sound that is being streamed.
_NOTHING = ("frame=0", "total_size=0", "out_time_us=441188", "progress=continue")
_SOUND = ("total_size=N/A", "out_time_us=933500", "progress=continue")


def start(started: list[ffmpeg.Ffmpeg], script: str, *, waits: bool = False) -> ffmpeg.Ffmpeg:
    started.append(ffmpeg.Ffmpeg(sys.executable, ["-S", "-c", script], KEY, waits=waits))
    return started[-1]


@pytest.mark.parametrize(
    ("protocol", "profile", "audio"),
    [("rtmp", "main", "aac"), ("srt", "main", "aac"), ("whip", "baseline", "libopus")],
)
def test_arguments__what_the_protocol_takes(protocol: str, profile: str, audio: str) -> None:
    asked = ffmpeg.arguments([], Destination(protocol, Secret(ADDRESS), KEY), 800)
    assert asked[asked.index("-profile:v") + 1] == profile
    assert asked[asked.index("-c:a") + 1] == audio


@pytest.mark.parametrize("unit", ["<duration>", "<int>     "])
def test_whip__is_given_up_where_this_ffmpeg_can(
    unit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that isn't a duration would be one of microseconds."""
    help_text = f"Muxer whip [WHIP]:\n  -timeout           {unit}   E....  Set timeout\n"
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!/bin/sh\nprintf %s '{help_text}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    found = ffmpeg.find_ffmpeg("whip")
    asked = ffmpeg.arguments(
        [], Destination("whip", Secret(ADDRESS), KEY), 800, limits_whip=found.limits_whip
    )
    assert asked[asked.index("whip") :] == [
        *("whip", *(("-timeout", "15") if unit == "<duration>" else ())),
        ADDRESS,
    ]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (
            REFUSED,
            "Could not write header: Server returned 403 Forbidden",
        ),
        (UNANSWERED, "Error reading HTTP response: Connection timed out"),
        (ENDED, ""),
        (UNOPENED, "/dev/video9: No such file or directory"),
        (f"rtmp://a/{KEY.reveal()}: Input/output error\n", f"rtmp://a/{KEY}: Input/output error"),
        ("rtsp://me:live_test_camera@a/b: Not found\n", "rtsp://a/b: Not found"),
    ],
)
def test_complaint__is_the_reason(started: list[ffmpeg.Ffmpeg], said: str, complaint: str) -> None:
    process = start(started, f"import sys; sys.stderr.write({said!r})")
    process.stop()
    assert process.complaint == complaint


def test_stuck__only_when_nothing_advances_after_a_complaint(
    started: list[ffmpeg.Ffmpeg], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked to end only where it still may."""
    hangs = "import sys, time; sys.stderr.write('cut\\n'); sys.stderr.flush(); time.sleep(60)"
    process = start(started, hangs)
    wait_for(lambda: process.complaint == "cut")
    assert not process.stuck
    monkeypatch.setattr(ffmpeg, "_STUCK_AT_START", 0.0)
    assert process.stuck
    monkeypatch.setattr(ffmpeg, "_STOP_TIMEOUT", 600.0)
    process.stop()
    assert not process.running
    silent = start(started, "input()")
    assert not silent.stuck


def test_progress__counts_what_was_written_alone(started: list[ffmpeg.Ffmpeg]) -> None:
    for report, seconds in ((_NOTHING, 0), (_NOTHING[1:], 0), (_SOUND, 0.9335)):
        process = start(started, f"print(*{report!r}, sep='\\n')")
        process.stop()
        assert process.progress.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("script", "waits", "stuck"),
    [
        ("input()", False, True),
        ("input()", True, False),  # for a camera that somebody has yet to switch on
        (_ONCE, True, True),
        ("raise SystemExit", False, False),
    ],
    ids=["at once", "its input has yet to come", "in the middle", "over"],
)
def test_stuck__without_a_word_takes_longer(
    started: list[ffmpeg.Ffmpeg],
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    waits: bool,
    stuck: bool,
) -> None:
    process = start(started, script, waits=waits)
    if script == _ONCE:
        wait_for(lambda: process.progress.seconds)
    if script == "raise SystemExit":
        wait_for(lambda: not process.running)
    assert not process.stuck
    monkeypatch.setattr(ffmpeg, "IDLE_TIMEOUT", 0.0)
    assert process.stuck is stuck
