"""The clipboard of Windows, by its own functions."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from velora_core.errors import ClipboardRefused

__all__ = ["copy_on_windows"]

_TEXT: Final = 13  # CF_UNICODETEXT
_MOVEABLE: Final = 0x0002  # GMEM_MOVEABLE
_TRIES, _PAUSE = 10, 0.03  # another program may have the clipboard open
_ONLY_ITS_MESSAGES: Final = -3  # HWND_MESSAGE: a window that is no window
_NOT_FOR_HISTORY: Final = (
    "ExcludeClipboardContentFromMonitorProcessing",
    "CanIncludeInClipboardHistory",
    "CanUploadToCloudClipboard",
)
"""Formats by which a program keeps a secret out of the clipboard's history and out of the cloud."""


class _Windows:
    """The functions that are needed, with their types."""

    def __init__(self) -> None:
        user: Any = ctypes.WinDLL("user32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
        kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
        handle, number, text = ctypes.c_void_p, ctypes.c_uint, ctypes.c_wchar_p
        integer = ctypes.c_int
        types: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
            "OpenClipboard": (user, integer, (handle,)),
            "CloseClipboard": (user, integer, ()),
            "EmptyClipboard": (user, integer, ()),
            "SetClipboardData": (user, handle, (number, handle)),
            "RegisterClipboardFormatW": (user, number, (text,)),
            "GetClipboardSequenceNumber": (user, number, ()),
            "CreateWindowExW": (
                user,
                handle,
                (ctypes.c_ulong, text, text, ctypes.c_ulong)
                + (integer,) * 4
                + (handle, handle, handle, handle),
            ),
            "DestroyWindow": (user, integer, (handle,)),
            "GlobalAlloc": (kernel, handle, (number, ctypes.c_size_t)),
            "GlobalLock": (kernel, handle, (handle,)),
            "GlobalUnlock": (kernel, integer, (handle,)),
            "GlobalFree": (kernel, handle, (handle,)),
        }
        self._functions = {}
        for name, (library, result, arguments) in types.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
            self._functions[name] = function

    def __getattr__(self, name: str) -> Any:
        return self._functions[name]

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Open the clipboard for a window of our own, which its new content has to belong to."""
        window = self.CreateWindowExW(
            0, "STATIC", None, 0, 0, 0, 0, 0, _ONLY_ITS_MESSAGES, None, None, None
        )
        try:
            for _ in range(_TRIES):
                if self.OpenClipboard(window):
                    break
                time.sleep(_PAUSE)
            else:
                raise ClipboardRefused
            try:
                yield
            finally:
                self.CloseClipboard()
        finally:
            self.DestroyWindow(window)

    def put(self, form: int, content: bytes) -> None:
        """Hand content over to the clipboard that is open; Windows frees it."""
        memory = self.GlobalAlloc(_MOVEABLE, len(content))
        place = self.GlobalLock(memory) if memory else None
        if not place:
            raise ClipboardRefused
        ctypes.memmove(place, content, len(content))
        self.GlobalUnlock(memory)
        if not self.SetClipboardData(form, memory):
            self.GlobalFree(memory)
            raise ClipboardRefused


class _Copied:
    """A text on the clipboard of Windows."""

    def __init__(self, windows: _Windows) -> None:
        self._windows = windows
        self._number = windows.GetClipboardSequenceNumber()

    def take_back(self) -> None:
        """Empty the clipboard unless it was changed since."""
        windows = self._windows
        try:
            with windows.opened():
                if windows.GetClipboardSequenceNumber() == self._number:
                    windows.EmptyClipboard()
        except ClipboardRefused:
            return  # another program has it open, and may be changing it


def copy_on_windows(text: str, *, secret: bool) -> _Copied:
    """Put a text on the clipboard; a secret into no history.

    Raises:
        ClipboardRefused: another program has it open all the time, or memory is short.
    """
    windows = _Windows()
    with windows.opened():
        windows.EmptyClipboard()
        # Before the text: if one of them can't be had, there must be no text that stays.
        for name in _NOT_FOR_HISTORY if secret else ():
            windows.put(windows.RegisterClipboardFormatW(name), b"\0\0\0\0")
        windows.put(_TEXT, text.encode("utf-16-le", "replace") + b"\0\0")
    return _Copied(windows)
