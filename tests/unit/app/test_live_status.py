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


def test_viewers__each_number_counts_for_as_long_as_it_held() -> None:
    viewers = Viewers().with_sample(4, 100.0)
    assert (viewers.now, viewers.peak, viewers.average) == (4, 4, 4)
    viewers = viewers.with_sample(10, 130.0).with_sample(1, 131.0)
    assert (viewers.now, viewers.peak, viewers.average) == (1, 10, 4)
    assert viewers.with_sample(1, 191.0).average == 2  # 4 for 30 s, 10 for 1 s, 1 for 60 s
    assert viewers.with_sample(1, 131.0) == viewers


def test_viewers__not_told__leaves_that_time_out() -> None:
    viewers = Viewers().with_sample(4, 10.0).with_sample(None, 20.0)
    assert (viewers.now, viewers.peak, viewers.average) == (None, 4, 4)
    viewers = viewers.with_sample(8, 1000.0).with_sample(8, 1010.0)
    assert (viewers.now, viewers.peak, viewers.average) == (8, 8, 6)


def test_viewers__known_once_they_were_told() -> None:
    assert not Viewers().with_sample(None, 1.0).known
    assert Viewers().with_sample(0, 1.0).known
    assert Viewers().with_sample(3, 1.0).with_sample(None, 1.0).known


def test_viewers__never_told() -> None:
    viewers = Viewers().with_sample(None, 0.0)
    assert (viewers.now, viewers.peak, viewers.average) == (None, 0, 0)
    assert Viewers().with_sample(3, 5.0).with_sample(None, 5.0).average == 3


def test_sentences() -> None:
    assert LiveStatus().sentence == "Your stream's status is being fetched from Velora."
    not_yet = LiveStatus(is_live=False, checked_at=NOON)
    assert not_yet.sentence == "Velora does not show your stream yet (as of 12:00:00)."
    viewers = Viewers().with_sample(6, 0.0).with_sample(2, 5.0).with_sample(3, 10.0)
    live = LiveStatus(True, viewers, 450, "Hello", "Music", NOON)
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


def test_pushed__holds_until_there_is_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("velora_core.app.live_status.time.monotonic", lambda: 190.0)
    viewers = Viewers().with_sample(3, 0.0)
    live = LiveStatus(True, viewers, 450, "Hello", "Music", NOON, pushed=True, checked=100.0)
    assert live.sentence == (
        "You have been live for 0:09:00 with 3 viewers (peak 3, average 3), "
        "titled “Hello” (as of 12:01:30)."
    )
    ended = live.push_ended(30)
    assert "for 0:08:30 with" in ended.sentence
    assert "(as of 12:01:00)" in ended.sentence
    assert live.push_ended(1000).sentence == live._replace(pushed=False).sentence
    assert not LiveStatus(pushed=True).push_ended(5).pushed


@pytest.mark.parametrize("jump", [-365 * 86_400, -3600, 3600, 365 * 86_400])
def test_pushed__a_clock_that_is_set_makes_no_stream_longer(
    monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    viewers = Viewers().with_sample(3, 0.0)
    live = LiveStatus(True, viewers, 450, "Hello", "Music", NOON, pushed=True, checked=100.0)
    monkeypatch.setattr("velora_core.app.live_status.time.monotonic", lambda: 190.0)
    monkeypatch.setattr("velora_core.app.live_status.time.time", lambda: NOON + 90 + jump)
    assert "for 0:09:00 with" in live.sentence
    assert "for 0:08:30 with" in live.push_ended(30).sentence
