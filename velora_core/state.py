"""What the streamer set, and what the streamer sees: two immutable values."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from .account import Account
from .app_registration import DEFAULT_PORT
from .service import VeloraAddresses

if TYPE_CHECKING:
    from .models import Category

__all__ = ["State", "StreamSettings", "Tone"]


class Tone(Enum):
    """How the status line is meant."""

    NORMAL = "normal"
    WARNING = "warning"
    ERROR = "error"


class StreamSettings(NamedTuple):
    """What the panel's fields hold.

    Attributes:
        title: empty means that Velora keeps the title it has; the same goes for the next two.
        category: a slug, or text that is to mean a category.
        tags: as entered.
        protocol: ``rtmp``, ``srt`` or ``whip``.
        update_on_start: whether going live sends the three to Velora.
        redirect_port: where signing in brings the browser back to.
    """

    title: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    protocol: str = "rtmp"
    update_on_start: bool = True
    redirect_port: int = DEFAULT_PORT


class State(NamedTuple):
    """What a panel shows.

    Attributes:
        status: one sentence: where things stand, or how the last action ended.
        tone: whether that is good or bad news.
        categories: the last list Velora gave.
        account: who the streamer is to Velora.
        addresses: where Velora takes streams; None as long as it hasn't said.
        profiles_with_previous: the profiles that have a service to go back to.
        confirming: a new stream key was asked for, and waits for a second press.
    """

    status: str
    tone: Tone = Tone.NORMAL
    categories: tuple[Category, ...] = ()
    account: Account = Account()
    addresses: VeloraAddresses | None = None
    profiles_with_previous: frozenset[str] = frozenset()
    confirming: bool = False
