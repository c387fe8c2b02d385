"""Windows of programs that OBS can capture, and what it takes for a window manager.

OBS lists the windows that a window manager lists; there is none on a test's screen, so the list is
written here.
"""

from __future__ import annotations

import ctypes
from typing import Any, Final

from tests.harness.display import Display
from tests.harness.obs import Obs
from tests.harness.waiting import HarnessError
from tests.managed import Managed

__all__ = ["ToyWindows", "capture_window"]

_REPLACE: Final = 0


def capture_window(obs: Obs, scene: str, title: str, program: str) -> None:
    """Add a source that captures the window of this title, once there is one."""
    obs.request(
        "CreateInput",
        {
            "sceneName": scene,
            "inputName": title,
            "inputKind": "xcomposite_input",
            "inputSettings": {"capture_window": f"0\r\n{title}\r\n{program}"},
        },
    )


class ToyWindows(Managed):
    """Use it as a context manager, before OBS starts: it looks for a window manager then."""

    def __init__(self, display: Display) -> None:
        """Nothing is opened yet.

        Args:
            display: where the windows are.
        """
        self._name = display.name
        self._open: dict[str, int] = {}
        self._x: Any = None
        self._display: int | None = None

    def start(self) -> None:
        """Be the window manager."""
        self._x = x = ctypes.CDLL("libX11.so.6")
        number, pointer = ctypes.c_ulong, ctypes.c_void_p
        x.XOpenDisplay.restype = pointer
        x.XDefaultRootWindow.argtypes, x.XDefaultRootWindow.restype = [pointer], number
        x.XInternAtom.argtypes = [pointer, ctypes.c_char_p, ctypes.c_int]
        x.XInternAtom.restype = number
        x.XCreateSimpleWindow.argtypes = [
            *(pointer, number, ctypes.c_int, ctypes.c_int),
            *(ctypes.c_uint, ctypes.c_uint, ctypes.c_uint, number, number),
        ]
        x.XCreateSimpleWindow.restype = number
        x.XChangeProperty.argtypes = [
            *(pointer, number, number, number, ctypes.c_int, ctypes.c_int),
            *(pointer, ctypes.c_int),
        ]
        for name in ("XMapWindow", "XDestroyWindow"):
            getattr(x, name).argtypes = [pointer, number]
        x.XSync.argtypes, x.XCloseDisplay.argtypes = [pointer, ctypes.c_int], [pointer]
        self._display = x.XOpenDisplay(self._name.encode())
        if not self._display:
            raise HarnessError(f"there is no display {self._name}")
        self._root = x.XDefaultRootWindow(self._display)
        manager = self._create(1)
        for window in (self._root, manager):
            self._set(window, "_NET_SUPPORTING_WM_CHECK", "WINDOW", manager)
        self._list()

    def stop(self) -> None:
        """Close all windows; there is no window manager any more."""
        if self._display:
            self._x.XCloseDisplay(self._display)
            self._display = None

    def open(self, title: str, program: str) -> None:
        """Open the window of a program.

        Args:
            title: of the window.
            program: what it says that it is called.
        """
        window = self._open[title] = self._create(200)
        self._set(window, "_NET_WM_NAME", "UTF8_STRING", title)
        self._set(window, "WM_CLASS", "STRING", f"{program}\0{program}\0")
        self._x.XMapWindow(self._display, window)
        self._list()

    def close(self, title: str) -> None:
        """Close a window."""
        self._x.XDestroyWindow(self._display, self._open.pop(title))
        self._list()

    def _create(self, size: int) -> int:
        made = self._x.XCreateSimpleWindow(
            self._display, self._root, 0, 0, size, size, 0, 0, 0x336699
        )
        return int(made)

    def _list(self) -> None:
        self._set(self._root, "_NET_CLIENT_LIST", "WINDOW", *self._open.values())

    def _set(self, window: int, name: str, kind: str, *values: Any) -> None:
        """Set a property: a text, or any number of windows."""
        if values and isinstance(values[0], str):
            data: Any = values[0].encode()
            count, width = len(data), 8
        else:
            data = (ctypes.c_ulong * max(1, len(values)))(*values)
            count, width = len(values), 32
        kept = ctypes.cast(data, ctypes.c_void_p)
        atoms = [self._x.XInternAtom(self._display, text.encode(), 0) for text in (name, kind)]
        place = (self._display, window, *atoms)
        self._x.XChangeProperty(*place, width, _REPLACE, kept, count)
        self._x.XSync(self._display, 0)
