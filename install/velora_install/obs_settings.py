"""What OBS's own settings say: its version, and the Python it is told to use."""

from __future__ import annotations

import re
from pathlib import Path

from .files import PRIVATE, write_whole

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
    return get(config, _SECTION, _KEY)


def set_python_path(config: Path, folder: str, backup: Path) -> None:
    """Set the Python folder, and leave everything else in the file; raise `OSError`."""
    put(config, _SECTION, _KEY, folder, backup)


def get(config: Path, section: str, key: str) -> str | None:
    """Return a setting of the user's; None without one."""
    text = _read(_file(config))
    return _get(text, section, key) if text is not None else None


def put(
    config: Path,
    section: str,
    key: str,
    value: str | None,
    backup: Path,
    *,
    private: bool = False,
) -> None:
    """Set a setting of the user's, or take it out (None), and leave everything else in the file.

    Args:
        config: OBS's folder of settings.
        section: that it is in.
        key: its name.
        value: what it is to be.
        backup: the folder that keeps the file as it was, for nobody else's eyes: what OBS had in
            it may be secret, as obs-websocket's password was before OBS 31.
        private: the file itself is for nobody else's eyes either, until OBS writes it anew.

    Raises:
        OSError: it can't be read or written; it stays as it was.
    """
    path = _file(config)
    before = path.read_bytes() if path.exists() else b""
    write_whole(backup / path.name, before, PRIVATE)
    text = before.decode("utf-8", "surrogateescape")
    mark, text = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    text = mark + _with(text, section, key, value)
    write_whole(path, text.encode("utf-8", "surrogateescape"), PRIVATE if private else None)


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


def _with(text: str, section: str, key: str, value: str | None) -> str:
    line_end = "\r\n" if "\r\n" in text else "\n"
    line = f"{key}={value}"
    span = _section(text, section)
    if span is None:
        if value is None:
            return text
        gap = "" if not text or text.endswith("\n") else line_end
        return text + gap + line_end * bool(text) + f"[{section}]" + line_end + line + line_end
    inside = text[span[0] : span[1]]
    found = re.search(r"^" + key + r"[ \t]*=[^\r\n]*(\r?\n)?", inside, re.MULTILINE)
    if found:
        new = "" if value is None else line + (found.group(1) or "")
        inside = inside[: found.start()] + new + inside[found.end() :]
    elif value is not None:
        inside = line + line_end + inside
    return text[: span[0]] + inside + text[span[1] :]
