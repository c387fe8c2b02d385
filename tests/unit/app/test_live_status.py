"""How a running stream is put into words."""

from __future__ import annotations

import time

import pytest

from velora_core.app.live_status import LiveStatus, Viewers, format_duration

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
    assert format_duration(seconds) == text


def test_viewers__now_peak_average() -> None:
    viewers = Viewers()
    for count in (4, 10, 1):
        viewers = viewers.with_sample(count)
    assert (viewers.now, viewers.peak, viewers.average) == (1, 10, 5)


def test_viewers__not_told__leaves_the_rest() -> None:
    viewers = Viewers().with_sample(4).with_sample(None)
    assert (viewers.now, viewers.peak, viewers.average) == (None, 4, 4)


def test_viewers__never_told() -> None:
    viewers = Viewers().with_sample(None)
    assert (viewers.now, viewers.peak, viewers.average) == (None, 0, 0)


def test_sentences() -> None:
    assert LiveStatus().sentence == "Your stream's status is being fetched from Velora."
    not_yet = LiveStatus(is_live=False, checked_at=NOON)
    assert not_yet.sentence == "Velora does not show your stream yet (as of 12:00:00)."
    live = LiveStatus(True, Viewers().with_sample(6).with_sample(3), 450, "Hello", "Music", NOON)
    assert live.sentence == (
        "You have been live for 0:07:30 with 3 viewers (peak 6, average 4), "
        "titled “Hello” (as of 12:00:00)."
    )
    bare = live._replace(viewers=Viewers(), title="")
    assert bare.sentence == (
        "You have been live for 0:07:30 with an unknown number of viewers, "
        "without a title (as of 12:00:00)."
    )
    assert live._replace(trouble="It failed.").sentence.endswith("(as of 12:00:00). It failed.")
    assert LiveStatus(trouble="It failed.").sentence == "It failed."
