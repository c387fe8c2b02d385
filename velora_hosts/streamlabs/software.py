"""Streamlabs Desktop, for the companion: there is nothing to ask for before a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velora_hosts.companion.software import Circumstances, Links

    from .link import StreamlabsLink

__all__ = ["StreamlabsSoftware"]


class StreamlabsSoftware:
    """The Streamlabs Desktop of this computer and user."""

    def __init__(self, place: str) -> None:
        """Create it.

        Args:
            place: empty, or the port that it is reached by alone.

        Raises:
            ValueError: it is neither.
        """
        self._port = int(place) if place.isascii() and place.isdigit() else None
        if place and (self._port is None or not 0 < self._port < 65536):
            raise ValueError

    @property
    def name(self) -> str:
        """The software's own name."""
        return f"Streamlabs:{self._port}" if self._port else "Streamlabs"

    def agreed(self, circumstances: Circumstances) -> bool:  # noqa: ARG002
        """Return True: nothing leaves this computer."""
        return True

    def ask_credentials(self, circumstances: Circumstances) -> None:
        """Do nothing: Streamlabs asks a program on its own computer for no password."""

    def link(self, links: Links) -> StreamlabsLink:
        """Return what keeps connected to it."""
        from velora_core.storage.storage import default_folder

        from .door import doors
        from .link import StreamlabsLink

        return StreamlabsLink(self.name, links, doors=doors(self._port), folder=default_folder())
