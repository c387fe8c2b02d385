"""``velora stream``: a whole broadcasting application, with ffmpeg for picture and sound."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from velora_core.app.live_status import format_duration, format_viewers
from velora_core.errors import Cancelled, VeloraError
from velora_core.host.destination import (
    Destination,
    credential,
    display_address,
    velora_destination,
)
from velora_core.messages import message

from .capture import capture_arguments
from .commands import Context, send_stream_info
from .errors import (
    AlreadyStreaming,
    FfmpegEnded,
    FfmpegFailed,
    FfmpegSilent,
    IngestUnreachable,
    MediaUnreachable,
    SrtUnconnected,
    StreamRefused,
)
from .exit_codes import ExitCode, exit_code_of
from .ffmpeg import (
    IDLE_TIMEOUT,
    UNANSWERED,
    Ffmpeg,
    Program,
    Progress,
    arguments,
    check_file,
    file_arguments,
    find_ffmpeg,
)

if TYPE_CHECKING:
    import argparse

__all__ = ["stream"]

_POLL_INTERVAL: Final = 0.2  # seconds between looks at ffmpeg
_REPORT: Final = 10.0  # seconds between two lines where there is no terminal
_STEADY: Final = 5.0  # seconds of stream after which a break counts as one, and not as a refusal
_USUAL_COLUMNS: Final = 80  # of a terminal that doesn't say how wide it is
_LEAST: Final = 1.0  # seconds of a file that are worth a new connection
_RETRY_DELAYS: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
_CONNECT_TIMEOUT: Final = 5.0  # seconds to see whether the ingest can be reached
_VIEWERS_INTERVAL: Final = 30.0  # seconds between two looks at the viewers
_REFUSALS: Final = {"rtmp": "rtmp", "whip": "server returned 4"}  # in ffmpeg's complaint
_TIMED_OUT: Final = "timed out"  # in it as well
_DEFAULT_PORTS: Final = {"rtmp": 1935, "rtmps": 443, "http": 80, "https": 443}


def stream(context: Context) -> int:
    """Stream a file, a device or whatever ffmpeg can read, until it ends or is stopped."""
    given = context.arguments
    ffmpeg = find_ffmpeg(given.protocol)
    duration = check_file(given.input) if given.input else None
    with context.session.storage.streaming.held(0.0) as alone:
        if not alone:
            raise AlreadyStreaming
        destination = _destination(context)
        _send_info(context)
        viewers = _Viewers(context)
        try:
            return _Streamer(context, ffmpeg, viewers, duration).run(destination)
        finally:
            viewers.stop()


def _source(given: argparse.Namespace, start: float = 0.0) -> list[str]:
    """Return ffmpeg's arguments for the input, which may begin at a second in the middle."""
    if given.screen or given.camera is not None:
        return capture_arguments(given.camera, given.microphone)
    if not given.input:
        return list(given.ffmpeg)
    return file_arguments(given.input, loop=given.loop, start=start)


def _destination(context: Context) -> Destination:
    setup = context.session.client().get_stream_setup()
    return velora_destination(setup, context.arguments.protocol)


def _send_info(context: Context) -> None:
    """Send title, category and tags; only what is invalid keeps the stream from starting."""
    try:
        send_stream_info(context)
    except VeloraError as error:
        if not error.transient:
            raise
        context.output.hint(message("cli.stream_all_the_same", reason=error))


class _Streamer:
    """Runs ffmpeg, again where the connection has broken."""

    def __init__(
        self,
        context: Context,
        ffmpeg: Program,
        viewers: _Viewers,
        duration: float | None = None,
    ) -> None:
        """Get ready.

        Args:
            context: what the command works with.
            ffmpeg: the program.
            viewers: who watch.
            duration: seconds that the file lasts; None without one, or where it isn't known.
        """
        self._duration = duration
        self._context = context
        self._ffmpeg = ffmpeg
        self._viewers = viewers
        self._line = _Line(context)
        self._before = 0.0  # seconds streamed in earlier runs
        self._has_streamed = False
        self._complaint = ""
        self._silent = False
        self._shook_hands = True

    def run(self, destination: Destination) -> int:
        try:
            return self._run(destination)
        finally:
            self._line.end()  # or the shell goes on in it after Ctrl-C

    def _run(self, destination: Destination) -> int:
        attempt = 0
        while True:
            reached = self._once(destination)
            if reached is None or self._is_over:
                self._line.end()
                if self._complaint:  # it may have ended early, because of a disk that is gone
                    said = message("cli.stream_complaint", complaint=self._complaint)
                    self._context.output.hint(said)
                self._context.output.result(
                    {"streamed_seconds": round(self._before, 1)},
                    [message("live.summary_short", duration=format_duration(self._before))],
                )
                return ExitCode.OK
            self._line.end()
            attempt = 0 if reached >= _STEADY else attempt + 1
            fresh = self._look_again(destination)
            if fresh == destination and attempt and not self._has_streamed:
                why = self._why(destination)
                # A server that restarts took the stream a moment ago; a refusal is none the less.
                if not (self._before and isinstance(why, IngestUnreachable)):
                    raise why
            delay = _RETRY_DELAYS[min(attempt, len(_RETRY_DELAYS) - 1)]
            if fresh == destination:
                name = "cli.stream_silent" if self._silent else "cli.stream_again"
                said = message(name, seconds=round(delay), silence=round(IDLE_TIMEOUT))
                self._context.output.hint(said)
                self._context.reporter.wait(delay)
            else:
                self._context.output.hint(message("cli.stream_new_key", key=fresh.key))
            destination = fresh

    def _once(self, destination: Destination) -> float | None:
        """Stream until it ends; return the seconds until it broke, None when all was streamed."""
        given = self._context.arguments
        asked = arguments(
            _source(given, self._position),
            destination,
            given.bitrate,
            limits_whip=self._ffmpeg.limits_whip,
        )
        # Somebody may have to switch on what ffmpeg listens to.
        waits = bool(given.ffmpeg) or (given.input is not None and "://" in given.input)
        process = Ffmpeg(self._ffmpeg.path, asked, credential(destination), waits=waits)
        try:
            while process.running and not process.stuck:
                self._context.reporter.wait(_POLL_INTERVAL)
                self._has_streamed |= process.progress.seconds >= _STEADY
                self._line.show(self._before, process.progress, self._viewers.count)
        finally:
            self._silent = process.silent and process.running
            process.stop()
            self._before += process.progress.seconds
            self._complaint = process.complaint
            self._shook_hands = process.shook_hands
        return None if process.succeeded else process.progress.seconds

    @property
    def _position(self) -> float:
        """Where in the file the next run begins: where the one before has ended."""
        given = self._context.arguments
        if not given.input or "://" in given.input:
            return 0.0
        if given.loop:  # where it can't be known how often it has begun again, it begins now
            return self._before % self._duration if self._duration else 0.0
        return self._before

    @property
    def _is_over(self) -> bool:
        """Whether too little of the file is left to be streamed."""
        if not self._duration or self._context.arguments.loop or not self._before:
            return False
        return self._before > self._duration - _LEAST

    def _look_again(self, destination: Destination) -> Destination:
        """Return where Velora takes the stream now: the key may have changed."""
        try:
            return _destination(self._context)
        except Cancelled:
            raise
        except VeloraError as error:
            if not error.transient:
                raise
            return destination

    def _why(self, destination: Destination) -> VeloraError:
        """Return why the stream could not be started."""
        if destination.protocol == "srt":  # nothing tells before a handshake
            if destination.url.reveal() in self._complaint:
                return SrtUnconnected(server=display_address(destination))
        elif not self._is_about_input:
            if not _reachable(destination):
                return IngestUnreachable(server=display_address(destination))
            complaint = self._complaint.lower()
            # It takes connections, and is silent on them or closes them.
            if _TIMED_OUT in complaint or not self._shook_hands:
                answers = destination.protocol == "whip" and UNANSWERED not in self._complaint
                found = MediaUnreachable if answers else IngestUnreachable
                return found(server=display_address(destination))
            refusal = _REFUSALS.get(destination.protocol)
            if refusal and refusal in complaint:
                return StreamRefused()
        if self._complaint:
            return FfmpegFailed(complaint=self._complaint)
        return FfmpegSilent(seconds=round(IDLE_TIMEOUT)) if self._silent else FfmpegEnded()

    @property
    def _is_about_input(self) -> bool:
        """Whether ffmpeg complained about what it was to read, such as a camera that is off."""
        source = _source(self._context.arguments)
        named = any(word in self._complaint for word in source if "://" in word)
        read = [word for option, word in pairwise(source) if option == "-i"]
        named |= self._complaint.startswith(tuple(f"{word}: " for word in read))
        return named or "opening input" in self._complaint.lower()


def _reachable(destination: Destination) -> bool:
    address = urlsplit(destination.url.reveal())
    port = address.port or _DEFAULT_PORTS.get(address.scheme, 0)
    with suppress(OSError, ValueError):
        socket.create_connection((address.hostname or "", port), _CONNECT_TIMEOUT).close()
        return True
    return False


class _Line:
    """The line about the running stream: always the same one on a terminal."""

    def __init__(self, context: Context) -> None:
        self._output = context.output
        self._in_place = not context.output.as_json and sys.stderr.isatty()
        self._shown_at = 0.0
        self._width = 0

    def show(self, before: float, progress: Progress, viewers: int | None) -> None:
        """Show how the stream stands, if it is time for that.

        Args:
            before: seconds streamed before the connection broke the last time.
            progress: what ffmpeg has reported.
            viewers: None when that isn't known.
        """
        if not before and not progress.seconds:
            return
        now = time.monotonic()
        if now - self._shown_at < (_POLL_INTERVAL if self._in_place else _REPORT):
            return
        self._shown_at = now
        seconds = before + progress.seconds
        if self._output.as_json:
            self._output.result(
                {
                    "seconds": round(seconds, 1),
                    "bitrate": progress.bitrate,
                    "dropped_frames": progress.dropped,
                    "viewers": viewers,
                }
            )
            return
        parts = [format_duration(seconds)]
        if progress.bitrate:
            parts.append(f"{progress.bitrate} kbit/s")
        name = "cli.stream_dropped_one" if progress.dropped == 1 else "cli.stream_dropped"
        parts.append(message(name, count=progress.dropped))
        if viewers is not None:
            parts.append(format_viewers(viewers))
        line = "  ".join(parts)
        if self._in_place:
            line = line[: _columns() - 1]  # a line that is wrapped would be left behind
            sys.stderr.write("\r" + line.ljust(min(self._width, _columns() - 1)))
            sys.stderr.flush()
            self._width = len(line)
        else:
            self._output.say(line)

    def end(self) -> None:
        """Go on below the line."""
        if self._in_place and self._width:
            sys.stderr.write("\n")
            sys.stderr.flush()
            self._width = 0


def _columns() -> int:
    """Return how wide the terminal is now."""
    with suppress(OSError, ValueError):
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_COLUMNS
    return _USUAL_COLUMNS


class _Viewers:
    """How many watch, asked on a thread of its own: a slow answer delays no other line."""

    def __init__(self, context: Context) -> None:
        self.count: int | None = None
        self._context = context
        self._stopped = threading.Event()
        threading.Thread(target=self._look, name="velora-viewers", daemon=True).start()

    def _look(self) -> None:
        client = self._context.session.client()
        while not self._stopped.wait(_VIEWERS_INTERVAL):
            try:
                info = client.get_stream_info()
            except VeloraError as error:
                if exit_code_of(error) is not ExitCode.TRY_AGAIN:
                    return  # this token may not ask
                self.count = None
            else:
                self.count = info.viewer_count if info.is_live else None

    def stop(self) -> None:
        """Ask no more."""
        self._stopped.set()
