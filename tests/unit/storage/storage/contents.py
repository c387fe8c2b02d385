"""What is put into a storage, and a keyring in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.fakes import CATEGORIES, OTHER, TOKEN
from velora_core.auth.oauth import ClientCredentials, Tokens
from velora_core.auth.token_refresh import Grant
from velora_core.host.destination import Destination, IngestAddresses
from velora_core.secret import Secret
from velora_core.storage.key_digest import find
from velora_core.storage.records import SavedService
from velora_core.storage.storage import Storage as CoreStorage
from velora_core.storage.system_keyring import Keyring
from velora_hosts.obs.audio import AudioEncoders
from velora_hosts.obs.service import Service, read_snapshot, snapshot_of

__all__ = [
    "ADDRESSES",
    "AUDIO",
    "CLIENT",
    "KEPT",
    "KEYS",
    "SIGN_IN",
    "MemoryKeyring",
    "Storage",
    "applied",
    "contents",
    "drop",
    "fill",
    "keep",
    "kept_in",
    "service",
    "to",
]

AUDIO = AudioEncoders("aac", "ffmpeg_aac")


KEPT = SavedService(snapshot_of(OTHER, AUDIO))


ADDRESSES = IngestAddresses("rtmp://a", "srt://b", "https://c")


CLIENT = ClientCredentials("test-client-id", Secret("test_client_secret"))


SIGN_IN = Grant(
    CLIENT,
    Tokens(Secret(TOKEN), Secret("test_refresh_1"), 1234.5, frozenset({"stream:read"})),
    name="Some Body",
    since=1000.0,
)


class MemoryKeyring:
    """A backend as `keyring` has them."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False
        self.writes_left: int | None = None

    def _touch(self) -> None:
        if self.locked:
            raise RuntimeError("locked")

    def get_password(self, service: str, name: str) -> str | None:
        self._touch()
        return self.entries.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self._touch()
        assert len(value) <= 1280  # what the Windows Credential Manager takes
        if self.writes_left is not None:
            if not self.writes_left:
                raise RuntimeError("power cut")
            self.writes_left -= 1
        self.entries[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        self._touch()
        if self.writes_left is not None:
            if not self.writes_left:
                raise RuntimeError("power cut")
            self.writes_left -= 1
        del self.entries[service, name]


class Storage(CoreStorage):
    """Of an OBS."""

    def __init__(self, folder: Path, keyring: Keyring | None = None, **options: Any) -> None:
        super().__init__(folder, keyring, read_snapshot=read_snapshot, **options)


def to(server: str) -> Destination:
    return Destination("rtmp", Secret(server))


KEYS = [Secret(f"live_test_{name}") for name in ("own", "other", 0, 1, 2, 3, 4)]


def applied(storage: CoreStorage) -> dict[str, tuple[str, ...]]:
    """By profile, the keys that were put there."""
    return {
        profile: tuple(key.reveal() for digest in digests if (key := find(digest, KEYS)))
        for profile, digests in storage.applied_keys.items()
    }


def fill(storage: Storage) -> None:
    storage.save_token(Secret(TOKEN))
    storage.save_client(CLIENT)
    keep(storage, "Main")
    storage.save_audio_before_whip("Main", AUDIO)
    storage.save_addresses(ADDRESSES)
    storage.save_categories(CATEGORIES)


def keep(storage: Storage, profile: str, service: Service = OTHER) -> None:
    storage.keep_service(profile, snapshot_of(service, AUDIO))


def drop(storage: Storage, profile: str) -> None:
    for kept in storage.previous.get(profile, ()):
        storage.drop_service(kept)


def kept_in(storage: Storage) -> dict[str, list[SavedService]]:
    """By profile, without when it was kept."""
    return {
        profile: [SavedService(service.snapshot) for service in kept]
        for profile, kept in storage.previous.items()
    }


def contents(storage: Storage) -> tuple[Any, ...]:
    return (
        storage.token,
        storage.sign_in,
        storage.client,
        storage.previous,
        storage.audio_before_whip,
        storage.addresses,
        storage.categories,
    )


def service(number: int) -> Service:
    return Service("rtmp_custom", {"server": f"rtmp://{number}.test", "key": f"live_test_{number}"})
