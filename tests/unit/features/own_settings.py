"""What tests of the user's own settings do again and again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import run_until_idle, wait_for
from velora_core.app.state import StreamSettings
from velora_core.application import Application

__all__ = ["Open", "entered", "open_", "opened", "run_until_stored", "stored", "unwritable"]

Open = Callable[..., Application]


@pytest.fixture
def open_(make: Any, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open an OBS with these settings in its scene collection, and wait until all is read."""
    monkeypatch.setattr("velora_core.features.own_settings._TYPING_DELAY", 0.0)

    def open_(collection: str = "Main", **kept: Any) -> Application:
        app: Application = make()
        app.settings = StreamSettings(**kept)
        app.keep_fields(lambda: collection)
        run_until_stored(app)
        return app

    return open_


def run_until_stored(app: Application) -> None:
    """Wait until what was entered is stored, and what is stored is shown."""
    wait_for(lambda: app.features.own_settings.ready, meanwhile=app.process_ui_queue)
    for _ in range(3):
        run_until_idle(app)


def entered(app: Application, **fields: Any) -> None:
    app.edit(fields)
    run_until_stored(app)


def opened(app: Application) -> None:
    app.panel_opened()
    run_until_stored(app)


def stored(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    return found


def unwritable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no file be written from now on."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("velora_core.storage.private_file.os.replace", fail)
