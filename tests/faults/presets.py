"""Presets under a fault: by a program before the start; while live by hand, hotkey and scene."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.faults.rows import NOTHING_SAID
from tests.harness import ToyWindows, capture_window
from tests.harness.known_of_obs import HANGS_WITH_CAPTURES_SINCE

if TYPE_CHECKING:
    from tests.faults.session import Session

__all__ = ["apply_presets", "keep_presets", "start_program"]

_SCENE: Final = "Second"
_WINDOW, _PROGRAM = "Chess Master", "chess"
_TELLS_CAPTURES_SINCE: Final = (30, 0, 0)
_UNASKED: Final = 3.0  # seconds in which a request would have come


def keep_presets(folder: Path, title: str) -> None:
    """Write a preset for each way to apply one.

    Args:
        folder: our settings'.
        title: of the one that is for a program.
    """
    presets = [
        {"id": "hand", "name": "By hand", "title": "By hand"},
        {"id": "hotkey", "name": "By hotkey", "title": "By hotkey"},
        {"id": "scene", "name": "By scene", "title": "By scene", "scenes": [{"name": _SCENE}]},
        {"id": "program", "name": "By program", "title": title, "programs": [_PROGRAM]},
    ]
    text = json.dumps({"version": 1, "presets": presets})
    (folder / "presets.json").write_text(text, encoding="utf-8")


def start_program(session: Session, windows: ToyWindows) -> None:
    """Start a program that a scene captures; where OBS tells of it, its preset is applied."""
    session.obs.request("CreateScene", {"sceneName": _SCENE})
    if session.installation.version >= HANGS_WITH_CAPTURES_SINCE:
        return
    capture_window(session.obs, "Scene", _WINDOW, _PROGRAM)
    windows.open(_WINDOW, _PROGRAM)
    if session.installation.version >= _TELLS_CAPTURES_SINCE:
        session.wait_for_log("is captured, so the fields now hold the preset “By program”")


def apply_presets(session: Session) -> str:
    """Apply presets to the running stream; return what was said of the first one."""
    obs, panel = session.obs, session.panel
    panel.choose("Preset", "By hand")
    if session.says() == NOTHING_SAID:
        asked = len(session.velora.journal.find())
        said = session.press("Apply", patient=False)
        _press_hotkey(session)
        time.sleep(_UNASKED)
        assert len(session.velora.journal.find()) == asked
        return said
    said = session.press_and_hear("Apply")
    if session.row.slow:
        _press_hotkey(session)
    else:
        session.hear(lambda: _press_hotkey(session))
    if session.row.transient:  # at the time of what waits to be tried again, whose place it takes
        _change_scene(session)
    else:
        session.hear(lambda: _change_scene(session))
    if not session.says():
        assert session.velora.account.title == "By scene"
    obs.request("SetCurrentProgramScene", {"sceneName": "Scene"})
    return said


def _press_hotkey(session: Session) -> None:
    session.obs.request("TriggerHotkeyByName", {"hotkeyName": "velora_preset_hotkey"})


def _change_scene(session: Session) -> None:
    session.obs.request("SetCurrentProgramScene", {"sceneName": _SCENE})
    session.wait_for_log("The scene on air sends the preset “By scene”.", timeout=150)
