"""Tries that are repeated while the stream lives, and end with it."""

from __future__ import annotations

import threading

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import FakeHost, FakeVelora, run, wait_for
from tests.unit.features.stream_info.steps import FULL, go_live, tried, wait_for_updates
from velora_core import errors
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.features.stream_info import RETRY_DELAYS


@pytest.mark.usefixtures("slow_retries")
def test_tries__come_after_their_delays_as_long_as_the_stream_lives(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"] += [errors.TimedOut()] * 100
    go_live(app, host)
    assert tried(app, velora) == 1
    for count, delay in enumerate((*RETRY_DELAYS, *[RETRY_DELAYS[-1]] * 40), start=1):
        assert f"trying again in {delay} seconds" in host.logged[-1][1]
        clock.now += delay - 1
        assert tried(app, velora) == count
        clock.now += 1
        assert tried(app, velora) == count + 1
    assert len(host.warnings) == 1
    host.live = False
    app.stream_stopped()
    assert "was not sent to Velora" in app.state.status
    count = tried(app, velora)
    clock.now += 1e6
    assert tried(app, velora) == count


@pytest.mark.parametrize(("asked", "waited"), [(40.0, 40), (0.2, 5), (None, 60), (1e300, 3600)])
@pytest.mark.usefixtures("slow_retries")
def test_rate_limit__is_waited_for(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    clock: Clock,
    asked: float | None,
    waited: int,
) -> None:
    velora.failures["update"].append(errors.RateLimited(retry_after=asked))
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    assert f"trying again in {waited} seconds" in app.state.status
    app.process_ui_queue()
    clock.now += waited - 0.1
    assert tried(app, velora) == 1
    clock.now += 0.1
    assert tried(app, velora) == 2


@pytest.mark.usefixtures("slow_retries")
def test_stream_ends__and_so_do_the_tries(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    app.process_ui_queue()
    assert "trying again" in app.state.status
    host.live = False
    app.stream_stopped()
    assert "Your stream info was not sent to Velora" in app.state.status
    clock.now += 1e6
    assert tried(app, velora) == 1


@pytest.mark.usefixtures("slow_retries")
def test_stream_ends__before_the_next_try_was_arranged(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    wait_for(lambda: "trying again" in app.state.status)
    host.live = False
    app.stream_stopped()
    app.process_ui_queue()
    assert "trying again" not in app.state.status
    clock.now += 1e6
    assert tried(app, velora) == 1


def test_stream_ends__during_a_try_that_fails(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    velora.failures["update"].append(errors.TimedOut())
    go_live(app, host)
    wait_for(lambda: velora.named("update"))
    host.live = False
    app.stream_stopped()
    velora.block.set()
    wait_for_updates(app, velora, 1)
    app.process_ui_queue()
    assert app.state.status == str(errors.TimedOut())
    assert tried(app, velora) == 1
    assert host.warnings == []


@pytest.mark.usefixtures("slow_retries")
def test_start_that_led_nowhere__ends_the_tries_though_nobody_said_so(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    velora.failures["update"] += [errors.TimedOut()] * 50
    app.stream_starting()
    for _ in range(20):
        tried(app, velora)
        clock.now += 60
    count = tried(app, velora)
    assert 1 < count < len(RETRY_DELAYS)
    clock.now += 1e6
    assert tried(app, velora) == count


def test_next_stream__has_tries_of_its_own(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"] += [errors.Unauthorized()]
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    app.settings = StreamSettings(title="Second stream")
    velora.failures["update"] += [errors.TimedOut()] * 3
    go_live(app, host)  # without an end of the first one
    wait_for_updates(app, velora, 5)
    assert [update["title"] for update in velora.named("update")] == ["Hello"] + [
        "Second stream"
    ] * 4
    assert "Velora now has" in app.state.status


def test_stream_events__of_a_stream_that_began_before_loading(
    app: Application, velora: FakeVelora
) -> None:
    app.stream_started()
    app.stream_stopped()
    assert tried(app, velora) == 0


def test_stream_ends__before_the_info_went_out(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    busy = app.actions.refresh()
    wait_for(lambda: velora.calls[-1][0] == "categories")
    app.settings = FULL
    go_live(app, host)
    app.stream_stopped()
    velora.block.set()
    run(app, busy)
    wait_for_updates(app, velora, 0)
    assert velora.named("update") == []


@pytest.mark.usefixtures("slow_retries")
@pytest.mark.parametrize("arranged", [True, False])
def test_close__leaves_no_try_behind(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock, arranged: bool
) -> None:
    velora.failures["update"] += [errors.TimedOut()] * 20
    go_live(app, host)
    wait_for(lambda: "trying again" in app.state.status)
    if arranged:
        app.process_ui_queue()
    app.close()
    clock.now += 1e6
    app.process_ui_queue()
    wait_for(lambda: not any(thread.name == "velora-worker" for thread in threading.enumerate()))
    assert len(velora.named("update")) == 1
