"""Settings that belong to the user, whichever scene collection is open.

The software keeps the panel's fields with its scenes. What is entered goes into a file of the
user's as well, and what that has is put into the fields of each scene collection, but for those
that are to keep their own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import SettingsFor, StreamSettings
from velora_core.app.user_fields import (
    UNITS,
    changed_units,
    is_untouched,
    read_values,
    unit_values,
    values_from_json,
    written_values,
)
from velora_core.app.worker import Job, Priority
from velora_core.errors import StorageError
from velora_core.host.host import LogLevel
from velora_core.messages import message

from .feature import Feature
from .unsaved_settings import Entered, UnsavedSettings, place_of

if TYPE_CHECKING:
    from velora_core.storage.user_settings import UserSettings

__all__ = ["OwnSettings"]

_SCOPES: Final = ("user", "collection", "profile")
_TYPING_DELAY: Final = 1.0  # seconds without typing before what was typed is stored
_CLOSING_TIMEOUT: Final = 0.2  # seconds that `close` waits for what was typed just before


class OwnSettings(Feature):
    """Between the fields, which the software keeps, and the user's file.

    Does nothing until `begin`: a host that keeps no fields has none to share.

    Attributes:
        begun: whether it does something.
        ready: whether the fields have what is kept for the profile.
    """

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        settings: Callable[[], StreamSettings],
        edit: Callable[[StreamSettings], None],
        newer_at_start: Callable[[StreamSettings], object],
    ) -> None:
        """Create it.

        Args:
            runtime: the threads.
            session: what is kept.
            settings: what the fields hold.
            edit: changes that.
            newer_at_start: told when another program's title, category or tags turn out to be the
                newer ones as a stream starts.
        """
        self._runtime = runtime
        self._session = session
        self._settings = settings
        self._edit = edit
        self._newer_at_start = newer_at_start
        self.begun = self.ready = self._opened = self._putting = False
        self._loaded: tuple[str, UserSettings] | StorageError | None = None
        self._collection: Callable[[], str] = str
        self._seen = StreamSettings()
        self._unsaved = UnsavedSettings()
        self._known: dict[str, float] = {}  # when that was entered which the fields have
        self._of = ""  # the profile that the fields are of
        self._taking_over = False  # what the scene collection has is on its way to the file
        self._starting = False  # a stream has been started, and runs or will
        self._job: Job | None = None
        self._complaint = ""

    # -- the UI thread ---------------------------------------------------------------------

    def begin(self, collection: Callable[[], str]) -> None:
        """Take up what the fields hold that the software has kept.

        Args:
            collection: what the open scene collection is called.
        """
        self._collection, self._of = collection, self._profile
        self._seen = settings = self._settings()
        self.begun = True
        self._unsaved.read(settings.unsaved_settings)  # they had not been stored in time
        self._show_unsaved()

    def opened(self) -> None:
        """Put what was read into the fields, before anybody is shown them."""
        if not self.begun:
            return
        loaded, self._loaded = self._loaded, None
        self._opened = True
        starting = self._starting and not self.ready  # what was sent may not be the latest
        if isinstance(loaded, StorageError):
            self._complain(loaded)
        elif loaded and loaded[0] == self._profile:
            self._take(*loaded, starting=starting)
        else:
            self._submit_look(Priority.LIVE, anyway=True, starting=starting)

    def panel_opening(self) -> None:
        """Take over what another program has changed."""
        if self._opened:
            self._store_left()
            anyway = bool(self._unsaved.times or self._complaint) or not self.ready
            job = self._submit_look(Priority.BACKGROUND, anyway=anyway)
            self._session.wait_for_files(job)
            if job.done:
                self._runtime.run_ui_callbacks()

    def profile_changed(self) -> None:
        """Take over the settings of the profile that is in use now."""
        if self._opened:
            self._flush()
            self._store_left()
            self._known.clear()
            self._submit_look(Priority.USER, anyway=True)

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Look whether another program has changed what is to be sent."""
        self._starting = True
        if self.ready:
            self._submit_look(Priority.LIVE, starting=True)
        return True

    def stream_stopped(self) -> None:
        """Have nothing sent any more."""
        self._starting = False

    def settings_changed(self, settings: StreamSettings) -> None:
        """Note what was entered; it is stored when nobody has typed for a moment."""
        before, self._seen = self._seen, settings
        if not self.begun or self._putting or settings.settings_for is SettingsFor.COLLECTION:
            return
        if before.settings_for is SettingsFor.COLLECTION:  # OBS's *Defaults*: its own are gone
            self._known.clear()
            self._submit_look(Priority.USER, anyway=True)
            return
        changed = changed_units(before, settings)
        if changed:
            self._unsaved.times.update({unit: self._time_now(unit) for unit in changed})
            self._show_unsaved()
            self._store_in(_TYPING_DELAY)

    def choose(self, wanted: str) -> None:
        """Have the settings belong to the user, to the scene collection or to the profile."""
        if not self.begun or wanted not in _SCOPES:  # OBS's *Defaults* chooses nothing
            return
        settings, profile = self._settings(), self._profile
        self._runtime.change(settings_line="")
        self._flush()
        self._known.clear()
        was_collections = settings.settings_for is SettingsFor.COLLECTION
        if wanted == "collection":
            if not was_collections:
                own = read_values(settings, settings.collection_values)
                self._put(own._replace(settings_for=SettingsFor.COLLECTION))
            self._unsaved.times.clear()
            self._show_unsaved()
            return
        if was_collections:
            kept = written_values(settings)
            self._put(settings._replace(settings_for=SettingsFor.USER, collection_values=kept))
        had_own, place = self._runtime.state.own_settings, self._unsaved.place
        self._runtime.change(own_settings=wanted == "profile")
        self._unsaved.place = place_of(profile, own=wanted == "profile")
        # As of now: what is typed before the worker comes to it is later.
        now = time.time()
        entries = {unit: (values, now) for unit, (values, _) in self._entries().items()}
        self._runtime.worker.submit(
            partial(self._rescope, profile, wanted, entries, before=(had_own, place)),
            interruptible=False,
        )

    def renamed(self, before: str) -> None:
        """Follow a profile that has another id now."""
        if self.begun:
            self._flush()  # what was typed goes to where it is taken over from
            self._runtime.worker.submit(
                partial(self._profile_renamed, before, self._profile), interruptible=False
            )
            self._unsaved.renamed(before, self._profile)
            if self._of == before:
                self._of = self._profile
            if self._opened:
                self._submit_look(Priority.USER, anyway=True)

    def close(self) -> None:
        """Wait a moment for what was typed just before; the worker stores it now."""
        job, self._job = self._job, None
        if job:
            job.wait(_CLOSING_TIMEOUT)

    @property
    def _profile(self) -> str:
        return self._runtime.host.profile().id

    def _time_now(self, unit: str) -> float:
        """Return the time of what is entered now: later than what it takes the place of.

        The computer's clock may have been set back meanwhile.
        """
        before = max(self._known.get(unit, 0.0), self._unsaved.times.get(unit, 0.0))
        return max(time.time(), math.nextafter(before, math.inf))

    def _put(self, settings: StreamSettings) -> None:
        """Change the fields; that is nothing that was entered."""
        self._putting = True
        try:
            self._edit(settings)
        finally:
            self._putting = False

    def _show_unsaved(self) -> None:
        """Have the software keep, with the fields, which of them are newer than the file."""
        self._runtime.change(unsaved_settings=self._unsaved.written())

    def _entries(self) -> Entered:
        """Return all settings; those that nobody has entered only count where there is none."""
        settings, times = self._settings(), self._unsaved.times
        return {unit: (unit_values(settings, unit), times.get(unit, 0.0)) for unit in UNITS}

    def _store_in(self, delay: float) -> None:
        if not self.ready:
            return  # what is kept comes first
        if self._job:
            self._job.cancel()
        work = partial(self._store, self._of, dict(self._unsaved.times), self._entries())
        self._job = self._runtime.worker.submit(work, delay=delay, last=True, interruptible=False)

    def _flush(self) -> None:
        if self._unsaved.times:
            self._store_in(0.0)

    def _store_left(self) -> None:
        """Try again to store what was entered in another profile."""
        for place, profile, left in self._unsaved.left():
            work = partial(self._store_elsewhere, place, profile, left)
            self._runtime.worker.submit(work, interruptible=False)

    def _submit_look(
        self, priority: Priority, *, anyway: bool = False, starting: bool = False
    ) -> Job:
        work = partial(self._look, self._profile, anyway=anyway, starting=starting)
        return self._runtime.worker.submit(work, priority=priority, interruptible=False)

    def _take(self, profile: str, kept: UserSettings, *, starting: bool = False) -> None:
        """Put what is kept into the fields, but for what was entered later."""
        if profile != self._profile:
            return  # another look is on its way
        settings, place = self._settings(), place_of(profile, own=kept.own)
        self.ready, self._of = True, profile
        if self._unsaved.place != place:  # these have other times
            self._known.clear()
        self._runtime.change(own_settings=kept.own)
        if settings.settings_for is SettingsFor.COLLECTION:
            return
        new, times = self._unsaved.enter(place, profile, settings), self._unsaved.times
        for unit in UNITS:
            entry = kept.entries.get(unit)
            if entry is None:
                continue
            if times.get(unit, -1.0) > entry.at:
                continue
            times.pop(unit, None)
            if entry.at > self._known.get(unit, -1.0):
                self._known[unit] = entry.at
                new = new._replace(**(values_from_json(unit, entry.values) or {}))
        if settings.settings_for is SettingsFor.UNKNOWN:
            new = self._meet(settings, new, kept)
        if new != settings:
            self._put(new)
        self._show_unsaved()
        self._flush()
        if starting and changed_units(settings, new) and self._is_new_info(settings, new):
            self._newer_at_start(new)

    @staticmethod
    def _is_new_info(before: StreamSettings, after: StreamSettings) -> bool:
        return bool({"title", "category", "tags"} & set(changed_units(before, after)))

    def _meet(
        self, settings: StreamSettings, new: StreamSettings, kept: UserSettings
    ) -> StreamSettings:
        """Take up a scene collection whose settings were its own until now."""
        met = new._replace(settings_for=SettingsFor.USER)
        if is_untouched(settings):
            return met
        if not kept.entries:  # the first one: from now on they are the user's
            self._take_over()
            return new
        if changed_units(settings, new):
            met = met._replace(collection_values=written_values(settings))
            won = kept.collection not in ("", self._collection())
            self._say("settings.replaced_by" if won else "settings.replaced", kept.collection)
        return met

    def _take_over(self) -> None:
        """Have the scene collection's settings become the user's, unless there are some by then."""
        if self._taking_over:
            return
        self._taking_over = True
        now = time.time()
        entries = {unit: (values, now) for unit, (values, _) in self._entries().items()}
        work = partial(self._take_over_now, self._of, self._collection(), entries)
        self._runtime.worker.submit(work, last=True, interruptible=False)

    def _taken_over(self, profile: str, kept: UserSettings | None, *, ours: bool) -> None:
        """Take up what the file has now: this scene collection's, or another program's."""
        self._taking_over = False
        settings = self._settings()
        if ours and settings.settings_for is SettingsFor.UNKNOWN:
            self._put(settings._replace(settings_for=SettingsFor.USER))
            self._say("settings.taken_over")
        if kept:
            self._take(profile, kept)

    def _say(self, name: str, winner: str = "") -> None:
        sentence = message(name, collection=self._collection(), winner=winner)
        self._runtime.change(settings_line=sentence)
        self._runtime.log(LogLevel.INFO, sentence)

    def _stored(self, profile: str, stored: Mapping[str, float], kept: UserSettings) -> None:
        place = place_of(profile, own=kept.own)
        for unit in self._unsaved.stored(place, stored):
            if profile == self._profile:
                self._known[unit] = stored[unit]
        self._take(profile, kept)
        self._store_left()

    # -- the worker ------------------------------------------------------------------------

    def load(self, profile: str) -> None:
        """Read what is kept for a profile, by its id; `opened` puts it into the fields."""
        try:
            self._loaded = profile, self._session.storage.user_settings.read(profile)
        except StorageError as error:
            self._loaded = error

    def _look(self, profile: str, *, anyway: bool, starting: bool) -> None:
        store = self._session.storage.user_settings
        if not anyway and not store.changed():
            return
        try:
            kept = store.read(profile)
        except StorageError as error:
            self._complain(error)
        else:
            self._runtime.call_on_ui(partial(self._take, profile, kept, starting=starting))

    def _store(
        self,
        profile: str,
        pending: Mapping[str, float],
        entries: Entered,
    ) -> None:
        from velora_core.storage.user_settings import Entry

        entered = {unit: Entry(*entry) for unit, entry in entries.items()}
        try:
            kept = self._session.storage.user_settings.merge(profile, entered)
        except StorageError as error:
            self._complain(error)
        else:
            self._complaint = ""
            self._runtime.call_on_ui(partial(self._stored, profile, pending, kept))

    def _store_elsewhere(self, place: str, profile: str, left: Entered) -> None:
        """Store what was entered in another place; its profile may have given it up since."""
        times = {unit: at for unit, (_, at) in left.items()}
        try:
            own = bool(place) and self._session.storage.user_settings.read(profile).own
        except StorageError:
            return  # it has been said
        if own or not place:
            self._store(profile if place else "", times, left)
        else:
            self._runtime.call_on_ui(partial(self._unsaved.stored, place, times))

    def _take_over_now(self, profile: str, collection: str, entries: Entered) -> None:
        from velora_core.storage.user_settings import Entry

        own = {unit: Entry(*entry) for unit, entry in entries.items()}
        kept, ours = None, False
        try:
            kept, ours = self._session.storage.user_settings.take_over(profile, own, collection)
        except StorageError as error:
            self._complain(error)
        self._runtime.call_on_ui(partial(self._taken_over, profile, kept, ours=ours))

    def _rescope(
        self,
        profile: str,
        wanted: str,
        entries: Entered,
        *,
        before: tuple[bool, str | None],
    ) -> None:
        from velora_core.storage.user_settings import Entry

        store = self._session.storage.user_settings
        try:
            if wanted == "profile":
                own = {unit: Entry(*entry) for unit, entry in entries.items()}
                kept = store.give_own(profile, own)
            else:
                kept = store.take_own(profile)
        except StorageError as error:
            self._runtime.change(own_settings=before[0])
            self._runtime.call_on_ui(partial(setattr, self._unsaved, "place", before[1]))
            self._complaint = ""  # somebody has asked for it
            self._complain(error)
        else:
            self._runtime.call_on_ui(partial(self._take, profile, kept))

    def _profile_renamed(self, before: str, after: str) -> None:
        try:
            self._session.storage.user_settings.profile_renamed(before, after)
        except StorageError as error:
            self._runtime.log(LogLevel.INFO, str(error))

    def _complain(self, error: StorageError) -> None:
        """Say it once: the fields stay as they are, and the software keeps them."""
        if str(error) != self._complaint:
            self._complaint = str(error)
            self._runtime.report(error)
