"""The English sentences, by name: area, dot, subject. Each file has whole areas.

A file is read when its first sentence is asked for. What the panel says is read beforehand, by
`velora_core.application`.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["FILES"]

FILES: Final[dict[str, str]] = {
    **dict.fromkeys(("script", "hotkey"), "script"),
    **dict.fromkeys(("error", "api_url", "damage", "problem", "storage"), "errors"),
    **dict.fromkeys(("status", "lost", "key", "keyring", "change", "log", "next"), "status"),
    **dict.fromkeys(("live", "srt", "health", "encoder"), "stream"),
    **dict.fromkeys(
        ("panel", "section", "button", "title", "service", "account", "scope", "settings"), "panel"
    ),
    "check": "diagnostics",
    "page": "sign_in_page",
    "web": "web",
    "dock": "dock",
    "browser": "browser_stream",
    "cli": "command_line",
    "companion": "companion",
    "streamlabs": "streamlabs",
}
"""Which file has an area."""
