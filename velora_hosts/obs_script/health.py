"""OBS's streaming output: its counters, and a start that hangs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import obspython as obs

from velora_core.host.output import OutputSample

__all__ = ["OutputSampler"]

_TELLS_A_REFUSAL: Final = 32
"""The first OBS in which no start hangs: it has its encoders ready before it connects by SRT."""


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

    # -- a start that hangs ----------------------------------------------------------------

    def start_error(self) -> str:
        """Return OBS's own words for why the output has not begun, if there are any; on the worker.

        They may be the encoder's. OBS writes them anew when an output begins or reconnects, so they
        are left alone while one does.
        """
        with self._hanging() as output:
            return "" if output is None else obs.obs_output_get_last_error(output) or ""

    def end_hanging_start(self) -> None:
        """Have OBS take for ended what has neither begun nor failed; on the worker.

        If an encoder fails after SRT has connected, OBS's output gives up without a signal: OBS's
        window shows *Connecting* for ever, and what OBS stops is what is active only.

        A later OBS would wait within this call for what still connects, whose end is told to Python
        on a thread that waits for this one: for ever.
        """
        if obs.obs_get_version() >> 24 >= _TELLS_A_REFUSAL:
            return
        with self._hanging() as output:
            if output is not None:
                obs.obs_output_force_stop(output)

    @contextmanager
    def _hanging(self) -> Iterator[Any]:
        """Hold the output if it is not active, which it is while it reconnects as well; or None."""
        with self._lock:
            held = obs.obs_output_get_ref(self._output) if self._output else None
        try:
            yield None if held is None or obs.obs_output_active(held) else held
        finally:
            if held is not None:
                obs.obs_output_release(held)
