"""What tests of stream info do again and again."""

from __future__ import annotations

from tests.unit.fakes import FakeHost, FakeVelora, run, wait_for
from velora_core.app.state import StreamSettings
from velora_core.application import Application

__all__ = [
    "FULL",
    "UNKNOWN",
    "go_live",
    "tried",
    "wait_for_updates",
]

FULL = StreamSettings(title=" Hello ", category="Music", tags=("a", " A", "b"))


def go_live(app: Application, host: FakeHost) -> None:
    app.stream_starting()
    host.live = True
    app.stream_started()


def wait_for_updates(app: Application, velora: FakeVelora, updates: int) -> None:
    """Let worker and UI thread take turns until so many updates were tried."""

    def done() -> bool:
        app.process_ui_queue()
        return len(velora.named("update")) >= updates

    wait_for(done, f"{updates} updates")
    run(app, app._runtime.press("", lambda: None))


def tried(app: Application, velora: FakeVelora) -> int:
    """Return how often the info was sent, with everything done that is due."""
    run(app, app.actions.refresh())  # less urgent than the rest
    return len(velora.named("update"))


UNKNOWN = "Velora has no category “No Such Thing”: choose one from the list."
