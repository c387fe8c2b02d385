"""ffmpeg as a process: how it is called for Velora, what it reports, how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple
from urllib.parse import quote

from velora_core.errors import VeloraError
from velora_core.host.destination import Destination
from velora_core.secret import Secret, scrub

__all__ = [
    "IDLE_TIMEOUT",
    "UNANSWERED",
    "Ffmpeg",
    "Program",
    "Progress",
    "arguments",
    "check_file",
    "file_arguments",
    "find_ffmpeg",
]

IDLE_TIMEOUT: Final = 30.0
"""Seconds that nothing is streamed after which ffmpeg counts as stuck, without a complaint."""

UNANSWERED: Final = "Error reading HTTP response"
"""What its complaint begins with where a server took an offer by WHIP and gave no answer to it."""

_STOP_TIMEOUT: Final = 5.0  # seconds for ffmpeg to end the stream properly
_PROBE_TIMEOUT: Final = 30.0  # seconds to look into a file
_STUCK: Final = 5.0  # seconds that nothing advances after a complaint
_STUCK_AT_START: Final = 15.0  # the same, before anything was streamed
_NETWORK_TIMEOUT: Final = 15  # seconds for the ingest to take or answer something

# What ffmpeg says on top of the reason, and no reason itself. It prints a refused WHIP offer whole,
# and takes any answer to its DELETE that has no body for a cut one.
_CONSEQUENCE: Final = re.compile(
    r"[a-z]=|Last message repeated|Conversion failed"
    r"|.*(Nothing was written into output file|Task finished with error|Terminating thread with"
    r"|Error sending frames to consumers|Error submitting a packet|Error muxing a packet"
    r"|Error writing trailer|Error closing file|Error opening output files?\b"
    r"|DELETE|Failed to dispose resource)"
)

# What ffmpeg says where a server closes before it has answered by RTMP. The reason that follows is
# the same for a stream that was refused.
_NO_HANDSHAKE: Final = "RTMP handshake"

# Where in ffmpeg a line comes from, which tells nobody anything.
_ORIGIN: Final = re.compile(r"^(\[[^]]* @ 0x[0-9a-f]+\] )+")
# How ffmpeg since 6 says in two lines what an earlier one says in one.
_UNOPENED: Final = re.compile(r"Error opening input file (.+)\.")
_WHY_UNOPENED: Final = re.compile(r"Error opening input files: (.+)")
_UNBEGUN: Final = ("Failed to request url=", "Could not write header")  # as follows from that, too

_VIDEO: Final = (
    *("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"),
    # What players by WebRTC need: no B-frames, and a picture to begin with every two seconds.
    *("-bf", "0", "-force_key_frames", "expr:gte(t,n_forced*2)"),
)
_AUDIO: Final = {
    "aac": ("-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2"),
    "opus": ("-c:a", "libopus", "-b:a", "128k", "-ar", "48000", "-ac", "2"),
}
# The one profile that every receiver by WebRTC has; the main one makes a better picture elsewhere.
_PROFILES: Final = {"whip": "baseline"}
_MUXERS: Final = {"rtmp": "flv", "srt": "mpegts", "whip": "whip"}
_USER: Final = re.compile(r"(?<=://)[^/@\s]+@")  # of a camera, say, and its password
_NO_MEDIA: Final = "Invalid data found when processing input"  # in ffprobe's words
_WHIP_LIMIT: Final = re.compile(r"^ *-timeout +<duration>", re.MULTILINE)  # in seconds


class FfmpegMissing(VeloraError):
    """There is no ffmpeg."""

    sentence = "error.no_ffmpeg"


class MuxerMissing(VeloraError):
    """This ffmpeg can't stream by a protocol."""

    sentence = "error.muxer_missing"


class InputUnreadable(VeloraError):
    """What is to be streamed can't be read."""

    sentence = "error.input_unreadable"


class InputUnopened(InputUnreadable):
    """It can't even be opened."""

    sentence = "error.input_unopened"


class Program(NamedTuple):
    """An ffmpeg that is there.

    Attributes:
        path: to it.
        limits_whip: whether it can give up an ingest that doesn't answer by WHIP; ffmpeg 8.0 can't.
    """

    path: str
    limits_whip: bool = False


class Progress(NamedTuple):
    """What ffmpeg reports about twice a second.

    Attributes:
        seconds: of the stream, so far.
        bitrate: in kbit/s; None while it isn't known.
        dropped: frames that were left out.
    """

    seconds: float = 0.0
    bitrate: int | None = None
    dropped: int = 0


def arguments(
    source: Sequence[str], destination: Destination, bitrate: int, *, limits_whip: bool = False
) -> list[str]:
    """Return ffmpeg's arguments for a stream to Velora. The stream key is in the last one.

    Args:
        source: ffmpeg's arguments for the input.
        destination: where the stream goes.
        bitrate: of the picture, in kbit/s.
        limits_whip: as `Program` has it.
    """
    profile = ("-profile:v", _PROFILES.get(destination.protocol, "main"))
    audio = _AUDIO["opus" if destination.protocol == "whip" else "aac"]
    rate = ("-b:v", f"{bitrate}k", "-maxrate", f"{bitrate}k", "-bufsize", f"{2 * bitrate}k")
    report = ("-nostats", "-progress", "pipe:1", "-stats_period", "0.5")
    muxer = _MUXERS[destination.protocol]
    start = ("-hide_banner", "-loglevel", "error", *report)
    limit: tuple[str, ...] = ()  # without one ffmpeg waits for ever for an ingest that is silent
    if muxer == "flv":
        limit = ("-rw_timeout", str(_NETWORK_TIMEOUT * 1_000_000))
    elif muxer == "whip" and limits_whip:
        limit = ("-timeout", str(_NETWORK_TIMEOUT))
    target = ("-f", muxer, *limit, _target(destination))
    return [*start, *source, *_VIDEO, *profile, *rate, *audio, *target]


def _target(destination: Destination) -> str:
    address, key = destination.url.reveal(), destination.key.reveal()
    if destination.protocol == "rtmp":
        return f"{address.rstrip('/')}/{key}"
    if destination.protocol == "srt":
        return f"{address}{'&' if '?' in address else '?'}streamid={quote(key, safe='')}"
    return address


def _program(name: str) -> str | None:
    """Return the path of a program that is on the path; None without it.

    On Windows the library looks into the present folder first, where a download may have come with
    a program of that name: it would get the stream key.
    """
    if os.name != "nt":
        return shutil.which(name)
    folders = filter(os.path.isabs, os.get_exec_path())
    found = (shutil.which(os.path.join(folder, f"{name}.exe")) for folder in folders)
    return next(filter(None, found), None)


def find_ffmpeg(protocol: str) -> Program:
    """Return an ffmpeg that can stream by a protocol.

    Raises:
        FfmpegMissing: there is none.
        MuxerMissing: it can't.
    """
    path = _program("ffmpeg")
    if path is None:
        raise FfmpegMissing
    if protocol != "whip":
        return Program(path)
    known = subprocess.run(
        [path, "-hide_banner", "-h", "muxer=whip"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        check=False,
    ).stdout
    if "Muxer whip" not in known:
        raise MuxerMissing
    return Program(path, limits_whip=bool(_WHIP_LIMIT.search(known)))


def check_file(file: str) -> float | None:
    """Return how many seconds a file lasts; None where that can't be known.

    Raises:
        InputUnreadable: it has no picture that ffmpeg can read, or can't be opened.
    """
    if "://" not in file:
        try:
            os.stat(file)
        except OSError as error:
            raise InputUnopened(file=file, reason=error.strerror) from None
    probe = _program("ffprobe")
    if probe is None:  # then ffmpeg itself will say it
        return None
    asked = ("-v", "error", "-select_streams", "v", "-of", "json")
    shown = ("-show_entries", "stream=codec_name:format=duration")
    try:
        done = subprocess.run(
            [probe, *asked, *shown, _address(file)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = {}
    if done.returncode or not found.get("streams"):
        said = done.stderr.decode("utf-8", "replace").strip().rpartition(f"{_address(file)}: ")[2]
        name = _USER.sub("", file)
        if done.returncode and said and said != _NO_MEDIA:
            named = None if "://" not in file else "error.address_unopened"
            raise InputUnopened(named, file=name, reason=_USER.sub("", " ".join(said.split())))
        raise InputUnreadable(file=name)
    return _number(found.get("format", {}).get("duration", "")) or None


def file_arguments(file: str, *, loop: bool = False, start: float = 0.0) -> list[str]:
    """Return ffmpeg's arguments to read a file, or an address, as fast as it is to be shown.

    Args:
        file: its path, or an address.
        loop: whether it begins again when it ends.
        start: seconds into it, where it begins the first time.
    """
    again = ["-stream_loop", "-1"] if loop else []
    skipped = ["-ss", f"{start:.3f}"] if start else []
    return ["-re", *again, *skipped, "-i", _address(file)]


def _address(file: str) -> str:
    """Return a file as one that no dash makes an option, and no colon a protocol."""
    return file if "://" in file else f"file:{file}"


class Ffmpeg:
    """One run of ffmpeg; its complaints are kept without secrets."""

    def __init__(
        self, path: str, given: Sequence[str], secret: Secret, *, waits: bool = False
    ) -> None:
        """Start it.

        Args:
            path: of ffmpeg.
            given: its arguments.
            secret: what is taken out of its complaints.
            waits: whether its input may come as late as it likes.
        """
        self.progress = Progress()
        self.shook_hands = True  # with the ingest, as far as it has said
        self._secret = secret
        self._waits = waits
        self._complaint = ""
        self._complained_at = 0.0
        self._advanced_at = time.monotonic()
        # Of a group of its own: Ctrl-C is for this program, which then ends ffmpeg properly.
        group = (
            {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
            if os.name == "nt"
            else {"start_new_session": True}
        )
        self._process = subprocess.Popen(
            [path, *given],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",  # on Windows as well, where the system has another one
            errors="replace",
            **group,
        )
        self._readers = [
            threading.Thread(target=read, name=f"velora-ffmpeg-{name}", daemon=True)
            for name, read in (("progress", self._read_progress), ("errors", self._read_errors))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def succeeded(self) -> bool:
        """Whether it has ended, with all that was to be streamed."""
        return self._process.poll() == 0

    @property
    def stuck(self) -> bool:
        """Whether it runs, but streams no more.

        ffmpeg 9 stays so, whatever it is told, when a stream by WHIP breaks. One that has said
        nothing gets longer, and one whose input has yet to come all the time that it needs.
        """
        return self.running and (self._given_up or self.silent)

    @property
    def _given_up(self) -> bool:
        limit = _STUCK if self.progress.seconds else _STUCK_AT_START
        return self._idle > limit and self._complained_at > self._advanced_at

    @property
    def silent(self) -> bool:
        """Whether it has streamed nothing for long, without a word about it."""
        if self._complained_at > self._advanced_at:
            return False
        may_wait = self._waits and not self.progress.seconds
        return self._idle > IDLE_TIMEOUT and not may_wait

    @property
    def _idle(self) -> float:
        """For how many seconds nothing was streamed."""
        return time.monotonic() - self._advanced_at

    @property
    def complaint(self) -> str:
        """What it complained about last, on one line and without secrets."""
        return self._complaint

    def stop(self) -> None:
        """Have it end the stream properly, and wait for that a few seconds."""
        timeout = 0.0 if self.stuck else _STOP_TIMEOUT
        with suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.write("q")
            self._process.stdin.close()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join(1.0)

    def _read_progress(self) -> None:
        values: dict[str, str] = {}
        assert self._process.stdout is not None
        for line in self._process.stdout:
            name, _, value = line.strip().partition("=")
            values[name] = value
            if name == "progress":
                progress = _progress(values)
                if progress.seconds > self.progress.seconds:
                    self._advanced_at = time.monotonic()
                self.progress = progress

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        unopened = ""
        for line in self._process.stderr:
            words = _ORIGIN.sub("", scrub(_USER.sub("", " ".join(line.split())), self._secret))
            if not words:
                continue
            self._complained_at = time.monotonic()
            self.shook_hands &= _NO_HANDSHAKE not in words
            if found := _UNOPENED.fullmatch(words):
                unopened = found[1]
            elif unopened and (found := _WHY_UNOPENED.fullmatch(words)):
                self._complaint = f"{unopened}: {found[1]}"
            elif words.startswith(_UNBEGUN) and self._complaint.startswith(UNANSWERED):
                continue
            elif not _CONSEQUENCE.match(words):
                self._complaint = words


def _progress(values: dict[str, str]) -> Progress:
    # From the beginning ffmpeg tells of a time, also where the ingest has yet to take anything.
    nothing = "0" in (values.get("frame"), values.get("total_size"))
    return Progress(
        seconds=0.0 if nothing else _number(values.get("out_time_us", "")) / 1e6,
        bitrate=round(_number(values.get("bitrate", "").removesuffix("kbits/s"))) or None,
        dropped=int(_number(values.get("drop_frames", ""))),
    )


def _number(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:  # "N/A" in the beginning
        return 0.0
