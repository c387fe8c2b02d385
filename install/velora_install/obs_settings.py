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
        if stated and re.fullmatch(r"0*[1-9][0-9]{0,9}", stated):
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
    text = _as_obs(before)
    text = _without(text, section, key) if value is None else _with(text, section, key, value)
    write_whole(path, text.encode("utf-8", "surrogateescape"), PRIVATE if private else None)


def _file(config: Path) -> Path:
    new = config / _FILES[0]
    return new if new.exists() else config / _FILES[1]


def _read(path: Path) -> str | None:
    try:
        return _as_obs(path.read_bytes())
    except OSError:
        return None


def _as_obs(content: bytes) -> str:
    """Return what OBS reads of it: nothing behind a null, which a power failure leaves there."""
    return content.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _find(text: str, section: str, key: str) -> tuple[re.Match[str] | None, int | None]:
    """Look for a setting as OBS does.

    Upper and lower case are one, sections of the same name are one, and the first of several
    settings of the same name counts.

    Returns:
        The setting's line, and where the line of its section ends; None for what isn't there.
    """
    inside, head_end = False, None
    for line in re.finditer(r"[^\r\n]+", text):
        head = re.match(r"\ufeff?[ \t]*\[([^\]]*)\]", line.group())
        if head:
            inside = head.group(1).lower() == section.lower()
            head_end = line.end() if inside and head_end is None else head_end
        elif inside:
            name, equals, _ = line.group().partition("=")
            if equals and name.lstrip().lower() == key.lower():
                return line, head_end
    return None, head_end


def _get(text: str, section: str, key: str) -> str | None:
    line, _ = _find(text, section, key)
    return (line.group().partition("=")[2].strip() or None) if line else None


def _with(text: str, section: str, key: str, value: str) -> str:
    line_end = "\r\n" if "\r\n" in text else "\n"
    new = f"{key}={value}"
    line, head_end = _find(text, section, key)
    if line is not None:
        return text[: line.start()] + new + text[line.end() :]
    if head_end is not None:
        return text[:head_end] + line_end + new + text[head_end:]
    gap = "" if not text.strip("\ufeff") or text.endswith("\n") else line_end
    return text + gap + line_end * bool(text) + f"[{section}]" + line_end + new + line_end


def _without(text: str, section: str, key: str) -> str:
    while (line := _find(text, section, key)[0]) is not None:
        after = re.sub(r"^(\r?\n|\r)", "", text[line.end() :])
        text = text[: line.start()] + after
    return text
