"""What an opening panel waits for, and what it does not."""

from __future__ import annotations

from velora_core.application import Application


def test_panel__is_drawn_before_the_worker_begins(app: Application) -> None:
    """It would take Python from the thread that draws."""
    held: list[int] = []
    app.panel_opened(lambda: held.append(app._runtime.worker._gathering))
    assert held == [1]
    assert not app._runtime.worker._gathering
