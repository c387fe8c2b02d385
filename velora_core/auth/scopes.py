"""What an app may be allowed to do on a channel.

Which of them a request needs is said by each method of `velora_core.api.client`, and which a button
needs by `velora_core.panel.action_scopes`.
"""

from __future__ import annotations

from typing import Final

__all__ = ["FREE_SCOPES", "SCOPES"]

SCOPES: Final = ("stream:key", "stream:read", "stream:write", "user:read")
"""All that the streaming API needs."""

FREE_SCOPES: Final = ("stream:read", "user:read")
"""Those that Velora grants to every app; it has to approve an app for the others."""
