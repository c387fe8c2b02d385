"""OBS's profile: its name, and the folder that tells it from all others."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import obspython as obs

from velora_core.host.host import HostProfile
from velora_core.messages import message

__all__ = ["current_profile", "find_obs_functions", "profile_folder"]

_MISSING: Final = (ImportError, OSError, AttributeError)
"""What is raised where OBS or Python lacks what is needed to ask."""

_functions: tuple[Callable[[], int | None], Callable[[int], None]] | None = None
_unplaced = False  # and that has been said
_placed: tuple[bytes, str] | None = None  # a folder as OBS wrote it, and as it is written here
_known: HostProfile | None = None


def current_profile() -> HostProfile:
    """Return the profile in use.

    It is asked for whenever OBS calls, so what has not changed is not made again.
    """
    global _known
    name: str = obs.obs_frontend_get_current_profile()
    folder = profile_folder()
    if not folder:
        return HostProfile(name, name)
    if _known is None or _known.id != folder or _known.name != name:
        _known = HostProfile(folder, name, os.path.dirname(folder) == _native_profiles())
    return _known


def profile_folder() -> str:
    """Return the folder of the profile in use, always written alike; empty where OBS doesn't say.

    obspython has no function for it (measured, 29 to 32), and OBS's own returns memory that has to
    be given back to OBS.
    """
    global _unplaced, _placed
    try:
        get, free = _obs_functions()
        at = get()
    except _MISSING:
        at = None
    if not at:
        if not _unplaced:
            obs.script_log(obs.LOG_INFO, message("script.profile_unplaced"))
        _unplaced = True
        return ""
    import ctypes

    written = ctypes.string_at(at)
    free(at)
    if _placed is None or _placed[0] != written:
        # A portable OBS on Windows says "../../config/…".
        folder = os.path.abspath(written.decode("utf-8", "replace"))
        _placed = written, os.path.normcase(folder)
    return _placed[1]


def find_obs_functions() -> None:
    """Look OBS's functions up, which takes a while the first time; from any thread."""
    with suppress(*_MISSING):  # said when the folder is asked for
        _obs_functions()


def _obs_functions() -> tuple[Callable[[], int | None], Callable[[int], None]]:
    """Return OBS's function for the profile's folder, and the one that frees what it returns."""
    global _functions
    if _functions is None:
        import ctypes

        def library(name: str) -> Any:
            if sys.platform != "win32":
                return ctypes.PyDLL(None)
            find = ctypes.windll.kernel32.GetModuleHandleW
            find.restype = ctypes.c_void_p
            return ctypes.PyDLL(name, handle=find(ctypes.c_wchar_p(name)))

        get = library("obs-frontend-api.dll").obs_frontend_get_current_profile_path
        get.restype = ctypes.c_void_p
        free = library("obs.dll").bfree
        free.argtypes, free.restype = [ctypes.c_void_p], None
        _functions = (get, free)
    return _functions


def _native_profiles() -> str:
    """Return where this user's OBS keeps its profiles if it isn't a portable one."""
    if sys.platform == "win32":
        base = os.environ.get("APPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Application Support")
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.normcase(os.path.abspath(os.path.join(base, "obs-studio", "basic", "profiles")))
