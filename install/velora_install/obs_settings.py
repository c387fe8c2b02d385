"""What OBS's own settings say: its version, and the Python it is told to use."""

from __future__ import annotations

import re
from pathlib import Path

from .files import write_whole

_FILES = ("user.ini", "global.ini")  # from OBS 31 on the first has what the second had before
_SECTION = "Python"
_KEY = "Path64bit"


def version(config: Path) -> tuple[int, int] | None:
    """Return major and minor version of the OBS that last ran with this configuration."""
    for name in _FILES:
        text = _read(config / name)
        stated = _get(text, "General", "LastVersion") if text is not None else None
        if stated and stated.isdigit() and int(stated) > 0:
            return int(stated) >> 24, int(stated) >> 16 & 0xFF
    return None


def python_path(config: Path) -> str | None:
    """Return the Python folder that is set, on Windows and macOS."""
    text = _read(_file(config))
    return _get(text, _SECTION, _KEY) if text is not None else None


def set_python_path(config: Path, folder: str, backup: Path) -> None:
    """Set the Python folder, and leave everything else in the file; raise `OSError`."""
    path = _file(config)
    before = path.read_bytes() if path.exists() else b""
    write_whole(backup / path.name, before)
    write_whole(
        path,
        _with(before.decode("utf-8", "surrogateescape"), folder).encode("utf-8", "surrogateescape"),
    )


def _file(config: Path) -> Path:
    new = config / _FILES[0]
    return new if new.exists() else config / _FILES[1]


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return None


def _section(text: str, name: str) -> tuple[int, int] | None:
    head = re.search(r"^\[" + name + r"\][ \t]*\r?(?:\n|$)", text, re.MULTILINE)
    if not head:
        return None
    following = re.search(r"^\[", text[head.end() :], re.MULTILINE)
    return head.end(), head.end() + following.start() if following else len(text)


def _get(text: str, section: str, key: str) -> str | None:
    span = _section(text.lstrip("\ufeff"), section)
    if span is None:
        return None
    inside = text.lstrip("\ufeff")[span[0] : span[1]]
    found = re.search(r"^" + key + r"[ \t]*=[ \t]*([^\r\n]*)", inside, re.MULTILINE)
    return (found.group(1).strip() or None) if found else None


def _with(text: str, folder: str) -> str:
    line_end = "\r\n" if "\r\n" in text else "\n"
    line = _KEY + "=" + folder
    span = _section(text, _SECTION)
    if span is None:
        gap = "" if not text or text.endswith("\n") else line_end
        return (
            text + gap + line_end * bool(text) + "[" + _SECTION + "]" + line_end + line + line_end
        )
    inside = text[span[0] : span[1]]
    found = re.search(r"^" + _KEY + r"[ \t]*=[^\r\n]*", inside, re.MULTILINE)
    if found:
        inside = inside[: found.start()] + line + inside[found.end() :]
    else:
        inside = line + line_end + inside
    return text[: span[0]] + inside + text[span[1] :]
