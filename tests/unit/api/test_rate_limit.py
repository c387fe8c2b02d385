"""How long background requests wait."""

from __future__ import annotations

import math
import threading
from email.utils import formatdate

import pytest

from tests.unit.clock import Clock
from velora_core.api.rate_limit import RateLimiter


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.ruling(monkeypatch, "api.rate_limit")


@pytest.fixture
def limit(clock: Clock) -> RateLimiter:
    return RateLimiter()


def test_at_first__no_pause(limit: RateLimiter) -> None:
    assert limit.pause() == 0.0


def test_twenty_in_a_minute__the_rest_is_for_the_streamer(limit: RateLimiter, clock: Clock) -> None:
    for _ in range(20):
        assert limit.pause() == 0.0
        limit.record()
        clock.now += 1
    assert limit.pause() == pytest.approx(40.0)
    clock.now += 40
    assert limit.pause() == 0.0


def test_polling_as_fast_as_allowed__stays_below_the_sandbox_limit(
    limit: RateLimiter, clock: Clock
) -> None:
    """With the streamer's own ten a minute on top of it."""
    sent: list[float] = []
    start = clock.now
    while clock.now < start + 600:
        if limit.pause() == 0.0:
            limit.record()
            sent.append(clock.now)
        if int(clock.now - start) % 6 == 0:  # a button
            limit.record()
            sent.append(clock.now)
        clock.now += 1
    busiest = max(sum(at <= request < at + 60 for request in sent) for at in sent)
    assert 20 <= busiest <= 30


def test_more_than_the_limit_by_the_streamer__the_background_waits(
    limit: RateLimiter, clock: Clock
) -> None:
    for _ in range(600):
        limit.record()
    assert limit.pause() == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("status", "headers", "retry_after", "pause"),
    [
        (200, {}, None, 0.0),
        (429, {}, 17.0, 17.0),
        (429, {}, None, 60.0),
        (429, {}, 1e9, 300.0),
        (200, {"X-RateLimit-Remaining": "700", "X-RateLimit-Limit": "800"}, None, 0.0),
        (200, {"X-RateLimit-Remaining": "10", "X-RateLimit-Limit": "30"}, None, 60.0),
        (200, {"X-RateLimit-Remaining": "4", "X-RateLimit-Limit": "9"}, None, 0.0),
        (200, {"X-RateLimit-Remaining": "3", "X-RateLimit-Limit": "9"}, None, 60.0),
        (200, {"X-RateLimit-Remaining": "nan"}, None, 0.0),
        (200, {"X-RateLimit-Remaining": "soon"}, None, 0.0),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "inf"}, None, 60.0),
    ],
)
def test_what_an_answer_says(
    limit: RateLimiter,
    status: int,
    headers: dict[str, str],
    retry_after: float | None,
    pause: float,
) -> None:
    limit.update_from(status, headers, retry_after)
    assert limit.pause() == pytest.approx(pause)


@pytest.mark.parametrize("date", ["server", "none", "nonsense"])
def test_reset__by_the_servers_clock(limit: RateLimiter, clock: Clock, date: str) -> None:
    """This computer's is a day off; without the server's, a minute is the most."""
    server = 1_700_000_000
    clock.time = lambda: server - 86_400.0  # type: ignore[attr-defined]
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(server + 12)}
    if date != "none":
        headers["Date"] = formatdate(server, usegmt=True) if date == "server" else "yesterday"
    limit.update_from(200, headers, None)
    assert limit.pause() == pytest.approx(12.0 if date == "server" else 60.0)


def test_many_threads__count_right(limit: RateLimiter) -> None:
    def record() -> None:
        for _ in range(5):
            limit.record()

    threads = [threading.Thread(target=record) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert limit.pause() > 0
    assert math.isfinite(limit.pause())
