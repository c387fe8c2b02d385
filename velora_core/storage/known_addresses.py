"""Where Velora takes streams, and where it has taken them before."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

from velora_core.api.endpoints import DEFAULT_ORIGIN
from velora_core.host.destination import Destination, IngestAddresses

from . import records
from .private_file import PrivateFile

__all__ = ["FILE_NAME", "KnownAddresses"]

FILE_NAME: Final = "known.json"

_MAX_ADDRESSES: Final = 20  # earlier ones that are stored


class KnownAddresses(NamedTuple):
    """The addresses of one Velora.

    Attributes:
        present: None as long as Velora hasn't said.
        earlier: the last ones first. A profile that wasn't in use when Velora moved has one still.
    """

    present: IngestAddresses | None = None
    earlier: tuple[IngestAddresses, ...] = ()

    @classmethod
    def from_json(cls, present: object, earlier: object) -> KnownAddresses:
        """Read what was stored, of which nothing is taken for granted."""
        return cls(records.read_addresses(present), records.read_all_addresses(earlier))

    @classmethod
    def stored_in(cls, folder: Path, origin: str) -> KnownAddresses:
        """Read only these, of one Velora; raises `StorageUnreadable`.

        Args:
            folder: see `Storage`.
            origin: see `Endpoints.origin`.
        """
        known = PrivateFile(folder / FILE_NAME).read()
        suffix = "" if origin == DEFAULT_ORIGIN else f"@{origin}"
        return cls.from_json(
            known.get(f"addresses{suffix}"), known.get(f"earlier_addresses{suffix}")
        )

    def to_json(self) -> dict[str, Any]:
        """Return the two fields to store."""
        return {
            "addresses": self.present and list(self.present),
            "earlier_addresses": [list(addresses) for addresses in self.earlier[:_MAX_ADDRESSES]],
        }

    @property
    def all(self) -> tuple[IngestAddresses, ...]:
        """All of them."""
        return (self.present, *self.earlier) if self.present else self.earlier

    def own(self, destination: Destination | None) -> bool:
        """Return whether a stream goes to one of them."""
        return any(addresses.own(destination) for addresses in self.all)

    def moved_to(self, addresses: IngestAddresses) -> KnownAddresses:
        """Return them once Velora has said where it takes streams."""
        if addresses == self.present:
            return self
        if self.present is None:
            return self._replace(present=addresses)
        earlier = tuple(before for before in self.all if before != addresses)
        return KnownAddresses(addresses, earlier)

    def over(self, stored: KnownAddresses) -> KnownAddresses:
        """Return these with the stored ones behind them: what is known by now counts."""
        present = self.present or stored.present
        earlier = self.earlier + tuple(
            addresses for addresses in stored.earlier if addresses != stored.present
        )
        if stored.present and stored.present != present:
            earlier = (stored.present, *earlier)
        return KnownAddresses(present, earlier)
