"""OBS's streaming output: how many frames it has sent, and how its stream ended."""

from __future__ import annotations

import threading
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


_STREAM_OUTPUTS: Final = ("simple_stream", "adv_stream")
"""What OBS calls its streaming outputs. With another, as for several qualities at once, it may ask
something between its event and the start."""


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
    """Tells the application how a stream ended; OBS's event for it doesn't say.

    Of a start that OBS refuses itself, because an encoder fails, there is no event at all. OBS sets
    about it right after its event that a stream starts, on the UI thread and in one go; the output
    signals then that it begins. When the UI thread comes by next without that, there is no start.
    """

    def __init__(self, app: Application) -> None:
        self._app = app
        self._stopped = False  # since the last start
        self._code: int | None = 0  # of the stream's output; None as long as it hasn't said
        self._told: Callable[[Any], None] | None = None  # until it is known whether it has begun
        self._begun = False
        self._refused = False  # as far as could be told
        self._output = 0  # where the one is that the stream goes by
        self._ui_thread = 0

    def watch(self, told: Callable[[Any], None]) -> None:
        """Have OBS call `told` when the output of the stream that starts begins, and stops."""
        self._report_end()  # of the last stream, if its turn has not come
        self._stopped = self._begun = self._refused = False
        self._code = self._output = 0
        self._told = None
        output = obs.obs_frontend_get_streaming_output()
        if output is None:
            return
        self._code = None
        self._told = told
        self._output = int(output)
        self._ui_thread = threading.get_ident()
        signals = obs.obs_output_get_signal_handler(output)
        for name in ("starting", "stop"):
            # The output may be the last stream's, which would call twice.
            obs.signal_handler_disconnect(signals, name, told)
            obs.signal_handler_connect(signals, name, told)
        obs.obs_output_release(output)

    def look(self) -> None:
        """Find out whether OBS has begun the start; the UI thread has come by after it."""
        told = self._told
        if told is None or self._refused:
            return
        output = obs.obs_frontend_get_streaming_output()
        if output is None:
            self._told = None
            return
        refused = (
            not (self._begun or self._stopped)
            and self._code is None
            and (obs.obs_output_get_name(output) or "").startswith(_STREAM_OUTPUTS)
            and not obs.obs_output_active(output)
            and not obs.obs_output_reconnecting(output)
        )
        if not refused:  # else it may begin all the same
            self._told = None
            signals = obs.obs_output_get_signal_handler(output)
            obs.signal_handler_disconnect(signals, "starting", told)
        obs.obs_output_release(output)
        if refused:
            self._refused = True
            self._code = 0
            self._app.stream_stopped(EndReason.UNSTARTED)

    def was_mistaken(self) -> bool:
        """Return, once, whether the stream that begins or has started was taken for refused.

        A plugin's question between OBS's event and the start has the UI thread come by early. It
        can't be told from a refusal before it is answered.
        """
        mistaken, self._refused = self._refused, False
        return mistaken

    def output_told(self, data: Any) -> None:
        """Take one of the output's signals: that it stops comes on a thread of its own.

        An output of an earlier stream may be another one, and say late how that ended.
        """
        if int(obs.calldata_ptr(data, "output") or 0) != self._output:
            return
        if self._told and threading.get_ident() == self._ui_thread:
            self._begun = True
            if self.was_mistaken():
                self._code = None
                self._app.call_on_ui(self._go_on)
            return
        self._code = obs.calldata_int(data, "code")
        self._app.call_on_ui(self._report_end)

    def _go_on(self) -> None:
        self._app.features.stream_info.start_goes_on(self._app.settings)

    def stream_stopped(self) -> None:
        """Take OBS's event."""
        self._stopped = True
        self._app.call_on_ui(self._report_end)

    def _report_end(self) -> None:
        """Tell how the stream ended, once both have come."""
        if self._stopped and self._code is not None:
            self._stopped = False
            self._app.stream_ended(_ENDS.get(self._code, EndReason.NORMAL))
