"""How long it is waited beside pushed events; through the live monitor: `live_events/`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from velora_core import errors
from velora_core.features.event_pauses import (
    MAX_POLL_INTERVAL,
    RETRY_DELAY,
    EventPauses,
    longer_poll_interval,
)

SILENCE = 60.0
TROUBLE, REFUSAL = errors.TimedOut(), errors.Unauthorized()


def stream(*, refused: bool = False, retry: float | None = None) -> Any:
    return SimpleNamespace(refused=refused, retry=retry)


def after(pauses: EventPauses, error: Any = TROUBLE, ended: Any = None, held: float = 0.0) -> float:
    return pauses.after(ended, error, held=held, silence=SILENCE)


@pytest.fixture
def pauses() -> EventPauses:
    return EventPauses()


def test_trouble__is_waited_for_ever_longer_within_bounds(pauses: EventPauses) -> None:
    waited = [after(pauses) for _ in range(30)]
    assert waited[:4] == [RETRY_DELAY, 2, 4, 8]
    assert waited[-1] == 300
    assert waited == sorted(waited)


def test_refusal__is_waited_for_longer(pauses: EventPauses) -> None:
    assert [after(pauses, REFUSAL) for _ in range(5)] == [300, 600, 1200, 1800, 1800]


def test_trouble__is_serious_the_second_time_and_a_refusal_at_once(pauses: EventPauses) -> None:
    after(pauses)
    assert not pauses.serious
    after(pauses)
    assert pauses.serious
    other = EventPauses()
    after(other, REFUSAL)
    assert other.serious


def test_end_without_an_error__is_not_serious(pauses: EventPauses) -> None:
    for _ in range(3):
        after(pauses, None, stream())
    assert not pauses.serious


@pytest.mark.parametrize(("held", "delay"), [(SILENCE - 1, 8.0), (SILENCE, 1.0)])
def test_connection_that_held__begins_anew(pauses: EventPauses, held: float, delay: float) -> None:
    for _ in range(3):
        after(pauses)
    assert after(pauses, None, stream(), held) == delay


def test_other_account__begins_anew(pauses: EventPauses) -> None:
    for _ in range(3):
        after(pauses)
    pauses.restart()
    assert after(pauses) == RETRY_DELAY


def test_refused_token__once_at_once_until_a_connection_proves_the_next(
    pauses: EventPauses,
) -> None:
    assert after(pauses, REFUSAL, stream(refused=True)) == 0
    assert not pauses.serious  # there may be another one
    assert after(pauses, REFUSAL, stream(refused=True)) == 300
    assert pauses.serious
    pauses.confirmed()
    assert after(pauses, REFUSAL, stream(refused=True)) == 0
    pauses.restart()  # another account's token is another one
    assert after(pauses, REFUSAL, stream(refused=True)) == 0


@pytest.mark.parametrize(("retry", "delay"), [(0.0, 1.0), (7.0, 7.0), (86_400.0, 300.0)])
def test_veloras_own_pause__counts_within_bounds(
    pauses: EventPauses, retry: float, delay: float
) -> None:
    assert after(pauses, None, stream(retry=retry)) == delay


def test_rate_limit__is_waited_for(pauses: EventPauses) -> None:
    limited = errors.RateLimited(retry_after=100)
    assert after(pauses, limited, stream(retry=7.0)) == limited.pause >= 100


def test_poll_interval__grows_from_the_one_that_was_set_to_half_an_hour() -> None:
    interval, intervals = 30.0, []
    for _ in range(5):
        interval = longer_poll_interval(interval, 30.0)
        intervals.append(interval)
    assert intervals == [120, 480, 1800, 1800, 1800]


def test_poll_interval__set_longer_since_counts_at_once() -> None:
    assert longer_poll_interval(5.0, 600.0) == 600
    assert longer_poll_interval(5.0, 7200.0) == MAX_POLL_INTERVAL
