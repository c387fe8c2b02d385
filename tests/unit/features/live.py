"""What tests of a running stream do again and again."""

from __future__ import annotations

import pytest

from tests.unit.clock import Clock
from tests.unit.fakes import FakeHost, FakeVelora, run, wait_for
from velora_core.api.models import StreamInfo
from velora_core.application import Application

__all__ = [
    "LIVE",
    "asked",
    "go_live",
    "go_live_and_update",
    "live_clock",
    "pass_time",
    "set_up",
    "stop",
    "update_clock",
    "work",
]

LIVE = StreamInfo("Hello", "Music", "music", is_live=True, viewer_count=4)


def live_clock(monkeypatch: pytest.MonkeyPatch, *modules: str) -> Clock:
    """Return a clock that rules what follows a stream, and these modules."""
    clock = Clock()
    clock.time = lambda: 1_700_000_000.0 + clock.now  # type: ignore[attr-defined]
    clock.strftime, clock.localtime = lambda *_: "12:00:00", lambda _: None  # type: ignore[attr-defined]
    clock.rule(
        monkeypatch,
        "app.worker",
        "features.stream_info",
        "app.monitored_stream",
        "features.live_monitor",
        "app.live_status",
        "app.stream_info_cache",
        *modules,
    )
    return clock


def update_clock(monkeypatch: pytest.MonkeyPatch, *modules: str) -> Clock:
    """Return a clock that rules when title, category and tags are sent, and these modules."""
    return Clock.ruling(monkeypatch, "app.worker", "features.stream_info", *modules)


def go_live_and_update(app: Application, host: FakeHost, velora: FakeVelora) -> None:
    """Start a stream, and wait until Velora has its title, category and tags."""
    go_live(app, host)
    wait_for(lambda: velora.named("update"))
    run(app, app._runtime.press("", lambda: None))


def set_up(app: Application, host: FakeHost, velora: FakeVelora) -> Application:
    """Set an application up for Velora, which shows the stream as live."""
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    velora.info = LIVE
    host.logged.clear()
    velora.calls.clear()
    return app


def pass_time(app: Application, clock: Clock, seconds: float) -> None:
    """In steps of a second, with everything done that is due."""
    for _ in range(int(seconds)):
        clock.now += 1
        work(app)


def work(app: Application) -> None:
    worker = app._runtime.worker
    with worker._changed:
        worker._changed.notify()

    def idle() -> bool:
        app.process_ui_queue()
        with worker._changed:
            due = [job for job in worker._waiting if not job.done and job.due <= worker_now()]
            return not due and worker._running is None and not app._runtime._turns

    def worker_now() -> float:
        from velora_core.app import worker as module

        return float(vars(module)["time"].monotonic())

    wait_for(idle, "the worker to be idle")


def go_live(app: Application, host: FakeHost) -> None:
    app.stream_starting()
    host.live = True
    app.stream_started()


def stop(app: Application, host: FakeHost) -> None:
    host.live = False
    app.stream_stopped()
    work(app)


def asked(velora: FakeVelora) -> int:
    return len(velora.named("info"))
