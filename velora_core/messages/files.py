"""Which file of a language has which sentences.

Apart from the sentences themselves, and from the package's own file, which OBS's UI thread imports.
"""

from __future__ import annotations

from typing import Final

__all__ = ["FILES"]

FILES: Final[dict[str, str]] = {
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
"""The name of the file, by area. What isn't here is in the language's package itself."""
