"""Which programs OBS captures, and how the script hears of it.

OBS says so by signals of the sources, on its graphics thread and with the graphics' lock held. A
function of Python there would wait for the interpreter, which a script on the UI thread may hold
while it waits for that lock: OBS would hang. So the signals call a function of OBS's own instead,
the one that asks for a save: it returns at once, and OBS then calls `script_save` on its UI thread,
where the sources are asked what they capture.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import obspython as obs

from velora_core.host.host import Capture
from velora_core.messages import message
from velora_hosts.obs.captured_window import (
    BY_WINDOW,
    WINDOW_SETTINGS,
    WindowNames,
    chosen_window,
    told_window,
)

__all__ = ["CaptureWatch"]

_KINDS: Final = (
    "game_capture",
    "window_capture",
    "xcomposite_input",
    "screen_capture",
)
_APPLICATION: Final = 2  # what macOS' screen capture is of, by its setting `type`
_OLD_MODE: Final = "capture_any_fullscreen"  # all that Game Capture had in very old scenes
_ALWAYS: Final = ("activate", "deactivate")
_HOOKS: Final = ("hooked", "unhooked")
"""From OBS 30 on, and of the sources that have a procedure `get_hooked` as well."""

_Connect = Callable[[int, bytes], object]


class CaptureWatch:
    """The UI thread's alone. Holds on to no source: a signal goes with its source."""

    def __init__(self) -> None:
        self._functions: tuple[_Connect, _Connect] | None = None
        self._able = True

    def captures(self) -> tuple[Capture, ...]:
        """Return what is captured and seen by viewers, and have OBS wake the script for changes."""
        found = []
        with _capture_sources() as sources:
            for source in sources:
                capture, told = _capture(source)
                self._on_signals(source, (*_ALWAYS, *(_HOOKS if told else ())), connect=True)
                if capture and obs.obs_source_active(source):
                    found.append(capture)
        return tuple(found)

    def leave(self) -> None:
        """Have OBS wake the script for them no more."""
        with _capture_sources() as sources:
            for source in sources:
                self._on_signals(source, (*_ALWAYS, *_HOOKS), connect=False)

    def _on_signals(self, source: Any, names: tuple[str, ...], *, connect: bool) -> None:
        if not self._able:
            return
        try:
            if self._functions is None:
                self._functions = _obs_functions()
            signals = int(obs.obs_source_get_signal_handler(source))
        except (ImportError, OSError, AttributeError, TypeError, ValueError) as error:
            self._able = False
            sentence = message("script.captures_untold", error=type(error).__name__)
            obs.script_log(obs.LOG_INFO, sentence)
            return
        for name in names:
            self._functions[0 if connect else 1](signals, name.encode())


@contextmanager
def _capture_sources() -> Iterator[list[Any]]:
    """Give the sources that capture programs."""
    sources = obs.obs_enum_sources() or []
    try:
        yield [found for found in sources if obs.obs_source_get_unversioned_id(found) in _KINDS]
    finally:
        obs.source_list_release(sources)


def _capture(source: Any) -> tuple[Capture | None, bool]:
    """Return what a source captures now, and whether it has said so itself."""
    kind = obs.obs_source_get_unversioned_id(source)
    data = obs.calldata_create()
    try:
        procedures = obs.obs_source_get_proc_handler(source)
        if obs.proc_handler_call(procedures, "get_hooked", data):
            if not obs.calldata_bool(data, "hooked"):
                return None, True
            said = [obs.calldata_string(data, name) for name in ("executable", "title", "name")]
            executable, title, x11_title = map(_readable, said)
            window_class = _readable(obs.calldata_string(data, "class"))
            names = WindowNames(executable, title or x11_title, window_class)
            _, mode, priority = _settings(source)
            return _made(source, told_window(kind, names, mode, priority)), True
    finally:
        obs.calldata_destroy(data)
    if not obs.obs_source_get_width(source):
        return None, False  # OBS 29 and macOS: what was chosen is not there now
    return _made(source, chosen_window(kind, *_settings(source))), False


def _settings(source: Any) -> tuple[dict[str, str], str, int]:
    """Return what a source is to capture: its texts, Game Capture's mode, and the priority."""
    settings = obs.obs_source_get_settings(source)
    try:
        values = {
            name: _readable(obs.obs_data_get_string(settings, name)) for name in WINDOW_SETTINGS
        }
        if obs.obs_data_get_int(settings, "type") != _APPLICATION:
            values["application"] = ""
        mode = obs.obs_data_get_string(settings, "capture_mode")
        if (
            obs.obs_data_has_user_value(settings, _OLD_MODE)
            and not obs.obs_data_has_user_value(settings, "capture_mode")
            and not obs.obs_data_get_bool(settings, _OLD_MODE)
        ):
            mode = BY_WINDOW
        return values, mode, obs.obs_data_get_int(settings, "priority")
    finally:
        obs.obs_data_release(settings)


def _made(source: Any, names: WindowNames) -> Capture | None:
    if not names.executable and not names.title:
        return None
    name = obs.obs_source_get_name(source)
    if hasattr(obs, "obs_source_get_uuid"):  # not in OBS 29.0
        name = obs.obs_source_get_uuid(source) or name
    return Capture(name, names.executable, names.title)


def _readable(text: str | None) -> str:
    """Return a text that can be written: the window of a program says what it likes."""
    return (text or "").encode("utf-8", "replace").decode()


def _obs_functions() -> tuple[_Connect, _Connect]:
    """Return what connects and disconnects a signal and OBS's function that asks for a save."""
    import ctypes

    def library(name: str) -> Any:
        if sys.platform != "win32":
            return ctypes.CDLL(None)  # which lets go of the interpreter meanwhile
        find = ctypes.windll.kernel32.GetModuleHandleW
        find.restype = ctypes.c_void_p
        return ctypes.CDLL(name, handle=find(ctypes.c_wchar_p(name)))

    save = ctypes.cast(library("obs-frontend-api.dll").obs_frontend_save, ctypes.c_void_p)

    def bound(name: str) -> _Connect:
        function = getattr(library("obs.dll"), name)
        function.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p]
        function.restype = None
        return lambda signals, signal: function(signals, signal, save, None)

    return bound("signal_handler_connect"), bound("signal_handler_disconnect")
