"""What the streamer set, and what the streamer sees: two immutable values."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from .models import Category
from .service import VeloraAddresses

__all__ = ["State", "StreamSettings", "TokenOrigin", "Tone"]


class Tone(Enum):
    """How the status line is meant."""

    NORMAL = "normal"
    WARNING = "warning"
    ERROR = "error"


class TokenOrigin(Enum):
    """Where the access token in use comes from."""

    NONE = "none"
    ENVIRONMENT = "environment"
    ENTERED = "entered"


class StreamSettings(NamedTuple):
    """What the panel's fields hold.

    Attributes:
        title: empty means that Velora keeps the title it has; the same goes for the next two.
        category: a slug, or text that is to mean a category.
        tags: as entered.
        protocol: ``rtmp``, ``srt`` or ``whip``.
        update_on_start: whether going live sends the three to Velora.
    """

    title: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    protocol: str = "rtmp"
    update_on_start: bool = True


class State(NamedTuple):
    """What a panel shows.

    Attributes:
        status: one sentence: where things stand, or how the last action ended.
        tone: whether that is good or bad news.
        categories: the last list Velora gave.
        token_origin: where the access token comes from.
        addresses: where Velora takes streams; None as long as it hasn't said.
        profiles_with_previous: the profiles that have a service to go back to.
    """

    status: str
    tone: Tone = Tone.NORMAL
    categories: tuple[Category, ...] = ()
    token_origin: TokenOrigin = TokenOrigin.NONE
    addresses: VeloraAddresses | None = None
    profiles_with_previous: frozenset[str] = frozenset()
