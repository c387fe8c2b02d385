"""OBS's streaming output: how many frames it has sent, and how its stream ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import obspython as obs

from velora_core.host.host import EndReason

if TYPE_CHECKING:
    from velora_core.application import Application

__all__ = ["StreamOutput", "frames_sent"]

# Of OBS's obs-defs.h; obspython doesn't have them.
_OUTPUT_CONNECT_FAILED: Final = -2
_OUTPUT_INVALID_STREAM: Final = -3

_ENDS: Final = {
    _OUTPUT_INVALID_STREAM: EndReason.REFUSED,
    _OUTPUT_CONNECT_FAILED: EndReason.UNREACHABLE,
}


def frames_sent() -> int:
    """Return the stream's frames so far; while it connects, those of the last stream."""
    if not obs.obs_frontend_streaming_active():
        return 0
    output = obs.obs_frontend_get_streaming_output()
    if output is None:
        return 0
    frames: int = obs.obs_output_get_total_frames(output)
    obs.obs_output_release(output)
    return frames


class StreamOutput:
    """Tells the application how a stream ended; OBS's event for it doesn't say."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._stopped = False  # since the last start
        self._code: int | None = 0  # of the stream's output; None as long as it hasn't said

    def watch(self, stopped: Callable[[Any], None]) -> None:
        """Have OBS call `stopped` when the output of the stream that starts stops."""
        self._stopped = False
        self._code = 0
        output = obs.obs_frontend_get_streaming_output()
        if output is None:
            return
        self._code = None
        signals = obs.obs_output_get_signal_handler(output)
        # The output may be the last stream's, which would call twice.
        obs.signal_handler_disconnect(signals, "stop", stopped)
        obs.signal_handler_connect(signals, "stop", stopped)
        obs.obs_output_release(output)

    def output_stopped(self, data: Any) -> None:
        """Take the output's signal, on its own thread."""
        self._code = obs.calldata_int(data, "code")
        self._app.soon(self._tell)

    def stream_stopped(self) -> None:
        """Take OBS's event."""
        self._stopped = True
        self._tell()

    def _tell(self) -> None:
        """Tell how the stream ended, once both have come."""
        if self._stopped and self._code is not None:
            self._stopped = False
            self._app.stream_ended(_ENDS.get(self._code, EndReason.NORMAL))
