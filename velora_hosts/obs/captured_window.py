"""What the settings of OBS's capture sources say of the window that is to be captured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["WINDOW_SETTINGS", "captured_window"]

WINDOW_SETTINGS: Final = (
    "window",
    "capture_window",
    "application",
    "owner_name",
    "window_name",
    "capture_mode",
)
"""Those that name a window or its program; each kind of source has some of them."""
_CHOSEN_WINDOW: Final = "window"
"""The mode in which Game Capture captures the window that was chosen. In the others that setting
is what was chosen once, and any window may be captured."""
_BY_TITLE, _BY_EXECUTABLE = 1, 2
"""What has to be the same when OBS seeks a window on Windows; else only the window's class."""


def captured_window(kind: str, settings: Mapping[str, str], priority: int) -> tuple[str, str]:
    """Return the executable and the window's title; what isn't sure is empty.

    Args:
        kind: of the source, as OBS calls it without a version.
        settings: the source's, those that are texts.
        priority: the source's setting of that name, by which windows are sought on Windows.
    """
    if kind == "game_capture" and settings.get("capture_mode") != _CHOSEN_WINDOW:
        return "", ""
    if kind == "xcomposite_input":  # the window's number, its title and its class, on lines
        _, title, name = _parts(settings.get("capture_window", ""), "\r\n")
        return name, title
    if kind == "screen_capture":  # macOS: the application's bundle
        return settings.get("application", ""), ""
    if settings.get("owner_name"):  # macOS: the application's name
        return settings["owner_name"], settings.get("window_name", "")
    title, _, executable = _parts(settings.get("window", ""), ":")
    return (
        _decoded(executable) if priority == _BY_EXECUTABLE else "",
        _decoded(title) if priority == _BY_TITLE else "",
    )


def _parts(text: str, between: str) -> tuple[str, str, str]:
    found = text.split(between)
    return (found[0], found[1], found[2]) if len(found) == 3 else ("", "", "")


def _decoded(text: str) -> str:
    """Return a text in which OBS has written the colon and its mark as something else."""
    return text.replace("#3A", ":").replace("#22", "#")
