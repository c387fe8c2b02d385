"""Errors of ``velora stream``, which no other program has: OBS doesn't read them."""

from __future__ import annotations

from velora_core.errors import VeloraError

__all__ = ["AlreadyStreaming", "FfmpegFailed", "IngestUnreachable", "StreamRefused"]


class StreamRefused(VeloraError):
    """The ingest can be reached, and takes no stream with this key."""

    sentence = "cli.stream_refused"


class IngestUnreachable(VeloraError):
    """The ingest can't be reached."""

    sentence = "cli.stream_unreachable"
    transient = True


class FfmpegFailed(VeloraError):
    """ffmpeg has ended for another reason."""

    sentence = "cli.encoding_failed"


class AlreadyStreaming(VeloraError):
    """Another ``velora stream`` of this user runs."""

    sentence = "cli.stream_running"
