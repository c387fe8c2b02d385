"""XSplit Broadcaster, for the companion."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velora_hosts.companion.software import Circumstances, Links

    from .link import XsplitLink

__all__ = ["XsplitSoftware"]


class XsplitSoftware:
    """The XSplit of this computer, which has one at most."""

    def __init__(self, place: str) -> None:
        """Create it.

        Args:
            place: empty.

        Raises:
            ValueError: it isn't; the page is for this computer only.
        """
        if place:
            raise ValueError

    @property
    def name(self) -> str:
        """What it is called."""
        return "XSplit"

    def agreed(self, circumstances: Circumstances) -> bool:  # noqa: ARG002
        """Return True: nothing is connected to."""
        return True

    def ask_credentials(self, circumstances: Circumstances) -> None:
        """Ask for nothing."""

    def link(self, links: Links) -> XsplitLink:
        """Return what stands for it."""
        from .link import XsplitLink

        return XsplitLink(self.name, links)
