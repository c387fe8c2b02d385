"""The counters of OBS's streaming output."""

from __future__ import annotations

import importlib
from typing import Any

from tests.unit.fake_obspython import FakeObs
from velora_core.host.output import OutputSample


def sampler(obs: FakeObs) -> Any:
    return importlib.import_module("velora_hosts.obs_script.health").OutputSampler()


def test_sample__between_begin_and_end(obs: FakeObs) -> None:
    item = sampler(obs)
    assert item.sample() is None
    item.begin()
    obs.frontend.frames = 30
    assert item.sample() == OutputSample(30_000, 30, 3, 0.25, reconnecting=False)
    item.begin()  # the one before is let go
    assert obs.references == 1
    item.end()
    assert item.sample() is None
    item.end()


def test_no_output__no_sample(obs: FakeObs) -> None:
    obs.frontend.has_output = False
    item = sampler(obs)
    item.begin()
    assert item.sample() is None
    item.end()


def test_a_start_that_hangs__is_ended_and_its_error_told(obs: FakeObs) -> None:
    item = sampler(obs)
    item.end_hanging_start()  # there is none
    assert item.start_error() == ""
    item.begin()
    assert item.start_error() == ""
    obs.frontend.last_error = "NVENC: no device"
    assert item.start_error() == "NVENC: no device"
    item.end_hanging_start()
    assert obs.frontend.forced_stops == 1
    assert obs.references == 1
    item.end()


def test_what_is_active__is_neither_asked_nor_ended_by_force(obs: FakeObs) -> None:
    obs.frontend.live, obs.frontend.last_error = True, "of a recording"
    item = sampler(obs)
    item.begin()
    item.end_hanging_start()
    assert item.start_error() == ""
    assert obs.frontend.forced_stops == 0
    item.end()
    assert obs.references == 0


def test_obs_32__is_never_waited_for_while_it_connects(obs: FakeObs) -> None:
    obs.version = 32
    item = sampler(obs)
    item.begin()
    item.end_hanging_start()
    assert obs.frontend.forced_stops == 0
    item.end()
