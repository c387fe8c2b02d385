"""Date, time and weekday as this computer's user is used to read them.

Python formats times by the locale of the whole process, which only `setlocale` changes: for every
thread of the broadcasting software at once, down to how it writes numbers into its files. So it is
never called here. Each system can be asked for its formats without it.
"""

from __future__ import annotations

import re
import sys
import time
from functools import lru_cache
from typing import Any, Final, NamedTuple

__all__ = ["LocalTime", "local_time"]

_POSIX_DATE: Final = "%m/%d/%y"  # of the locale "C", which is nobody's
_ISO_DATE: Final = "%Y-%m-%d"
_CLOCK: Final = "%H:%M"
_SECONDS: Final = re.compile(r"[^%\w]?%O?S[秒초]?")


class LocalTime(NamedTuple):
    """A moment in words.

    Attributes:
        date: day, month and year.
        time: hour and minute.
        weekday: its name.
    """

    date: str
    time: str
    weekday: str


def local_time(moment: float | None = None) -> LocalTime:
    """Return a moment in the user's own formats; in ISO's where the system has none.

    Args:
        moment: as a Unix time; None for now.
    """
    moment = time.time() if moment is None else moment
    parts = time.localtime(moment)
    try:
        return _by_system(moment, parts)
    except Exception:  # whatever a system's library may lack: a title is not worth more
        return LocalTime(
            time.strftime(_ISO_DATE, parts),
            time.strftime(_CLOCK, parts),
            time.strftime("%A", parts),
        )


def _without_seconds(pattern: str, with_half_days: str) -> str:
    """Return a pattern for hour and minute."""
    whole = pattern.replace("%r", with_half_days or "%I:%M:%S %p").replace("%T", "%H:%M:%S")
    return _SECONDS.sub("", whole) or _CLOCK


if sys.platform == "win32":  # pragma: no cover - tests run on Linux

    def _by_system(moment: float, parts: time.struct_time) -> LocalTime:  # noqa: ARG001
        """Ask Windows for the formats that are set in its settings."""
        import ctypes
        from ctypes import wintypes

        system = (wintypes.WORD * 8)(
            parts.tm_year,
            parts.tm_mon,
            (parts.tm_wday + 1) % 7,
            parts.tm_mday,
            parts.tm_hour,
            parts.tm_min,
            parts.tm_sec,
            0,
        )
        kernel = ctypes.WinDLL("kernel32")  # of its own: nobody else's argument types
        buffer = ctypes.create_unicode_buffer(100)

        def date(flags: int, pattern: str | None) -> str:
            if not kernel.GetDateFormatEx(None, flags, system, pattern, buffer, 100, None):
                raise OSError
            return buffer.value

        short_date, without_seconds = 1, 2
        day, weekday = date(short_date, None), date(0, "dddd")
        if not kernel.GetTimeFormatEx(None, without_seconds, system, None, buffer, 100):
            raise OSError
        return LocalTime(day, buffer.value, weekday)

elif sys.platform == "darwin":  # pragma: no cover - tests run on Linux

    def _by_system(moment: float, parts: time.struct_time) -> LocalTime:  # noqa: ARG001
        """Ask macOS for the formats that are set in its settings."""
        import ctypes

        folder = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
        core = ctypes.CDLL(folder)
        pointer, index = ctypes.c_void_p, ctypes.c_long

        def call(name: str, result: Any, *arguments: Any) -> Any:
            function = core[name]
            function.restype, function.argtypes = result, [type(argument) for argument in arguments]
            return function(*arguments)

        nothing = pointer(None)
        since_2001 = ctypes.c_double(moment - 978307200.0)
        locale = pointer(call("CFLocaleCopyCurrent", pointer))
        held = [locale]

        def text(date_style: int, time_style: int, pattern: str = "") -> str:
            styles = (index(date_style), index(time_style))
            formatter = pointer(call("CFDateFormatterCreate", pointer, nothing, locale, *styles))
            held.append(formatter)
            utf8 = ctypes.c_uint32(0x08000100)
            if pattern:
                name = ctypes.c_char_p(pattern.encode())
                wanted = pointer(call("CFStringCreateWithCString", pointer, nothing, name, utf8))
                held.append(wanted)
                call("CFDateFormatterSetFormat", None, formatter, wanted)
            made = pointer(
                call(
                    "CFDateFormatterCreateStringWithAbsoluteTime",
                    pointer,
                    nothing,
                    formatter,
                    since_2001,
                )
            )
            held.append(made)
            buffer = ctypes.create_string_buffer(400)
            if not call("CFStringGetCString", ctypes.c_bool, made, buffer, index(400), utf8):
                raise OSError
            return buffer.value.decode()

        none, short = 0, 1
        try:
            return LocalTime(text(short, none), text(none, short), text(none, none, "EEEE"))
        finally:
            for reference in reversed(held):
                if reference.value:
                    call("CFRelease", None, reference)

else:

    @lru_cache(maxsize=1)
    def _c_library() -> tuple[Any, Any]:
        """Return the C library with the functions that are needed, and its `struct tm`."""
        import ctypes

        class Moment(ctypes.Structure):
            """The C library's `struct tm`."""

            _fields_ = (
                ("numbers", ctypes.c_int * 9),
                ("offset", ctypes.c_long),
                ("zone", ctypes.c_char_p),
            )

        library = ctypes.CDLL(None)  # of its own: nobody else's argument types
        pointer = ctypes.c_void_p
        library.newlocale.restype = pointer
        library.newlocale.argtypes = [ctypes.c_int, ctypes.c_char_p, pointer]
        library.freelocale.argtypes = [pointer]
        library.nl_langinfo_l.restype = ctypes.c_char_p
        library.nl_langinfo_l.argtypes = [ctypes.c_int, pointer]
        library.strftime_l.restype = ctypes.c_size_t
        library.strftime_l.argtypes = [
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_char_p,
            ctypes.POINTER(Moment),
            pointer,
        ]
        return library, Moment

    def _by_system(moment: float, parts: time.struct_time) -> LocalTime:  # noqa: ARG001
        """Ask the C library for the locale of the environment, beside that of the process."""
        import ctypes

        library, moment_type = _c_library()
        # The numbers are those of glibc and musl: LC_CTYPE and LC_TIME as a mask, then CODESET,
        # D_FMT, T_FMT and T_FMT_AMPM.
        locale = library.newlocale(1 << 0 | 1 << 2, b"", None)
        if not locale:  # the environment names one that is not installed
            raise OSError
        try:
            codeset = library.nl_langinfo_l(14, locale).decode("ascii")
            date, clock, with_half_days = (
                library.nl_langinfo_l((2 << 16) + item, locale).decode(codeset)
                for item in (41, 42, 43)
            )
            year, month, day, hour, minute, second, weekday, day_of_year, summer = parts[:9]
            numbers = (second, minute, hour, day, month - 1, year - 1900, (weekday + 1) % 7)
            now = moment_type(
                (ctypes.c_int * 9)(*numbers, day_of_year - 1, summer),
                parts.tm_gmtoff,
                (parts.tm_zone or "").encode(),
            )

            def text(pattern: str) -> str:
                buffer = ctypes.create_string_buffer(400)
                wanted = pattern.encode(codeset)
                if not library.strftime_l(buffer, 400, wanted, ctypes.byref(now), locale):
                    raise OSError
                return buffer.value.decode(codeset).strip()

            return LocalTime(
                text(_ISO_DATE if date in ("", _POSIX_DATE) else date),
                text(_without_seconds(clock, with_half_days)),
                text("%A"),
            )
        finally:
            library.freelocale(locale)
