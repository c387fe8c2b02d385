"""How a stream is sent: in the live line, in the summary, and as a warning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import OTHER, FakeHost, FakeVelora, run
from tests.unit.features.live import go_live, live_clock, set_up, stop, work
from velora_core.app.state import StatusLevel
from velora_core.application import Application
from velora_core.host.output import OutputSample

Pass = Callable[..., None]
SILENCE = (
    "Check your internet connection: nothing could be sent to Velora for 10 seconds, and your "
    "stream goes on trying."
)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return live_clock(monkeypatch, "features.health_monitor")


@pytest.fixture
def app(make: Any, host: FakeHost, velora: FakeVelora) -> Application:
    """Set up for Velora."""
    app = set_up(make(), host, velora)
    host.counted = OutputSample(1000, 1)
    return app


@pytest.fixture
def send(app: Application, host: FakeHost, clock: Clock) -> Pass:
    def send(seconds: int, *, rate: int = 375_000, lost: int = 0) -> None:
        """In each second 100 frames, of which `lost` are dropped."""
        for _ in range(seconds):
            clock.now += 1
            assert host.counted
            host.counted = OutputSample(
                host.counted.bytes_sent + rate,
                host.counted.frames + 100,
                host.counted.dropped + lost,
            )
            work(app)

    return send


def test_a_good_stream__in_the_live_line_and_the_summary(
    app: Application, host: FakeHost, send: Pass
) -> None:
    go_live(app, host)
    send(10)
    wakes = host.wakes
    send(5)
    assert host.wakes == wakes  # OBS does not save its scenes for a reading
    assert app.state.live_summary.endswith(
        "(as of 12:00:00). Your stream is sent at 3000 kbit/s (0% of the frames lost)."
    )
    stop(app, host)
    assert app.state.live_summary.startswith("Your stream lasted 0:00:15, with a peak of 4 viewers")
    assert app.state.live_summary.endswith(" It was sent at 3000 kbit/s (0% of the frames lost).")
    assert not host.sampling
    assert host.warnings == []


def test_counters__that_cannot_be_read_for_a_while(
    app: Application, host: FakeHost, send: Pass
) -> None:
    counted, host.counted = host.counted, None
    go_live(app, host)
    work(app)
    assert app.state.health is None
    host.counted = counted
    send(15)
    assert "sent at 3000 kbit/s" in app.state.live_summary


def test_silence__is_warned_of_and_ends(app: Application, host: FakeHost, send: Pass) -> None:
    go_live(app, host)
    send(10)
    send(15, rate=0)
    assert host.warnings == [SILENCE]
    assert app.state.status.endswith(SILENCE)
    assert app.state.tone is StatusLevel.WARNING
    send(20, rate=0)
    assert host.warnings == [SILENCE]
    send(5)
    assert app.state.status.endswith("Your stream is sent to Velora again.")
    assert SILENCE not in app.state.status
    send(15, rate=0)
    assert host.warnings == [SILENCE]  # the log does not pop up a second time
    assert app.state.status.endswith(SILENCE)
    stop(app, host)
    assert SILENCE not in app.state.status


def test_silence__after_which_losses_are_left_ends_as_well(
    app: Application, host: FakeHost, send: Pass
) -> None:
    go_live(app, host)
    send(35)
    send(15, rate=0)
    assert host.warnings == [SILENCE]
    send(5, lost=100)
    said = [sentence for _, sentence in host.logged]
    assert "Your stream is sent to Velora again." in said
    assert len(host.warnings) == 2
    assert host.warnings[1].startswith("Lower the bitrate")
    assert app.state.status.endswith(host.warnings[1])


def test_losses__are_warned_of_and_end(app: Application, host: FakeHost, send: Pass) -> None:
    go_live(app, host)
    send(35, lost=5)
    assert host.warnings == [
        "Lower the bitrate in your output settings, or check your connection: 5% of the frames "
        "to Velora were lost in the last 30 seconds."
    ]
    send(35)
    assert app.state.status.endswith("Hardly any frames are lost on the way to Velora now.")


def test_a_stream_elsewhere__not_a_word(app: Application, host: FakeHost, send: Pass) -> None:
    host.services[host.current_profile] = OTHER
    go_live(app, host)
    send(60, lost=50, rate=0)
    assert host.warnings == []
    assert app.state.health is None
    stop(app, host)
    assert "It was sent" not in app.state.live_summary


def test_loaded_in_mid_stream__goes_on(make: Any, host: FakeHost, app: Application) -> None:
    app.close()
    assert not host.sampling
    host.live = True
    another = make()
    run(another, another.actions.refresh())
    assert host.sampling
    another.close()
    assert not host.sampling
