"""Storage of everything that is kept from one start to the next.

Secrets (tokens, services to go back to) are in the system's keyring, or in `secrets.json` where
there is none that takes them. `known.json` has what Velora last said and can say again. What is
half-written, foreign or damaged counts as empty.

What one Velora gave is for that one only: it is filed by the API's origin. Velora's own has the
bare names; what another one gave has its origin behind them. The services to go back to belong to
the broadcasting software, and are common to all.

Of a stream key that is only compared, a digest is kept (`key_digest`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from velora_core.api.endpoints import DEFAULT_ORIGIN
from velora_core.api.models import Category
from velora_core.auth.grant import ClientCredentials, Grant
from velora_core.errors import SignOutPending, StorageUnreadable
from velora_core.host.destination import Destination, IngestAddresses, credential
from velora_core.host.host import Snapshot
from velora_core.secret import Secret

from . import records
from .channel_memory import ChannelMemory
from .file_lock import FileLock
from .history import HistoryStore
from .key_digest import digest, matches
from .known_addresses import FILE_NAME, KnownAddresses
from .page_access import PageAccess
from .presets import PresetStore
from .private_file import PrivateFile
from .secret_store import SecretStore
from .shared_file import SharedFile
from .system_keyring import Keyring
from .user_folder import FOLDER_NAME, default_folder
from .user_settings import UserSettingsStore

__all__ = ["FOLDER_NAME", "Storage", "default_folder"]

_MAX_KEPT: Final = 10  # services to go back to, in each profile
_BY_PROFILE: Final = ("audio_before_whip", "applied_keys", "pinned_keys")
_TABLES: Final = ("previous_services", *_BY_PROFILE, *records.RENAMED)
_OF_HOSTS: Final = ("companion.json", "streamlabs.json")  # kept here by whoever runs outside
_LOCKS_OF_HOSTS: Final = "companion-*.lock"
_COMMON: Final = ("previous_services", "audio_before_whip")  # whatever the origin


class Storage:
    """All that is kept. Used by one thread at a time; reads what is there when it is made.

    Each `save` method changes the value in memory first: it holds for this session even when it
    can't be stored, which raises `StorageError`, now and at each later `save` until it can. A file
    that can't be read now is left alone; what is in it counts again when it can be read.

    Attributes:
        unread: why the secrets could not be read when they were read last.
    """

    def __init__(
        self,
        folder: Path,
        keyring: Keyring | None = None,
        *,
        origin: str = DEFAULT_ORIGIN,
        read_only: bool = False,
        read_snapshot: Callable[[object], Snapshot | None] = lambda _: None,
    ) -> None:
        """Create the storage.

        Args:
            folder: for both files.
            keyring: where secrets go before they go into a file.
            origin: of the API that tokens, keys and addresses are for; see `Endpoints.origin`.
            read_only: what is stored stays as it is, whatever is saved.
            read_snapshot: see `Host.read_snapshot`; what it can't read stays stored.
        """
        self._read_snapshot = read_snapshot
        self._origin = origin
        self.refreshing = FileLock(folder / "renewing.lock")
        """Held from reading the sign-in until what has been made of it is stored."""
        self.streaming = FileLock(folder / "streaming.lock")
        """Held by ``velora stream`` while it runs."""
        self._folder = folder
        self._read_only = read_only
        self._secret_store = SecretStore(folder / "secrets.json", keyring, tables=_TABLES)
        self._file = PrivateFile(folder / FILE_NAME)
        self.presets = PresetStore(folder)
        self.history = HistoryStore(folder, origin=origin)
        self.page = PageAccess(folder)
        self.user_settings = UserSettingsStore(folder)
        self.channel = ChannelMemory(folder, origin=origin, read_only=read_only)
        self._unsaved: set[tuple[str, str | None]] = set()  # of the secrets: field, profile
        self._known_unsaved = False
        self.token: Secret | None = None
        self.sign_in: Grant | None = None
        self.client: ClientCredentials | None = None
        self._kept: dict[str, records.SavedService] = {}  # by an id of the service in its profile
        self.audio_before_whip: dict[str, tuple[str, ...]] = {}
        self.applied_keys: dict[str, tuple[str, ...]] = {}  # digests; the last one is the newest
        self.pinned_keys: dict[str, str] = {}  # digests
        self._addresses = KnownAddresses()
        self.categories: tuple[Category, ...] = ()
        self._known_read = False
        self.unread: StorageUnreadable | None = None
        for read in (self._read_known, self.channel.read):
            with suppress(StorageUnreadable):  # it only saves asking Velora
                read()
        self.read_secrets()

    def _read_known(self) -> dict[str, Any]:
        """Return all that `known.json` has. What is known by now stays, the first time, too."""
        known = self._file.read()
        if not self._known_read:
            self._known_read = True
            present, earlier = map(self._name, ("addresses", "earlier_addresses"))
            stored = KnownAddresses.from_json(known.get(present), known.get(earlier))
            self._addresses = self._addresses.over(stored)
            self.categories = self.categories or records.read_categories(
                known.get(self._name("categories"))
            )
        return known

    def _name(self, field: str) -> str:
        """Return the name under which a field is stored."""
        common = self._origin == DEFAULT_ORIGIN or field in _COMMON
        return field if common else f"{field}@{self._origin}"

    def read_secrets(self) -> None:
        """Read the secrets as they are stored now.

        What could not be stored yet stays, and so does everything if they can't be read.
        """
        try:
            read = self._secret_store.read()
        except StorageUnreadable as error:
            self.unread = error
            return
        self.unread = None
        found = self._secret_store.merge(read, self._unsaved_values())

        def stored(field: str) -> object:
            return found.get(self._name(field))

        self.token = records.read_secret(stored("access_token"))
        self.sign_in = Grant.from_json(stored("sign_in"))
        self.client = records.read_client(stored("client"))
        self._kept = records.read_saved_services(stored("previous_services"), self._read_snapshot)
        self.audio_before_whip = records.read_each(stored("audio_before_whip"), records.read_audio)
        earlier = records.digests_of_keys(found)

        def digests(field: str) -> dict[str, Any]:
            beside = earlier.get(self._name(field), {})
            return {**beside, **records.read_table(stored(field))}

        self.applied_keys = records.read_each(digests("applied_keys"), records.read_applied_keys)
        self.pinned_keys = records.read_each(digests("pinned_keys"), records.read_text)

    def digest_keys(self) -> None:
        """Replace the keys that an older version has stored by digests.

        Raises:
            StorageError: they are still there, and can be replaced the next time.
        """
        if self.unread or self._read_only:
            return
        stored = self._secret_store.read()
        changes: dict[str, Any] = dict(records.digests_of_keys(stored))
        for name, table in changes.items():
            changes[name] = {**table, **records.read_table(stored.get(name))}
        for name in stored:
            if name.partition("@")[0] in records.RENAMED and records.read_table(stored[name]):
                # One by one: there may be more in a keyring that is locked now.
                changes[name] = dict.fromkeys(records.read_table(stored[name]))
        if changes:
            self._secret_store.change(changes)
            self.read_secrets()

    @property
    def keyring_error(self) -> str | None:
        """Why the keyring isn't used although there is one, in its own word."""
        return self._secret_store.complaint

    @property
    def damaged_and_newer(self) -> tuple[Path | None, Path | None]:
        """The secrets' file, if it is damaged or of a newer version; put aside by the next save."""
        return self._secret_store.damaged, self._secret_store.newer

    def move_to_keyring(self) -> None:
        """Move what a file kept in the meantime into the keyring; raise `StorageError`."""
        if not self._read_only:
            self._secret_store.move_to_keyring()

    def reload_sign_in(self) -> Grant | None:
        """Return the sign-in that is stored now, perhaps by another program of this user.

        Raises:
            StorageUnreadable: nobody can say now.
        """
        return Grant.from_json(self._secret_store.reread().get(self._name("sign_in")))

    def save_token(self, token: Secret | None) -> None:
        """Store the access token that was entered, or delete it."""
        changed = token != self.token
        self.token = token
        self._save_secrets(("access_token", None), changed=changed)

    def save_sign_in(self, sign_in: Grant) -> None:
        """Store a new sign-in, and delete a token that was entered."""
        changed = sign_in != self.sign_in or self.token is not None
        self.sign_in, self.token = sign_in, None
        self._save_secrets(("sign_in", None), ("access_token", None), changed=changed)

    def save_refreshed(self, sign_in: Grant | None) -> None:
        """Store the sign-in with other tokens, or delete it.

        A token that was entered, perhaps in another program in the meantime, stays.
        """
        changed = sign_in != self.sign_in
        self.sign_in = sign_in
        self._save_secrets(("sign_in", None), changed=changed)

    def take_sign_in(self, sign_in: Grant) -> None:
        """Take over what another program has stored; there is nothing left to store."""
        self.sign_in = sign_in
        self._unsaved.discard(("sign_in", None))

    def forget_sign_in(self) -> None:
        """Delete token, sign-in and app of this origin; the services to go back to stay."""
        self.token = self.sign_in = self.client = None
        self.applied_keys, self.pinned_keys = {}, {}
        fields = ("access_token", "sign_in", "client", "applied_keys", "pinned_keys")
        everything = ((field, None) for field in (*fields, *records.RENAMED))
        self._save_secrets(*everything, changed=True)
        self._secret_store.forget_damaged()
        if self._secret_store.complaint:  # it will be gone when the keyring answers, and is not yet
            raise SignOutPending(reason=self._secret_store.complaint)

    def forget_everything(self) -> None:
        """Delete everything, of every origin; raise `StorageError`."""
        self._secret_store.clear()
        self._file.remove()
        self.presets.remove()
        self.user_settings.remove()
        self.history.remove()
        self.channel.remove()
        self.page.remove()
        for name in _OF_HOSTS:
            SharedFile(self._folder / name).remove()
        for path in self._folder.glob(_LOCKS_OF_HOSTS):
            FileLock(path).remove()
        self.refreshing.remove()
        self.streaming.remove()
        with suppress(OSError):  # on some systems the program itself is in it
            self._folder.rmdir()

    def save_client(self, client: ClientCredentials | None) -> None:
        """Store the application to sign in with, or delete it."""
        changed = client != self.client
        self.client = client
        self._save_secrets(("client", None), changed=changed)

    @property
    def previous(self) -> dict[str, tuple[records.SavedService, ...]]:
        """By profile, the services that it can go back to, the newest first."""
        kept = sorted(self._kept.values(), key=lambda service: service.order, reverse=True)
        return {
            profile: tuple(service for service in kept if service.profile == profile)
            for profile in {service.profile for service in kept}
        }

    def keep_service(self, profile: str, snapshot: Snapshot, *, last: bool = False) -> None:
        """Store a service that is about to be replaced in a profile.

        Each has an entry of its own, so that another program of this user, or one that the
        keyring hides now, is never overwritten.

        Args:
            profile: its id.
            snapshot: what to go back to.
            last: behind those that are kept, instead of before them.
        """
        others = self.previous.get(profile, ())
        now = time.time()
        order = max([now, *(service.order + 1 for service in others)])
        if last:
            order = min([now, *(service.order - 1 for service in others)])
        kept = records.SavedService(snapshot, profile, now, order)
        there = [name for name, known in self._kept.items() if records.is_same_service(known, kept)]
        newest = others[0].order if others else 0.0
        if there and not last and self._kept[there[0]].order == newest:
            self._save_kept()
            return
        self._save_kept({**dict.fromkeys(there), records.entry_id(kept): kept})
        for surplus in self.previous[profile][_MAX_KEPT:]:
            self.drop_service(surplus)

    def drop_service(self, kept: records.SavedService) -> None:
        """Delete a stored service that is in use again."""
        there = [name for name, known in self._kept.items() if records.is_same_service(known, kept)]
        self._save_kept(dict.fromkeys(there))

    def _save_kept(self, changes: Mapping[str, records.SavedService | None] | None = None) -> None:
        changed = {name for name, kept in (changes or {}).items() if self._kept.get(name) != kept}
        now = {**self._kept, **(changes or {})}
        # Replaced as a whole, because another thread may be looking at it.
        self._kept = {name: kept for name, kept in now.items() if kept is not None}
        fields = (("previous_services", name) for name in changed)
        self._save_secrets(*fields, changed=bool(changed))

    def save_audio_before_whip(self, profile: str, audio: tuple[str, ...] | None) -> None:
        """Keep the audio encoders that a profile had before WHIP needed others."""
        changed = records.put_entry(self.audio_before_whip, profile, audio)
        self._save_secrets(("audio_before_whip", profile), changed=changed)

    def save_applied_key(self, profile: str, key: Secret | None) -> None:
        """Store which stream key is put into a profile, so that another one is noticed.

        Args:
            profile: its id.
            key: the `credential` of the destination; None: the profile has another service now.
        """
        changed = key is not None and records.put_entry(self.pinned_keys, profile, None)
        before = self.applied_keys.get(profile, ())
        applied: tuple[str, ...] | None = None
        if key:
            there = [applied_digest for applied_digest in before if matches(applied_digest, key)]
            others = [applied_digest for applied_digest in before if applied_digest not in there]
            applied = (*others, there[0] if there else digest(key))[-records.MAX_APPLIED :]
        changed = records.put_entry(self.applied_keys, profile, applied) or changed
        self._save_secrets(("applied_keys", profile), ("pinned_keys", profile), changed=changed)

    def save_pinned_key(self, profile: str, key: Secret) -> None:
        """Store that the streamer wants this stream key in a profile, whatever Velora says."""
        there = self.pinned_keys.get(profile, "")
        kept = there if matches(there, key) else digest(key)
        changed = records.put_entry(self.pinned_keys, profile, kept)
        self._save_secrets(("pinned_keys", profile), changed=changed)

    def has_applied(self, profile: str, destination: Destination) -> bool:
        """Return whether what authenticates this stream was put into this profile."""
        key = credential(destination)
        return any(
            matches(applied_digest, key) for applied_digest in self.applied_keys.get(profile, ())
        )

    def has_pinned(self, profile: str, destination: Destination) -> bool:
        """Return whether the streamer wants the stream key of this destination in this profile."""
        return matches(self.pinned_keys.get(profile, ""), credential(destination))

    def rename_profile(self, before: str, after: str) -> None:
        """Move what belongs to the profile `before` to `after`."""
        if before == after:
            return
        changes: dict[str, records.SavedService | None] = {}
        for entry, kept in self._kept.items():
            if kept.profile == before:
                moved = kept._replace(profile=after)
                changes |= {entry: None, records.entry_id(moved): moved}
        fields = []
        for name in _BY_PROFILE:
            table: dict[str, Any] = getattr(self, name)
            if before in table:
                table[after] = table.pop(before)
                fields += [(name, before), (name, after)]
        self._save_kept(changes)
        self._save_secrets(*fields, changed=bool(fields))

    def save_addresses(self, addresses: IngestAddresses) -> None:
        """Keep where Velora takes streams, and where it has taken them before."""
        changed = addresses != self.addresses
        self._addresses = self._addresses.moved_to(addresses)
        self._save_known(changed)

    @property
    def addresses(self) -> IngestAddresses | None:
        """Where Velora takes streams; None as long as it hasn't said."""
        return self._addresses.present

    def is_velora(self, destination: Destination | None) -> bool:
        """Return whether a stream goes to an address that Velora has, or has had."""
        return self._addresses.own(destination)

    @property
    def velora_addresses(self) -> tuple[IngestAddresses, ...]:
        """Where Velora takes streams, and has taken them, as far as that is known."""
        return self._addresses.all

    def save_categories(self, categories: tuple[Category, ...]) -> None:
        """Keep the list of categories."""
        changed = categories != self.categories
        self.categories = categories
        self._save_known(changed)

    def _save_secrets(self, *fields: tuple[str, str | None], changed: bool) -> None:
        """Store these and what could not be stored before.

        Args:
            fields: name, and the entry where the field is a table.
            changed: whether they have other values now.
        """
        if changed:
            self._unsaved.update(fields)
        if self.unread:
            self.read_secrets()
        if self._unsaved and not self._read_only:
            self._secret_store.change(self._unsaved_values())
            self._unsaved.clear()

    def _unsaved_values(self) -> dict[str, Any]:
        now = {
            "access_token": self.token and self.token.reveal(),
            "sign_in": self.sign_in and self.sign_in.to_json(),
            "client": self.client and records.client_to_json(self.client),
            "previous_services": {
                entry: records.saved_service_to_json(kept) for entry, kept in self._kept.items()
            },
            "audio_before_whip": {
                profile: list(audio) for profile, audio in self.audio_before_whip.items()
            },
            "applied_keys": {profile: list(keys) for profile, keys in self.applied_keys.items()},
            "pinned_keys": self.pinned_keys,
        }
        values: dict[str, Any] = {}
        for field, profile in self._unsaved:
            name, value = self._name(field), now.get(field)
            if profile is None:
                values[name] = value or None
            elif values.setdefault(name, {}) is not None and isinstance(value, dict):
                values[name][profile] = value.get(profile)
        return values

    def _save_known(self, changed: bool) -> None:
        if self._read_only or not (changed or self._known_unsaved):
            return
        self._known_unsaved = True
        known = self._read_known()
        now = {
            **self._addresses.to_json(),
            "categories": [list(category) for category in self.categories],
        }
        ours = {self._name(field): value for field, value in now.items()}
        self._file.write({**known, **ours})
        self._known_unsaved = False
