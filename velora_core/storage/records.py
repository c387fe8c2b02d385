"""What is stored, as JSON and as values: of what is read nothing is taken for granted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from velora_core.api.models import Category
from velora_core.auth.grant import ClientCredentials
from velora_core.host.destination import IngestAddresses
from velora_core.host.host import Snapshot
from velora_core.secret import Secret

from .key_digest import digest, is_digest

__all__ = [
    "MAX_APPLIED",
    "RENAMED",
    "SavedService",
    "client_to_json",
    "digests_of_keys",
    "entry_id",
    "is_same_service",
    "put_entry",
    "read_addresses",
    "read_all_addresses",
    "read_applied_keys",
    "read_audio",
    "read_categories",
    "read_client",
    "read_each",
    "read_saved_services",
    "read_secret",
    "read_table",
    "read_text",
    "saved_service_to_json",
]

MAX_APPLIED: Final = 3
"""Digests of keys that are kept of a profile: the last one may not have got into the service."""

RENAMED: Final = {"given_keys": "applied_keys", "chosen_keys": "pinned_keys"}
"""Tables that had the keys themselves at first, and those that have digests instead."""

_MAX_ENCODERS: Final = 9
_MAX_TIMESTAMP: Final = 1e11
"""The latest Unix time that a calendar can show."""


class SavedService(NamedTuple):
    """A service to go back to.

    Attributes:
        snapshot: how the software was set up then.
        profile: id of the profile that it was in.
        at: Unix time at which it was kept; None when that isn't known.
        order: the one with the highest number is the next to go back to.
    """

    snapshot: Snapshot
    profile: str = ""
    at: float | None = None
    order: float = 0.0


# -- plain values ----------------------------------------------------------------------------


def read_table(data: object) -> dict[str, Any]:
    """Return an object, or an empty one."""
    return data if isinstance(data, dict) else {}


def read_each(data: object, read: Callable[[Any], Any]) -> dict[str, Any]:
    """Return what `read` makes of each entry, without those of which it makes None."""
    found = {str(name): read(value) for name, value in read_table(data).items()}
    return {name: value for name, value in found.items() if value is not None}


def read_text(data: object) -> str | None:
    """Return a text; None when it is empty or none."""
    return data if isinstance(data, str) and data else None


def read_secret(data: object) -> Secret | None:
    """Return a secret; None when there is none."""
    return Secret(data) if isinstance(data, str) and data else None


def _texts(data: object, least: int, most: int) -> list[str] | None:
    if not isinstance(data, list) or not least <= len(data) <= most:
        return None
    return data if all(isinstance(text, str) for text in data) else None


def _number(data: object) -> float | None:
    if isinstance(data, bool) or not isinstance(data, (int, float)):
        return None
    return float(data) if abs(data) < _MAX_TIMESTAMP else None


# -- secrets ---------------------------------------------------------------------------------


def read_client(data: object) -> ClientCredentials | None:
    """Return the application to sign in with."""
    if not isinstance(data, dict) or not isinstance(data.get("id"), str) or not data["id"]:
        return None
    return ClientCredentials(data["id"], read_secret(data.get("secret")))


def client_to_json(client: ClientCredentials) -> dict[str, str | None]:
    """Return what `read_client` reads."""
    secret = client.client_secret
    return {"id": client.client_id, "secret": secret.reveal() if secret else None}


def read_audio(data: object) -> tuple[str, ...] | None:
    """Return the names of audio encoders."""
    return tuple(_texts(data, 1, _MAX_ENCODERS) or ()) or None


def read_applied_keys(data: object) -> tuple[str, ...] | None:
    """Return a profile's digests of keys."""
    return tuple(_texts(data, 1, MAX_APPLIED) or ()) or None


def digests_of_keys(stored: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the tables of digests, by name, of the keys that an older version has stored."""
    tables: dict[str, dict[str, Any]] = {}
    for name, data in stored.items():
        field, at, origin = name.partition("@")
        if field not in RENAMED:
            continue
        digests = tables[RENAMED[field] + at + origin] = {}
        for profile, value in read_table(data).items():
            keys = [value] if isinstance(value, str) else _texts(value, 1, MAX_APPLIED) or []
            found = [key if is_digest(key) else digest(Secret(key)) for key in keys if key]
            if found:
                digests[profile] = found[-1] if field == "chosen_keys" else found
    return tables


def read_saved_services(
    data: object, read_snapshot: Callable[[object], Snapshot | None]
) -> dict[str, SavedService]:
    """Return the services to go back to, by their ids.

    Args:
        data: as it was stored.
        read_snapshot: see `Host.read_snapshot`.
    """

    def read(data: object) -> SavedService | None:
        if not isinstance(data, dict):
            return None
        # An older version has the snapshot's parts beside the rest.
        snapshot = read_snapshot(data.get("snapshot", data))
        if snapshot is None:
            return None
        at, order = _number(data.get("at")), _number(data.get("order")) or 0.0
        return SavedService(snapshot, read_text(data.get("profile")) or "", at, order)

    return {
        name: kept if kept.profile else kept._replace(profile=name)  # as it was at first
        for name, kept in read_each(data, read).items()
    }


def saved_service_to_json(kept: SavedService) -> dict[str, Any]:
    """Return what `read_saved_services` reads, of one."""
    return {
        "profile": kept.profile,
        "at": kept.at,
        "order": kept.order,
        "snapshot": dict(kept.snapshot.data),
    }


def entry_id(kept: SavedService) -> str:
    """Return an id that only the same service in the same profile has."""
    whole = [kept.profile, kept.snapshot.data]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:32]


def is_same_service(first: SavedService, other: SavedService) -> bool:
    """Return whether both are the same service in the same profile.

    The ids don't tell: an older version made them in another way.
    """
    return (first.profile, first.snapshot.data) == (other.profile, other.snapshot.data)


def put_entry(table: dict[str, Any], name: str, value: Any) -> bool:
    """Set or, for None, remove an entry; return whether that changed anything."""
    if table.get(name) == value:
        return False
    if value is None:
        del table[name]
    else:
        table[name] = value
    return True


# -- what Velora has said --------------------------------------------------------------------


def read_addresses(data: object) -> IngestAddresses | None:
    """Return where Velora takes streams."""
    texts = _texts(data, 3, 3)
    return IngestAddresses(*texts) if texts else None


def read_all_addresses(data: object) -> tuple[IngestAddresses, ...]:
    """Return where Velora has taken streams."""
    found = map(read_addresses, data if isinstance(data, list) else [])
    return tuple(addresses for addresses in found if addresses)


def read_categories(data: object) -> tuple[Category, ...]:
    """Return the list of categories."""
    found = []
    for entry in data if isinstance(data, list) else []:
        texts = _texts(entry[:2] if isinstance(entry, list) else None, 2, 2)
        if texts:
            image = entry[2] if len(entry) > 2 and isinstance(entry[2], str) else None
            found.append(Category(texts[0], texts[1], image))
    return tuple(found)
