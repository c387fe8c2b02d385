"""Asks a window to close, as the button in its frame does. There is no window manager to do it."""

from __future__ import annotations

import ctypes

__all__ = ["ask_to_close"]

_CLIENT_MESSAGE = 33
_EVENT_LONGS = 24  # of which the X library's largest event has no more


class _ClientMessage(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
    )


class _Event(ctypes.Union):
    _fields_ = (("message", _ClientMessage), ("whole", ctypes.c_long * _EVENT_LONGS))


def ask_to_close(display: str, window: int) -> None:
    """Send WM_DELETE_WINDOW (ICCCM 4.2.8.1).

    Args:
        display: the screen's name, such as ``:7``.
        window: X's id.

    Raises:
        OSError: there is no such screen.
    """
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.argtypes, x11.XOpenDisplay.restype = [ctypes.c_char_p], ctypes.c_void_p
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XSendEvent.argtypes = [
        *(ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long),
        ctypes.POINTER(_Event),
    ]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    connection = x11.XOpenDisplay(display.encode())
    if not connection:
        raise OSError(f"there is no screen {display}")
    try:
        event = _Event()
        message = event.message
        message.type = _CLIENT_MESSAGE
        message.window = window
        message.message_type = x11.XInternAtom(connection, b"WM_PROTOCOLS", False)
        message.format = 32
        message.data[0] = x11.XInternAtom(connection, b"WM_DELETE_WINDOW", False)
        x11.XSendEvent(connection, window, False, 0, ctypes.byref(event))
    finally:
        x11.XCloseDisplay(connection)  # which sends what is waiting
