"""Meld Studio, for the companion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from velora_hosts.websocket.address import Address

if TYPE_CHECKING:
    from velora_hosts.companion.settings import CompanionSettings
    from velora_hosts.companion.software import Circumstances, Links

    from .link import MeldLink

__all__ = ["MeldSoftware"]

_PORT: Final = 13376


class MeldSoftware:
    """The Meld Studio at one address."""

    def __init__(self, place: str) -> None:
        """Create it, for a text as `Address.parse` takes it; raises `ValueError`."""
        self._address = Address.parse(place, _PORT)
        self._settings: CompanionSettings | None = None

    @property
    def name(self) -> str:
        """The address, which has to be told from that of another software."""
        return f"meld {self._address}"

    def agreed(self, circumstances: Circumstances) -> bool:
        """Return True: nothing secret goes there, wherever it is."""
        self._settings = circumstances.settings
        return True

    def ask_credentials(self, circumstances: Circumstances) -> None:
        """Ask for nothing: it has no password."""
        self._settings = circumstances.settings

    def link(self, links: Links) -> MeldLink:
        """Return what keeps connected to it; `agreed` was asked before."""
        from .link import MeldLink

        assert self._settings is not None
        return MeldLink(self.name, self._address, links, self._settings)
