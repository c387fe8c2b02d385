"""Which scope each action of the panel needs; `velora_core.auth.scopes` has what each allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .elements import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ACTION_SCOPES"]

ACTION_SCOPES: Final[Mapping[Action, str]] = {
    Action.CONFIGURE: "stream:key",
    Action.USE_RTMP: "stream:key",
    Action.USE_MY_KEY: "stream:key",
    Action.REGENERATE: "stream:key",
    Action.COPY_ADDRESS: "stream:key",
    Action.COPY_KEY: "stream:key",
    Action.UPDATE_NOW: "stream:write",
    Action.LOAD: "stream:read",
    Action.OPEN_CHANNEL: "user:read",
    Action.OPEN_CHAT: "user:read",
    Action.PUT_BACK: "stream:write",
}
"""What Velora must have allowed for an action."""
