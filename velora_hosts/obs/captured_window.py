"""Which program OBS's capture sources are sure to capture, by what they say and by their settings.

Read in OBS's source from 29.0 to 32.2. *Window Capture* (from OBS 30 on) asks the window itself.
*Game Capture* does so only for any fullscreen application; for a chosen window it gives back what
was chosen, and for one of its hotkey what that was once: neither has to be what is captured now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

__all__ = ["BY_WINDOW", "WINDOW_SETTINGS", "WindowNames", "chosen_window", "told_window"]

_GAME_CAPTURE: Final = "game_capture"
BY_WINDOW, _BY_HOTKEY = "window", "hotkey"
"""Modes of Game Capture; in any other one it captures what fills the screen."""
WINDOW_SETTINGS: Final = ("window", "capture_window", "application", "owner_name")
"""Those that name a window or its program; each kind of source has some of them."""
_BY_CLASS, _BY_TITLE, _BY_EXECUTABLE = 0, 1, 2
"""What has to be the same when OBS seeks a window on Windows."""
_SOUGHT_BY_TITLE: Final = "Windows.UI.Core.CoreWindow"
"""Windows of this class OBS always seeks by their title as well."""
_TOO_COMMON: Final = "chrome"
"""A class with this in its name says nothing, so that OBS seeks by the title instead."""


class WindowNames(NamedTuple):
    """What a window is called; empty where it isn't known."""

    executable: str = ""
    title: str = ""
    window_class: str = ""


def told_window(kind: str, names: WindowNames, mode: str, priority: int) -> WindowNames:
    """Return what is sure of a window that a source says it captures.

    Args:
        kind: of the source, as OBS calls it without a version.
        names: as the source says them.
        mode: of Game Capture.
        priority: the source's setting of that name, by which windows are sought on Windows.
    """
    if kind == "xcomposite_input":  # which knows no executables
        return WindowNames(names.window_class, names.title)
    if kind != _GAME_CAPTURE or mode not in (BY_WINDOW, _BY_HOTKEY):
        return names
    # OBS goes on with another window of that class once the one of the hotkey is gone.
    return _sure(names, _BY_CLASS if mode == _BY_HOTKEY else priority)


def chosen_window(kind: str, settings: Mapping[str, str], mode: str, priority: int) -> WindowNames:
    """Return what is sure by the settings of a source that shows something, but doesn't say what.

    Args:
        kind: of the source, as OBS calls it without a version.
        settings: the source's, those that are texts.
        mode: of Game Capture.
        priority: the source's setting of that name, by which windows are sought on Windows.
    """
    if kind == _GAME_CAPTURE and mode != BY_WINDOW:
        return WindowNames()  # any window, and the one that is in the settings was chosen once
    if kind == "xcomposite_input":  # the window's number, its title and its class, on lines
        # OBS finds the window by its number, and its title may be another one by now.
        return WindowNames(_parts(settings.get("capture_window", ""), "\r\n")[2])
    if kind == "screen_capture":  # macOS: the application's bundle
        return WindowNames(settings.get("application", ""))
    if settings.get("owner_name"):  # macOS: the application's name; the title is as on Linux
        return WindowNames(settings["owner_name"])
    parts = _parts(settings.get("window", ""), ":")
    title, window_class, executable = (_decoded(part) for part in parts)
    return _sure(WindowNames(executable, title, window_class), priority)


def _sure(names: WindowNames, priority: int) -> WindowNames:
    """Return what a window on Windows is sure to have that OBS has found by these names."""
    if priority == _BY_CLASS and _TOO_COMMON in names.window_class.casefold():
        priority = _BY_TITLE
    by_title = priority == _BY_TITLE or names.window_class == _SOUGHT_BY_TITLE
    return WindowNames(
        names.executable if priority == _BY_EXECUTABLE else "",
        names.title if by_title else "",
        names.window_class,
    )


def _parts(text: str, between: str) -> tuple[str, str, str]:
    found = text.split(between)
    return (found[0], found[1], found[2]) if len(found) == 3 else ("", "", "")


def _decoded(text: str) -> str:
    """Return a text in which OBS has written the colon and its mark as something else."""
    return text.replace("#3A", ":").replace("#22", "#")
