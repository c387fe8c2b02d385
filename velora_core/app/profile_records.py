"""What is kept for each profile: services to go back to, and whose the stream keys are."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from velora_core.errors import ProtocolNotOffered, StorageError
from velora_core.host.destination import PROTOCOLS, Destination, credential, velora_destination
from velora_core.host.host import HostProfile, LogLevel

from .known_keys import KnownKeys
from .state import Previous

if TYPE_CHECKING:
    from velora_core.api.models import StreamSetup
    from velora_core.storage.storage import Storage

    from .reporter import Reporter

__all__ = ["ProfileRecords"]


class ProfileRecords:
    """The profiles' records, stored where possible: else they hold until the program ends.

    The worker's alone, but for what says that it is not.
    """

    def __init__(
        self, reporter: Reporter, stored: Callable[[], Storage | None], known_keys: KnownKeys
    ) -> None:
        """Create the records.

        Args:
            reporter: takes what there is to show and to log.
            stored: where they are kept; None as long as that isn't open.
            known_keys: those that are known from before.
        """
        self._reporter = reporter
        self._stored = stored
        self._known_keys = known_keys
        self._profile: HostProfile | None = None  # the one in use

    @property
    def _storage(self) -> Storage:
        storage = self._stored()
        assert storage is not None
        return storage

    # -- from any thread -------------------------------------------------------------------

    def has_pinned(self, profile: str, destination: Destination) -> bool:
        """Return whether the streamer wants the key of this destination in a profile."""
        storage = self._stored()
        return storage is not None and storage.has_pinned(profile, destination)

    def was_applied_last(self, profile: str, destination: Destination) -> bool:
        """Return whether this key is the last one that was put into a profile."""
        storage = self._stored()
        keys = storage.applied_keys.get(profile, ()) if storage else ()
        if not keys:
            return False
        from velora_core.storage.key_digest import matches  # there since the storage is

        return matches(keys[-1], credential(destination))

    def previous_destinations(self, profile: str) -> tuple[Destination, ...]:
        """Return where a profile's streams went before Velora."""
        storage = self._stored()
        kept = storage.previous.get(profile, ()) if storage else ()
        return tuple(saved.snapshot.destination for saved in kept)

    # -- stream keys -----------------------------------------------------------------------

    def learn_keys(self, setup: StreamSetup) -> None:
        """Know the channel's keys, in memory."""
        for protocol in PROTOCOLS:
            with suppress(ProtocolNotOffered):
                self._known_keys.add(credential(velora_destination(setup, protocol)))
        self.show()

    def forget_keys(self) -> None:
        """Know no key any more."""
        self._known_keys.clear()
        self.show()

    def note_applied(self, profile: str, destination: Destination | None) -> None:
        """Store which stream key is put into a profile.

        Without that, the key counts as somebody else's the next time, and is asked about. None:
        there is none.
        """
        key = credential(destination) if destination else None
        if key:
            self._known_keys.add(key)
        self._save(lambda: self._storage.save_applied_key(profile, key))
        self.show()

    def note_pinned(self, profile: str, destination: Destination) -> None:
        """Store that a key is wanted that is not the channel's."""
        self._save(lambda: self._storage.save_pinned_key(profile, credential(destination)))

    # -- the profile in use ----------------------------------------------------------------

    def in_use(self, profile: HostProfile, destination: Destination | None) -> None:
        """Take over what an older version has kept for the profile.

        If its destination isn't Velora's, a key that is found there later was put there by somebody
        else: the profile may be a new one with the name of one that was deleted.
        """
        self._profile = profile
        self.inherit()
        storage = self._storage
        known = storage.addresses is not None and profile.id in storage.applied_keys
        if known and destination is not None and not storage.is_velora(destination):
            self.note_applied(profile.id, None)

    def renamed(self, before: HostProfile, after: HostProfile) -> None:
        """Move what was kept for a profile to its new name."""
        self._profile = after
        self._move(before.id, after.id)
        self.inherit(before.name)

    def inherit(self, name: str = "") -> None:
        """Take over, once, what was filed by the profile's bare name.

        `name` is what the profile was called then, if not as now.
        """
        if self._profile and self._profile.inherits:
            self._move(name or self._profile.name, self._profile.id)

    def _move(self, before: str, after: str) -> None:
        self._save(lambda: self._storage.rename_profile(before, after))
        self.show()

    def _save(self, save: Callable[[], None]) -> None:
        try:
            save()
        except StorageError as error:
            self._reporter.log(LogLevel.INFO, str(error))

    def show(self) -> None:
        """Show which services can be restored, and tell the UI thread whose the keys are."""
        from velora_core.storage.key_digest import find

        previous = {}
        for profile, kept in self._storage.previous.items():
            at = kept[0].at
            day = "" if at is None else time.strftime("%Y-%m-%d", time.localtime(at))
            previous[profile] = Previous(kept[0].snapshot.description, day, len(kept) - 1)
        known, tables = self._known_keys.all, self._storage.applied_keys
        found = {profile: find(keys[-1], known) for profile, keys in tables.items()}
        applied = {profile: key for profile, key in found.items() if key}
        self._reporter.change(previous=previous, applied=applied)
