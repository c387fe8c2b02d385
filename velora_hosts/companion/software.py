"""What the companion asks of a broadcasting software, whichever it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from velora_core.application import Application
    from velora_core.host.host import LogLevel
    from velora_core.secret import Secret

    from .link import Link
    from .settings import CompanionSettings

__all__ = ["Asking", "Circumstances", "Links", "Software"]


class Asking(Protocol):
    """Who can be asked: somebody at a terminal, or nobody."""

    def agrees(self, question: str) -> bool:
        """Return whether they say yes."""

    def password(self, question: str) -> Secret | None:
        """Return what they type, unseen; None without an answer."""

    def say(self, severity: LogLevel, sentence: str) -> None:
        """Have them read a sentence."""


class Circumstances(NamedTuple):
    """What the command was called with.

    Attributes:
        asking: who can be asked.
        settings: what was agreed to before.
        reads_passwords: the software's own settings may be read for a password without asking.
        unencrypted: what is secret may go to another computer unencrypted without asking.
    """

    asking: Asking
    settings: CompanionSettings
    reads_passwords: bool = False
    unencrypted: bool = False


class Links(NamedTuple):
    """What a link is made of, beside the software.

    Attributes:
        make: makes the application of a `Host`, once the software is known; takes `follow` as
            `Application` does, and `extension` as `SharedPages.start`. On the link's thread.
        say: takes what the streamer has to know. On the link's thread.
        turned: told after each turn of the application.
    """

    make: Callable[..., Application]
    say: Callable[[LogLevel, str], None]
    turned: Callable[[Application], None] = lambda _: None


class Software(Protocol):
    """A broadcasting software at one place. The main thread asks, before there is a link."""

    @property
    def name(self) -> str:
        """Return what tells it from all others, as people know it; its fields are kept under it."""

    def agreed(self, circumstances: Circumstances) -> bool:
        """Return whether it may be connected to; asks, and says why not."""

    def ask_credentials(self, circumstances: Circumstances) -> None:
        """Ask for what a connection needs and is not known, such as a password."""

    def link(self, links: Links) -> Link:
        """Return what keeps connected to it; nothing is connected yet."""
