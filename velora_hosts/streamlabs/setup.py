"""How Streamlabs is set up to stream, and what that means to the application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from velora_core.host.destination import Destination, describe
from velora_core.host.host import Snapshot
from velora_hosts.obs.service import Service, destination_of, service_for

__all__ = [
    "WHIP",
    "Setup",
    "destination",
    "read_snapshot",
    "setup_for",
    "setup_of",
    "snapshot_of",
    "values_for",
]

WHIP: Final = "whip_custom"
_MARK: Final = "streamlabs"
_GO_LIVE: Final = "Streamlabs Desktop"
"""What a destination is called that Streamlabs writes itself, whatever is entered."""


class Setup(NamedTuple):
    """The stream settings, among them secret ones.

    Attributes:
        kind: Streamlabs's stream type: ``rtmp_custom``, ``rtmp_common`` or ``whip_custom``.
        protected: Streamlabs is to write address and key itself at each start ("protected mode").
        overrides: and does so, because somebody is logged in.
        platform: the platform that it would be; empty without one.
        values: what is entered: ``server``, ``key`` and so on, as Streamlabs calls them.
    """

    kind: str
    protected: bool
    overrides: bool
    platform: str
    values: Mapping[str, Any]

    def same(self, other: Setup) -> bool:
        """Return whether both say the same of what a person can set."""
        names = ("server", "key", "service", "bearer_token")
        mine, theirs = ([setup.values.get(name) for name in names] for setup in (self, other))
        return self[:3] == other[:3] and mine == theirs

    def __repr__(self) -> str:
        return f"Setup({self.kind!r}, {len(self.values)} values)"


def destination(setup: Setup) -> Destination:
    """Return where a stream goes."""
    # Streamlabs has OBS's services, with OBS's names for what is in them.
    found = destination_of(Service(setup.kind, setup.values))
    if setup.overrides:
        return found._replace(platform=found.platform or _GO_LIVE)
    return found


def setup_for(destination: Destination, *, keep_options: bool) -> Setup:
    """Return the setup for a destination that is authenticated by its key alone.

    Args:
        destination: Velora's.
        keep_options: a login that is entered beside it stays.
    """
    service, values = service_for(destination), values_for(destination)
    if service.kind != WHIP and not keep_options:
        values["use_auth"] = False
    return Setup(service.kind, protected=False, overrides=False, platform="", values=values)


def values_for(destination: Destination) -> dict[str, Any]:
    """Return address and key, as Streamlabs calls them."""
    settings = service_for(destination).settings
    return {name: settings[name] for name in ("server", "key", "bearer_token") if name in settings}


def snapshot_of(setup: Setup) -> Snapshot:
    """Return all that there is to restore."""
    data = {_MARK: {**setup._asdict(), "values": dict(setup.values)}}
    where = destination(setup)
    return Snapshot(data, describe(where), where)


def read_snapshot(data: object) -> Snapshot | None:
    """Return the snapshot whose data this is; None if it isn't Streamlabs's, or is damaged."""
    kept = data.get(_MARK) if isinstance(data, dict) else None
    if not isinstance(kept, dict) or set(kept) != set(Setup._fields):
        return None
    setup = Setup(**kept)
    texts = isinstance(setup.kind, str) and isinstance(setup.platform, str)
    flags = isinstance(setup.protected, bool) and isinstance(setup.overrides, bool)
    if not texts or not flags or not isinstance(setup.values, dict):
        return None
    return snapshot_of(setup)


def setup_of(snapshot: Snapshot) -> Setup:
    """Return what is in a snapshot of `snapshot_of`."""
    return Setup(**snapshot.data[_MARK])
