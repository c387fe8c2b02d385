"""An SRT ingest on loopback: ffmpeg, which tells the stream id it was given."""

from __future__ import annotations

import re
import signal
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.harness.probe import MediaProbe, probe_media
from tests.harness.processes import (
    OwnedProcess,
    remove_scratch_dir,
    scratch_dir,
    system_environment,
)
from tests.harness.waiting import HarnessError, wait_until
from tests.managed import Managed
from tests.ports import free_port

__all__ = ["SrtIngest", "SrtStream"]


@dataclass
class SrtStream:
    """One stream that came."""

    recording: Path
    log: Path
    started: float
    """When the ingest began to wait for it, as `time.monotonic` counts."""
    first_media_at: float | None = None
    """When its first bytes were recorded, as `time.monotonic` counts."""
    ended_at: float | None = None

    @property
    def stream_id(self) -> str | None:
        """The SRT stream id the sender gave, or None when nobody has come yet."""
        found = re.search(r"accept streamid \[(.*?)\]", self.log.read_text(errors="replace"))
        return found[1] if found else None


class SrtIngest(Managed):
    """An SRT listener that records what it gets. Use it as a context manager."""

    def __init__(self, *, port: int | None = None) -> None:
        """Nothing is started yet.

        Args:
            port: on loopback; a free one without it.
        """
        self.port = port or free_port(socket.SOCK_DGRAM)
        self.streams: list[SrtStream] = []
        """The streams so far; the last one may still be waited for."""
        self._folder: Path | None = None
        self._listener: OwnedProcess | None = None
        self._watch: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """What OBS calls the server, without the stream id."""
        return f"srt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start listening and wait until it does."""
        self._folder = scratch_dir("srt")
        self._stopping.clear()
        try:
            self._listen()
            self._watch = threading.Thread(target=self._keep_listening, daemon=True)
            self._watch.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the listener; the recordings are gone afterwards."""
        self._stopping.set()
        if self._watch is not None:
            self._watch.join()
            self._watch = None
        if self._listener is not None:
            self._listener.stop(number=signal.SIGINT)
            self._listener = None
        if self._folder is not None:
            remove_scratch_dir(self._folder)
            self._folder = None

    @property
    def stream_ids(self) -> list[str]:
        """The stream ids that came, in order."""
        ids = (stream.stream_id for stream in self.streams)
        return [stream_id for stream_id in ids if stream_id is not None]

    def processes(self) -> set[int]:
        """Return the ids of the server's processes."""
        return self._listener.family() if self._listener is not None else set()

    def wait_for_media(self, *, timeout: float = 30.0) -> SrtStream:
        """Wait until the first media of the newest stream is recorded.

        Args:
            timeout: seconds.
        """

        def arrived() -> SrtStream | None:
            come = [stream for stream in self.streams if stream.first_media_at is not None]
            return come[-1] if come else None

        return wait_until(arrived, what="the first media", timeout=timeout, details=self._log)

    def wait_for_end(self, *, timeout: float = 30.0) -> SrtStream:
        """Wait until the newest stream has ended.

        Args:
            timeout: seconds.
        """

        def ended() -> SrtStream | None:
            come = [stream for stream in self.streams if stream.first_media_at is not None]
            return come[-1] if come and come[-1].ended_at is not None else None

        return wait_until(ended, what="the stream to end", timeout=timeout, details=self._log)

    def probe(self) -> MediaProbe:
        """Return what the newest recording holds; best after the stream has ended."""
        come = [stream for stream in self.streams if stream.first_media_at is not None]
        if not come:
            raise HarnessError(f"the ingest has recorded nothing\n{self._log()}")
        return probe_media(come[-1].recording)

    def _log(self) -> str:
        return self.streams[-1].log.read_text(errors="replace")[-3000:] if self.streams else ""

    def _listen(self) -> None:
        if self._folder is None:
            raise HarnessError("the ingest is not started")
        number = len(self.streams)
        stream = SrtStream(
            recording=self._folder / f"{number}.ts",
            log=self._folder / f"{number}.log",
            started=time.monotonic(),
        )
        self._listener = listener = OwnedProcess(
            [
                *("ffmpeg", "-nostdin", "-v", "verbose", "-fpsprobesize", "0"),
                *("-analyzeduration", "500000", "-probesize", "200000"),
                *("-i", f"{self.url}?mode=listener"),
                *("-c", "copy", "-flush_packets", "1", str(stream.recording)),
            ],
            environment=system_environment(self._folder),
            name="srt listener",
            output=stream.log,
        )

        def listens() -> bool:
            if listener.exit_code is not None:
                raise HarnessError(f"the SRT listener ended\n{stream.log.read_text()}")
            return _is_bound_on_udp(self.port)

        wait_until(listens, what=f"the SRT listener on port {self.port}")
        self.streams.append(stream)

    def _keep_listening(self) -> None:
        """Start a listener after another: each takes one stream and ends with it."""
        while not self._stopping.wait(0.02):
            stream, listener = self.streams[-1], self._listener
            recorded = stream.recording.exists() and stream.recording.stat().st_size > 0
            if stream.first_media_at is None and recorded:
                stream.first_media_at = time.monotonic()
            if listener is not None and listener.exit_code is not None:
                ended = time.monotonic()
                listener.stop()
                self._listen()
                stream.ended_at = ended  # for whoever waits for that, the next one may come


def _is_bound_on_udp(port: int) -> bool:
    for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
        if int(line.split()[1].rpartition(":")[2], 16) == port:
            return True
    return False
