"""How often Velora is asked in an hour live, by the simulator's journal.

The hour is one of the clocks' only; each request is a real one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.simulator import Client, Simulator
from tests.unit.clock import Clock
from tests.unit.fakes import FakeHost, run, wait_for
from tests.unit.features.live import live_clock
from velora_core import ClientCredentials, Grant, Secret
from velora_core.api.endpoints import Endpoints
from velora_core.app.state import StreamSettings
from velora_core.application import Application
from velora_core.auth.oauth import Tokens
from velora_core.storage.storage import Storage

_HOUR = 3600
_STEP = 3  # seconds; divides the moments at which Velora is asked

Evening = Callable[[], Counter[str]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return live_clock(
        monkeypatch, "api.rate_limit", "auth.oauth", "auth.token_refresh", "features.live_events"
    )


@pytest.fixture
def live_for_an_hour(velora: Simulator, tmp_path: Path, clock: Clock) -> Iterator[Evening]:
    """An hour with a changing number of viewers and title; returns what was asked, how often."""
    now = clock.time  # type: ignore[attr-defined]
    velora.tokens.clock = now
    client = velora.register(Client())
    issued = velora.issue_sign_in(expires_in=_HOUR / 2)
    storage = Storage(tmp_path, origin=Endpoints.at(velora.api_url).origin)
    tokens = Tokens(Secret(issued.access), Secret(issued.refresh or ""), now() + _HOUR / 2, None)
    credentials = ClientCredentials(client.client_id, Secret(client.client_secret or ""))
    storage.save_sign_in(Grant(credentials, tokens, name="", since=now()))
    host = FakeHost()
    app = Application(host, environment={"VELORA_API_URL": velora.api_url}, folder=tmp_path)
    run(app, app.actions.configure())

    def shown() -> bool:
        clock.now += 0.01  # two changes at once are shown one after the other
        _work(app, clock)
        live, account = app.state.live, velora.account
        return live is not None and (live.viewers.now, live.title) == (
            account.viewers,
            account.title,
        )

    def evening() -> Counter[str]:
        velora.journal.clear()
        app.settings = StreamSettings(title="Hello")
        velora.account.go_live(velora.account.stream_key)
        app.stream_starting()
        host.live = True
        app.stream_started()
        for second in range(_STEP, _HOUR + _STEP, _STEP):
            if velora.events.there and second % 60 == 0:
                velora.account.viewers = second // 60
                if second % 600 == 0:
                    velora.account.title = f"Part {second // 600}"
                wait_for(lambda: app.features.live_monitor._events.up, "the connection")
                wait_for(shown, "the change to be shown")
            clock.now += _STEP
            _work(app, clock)
        app.stream_stopped()
        return Counter(f"{request.method} {request.path}" for request in velora.journal.find())

    yield evening
    app.close()


def _work(app: Application, clock: Clock) -> None:
    """All that is due now, and what comes of it."""
    worker = app._runtime.worker
    with worker._changed:
        worker._changed.notify()

    def idle() -> bool:
        app.process_ui_queue()
        with worker._changed:
            now = clock.monotonic()
            due = [job for job in worker._waiting if not job.done and job.due <= now]
            return not due and worker._running is None and not app._runtime._turns

    wait_for(idle, "the worker to be idle")


def test_polled__an_hour(velora: Simulator, live_for_an_hour: Evening) -> None:
    velora.events.there = False
    asked = live_for_an_hour()
    assert asked["GET /api/integrations/oauth/stream/info"] == 120
    assert asked["PUT /api/integrations/oauth/stream/info"] == 1
    assert asked["POST /api/developer/oauth/token"] == 1
    assert asked["GET /api/events/stream"] <= 4  # whether there is one now


def test_pushed__an_hour(velora: Simulator, live_for_an_hour: Evening) -> None:
    """With all that belongs to it: the token has to be refreshed once, and then the connection."""
    asked = live_for_an_hour()
    assert asked["PUT /api/integrations/oauth/stream/info"] == 1
    assert asked["POST /api/developer/oauth/token"] == 1
    assert asked["GET /api/events/stream"] == 2
    assert sum(asked.values()) <= 12, asked
