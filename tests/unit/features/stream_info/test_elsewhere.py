"""A stream that may be none of our business."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import RTMP, FakeHost, FakeVelora, run, run_until_idle
from tests.unit.features.stream_info.steps import go_live, wait_for_updates
from velora_core import errors
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.features.stream_info import RETRY_DELAYS
from velora_hosts.obs.service import Service

TWITCH = Service("rtmp_common", {"service": "Twitch", "server": "auto", "key": "live_test_other"})


CUSTOM = Service("rtmp_custom", {"server": "rtmp://other.test/app", "key": "live_test_other"})


def stream_for_ten_minutes(
    app: Application, host: FakeHost, velora: FakeVelora, clock: Clock
) -> list[str]:
    """Return what Velora was asked while the stream ran; at its end the key is checked."""
    go_live(app, host)
    for _ in range(60):
        clock.now += 10
        run(app, app._runtime.press("", lambda: None))
    host.live = False
    asked = [name for name, _ in velora.calls]
    app.stream_stopped()
    run_until_idle(app)
    return asked


@pytest.mark.usefixtures("slow_retries")
@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("service", [TWITCH, CUSTOM])
def test_elsewhere_while_nothing_is_known__not_a_word(
    make: Any,
    host: FakeHost,
    velora: FakeVelora,
    clock: Clock,
    service: Service,
    signed_in: bool,
) -> None:
    app: Application = make(**({} if signed_in else {"HOME": "/nowhere"}))
    run(app, app._runtime.press("", lambda: None))
    app.settings = StreamSettings(title="Hello")
    host.services["Main"] = service
    before = app.state.status
    asked = stream_for_ten_minutes(app, host, velora, clock)
    asks = signed_in and service is CUSTOM
    assert asked == ["setup"] * asks
    assert host.logged == []
    assert app.state.status == before
    assert app.state.live is None
    assert app.state.live_summary == "You are not streaming to Velora."


@pytest.mark.usefixtures("slow_retries")
@pytest.mark.parametrize(
    ("failure", "most"),
    [
        (errors.InsufficientScope(scope="stream:key"), 2),
        (errors.Unauthorized(), 2),
        (errors.TransportError(), 30),
    ],
)
def test_may_be_elsewhere_and_can_not_be_found_out__not_a_word(
    make: Any,
    host: FakeHost,
    velora: FakeVelora,
    clock: Clock,
    failure: errors.VeloraError,
    most: int,
) -> None:
    app: Application = make()
    run(app, app._runtime.press("", lambda: None))
    velora.failures["setup"] += [failure] * 99
    app.settings = StreamSettings(title="Hello")
    host.services["Main"] = CUSTOM
    before = app.state.status
    asked = stream_for_ten_minutes(app, host, velora, clock)
    assert {name for name, _ in velora.calls} == {"setup"}
    assert len(asked) <= most
    assert (host.logged, app.state.status, app.state.live) == ([], before, None)


@pytest.mark.usefixtures("slow_retries")
def test_velora_that_is_found_out_late__gets_the_info_then(
    make: Any, host: FakeHost, velora: FakeVelora, clock: Clock
) -> None:
    app: Application = make()
    velora.failures["setup"] += [errors.TransportError()]
    app.settings = StreamSettings(title="Hello")
    host.services["Main"] = Service("rtmp_custom", {"server": RTMP})
    go_live(app, host)
    wait_for_updates(app, velora, 0)
    assert velora.named("update") == []
    clock.now += RETRY_DELAYS[0]
    wait_for_updates(app, velora, 1)
    assert velora.named("update") == [{"title": "Hello"}]
    assert host.warnings == []
