"""Counters out of rates."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from velora_hosts.streamlabs import counters as module
from velora_hosts.streamlabs.counters import Counters

TOLD = {"bandwidth": 4000, "frameRate": 60, "numberDroppedFrames": 6}


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self.now))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_rates__count_for_the_time_since_the_last_look(clock: Clock) -> None:
    counters = Counters()
    counters.begin()
    assert counters.sample(TOLD, reconnecting=False) == (0, 6, 6, 0.0, False)
    clock.now += 10
    sample = counters.sample(TOLD, reconnecting=False)
    assert (sample.bytes_sent, sample.frames, sample.dropped) == (5_000_000, 600, 6)
    clock.now += 2
    sample = counters.sample({**TOLD, "bandwidth": 0}, reconnecting=True)
    assert (sample.bytes_sent, sample.frames, sample.reconnecting) == (5_000_000, 720, True)
    counters.begin()
    assert counters.sample(TOLD, reconnecting=False).bytes_sent == 0


@pytest.mark.parametrize("odd", [None, "4000", True, -1, 1e300, [1], {}])
def test_what_is_no_number__counts_as_none(clock: Clock, odd: Any) -> None:
    counters = Counters()
    told = dict.fromkeys(TOLD, odd)
    counters.sample(told, reconnecting=False)
    clock.now += 10
    sample = counters.sample(told, reconnecting=False)
    assert sample[:3] == (0, 0, 0)
