"""A start that OBS neither finishes nor gives up."""

from __future__ import annotations

import importlib
from typing import Any

from tests.unit.fake_obspython import FakeObs


def sampler() -> Any:
    return importlib.import_module("velora_hosts.obs_script.output_sampler").OutputSampler()


def hanging_start() -> Any:
    return importlib.import_module("velora_hosts.obs_script.hanging_start")


def test_a_start_that_hangs__is_ended_and_its_error_told(obs: FakeObs) -> None:
    item, start = sampler(), hanging_start()
    start.end_hanging_start(item)  # there is none
    assert start.start_error(item) == ""
    item.begin()
    assert start.start_error(item) == ""
    obs.frontend.last_error = "NVENC: no device"
    assert start.start_error(item) == "NVENC: no device"
    start.end_hanging_start(item)
    assert obs.frontend.forced_stops == 1
    assert obs.references == 1
    item.end()


def test_what_is_active__is_neither_asked_nor_ended_by_force(obs: FakeObs) -> None:
    obs.frontend.live, obs.frontend.last_error = True, "of a recording"
    item, start = sampler(), hanging_start()
    item.begin()
    start.end_hanging_start(item)
    assert start.start_error(item) == ""
    assert obs.frontend.forced_stops == 0
    item.end()
    assert obs.references == 0


def test_obs_32__is_never_waited_for_while_it_connects(obs: FakeObs) -> None:
    obs.version = 32
    item, start = sampler(), hanging_start()
    item.begin()
    start.end_hanging_start(item)
    assert obs.frontend.forced_stops == 0
    item.end()
