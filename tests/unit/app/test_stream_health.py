"""What the counters of an output mean."""

from __future__ import annotations

import pytest

from velora_core.app.stream_health import HealthRecord, StreamHealth, Trouble, percent
from velora_core.host.output import OutputSample


class Output:
    """Sends 30 frames and 375 000 bytes a second (3000 kbit/s), sampled each five seconds."""

    def __init__(self, *, delayed: bool = False) -> None:
        self.record = HealthRecord()
        self.now = 100.0
        self.counted = OutputSample(0, 0) if delayed else OutputSample(1000, 1)
        self.health = self.record.add(self.now, self.counted)

    def run(self, seconds: int, *, lost: int = 0, rate: int = 375_000) -> StreamHealth:
        """For a multiple of five seconds; `lost` of 100 frames are dropped."""
        for _ in range(seconds // 5):
            self.now += 5
            before = self.counted
            self.counted = before._replace(
                bytes_sent=before.bytes_sent + 5 * rate,
                frames=before.frames + 500,
                dropped=before.dropped + 5 * lost,
            )
            self.health = self.record.add(self.now, self.counted)
        return self.health

    def reconnect(self, *, seen: bool) -> StreamHealth:
        if seen:
            self.now += 5
            self.health = self.record.add(self.now, self.counted._replace(reconnecting=True))
        self.counted = OutputSample(0, 0)
        return self.run(5)


def test_a_good_stream() -> None:
    output = Output()
    assert output.health == StreamHealth(frames=1)
    assert output.health.sentence == ""
    health = output.run(60)
    assert health == StreamHealth(bitrate=3000.0, frames=6001)
    assert health.sentence == "Your stream is sent at 3000 kbit/s (0% of the frames lost)."
    whole = output.record.whole()
    assert whole.summary == "It was sent at 3000 kbit/s (0% of the frames lost)."


def test_nothing_is_known__nothing_is_said() -> None:
    assert HealthRecord().whole().summary == ""
    assert Output().record.whole().summary == ""


def test_losses__count_over_half_a_minute_and_end() -> None:
    output = Output()
    assert output.run(25, lost=50).trouble is None  # it is too early to say
    health = output.run(5, lost=50)
    assert (health.trouble, health.lost_lately) == (Trouble.LOSSES, 0.5)
    assert output.run(25).trouble is Trouble.LOSSES
    health = output.run(5)
    assert (health.trouble, health.lost_lately) == (None, 0.0)
    assert health.lost == pytest.approx(0.25, rel=0.01)


@pytest.mark.parametrize(("lost", "trouble"), [(1, None), (2, Trouble.LOSSES)])
def test_losses__more_than_one_percent(lost: int, trouble: Trouble | None) -> None:
    assert Output().run(60, lost=lost).trouble is trouble


def test_silence__after_ten_seconds_until_a_byte() -> None:
    output = Output()
    output.run(5)
    assert output.run(5, rate=0).trouble is None
    health = output.run(5, rate=0)
    assert (health.trouble, health.bitrate) == (Trouble.SILENCE, 0.0)
    assert output.run(30, rate=0).trouble is Trouble.SILENCE
    assert output.run(5).trouble is None


def test_a_delayed_stream__is_not_silent() -> None:
    output = Output(delayed=True)
    assert output.run(60, rate=0).trouble is None
    output.run(5)
    assert output.run(10, rate=0).trouble is Trouble.SILENCE


@pytest.mark.parametrize("seen", [True, False])
def test_reconnects__are_counted_once_and_the_totals_go_on(seen: bool) -> None:
    output = Output()
    output.run(60, lost=10)
    health = output.reconnect(seen=seen)
    assert health.reconnects == 1
    assert health.lost == pytest.approx(0.092, rel=0.01)
    assert health.lost_lately == 0.0
    output.run(20)
    assert output.health.bitrate == 3000.0
    whole = output.record.whole()
    assert whole.bitrate == pytest.approx(3000, rel=0.1)
    assert whole.summary.endswith("% of the frames lost, 1 reconnect).")
    health = output.reconnect(seen=seen)
    assert "2 reconnects" in health.sentence
    assert health.bitrate == 3000.0


def test_a_long_reconnect__is_silence() -> None:
    output = Output()
    output.run(10)
    lost = output.counted._replace(reconnecting=True)
    healths = [output.record.add(output.now + seconds, lost) for seconds in (5, 10, 15)]
    assert [health.trouble for health in healths] == [None, Trouble.SILENCE, Trouble.SILENCE]
    assert healths[-1].reconnects == 1


def test_congestion__is_said_while_there_is_some() -> None:
    health = StreamHealth(bitrate=2499.6, lost=0.0123, congestion=0.42, reconnects=3)
    assert health.sentence == (
        "Your stream is sent at 2500 kbit/s (1.2% of the frames lost, congestion 42%, "
        "3 reconnects)."
    )
    assert "congestion" not in health._replace(congestion=0.001).sentence
    assert "congestion" not in health.summary


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0%"), (0.0004, "under 0.1%"), (0.05, "5%"), (0.123, "12.3%")]
)
def test_percent(share: float, words: str) -> None:
    assert percent(share) == words
