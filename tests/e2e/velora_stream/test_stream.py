"""`velora stream` with a real ffmpeg, to a real ingest. It needs no OBS."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.velora_stream.steps import KEY, PATTERN, children, ended, start
from tests.harness.closing_ingest import MOMENTS, ClosingIngest
from tests.harness.display import Display
from tests.harness.rtmp_ingest import RtmpIngest
from tests.harness.srt_ingest import SrtIngest
from tests.harness.waiting import wait_until
from tests.ports import free_port
from tests.simulator import Simulator
from velora_core.cli.main import main


@pytest.fixture
def rtmp(velora: Simulator) -> Iterator[RtmpIngest]:
    def accepts(key: str) -> bool:
        return key == velora.account.stream_key

    with RtmpIngest(on_publish=accepts) as rtmp:
        velora.account.rtmp_url = rtmp.url
        yield rtmp


def test_rtmp__title_first_then_the_stream_and_a_clean_end(
    velora: Simulator, rtmp: RtmpIngest
) -> None:
    with start("--title", "From a terminal", "--tag", "test", *PATTERN) as process:
        wait_until(lambda: rtmp.publishes and rtmp.publishes[0].first_media_at, what="a picture")
        (put,) = velora.journal.find("PUT")
        assert put.json == {"title": "From a terminal", "tags": ["test"]}
        assert put.monotonic < rtmp.publishes[0].at
        ffmpeg = children(process)
        process.send_signal(signal.SIGINT)
        assert ended(process)[0] == 130
    wait_until(lambda: rtmp.publishes[0].ended_at, what="the stream's end")
    assert [pid for pid in ffmpeg if os.path.exists(f"/proc/{pid}")] == []
    assert rtmp.publishes[0].key == KEY


def test_rtmp__file_that_ends_and_what_is_sent(
    velora: Simulator, rtmp: RtmpIngest, tmp_path: Path
) -> None:
    film = tmp_path / "a film: with a colon.mkv"
    made = ["-t", "5", "-c:v", "libx264", "-bf", "3", "-g", "250", "-c:a", "aac", str(film)]
    subprocess.run(["ffmpeg", "-v", "error", *PATTERN[2:], *made], check=True)
    with start(str(film), "--json") as process:
        code, out, err = ended(process)
    assert (code, err) == (0, "")
    assert json.loads(out.splitlines()[-1])["streamed_seconds"] == pytest.approx(5, abs=0.5)
    rtmp.wait_for_end()
    shown = frames(rtmp.recordings()[0])
    assert {frame["pict_type"] for frame in shown} == {"I", "P"}
    keys = [float(frame["pts_time"]) for frame in shown if frame["key_frame"] == 1]
    assert [round(later - first, 1) for first, later in pairwise(keys)] == [2, 2]


def test_screen__is_streamed_without_a_sound(
    velora: Simulator, rtmp: RtmpIngest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Display(width=640, height=360) as display:
        monkeypatch.setenv("DISPLAY", display.name)
        with start("--screen") as process:
            wait_until(lambda: rtmp.publishes and rtmp.publishes[0].first_media_at, what="it")
            process.send_signal(signal.SIGINT)
            assert ended(process)[0] == 130
    rtmp.wait_for_end()
    assert {stream["codec_name"] for stream in streams(rtmp.recordings()[0])} == {"h264", "aac"}


def streams(media: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(media)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)["streams"]
    return found


def frames(media: Path) -> list[dict[str, Any]]:
    asked = ("-select_streams", "v", "-show_entries", "frame=key_frame,pict_type,pts_time")
    done = subprocess.run(
        ["ffprobe", "-v", "error", *asked, "-of", "json", str(media)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)["frames"]
    return found


def test_rtmp__refused_key_is_not_an_unreachable_ingest(velora: Simulator) -> None:
    with RtmpIngest(on_publish=lambda _: False) as rtmp:
        velora.account.rtmp_url = rtmp.url
        with start(*PATTERN) as process:
            code, _, err = ended(process)
        assert code == 1
        assert "Velora did not take the stream, although the key is the right one" in err
    with start(*PATTERN) as process:  # the same address, where nobody listens any more
        code, _, err = ended(process)
    assert code == 4
    assert "can't be reached" in err


@pytest.mark.parametrize("moment", MOMENTS)
def test_rtmp__ingest_that_closes(velora: Simulator, moment: str) -> None:
    """Before it has answered by RTMP it isn't reached; afterwards it may have refused the key."""
    with ClosingIngest(moment) as ingest:
        velora.account.rtmp_url = ingest.url
        with start(*PATTERN) as process:
            code, _, err = ended(process)
    assert ingest.connections
    reached = moment != MOMENTS[0]
    assert code == (1 if reached else 4)
    assert ("did not take the stream, although the key is the right one" in err) is reached
    assert ("can't be reached" in err) is not reached


def test_rtmp__ingest_that_is_silent_is_not_waited_for(
    velora: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It takes the connection, as a firewall may, and answers nothing."""
    monkeypatch.setattr("velora_core.cli.ffmpeg._NETWORK_TIMEOUT", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        velora.account.rtmp_url = f"rtmp://127.0.0.1:{silent.getsockname()[1]}/live"
        assert main(["stream", *PATTERN]) == 4
    assert "can't be reached" in capsys.readouterr().err


def test_rtmp__new_key_in_mid_stream(velora: Simulator, rtmp: RtmpIngest) -> None:
    with start(*PATTERN) as process:
        wait_until(lambda: rtmp.publishes and rtmp.publishes[0].first_media_at, what="a picture")
        new = velora.account.regenerate()
        rtmp.stop()
        rtmp.start()
        wait_until(
            lambda: [
                publish for publish in rtmp.publishes if publish.key == new and publish.accepted
            ],
            what="a stream with the new key",
            timeout=40,
        )
        process.send_signal(signal.SIGTERM)
        code, out, err = ended(process)
    assert code == 143
    assert new not in out + err
    assert "streaming again" in err


def test_srt__nobody_there(velora: Simulator) -> None:
    velora.account.srt_url = f"srt://127.0.0.1:{free_port()}"
    with start("--protocol", "srt", *PATTERN) as process:
        code, out, err = ended(process)
    assert (code, out) == (4, "")
    assert err == (
        f"Velora's SRT ingest {velora.account.srt_url} can't be reached, or it refused the stream: "
        "allow UDP in your firewall and try again, or use --protocol rtmp.\n"
    )


def test_srt__real_server(velora: Simulator) -> None:
    with SrtIngest() as srt:
        velora.account.srt_url = f"srt://127.0.0.1:{srt.port}"
        with start("--protocol", "srt", *PATTERN) as process:
            wait_until(lambda: srt.streams and srt.streams[0].first_media_at, what="a picture")
            process.send_signal(signal.SIGINT)
            assert ended(process)[0] == 130
        assert srt.streams[0].stream_id == KEY


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["no-such-film.mp4"], 1, "no-such-film.mp4 can't be opened (No such file or directory)"),
        (["README.md"], 1, "ffmpeg finds no picture in README.md"),
        (["--protocol", "whip", *PATTERN], 1, "can't stream by WHIP"),
        ([], 2, "give a file to stream"),
        (["README.md", "--screen"], 2, "give a file to stream"),
        (["README.md", "--microphone", "default"], 2, "--microphone is for --screen"),
        (["README.md", "--"], 2, "give a file to stream"),
        (["--title", "x" * 141, *PATTERN], 2, "The title has 141 characters"),
    ],
)
def test_what_can_not_be__is_said_and_nothing_is_sent(
    velora: Simulator, rtmp: RtmpIngest, arguments: list[str], code: int, sentence: str
) -> None:
    with start(*arguments) as process:
        found, _, err = ended(process)
    assert found == code
    assert sentence in err
    assert velora.journal.find("PUT") == []
    assert rtmp.publishes == []


def test_two_at_once__the_second_one_is_told(velora: Simulator, rtmp: RtmpIngest) -> None:
    with start(*PATTERN) as first:
        wait_until(lambda: rtmp.publishes, what="a stream")
        with start(*PATTERN) as second:
            code, _, err = ended(second)
        assert code == 1
        assert "Another velora stream runs" in err
        first.send_signal(signal.SIGINT)
        assert ended(first)[0] == 130


def test_ffmpeg_is_killed__the_film_goes_on_where_it_was(
    velora: Simulator, rtmp: RtmpIngest, tmp_path: Path
) -> None:
    film = tmp_path / "film.mkv"
    made = ["-t", "15", "-c:v", "libx264", "-g", "250", "-c:a", "aac", str(film)]
    subprocess.run(["ffmpeg", "-v", "error", *PATTERN[2:], *made], check=True)
    with start("--json", str(film)) as process:
        assert process.stdout
        while json.loads(process.stdout.readline())["seconds"] < 5:
            pass  # a line each ten seconds
        for pid in children(process):
            os.kill(int(pid), signal.SIGKILL)
        code, out, err = ended(process)
    assert code == 0, err
    assert json.loads(out.splitlines()[-1])["streamed_seconds"] == pytest.approx(15, abs=1)
    rtmp.wait_for_end()
    assert len(rtmp.publishes) == 2
    assert len(frames(rtmp.recordings()[1])) < 30 * 8  # what was left of it


def test_no_network__no_stream(monkeypatch: pytest.MonkeyPatch, velora: Simulator) -> None:
    dead = f"http://127.0.0.1:{free_port()}/api/integrations/oauth"
    monkeypatch.setenv("VELORA_API_URL", dead)
    with start(*PATTERN) as process:
        code, _, err = ended(process)
    assert code == 4
    assert "Velora can't be reached" in err
