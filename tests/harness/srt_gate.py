"""An SRT ingest on loopback that looks at the stream id first, and refuses what it doesn't know.

ffmpeg's listener takes whoever comes; a server that tells streams apart has libsrt ask it.
"""

from __future__ import annotations

import ctypes
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType

from tests.harness.waiting import HarnessError, wait_until
from tests.ports import free_port

__all__ = ["SrtGate"]

_LIBRARIES = ("libsrt-gnutls.so.1.5", "libsrt-openssl.so.1.5", "libsrt.so.1.5")
"""What ffmpeg's packages bring."""
_HOOK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p
)
_FAILED = -1


class SrtGate:
    """Use it as a context manager."""

    def __init__(self, accepts: Callable[[str], bool]) -> None:
        """Create the gate; nothing is started yet.

        Args:
            accepts: takes a stream id, and says whether it may come in.
        """
        self.port = free_port(socket.SOCK_DGRAM)
        self.accepted: list[str] = []
        """The stream ids that came in, in order."""
        self.refused: list[str] = []
        self.received = 0
        """Bytes, of all streams."""
        self._accepts = accepts
        self._srt = _library()
        self._hook = _HOOK(self._ask)  # libsrt doesn't keep it
        self._listener = self._stream = _FAILED
        self._thread: threading.Thread | None = None

    def __enter__(self) -> SrtGate:
        srt = self._srt
        srt.srt_startup()
        self._listener = srt.srt_create_socket()
        address = struct.pack(
            "=H2s4s8x", socket.AF_INET, struct.pack("!H", self.port), b"\x7f\0\0\1"
        )
        srt.srt_listen_callback(self._listener, self._hook, None)
        if srt.srt_bind(self._listener, address, len(address)) == _FAILED:
            raise HarnessError(f"the SRT gate can't have port {self.port}")
        srt.srt_listen(self._listener, 4)
        self._thread = threading.Thread(target=self._receive, name="srt-gate", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._srt.srt_close(self._listener)
        while self._thread is not None and self._thread.is_alive():
            # OBS may keep it open that sends nothing; or it has only just come.
            self._srt.srt_close(self._stream)
            self._thread.join(0.2)
        self._srt.srt_cleanup()

    @property
    def url(self) -> str:
        """What OBS calls the server, without the stream id."""
        return f"srt://127.0.0.1:{self.port}"

    def wait_for_media(self, *, timeout: float = 30.0) -> str:
        """Wait until a stream's media arrive; return its stream id.

        Args:
            timeout: seconds.
        """
        wait_until(
            lambda: self.received,
            what="media by SRT",
            timeout=timeout,
            details=lambda: f"refused: {self.refused}",
        )
        return self.accepted[-1]

    def _ask(self, _: object, sock: int, version: int, peer: object, stream_id: bytes) -> int:
        """On libsrt's own thread."""
        text = (stream_id or b"").decode()
        accepted = self._accepts(text)
        (self.accepted if accepted else self.refused).append(text)
        return 0 if accepted else _FAILED

    def _receive(self) -> None:
        """One stream after the other."""
        buffer = ctypes.create_string_buffer(1500)
        while (stream := self._srt.srt_accept(self._listener, None, None)) != _FAILED:
            self._stream = stream
            while (got := self._srt.srt_recvmsg(stream, buffer, len(buffer))) > 0:
                self.received += got
            self._srt.srt_close(stream)


def _library() -> ctypes.CDLL:
    for name in _LIBRARIES:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise HarnessError("libsrt is not installed")
