"""Why `velora stream` says that nothing was streamed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from velora_core.cli import stream
from velora_core.cli.errors import FfmpegFailed, IngestUnreachable, StreamRefused
from velora_core.host.destination import Destination
from velora_core.secret import Secret

_RTMP = Destination("rtmp", Secret("rtmp://ingest.example/live"), Secret("live_test_key"))
_CAMERA = ["-i", "rtmp://camera/live"]


@pytest.mark.parametrize(
    ("ffmpeg", "complaint", "error"),
    [
        (_CAMERA, "rtmp://ingest.example/live/••••: Connection timed out", IngestUnreachable),
        (_CAMERA, "rtmp://ingest.example/live/••••: Input/output error", StreamRefused),
        (_CAMERA, "rtmp://camera/live: Connection timed out", FfmpegFailed),
        (_CAMERA, "rtmp://camera/live: Input/output error", FfmpegFailed),
        (_CAMERA, "Error opening input files: Connection timed out", FfmpegFailed),
    ],
)
def test_complaint__about_the_input_says_nothing_of_the_ingest(
    ffmpeg: list[str], complaint: str, error: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_reachable", lambda _: True)
    monkeypatch.setattr(stream, "_Line", lambda _: None)
    context: Any = SimpleNamespace(arguments=SimpleNamespace(input="", ffmpeg=ffmpeg))
    viewers: Any = None
    streamer = stream._Streamer(context, "ffmpeg", viewers)
    streamer._complaint = complaint
    assert type(streamer._why(_RTMP)) is error
