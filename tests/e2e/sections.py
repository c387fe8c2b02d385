"""In which section of the panel each widget is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["ACCOUNT", "INFO", "SECTIONS"]

INFO, ACCOUNT = "Stream info", "Account"
_SETUP, _PICTURE = "Stream setup", "Text on screen"
SECTIONS: Final[Mapping[str, str]] = {
    "Title": INFO,
    "Category": INFO,
    "Tags": INFO,
    "Update now": INFO,
    "Refresh": INFO,
    "Configure Velora": _SETUP,
    "Check everything": _SETUP,
    "Load from Velora": _SETUP,
    "Protocol": _SETUP,
    "Regenerate stream key": _SETUP,
    "Restore previous service": _SETUP,
    "Update when I go live": _SETUP,
    "Encoder settings for Velora": _SETUP,
    "Find category": INFO,
    **dict.fromkeys(
        (
            "Preset",
            "Apply",
            "Put back",
            "More …",
            "Less",
            "Name",
            "Save as preset",
            "Export to",
            "Import from",
            "Recent title",
            "Use this title",
            "Set it to",
            "Set the count",
            "Save changes",
            "Rename",
            "For programs",
            "Switch while live",
            "Save programs",
            "Move up",
            "Move down",
            "Delete",
            "Send with this scene",
            "With no scene",
        ),
        "Presets",
    ),
    "Use RTMP instead": _SETUP,
    "SRT stream id": _SETUP,
    "Star this category": INFO,
    "Remove the star": INFO,
    "A plugin streams to Velora": _SETUP,
    "Copy address": _SETUP,
    "Settings of": _SETUP,
    "Copy stream key": _SETUP,
    "Open my channel": ACCOUNT,
    "Open chat": ACCOUNT,
    "Chat address": ACCOUNT,
    "Use an access token": ACCOUNT,
    "Text source": _PICTURE,
    "Text to show": _PICTURE,
    "Check every (s)": _PICTURE,
    "Access token": ACCOUNT,
    "Client ID": ACCOUNT,
    "Client secret": ACCOUNT,
    "Redirect URI": ACCOUNT,
    "Sign in with Velora": ACCOUNT,
    "Sign out": ACCOUNT,
    **dict.fromkeys(
        (
            "Open the dock",
            "Turn the dock off",
            "Keep the dock on",
            "Dock address",
            "Program",
            "Add this program",
            "Its token",
            "Programs",
            "Remove this program",
        ),
        "Dock and remote",
    ),
    "Velora's page": ACCOUNT,
}
"""By the name of a widget, the section of the panel that has it."""
