"""The password of the OBS on this computer, where OBS itself keeps it."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Final

from velora_core.secret import Secret
from velora_hosts.obs.ini import read_setting

__all__ = ["find_password"]

_MAX_BYTES: Final = 1 << 20  # bytes
_SNAP: Final = ("common", "current")  # of newer ones, and of older ones


def _folders() -> list[Path]:
    """Return where this user's OBS may keep its settings, the likeliest first."""
    home = Path.home()
    if sys.platform == "win32":
        return [Path(os.environ.get("APPDATA", "")) / "obs-studio"]
    if sys.platform == "darwin":
        return [home / "Library" / "Application Support" / "obs-studio"]
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return [
        config / "obs-studio",
        home / ".var" / "app" / "com.obsproject.Studio" / "config" / "obs-studio",
        *(home / "snap" / "obs-studio" / kept / ".config" / "obs-studio" for kept in _SNAP),
    ]


def find_password(port: int) -> Secret | None:
    """Return the password of the server that listens on a port; None when no file tells."""
    for folder in _folders():
        for found_port, password in (_in_json(folder), _in_ini(folder)):
            if password and found_port == port:
                return Secret(password)
    return None


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_MAX_BYTES)
    except OSError:
        return b""


def _in_json(folder: Path) -> tuple[int, str]:
    """From OBS 31 on, or with a newer obs-websocket."""
    try:
        found = json.loads(_read(folder / "plugin_config" / "obs-websocket" / "config.json"))
    except (ValueError, RecursionError):
        return 0, ""
    if not isinstance(found, dict):
        return 0, ""
    port, password = found.get("server_port"), found.get("server_password")
    if not isinstance(port, int) or not isinstance(password, str):
        return 0, ""
    return port, password


def _in_ini(folder: Path) -> tuple[int, str]:
    """Before that."""
    content = _read(folder / "global.ini")
    stated = read_setting(content, "OBSWebSocket", "ServerPort") or "4455"
    port = int(stated) if re.fullmatch("[0-9]{1,5}", stated) else 0
    return port, read_setting(content, "OBSWebSocket", "ServerPassword")
