"""The counters of OBS's streaming output."""

from __future__ import annotations

import importlib
from typing import Any

from tests.unit.fake_obspython import FakeObs
from velora_core.host.output import OutputSample


def sampler(obs: FakeObs) -> Any:
    return importlib.import_module("velora_hosts.obs_script.output_sampler").OutputSampler()


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
