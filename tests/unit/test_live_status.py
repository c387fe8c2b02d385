"""How a running stream is put into words."""

from __future__ import annotations

import time

import pytest

from velora_core.app.live_status import LiveStatus, Viewers, clock_time

NOON = time.mktime((2026, 1, 2, 12, 0, 0, 0, 0, -1))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00:00"),
        (59.9, "0:00:59"),
        (450, "0:07:30"),
        (36_000, "10:00:00"),
        (-5, "0:00:00"),
        (360_000, "100:00:00"),
    ],
)
def test_clock_time(seconds: float, text: str) -> None:
    assert clock_time(seconds) == text


def test_viewers__now_peak_average() -> None:
    viewers = Viewers()
    for count in (4, 10, 1):
        viewers = viewers.and_now(count)
    assert (viewers.now, viewers.peak, viewers.average) == (1, 10, 5)


def test_viewers__not_told__leaves_the_rest() -> None:
    viewers = Viewers().and_now(4).and_now(None)
    assert (viewers.now, viewers.peak, viewers.average) == (None, 4, 4)


def test_viewers__never_told() -> None:
    viewers = Viewers().and_now(None)
    assert (viewers.now, viewers.peak, viewers.average) == (None, 0, 0)


def test_sentences() -> None:
    assert LiveStatus().sentence == "Asking Velora how your stream stands."
    not_yet = LiveStatus(on_air=False, checked_at=NOON)
    assert not_yet.sentence == "Velora does not show your stream yet (at 12:00:00)."
    live = LiveStatus(True, Viewers().and_now(6).and_now(3), 450, "Hello", "Music", NOON)
    assert live.sentence == (
        "On air for 0:07:30 with 3 viewers (peak 6, average 4), titled “Hello” (at 12:00:00)."
    )
    bare = live._replace(viewers=Viewers(), title="")
    assert bare.sentence == (
        "On air for 0:07:30 with an unknown number of viewers, without a title (at 12:00:00)."
    )
    assert live._replace(trouble="It failed.").sentence.endswith("(at 12:00:00). It failed.")
    assert LiveStatus(trouble="It failed.").sentence == "It failed."
