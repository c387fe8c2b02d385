"""Docks of ours among OBS's custom browser docks: the channel's chat, and the panel as a page.

OBS keeps them in one line of its settings, as JSON, and writes that line anew when it ends: it is
changed while OBS is closed only. Docks of others stay as they are.
"""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from . import obs_settings

__all__ = ["ALL", "CHAT", "PANEL", "BrowserDock", "DocksUnreadable", "chat_address", "impossible"]

_SECTION, _KEY = "BasicWindow", "ExtraBrowserDocks"
_CHANNEL = re.compile(r"[^\s/\\?#%.][^\s/\\?#%]{0,99}")
_ESCAPES = {"\\\\": "\\", "\\r": "\r", "\\n": "\n"}


class DocksUnreadable(Exception):
    """OBS's list of docks is not as it should be, and was left alone."""


class BrowserDock(NamedTuple):
    """A dock of ours.

    Attributes:
        title: in OBS's menu.
        addresses: the form of those that we give it; with another one it is somebody's own.
    """

    title: str
    addresses: str

    def is_in(self, config: Path) -> bool:
        """Return whether the dock is there."""
        docks = _read(config)
        return docks is not None and any(map(self.covers, docks))

    def add(self, config: Path, url: str, backup: Path) -> bool:
        """Add the dock, or have it show this address; say whether that changed anything.

        Args:
            config: OBS's folder of settings.
            url: what the dock shows.
            backup: the folder that the settings of before are copied into.

        Raises:
            DocksUnreadable: nothing was changed.
            OSError: the settings can't be read or written.
        """
        docks = _read(config)
        if docks is None:
            raise DocksUnreadable
        ours = next((dock for dock in docks if self.covers(dock)), None)
        if ours is not None and ours["url"] == url:
            return False
        if ours is None:
            docks.append({"title": self.title, "url": url, "uuid": uuid.uuid4().hex})
        else:
            ours["url"] = url
        _write(config, docks, backup)
        return True

    def remove(self, config: Path, backup: Path) -> bool:
        """Take the dock out; say whether it was there.

        Args:
            config: OBS's folder of settings.
            backup: the folder that the settings of before are copied into.

        Raises:
            OSError: the settings can't be read or written.
        """
        docks = _read(config)
        if docks is None or not any(map(self.covers, docks)):
            return False
        _write(config, [dock for dock in docks if not self.covers(dock)], backup)
        return True

    def covers(self, dock: Any) -> bool:
        """Return whether an entry of OBS's list is this dock, and not somebody's own."""
        if not isinstance(dock, dict) or dock.get("title") != self.title:
            return False
        return self.shows(str(dock.get("url")))

    def shows(self, address: str) -> bool:
        """Return whether an address is of the form of those that we give it."""
        return bool(re.fullmatch(self.addresses, address))


CHAT = BrowserDock("Velora chat", r"https://velora\.tv/dashboard/stream/popout/[^/]+/obs-chat")
PANEL = BrowserDock("Velora", r"http://127\.0\.0\.1:\d+/\?ticket=[\w-]+")
ALL = (CHAT, PANEL)


def chat_address(channel: str) -> str | None:
    """Return the chat's address for a channel's name; None for what can't be a name."""
    name = channel.strip().lstrip("@")
    if not _CHANNEL.fullmatch(name):
        return None
    return f"https://velora.tv/dashboard/stream/popout/{quote(name, safe='')}/obs-chat"


def impossible(config: Path) -> bool:
    """Return whether OBS had no browser docks when it ran last; False where that isn't known.

    Its log lists the modules that it has loaded. Debian's and Ubuntu's package has no obs-browser.
    """
    try:
        log = max((config / "logs").glob("*.txt"))  # they are named by date and time
        text = log.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return False
    return "Loaded Modules:" in text and "obs-browser" not in text


def _read(config: Path) -> list[Any] | None:
    """Return the docks; None if the list is not as it should be."""
    stated = obs_settings.get(config, _SECTION, _KEY)
    if not stated:
        return []
    plain = re.sub(r"\\[\\rn]", lambda found: _ESCAPES[found.group()], stated)
    try:
        docks = json.loads(plain)
    except ValueError:
        return None
    return docks if isinstance(docks, list) else None


def _write(config: Path, docks: list[Any], backup: Path) -> None:
    value = None
    if docks:
        value = json.dumps(docks, ensure_ascii=False, separators=(",", ":"))
        for escape, plain in _ESCAPES.items():
            value = value.replace(plain, escape)
    lets_in = any(map(PANEL.covers, docks))
    obs_settings.put(config, _SECTION, _KEY, value, backup, private=lets_in)
