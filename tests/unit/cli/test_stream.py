"""Why `velora stream` says that nothing was streamed."""

from __future__ import annotations

import io
import os
from types import SimpleNamespace
from typing import Any

import pytest

from velora_core.cli import stream
from velora_core.cli.errors import (
    FfmpegFailed,
    IngestUnreachable,
    MediaUnreachable,
    SrtUnconnected,
    StreamRefused,
)
from velora_core.cli.ffmpeg import Program, Progress
from velora_core.errors import Cancelled
from velora_core.host.destination import Destination
from velora_core.secret import Secret

_RTMP = Destination("rtmp", Secret("rtmp://ingest.example/live"), Secret("live_test_key"))
_LINE = stream._Line
_CAMERA = ["-i", "rtmp://camera/live"]


@pytest.fixture(autouse=True)
def _no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_Line", lambda _: None)


def streamer(duration: float | None = None, **given: Any) -> stream._Streamer:
    arguments = {
        "input": "",
        "ffmpeg": [],
        "loop": False,
        "screen": False,
        "camera": None,
        "microphone": None,
        **given,
    }
    context: Any = SimpleNamespace(arguments=SimpleNamespace(**arguments))
    viewers: Any = None
    return stream._Streamer(context, Program("ffmpeg"), viewers, duration)


def test_whip__no_answer_is_an_ingest_that_can_not_be_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "_reachable", lambda _: True)
    failed = streamer(ffmpeg=["-i", "film.mp4"])
    failed._complaint = "Error reading HTTP response: Connection timed out"
    why = failed._why(Destination("whip", Secret("https://ingest.example/whip"), Secret("")))
    assert type(why) is IngestUnreachable


def test_whip__answer_without_a_way_for_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_reachable", lambda _: True)
    failed = streamer(ffmpeg=["-i", "film.mp4"])
    failed._complaint = "Could not write header: Connection timed out"
    why = failed._why(Destination("whip", Secret("https://ingest.example/whip"), Secret("")))
    assert type(why) is MediaUnreachable
    assert "use --protocol rtmp" in str(why)


@pytest.mark.parametrize(
    ("complaint", "error"),
    [
        ("Connection to srt://ingest.example:9?streamid=•••• failed: timeout", SrtUnconnected),
        ("srt://ingest.example:9?streamid=••••: Input/output error", SrtUnconnected),
        ("srt://camera:9: Input/output error", FfmpegFailed),
        ("Unknown encoder 'libx264'", FfmpegFailed),
    ],
)
def test_srt__no_connection_is_no_word_of_ffmpeg_alone(complaint: str, error: type) -> None:
    failed = streamer(ffmpeg=["-i", "srt://camera:9"])
    failed._complaint = complaint
    why = failed._why(Destination("srt", Secret("srt://ingest.example:9"), Secret("live_test_key")))
    assert type(why) is error
    assert str(why).endswith("try again, or use --protocol rtmp.") is (error is SrtUnconnected)


@pytest.mark.parametrize(
    ("streamed", "complaint", "waits"),
    [
        (2.0, "rtmp://ingest: Connection timed out", [2.0, 5.0]),
        (0.0, "rtmp://ingest: Connection timed out", IngestUnreachable),
        (2.0, "rtmp://ingest: Input/output error", StreamRefused),
    ],
    ids=["it took the stream and restarts", "never reached", "refused"],
)
def test_short_stream_that_broke__is_made_again_where_the_ingest_is_gone(
    monkeypatch: pytest.MonkeyPatch, streamed: float, complaint: str, waits: Any
) -> None:
    monkeypatch.setattr(stream, "_reachable", lambda _: True)
    broken = streamer(ffmpeg=["-i", "film.mp4"])
    waited: list[float] = []
    outputs = SimpleNamespace(hint=lambda _: None, result=lambda *_: None)
    context: Any = broken._context
    context.output, context.reporter = outputs, SimpleNamespace(wait=waited.append)
    line: Any = SimpleNamespace(end=lambda: None)
    broken._line, broken._before, broken._complaint = line, streamed, complaint
    runs = iter([0.0, 0.0, None])  # how long each lasts; None: to the end
    monkeypatch.setattr(broken, "_once", lambda _: next(runs))
    monkeypatch.setattr(broken, "_look_again", lambda destination: destination)
    if isinstance(waits, list):
        assert broken.run(_RTMP) == 0
        assert waited == waits
    else:
        with pytest.raises(waits):
            broken.run(_RTMP)


def test_line__never_fills_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("os.get_terminal_size", lambda _: os.terminal_size((20, 5)))
    context: Any = SimpleNamespace(output=SimpleNamespace(as_json=False))
    line = _LINE(context)
    line.show(0.0, Progress(3700.0, 4500, 12), 1234)
    line._shown_at = 0.0
    line.show(0.0, Progress(1.0), None)
    shown = terminal.getvalue().split("\r")[1:]
    assert [len(text) for text in shown] == [19, 19]  # the second one wipes out the first


def test_line__says_nothing_before_anything_is_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Terminal())
    for as_json in (False, True):
        shown: list[object] = []
        output = SimpleNamespace(as_json=as_json, result=shown.append, say=shown.append)
        context: Any = SimpleNamespace(output=output)
        line = _LINE(context)
        line._in_place = False
        line.show(0.0, Progress(), None)
        assert shown == []
        line.show(0.0, Progress(0.5), None)
        assert len(shown) == 1


def test_line__is_ended_when_the_stream_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    def stop(_: Destination) -> None:
        raise Cancelled

    stopped = streamer(ffmpeg=["-i", "film.mp4"])
    monkeypatch.setattr(stopped, "_once", stop)
    monkeypatch.setattr(stopped, "_line", SimpleNamespace(end=lambda: ended.append("line")))
    with pytest.raises(Cancelled):
        stopped.run(_RTMP)
    assert ended == ["line"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 2


@pytest.mark.parametrize(
    ("given", "duration", "streamed", "position", "over"),
    [
        ({"input": "film.mp4"}, 60.0, 0.0, 0.0, False),
        ({"input": "film.mp4"}, 60.0, 42.0, 42.0, False),
        ({"input": "film.mp4"}, 60.0, 59.5, 59.5, True),
        ({"input": "film.mp4"}, 0.8, 0.0, 0.0, False),  # refused
        ({"input": "film.mp4"}, None, 42.0, 42.0, False),
        ({"input": "film.mp4", "loop": True}, 60.0, 150.0, 30.0, False),
        ({"input": "film.mp4", "loop": True}, 60.0, 59.5, 59.5, False),
        ({"input": "film.mp4", "loop": True}, None, 150.0, 0.0, False),
        ({"input": "https://camera.example/live"}, None, 42.0, 0.0, False),
        ({"ffmpeg": ["-i", "film.mp4"]}, None, 42.0, 0.0, False),
    ],
)
def test_file__goes_on_where_it_broke(
    given: dict[str, Any], duration: float | None, streamed: float, position: float, over: bool
) -> None:
    broken = streamer(duration, **given)
    broken._before = streamed
    assert broken._position == pytest.approx(position)
    assert broken._is_over is over


@pytest.mark.parametrize(
    ("ffmpeg", "complaint", "error"),
    [
        (_CAMERA, "rtmp://ingest.example/live/••••: Connection timed out", IngestUnreachable),
        (_CAMERA, "rtmp://ingest.example/live/••••: Input/output error", StreamRefused),
        (_CAMERA, "rtmp://camera/live: Connection timed out", FfmpegFailed),
        (_CAMERA, "rtmp://camera/live: Input/output error", FfmpegFailed),
        (_CAMERA, "Error opening input files: Connection timed out", FfmpegFailed),
        (["-i", "/rtmp/0"], "/rtmp/0: No such device", FfmpegFailed),
    ],
)
def test_complaint__about_the_input_says_nothing_of_the_ingest(
    ffmpeg: list[str], complaint: str, error: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_reachable", lambda _: True)
    failed = streamer(ffmpeg=ffmpeg)
    failed._complaint = complaint
    assert type(failed._why(_RTMP)) is error
