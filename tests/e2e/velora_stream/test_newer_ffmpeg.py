"""`velora stream` with the ffmpeg of Debian sid: by WHIP to a real server, and as any other."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.velora_stream.steps import KEY, PATTERN, children, ended, start
from tests.harness.chroots import install_newer_ffmpeg
from tests.harness.rtmp_ingest import RtmpIngest
from tests.harness.waiting import wait_until
from tests.harness.whip_server import WhipServer
from tests.simulator import Simulator

WHIP = ("--protocol", "whip", "--bitrate", "800", *PATTERN)


@pytest.fixture(autouse=True)
def newer_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    install_newer_ffmpeg(programs)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)


@pytest.fixture
def whip(velora: Simulator) -> Iterator[WhipServer]:
    with WhipServer() as whip:
        velora.account.whip_url = whip.url
        yield whip


def test_whip__is_seen_and_heard_and_ends(velora: Simulator, whip: WhipServer) -> None:
    with start("--title", "From a terminal", *WHIP) as process:
        wait_until(lambda: whip.frames > 30 and whip.loudest > 1000, what="picture and tone")
        (put,) = velora.journal.find("PUT")
        assert put.json == {"title": "From a terminal"}
        assert whip.size == (320, 180)
        assert "H264" in whip.offers[0]
        process.send_signal(signal.SIGINT)
        assert ended(process)[0] == 130
    assert whip.deleted == ["/resource/1"]


def test_whip__film_that_ends_needs_no_explanation(whip: WhipServer, tmp_path: Path) -> None:
    with start(*WHIP[:4], "--json", *PATTERN, "-t", "2") as process:
        code, out, err = ended(process)
    assert (code, err) == (0, "")
    assert json.loads(out.splitlines()[-1])["streamed_seconds"] == pytest.approx(2, abs=0.5)
    assert whip.frames > 0  # how many of the 60 depends on how busy this computer is
    assert whip.deleted == ["/resource/1"]


def test_whip__connection_that_breaks_is_made_again(whip: WhipServer) -> None:
    """This ffmpeg notices, and then hangs for good."""
    with start(*WHIP) as process:
        wait_until(lambda: whip.frames > 180, what="six seconds of it")
        whip.drop()
        wait_until(lambda: len(whip.offers) == 2, what="another stream", timeout=40)
        seen = whip.frames
        wait_until(lambda: whip.frames > seen, what="picture again")
        ffmpeg = children(process)
        process.send_signal(signal.SIGINT)
        code, out, err = ended(process)
    assert code == 130
    assert "streaming again" in err
    assert whip.url not in out + err
    assert [pid for pid in ffmpeg if os.path.exists(f"/proc/{pid}")] == []


@pytest.mark.parametrize("status", [401, 404])
def test_whip__refusal_is_not_an_unreachable_server(whip: WhipServer, status: int) -> None:
    whip.status = status
    with start(*WHIP) as process:
        code, out, err = ended(process)
    assert code == 1
    assert "Velora did not take the stream, although the key is the right one" in err
    assert whip.url not in out + err


def test_whip__unreachable(velora: Simulator) -> None:
    with WhipServer() as whip:
        velora.account.whip_url = whip.url
    with start(*WHIP) as process:
        code, out, err = ended(process)
    assert code == 4
    assert "can't be reached" in err
    assert whip.url not in out + err


def test_whip__server_that_never_answers_is_not_waited_for(velora: Simulator) -> None:
    """It takes the connection, and says nothing on it; the input is ffmpeg's own."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        velora.account.whip_url = f"http://127.0.0.1:{silent.getsockname()[1]}/{KEY}/whip"
        with start(*WHIP) as process:
            code, _, err = ended(process)
    assert code == 4
    assert "can't be reached" in err


def test_rtmp__as_with_the_older_one(velora: Simulator) -> None:
    with RtmpIngest(on_publish=lambda key: key == KEY) as rtmp:
        velora.account.rtmp_url = rtmp.url
        with start(*PATTERN, "-t", "2") as process:
            code, _, err = ended(process)
        assert code == 0, err
        assert rtmp.publishes[0].key == KEY
        velora.account.stream_key = "live_test_that_the_ingest_refuses"
        with start(*PATTERN) as process:
            code, _, err = ended(process)
        assert code == 1
        assert "Velora did not take the stream, although the key is the right one" in err
