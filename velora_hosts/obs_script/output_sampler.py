"""The counters of OBS's streaming output."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import obspython as obs

from velora_core.host.output import OutputSample

__all__ = ["OutputSampler"]


class OutputSampler:
    """Reads the counters of one stream after the other.

    The frontend's output changes on the UI thread, so the reference is taken and given back there.
    With that in hand the counters can be read on any thread: the functions only look at numbers,
    and OBS's own statistics read them in the same way while the output writes them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._output: Any = None

    def begin(self) -> None:
        """A stream has connected."""
        self.end()
        output = obs.obs_frontend_get_streaming_output()
        with self._lock:
            self._output = output

    def end(self) -> None:
        """It is over: lets go of its output."""
        with self._lock:  # nobody reads it any more
            output, self._output = self._output, None
        if output is not None:
            obs.obs_output_release(output)

    def sample(self) -> OutputSample | None:
        """The counters now, on any thread; None without a stream."""
        with self._lock:
            output = self._output
            if output is None:
                return None
            return OutputSample(
                bytes_sent=obs.obs_output_get_total_bytes(output),
                frames=obs.obs_output_get_total_frames(output),
                dropped=obs.obs_output_get_frames_dropped(output),
                congestion=obs.obs_output_get_congestion(output),
                reconnecting=obs.obs_output_reconnecting(output),
            )

    @contextmanager
    def inactive(self) -> Iterator[Any]:
        """Hold the output if it is not active, which it is while it reconnects as well; or None."""
        with self._lock:
            held = obs.obs_output_get_ref(self._output) if self._output else None
        try:
            yield None if held is None or obs.obs_output_active(held) else held
        finally:
            if held is not None:
                obs.obs_output_release(held)
