"""A start that OBS neither finishes nor gives up; all of it on the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import obspython as obs

if TYPE_CHECKING:
    from .output_sampler import OutputSampler

__all__ = ["end_hanging_start", "start_error"]

_TELLS_A_REFUSAL: Final = 32
"""The first OBS in which no start hangs: it has its encoders ready before it connects by SRT."""


def start_error(sampler: OutputSampler) -> str:
    """Return OBS's own words for why the output has not begun, if there are any.

    They may be the encoder's. OBS writes them anew when an output begins or reconnects, so they
    are left alone while one does.
    """
    with sampler.inactive() as output:
        return "" if output is None else obs.obs_output_get_last_error(output) or ""


def end_hanging_start(sampler: OutputSampler) -> None:
    """Have OBS take for ended what has neither begun nor failed.

    If an encoder fails after SRT has connected, OBS's output gives up without a signal: OBS's
    window shows *Connecting* for ever, and what OBS stops is what is active only.

    A later OBS would wait within this call for what still connects, whose end is told to Python
    on a thread that waits for this one: for ever.
    """
    if obs.obs_get_version() >> 24 >= _TELLS_A_REFUSAL:
        return
    with sampler.inactive() as output:
        if output is not None:
            obs.obs_output_force_stop(output)
