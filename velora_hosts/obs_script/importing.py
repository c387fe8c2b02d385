"""What the script's own thread does while OBS goes on: it imports what the script is made of.

Apart from `loading.py`, which OBS's UI thread compiles and imports.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import obspython as obs

if TYPE_CHECKING:
    from .loading import LoadedScript

__all__ = ["import_session", "wake_until_wanted"]

_WAKE_RETRY_DELAY: Final = 1.0
"""Seconds after which OBS is asked again for a turn of its UI thread: it hears nothing while it
loads scenes."""
_THREADING_ANYWHERE: Final = (3, 13)
"""The first Python whose `threading` may be imported by any thread. Older ones take the first that
imports it for the main thread, which is other scripts' trouble, too."""


def import_session(script: LoadedScript) -> None:
    """Import all that the session needs, do what takes longest the first time, and make it."""
    with suppress(Exception):  # the UI thread meets it again, and OBS logs it there
        _import_all(script)


def wake_until_wanted(script: LoadedScript) -> None:
    """Ask OBS for a turn of its UI thread until it has come."""
    while not script.wanted.is_set:
        _wake(script)
        script.wanted.wait(_WAKE_RETRY_DELAY)


def _import_all(script: LoadedScript) -> None:
    import ctypes  # noqa: F401

    from .loaded_code import LoadedCode

    if script.code is None:  # else it is as old as it was
        script.code = LoadedCode()  # before the rest: what changes meanwhile has changed
    if sys.version_info < _THREADING_ANYWHERE and "threading" not in sys.modules:
        _wait_for_threading(script)
    if not (script.closed or script.wanted.is_set):  # the UI thread has begun by itself
        from .script import prepare

        prepare()
        _make_early(script)


def _wait_for_threading(script: LoadedScript) -> None:
    """Have the UI thread import `threading` once all that it imports is there."""
    import _weakrefset  # noqa: F401
    import functools  # noqa: F401

    from .read_ahead import read_module

    script.threading = read_module("threading")
    script.needs_threading = True  # while OBS starts it comes by without being asked
    import velora_core.panel.build  # noqa: F401 - which is most of what can do without

    while not (script.has_threading.is_set or script.closed):
        _wake(script)
        script.has_threading.wait(_WAKE_RETRY_DELAY)


def _make_early(script: LoadedScript) -> None:
    """Make the session here, unless the UI thread could not wait for it, or wants none."""
    with script.making:  # or the UI thread would make another one meanwhile
        if not (script.wanted.is_set or script.closed):
            script.made = script.new_session()


def _wake(script: LoadedScript) -> None:
    """Have OBS call `save` on its UI thread, from another one."""
    with script.lock:  # or OBS could be gone
        if not script.closed:
            obs.obs_frontend_save()
