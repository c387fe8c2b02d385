"""Any other software, for the companion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from velora_hosts.companion.software import Circumstances, Links

    from .link import AnyLink

__all__ = ["AnySoftware"]

_NAME: Final = "Other software"
_MAX_LENGTH: Final = 40  # characters


class AnySoftware:
    """The software that somebody calls so."""

    def __init__(self, place: str) -> None:
        """Create it.

        Args:
            place: what it is called; may be empty.

        Raises:
            ValueError: nothing can be called so.
        """
        name = " ".join(place.split())
        if len(name) > _MAX_LENGTH or not name.isprintable() or (place and not name):
            raise ValueError
        self._name = name or _NAME

    @property
    def name(self) -> str:
        """What it is called."""
        return self._name

    def agreed(self, circumstances: Circumstances) -> bool:  # noqa: ARG002
        """Return True: nothing is connected to."""
        return True

    def ask_credentials(self, circumstances: Circumstances) -> None:
        """Ask for nothing."""

    def link(self, links: Links) -> AnyLink:
        """Return what stands for it."""
        from .link import AnyLink

        return AnyLink(self._name, links)
