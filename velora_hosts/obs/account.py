"""A platform's account that is connected in OBS, and what OBS's files have of it."""

from __future__ import annotations

import json
import os
from typing import Any, Final

from velora_core.host.destination import Destination
from velora_core.host.host import AccountNotice, SavedSetup

from .ini import read_setting
from .service import Service, destination_of

__all__ = ["account_notice", "platform_of", "read_saved_setup"]

_CONNECTED: Final = (
    "OBS has your {platform} account connected and puts that account's stream key there at each "
    "start; your Velora key is put back before OBS connects. To end this: in Settings → Stream "
    "choose {platform}, press Disconnect Account, then Cancel."
)
_YOUTUBE: Final = (
    "OBS has your {platform} account connected and asks for a YouTube broadcast before each "
    "start: in Settings → Stream choose YouTube, press Disconnect Account, then Cancel."
)


def platform_of(account: str) -> str:
    """The platform's name as people know it: OBS's "YouTube - RTMPS" is YouTube."""
    return account.partition(" - ")[0].partition(".")[0]


def account_notice(platform: str, destination: Destination) -> AccountNotice | None:
    """What a connected account means for a start to Velora."""
    if platform == "YouTube":
        return AccountNotice(_YOUTUBE.format(platform=platform), stops_start=True)
    # By WHIP the key is part of the address, which OBS leaves alone.
    if not platform or not destination.has_key_beside:
        return None
    return AccountNotice(_CONNECTED.format(platform=platform), stops_start=False)


def read_saved_setup(folder: str) -> SavedSetup:
    """What is saved in a profile's folder."""
    return SavedSetup(_saved_destination(folder), platform_of(_account(folder)))


def _saved_destination(folder: str) -> Destination | None:
    try:
        path = os.path.join(folder, "service.json")
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            found: Any = json.load(file)
        kind, settings = found["type"], found["settings"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(settings, dict):
        return None
    return destination_of(Service(str(kind), settings))


def _account(folder: str) -> str:
    try:
        with open(os.path.join(folder, "basic.ini"), "rb") as file:
            return read_setting(file.read(), "Auth", "Type")
    except OSError:
        return ""
