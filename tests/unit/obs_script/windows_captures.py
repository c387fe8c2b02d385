"""A model of OBS's captures on Windows, after its source from 29.0 to 32.2.

In OBS's source: ``window_rating`` in libobs/util/windows/window-helpers.c, and
``game_capture_update``, ``game_capture_tick``, ``get_selected_window`` and ``wc_get_hooked`` of the
plugin win-capture. A window is captured as soon as it is found.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from tests.unit.fake_obs_objects import Source

__all__ = [
    "BY_CLASS",
    "BY_EXECUTABLE",
    "BY_TITLE",
    "GameCapture",
    "Version",
    "Window",
    "WindowCapture",
]

BY_CLASS, BY_TITLE, BY_EXECUTABLE = 0, 1, 2
_TELLS_SINCE: Final = (30, 0)
_MORE_CLASSES_SINCE: Final = (31, 0)


class Window(NamedTuple):
    """A window of the desktop."""

    title: str
    window_class: str
    executable: str

    def encoded(self) -> str:
        """Return it as a source's settings have it."""
        return ":".join(part.replace("#", "#22").replace(":", "#3A") for part in self)


Version = tuple[int, int]
_Told = dict[str, str]


def _find(windows: list[Window], wanted: Window, priority: int, version: Version) -> Window | None:
    """Return the window that OBS takes for the one that is wanted."""
    newer = version >= _MORE_CLASSES_SINCE
    common = ("chrome", "sdl_app") if newer else ("chrome",)
    if priority == BY_CLASS and any(name in wanted.window_class.lower() for name in common):
        priority = BY_TITLE
    universal = ["Windows.UI.Core.CoreWindow", *(["WinUIDesktopWin32WindowClass"] * newer)]
    found = []
    for window in windows:
        same = [a.lower() == b.lower() for a, b in zip(window, wanted, strict=True)]
        same_title, same_class, same_executable = same
        if wanted.window_class in universal:
            takes = same_title and (priority != BY_EXECUTABLE or same_executable)
        else:
            takes = (same_class, same_title, same_executable)[priority]
        if takes:
            found.append((not same_executable and priority == BY_CLASS, not same_title, window))
    return min(found, key=lambda item: item[:2])[2] if found else None


class _Capture(Source):
    def __init__(self, kind: str, version: Version, **settings: object) -> None:
        super().__init__("Capture", kind, **settings)
        self.version = version
        self.captured: Window | None = None
        self.told: _Told = {}

    def _show(self, window: Window | None) -> None:
        self.captured = window
        self.width = 100 if window else 0
        if self.version >= _TELLS_SINCE:
            self.hooked = self.told if window else {}

    def _wanted(self) -> Window:
        parts = str(self.settings.values["window"]).split(":")
        title, window_class, executable = (
            part.replace("#3A", ":").replace("#22", "#") for part in parts
        )
        return Window(title, window_class, executable)


class WindowCapture(_Capture):
    """Window Capture: it asks the window what it is called."""

    def __init__(self, version: Version, window: Window, priority: int) -> None:
        super().__init__("window_capture", version, window=window.encoded(), priority=priority)

    def tick(self, windows: list[Window]) -> None:
        """Have the graphics thread come by."""
        found = _find(windows, self._wanted(), self.settings.values["priority"], self.version)
        self.told = _names(found)
        self._show(found)


class GameCapture(_Capture):
    """Game Capture: what it says is what it has noted, if it was to note something."""

    def __init__(
        self,
        version: Version,
        mode: str,
        window: Window | None = None,
        priority: int = BY_EXECUTABLE,
    ) -> None:
        encoded = window.encoded() if window else ""
        settings = {"window": encoded, "priority": priority, "capture_mode": mode}
        super().__init__("game_capture", version, **settings)
        self._hotkey: Window | None = None
        self.update()

    def update(self) -> None:
        """Have a setting changed: what was noted is given up, also in the midst of a capture."""
        self.told = {}
        if self.settings.values["capture_mode"] == "window":
            self.told = _names(self._wanted())
        if self.captured:
            self._show(self.captured)

    def press_hotkey(self, window: Window) -> None:
        """Press it while a window is in front."""
        self._hotkey, self.told = window, _names(window)

    def tick(self, windows: list[Window]) -> None:
        """Have the graphics thread come by."""
        if self.captured in windows:
            return
        mode = self.settings.values["capture_mode"]
        found = None
        if mode == "window":
            found = _find(windows, self._wanted(), self.settings.values["priority"], self.version)
        elif mode == "hotkey":
            found = _find(windows, self._hotkey, BY_CLASS, self.version) if self._hotkey else None
        elif windows:
            found = windows[0]  # the one that fills the screen
            self.told = _names(found)
        self._show(found)


def _names(window: Window | None) -> _Told:
    if window is None:
        return {}
    return {"title": window.title, "class": window.window_class, "executable": window.executable}
