"""Accounts of other platforms that are connected in the software, and their stream keys.

The software may write such a key into whatever destination is in use, at each start and before it
says that a stream starts. Here it is told from the key that the profile is set up with, and kept
away from Velora's ingest.
"""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.host.destination import Destination, credential
from velora_core.host.host import AccountNotice, LogLevel, SavedSetup
from velora_core.messages import message
from velora_core.secret import Secret

from .feature import Feature

__all__ = ["ConnectedAccount"]

_HELD: Final = 1.0
"""Seconds that a start gets to fail which must not go out; then the address comes back."""


_READING: Final = 0.25
"""Seconds that a start waits for what is just being read: a few small files."""


class _Seen(NamedTuple):
    """What the software had in memory."""

    profile: str
    destination: Destination


class _Reading:
    """What the profile's files say while `seen` is in memory, from a thread of its own."""

    def __init__(self, seen: _Seen) -> None:
        self.seen = seen
        self.saved: SavedSetup | None = None  # once they have been read
        self.ended = threading.Event()


class ConnectedAccount(Feature):
    """Knows which keys of the present profile are the account's. All of it on the UI thread."""

    def __init__(self, runtime: Runtime, session: Session) -> None:
        """Create the connected account.

        Args:
            runtime: the threads.
            session: what is kept.
        """
        self._runtime = runtime
        self._host = runtime.host
        self._session = session
        self._seen: _Seen | None = None
        self._reading: _Reading | None = None  # the latest: an earlier one may end after it
        self._first = True  # nothing was saved in this profile since it was taken up
        self._saved = ""  # the key in the profile's file
        self._in_file = ""  # the account, as the profile's file names it
        memory = self._host.memory()
        self._foreign: set[str] = memory.setdefault("foreign keys", set())
        self._entered: dict[str, str] = memory.setdefault("entered keys", {})  # by profile
        self._held: _Seen | None = None

    @property
    def name(self) -> str:
        """The platform whose account is connected; empty without one."""
        self._take_found()
        told = self._host.connected_account()
        return self._in_file if told is None else told

    def notice(self, destination: Destination | None) -> AccountNotice | None:
        """Return what the account means for a start to Velora; None without a meaning."""
        name = self.name
        if not name or destination is None:
            return None
        return self._host.account_notice(name, destination)

    def check_destination(self) -> None:
        """Look at the destination in use. Call it often: nothing tells when it changes."""
        self._take_found()
        destination = self._host.destination()
        if destination is None:
            return
        now = _Seen(self._host.profile().id, destination)
        before = self._seen
        if now == before:
            return
        self._seen = now
        key = credential(destination).reveal()
        if before is None or before.profile != now.profile:
            self._first = True
            # It has been read from the file just now, or the file is going to tell.
            self._saved, self._in_file = key, ""
        else:
            self._first = False
        self._note_foreign(destination)
        self._reading = reading = _Reading(now)
        read = self._host.saved_setup()
        if read:  # small files: they don't wait for what the worker does on the network
            # Not by `threading`, which waits until the thread runs: the UI thread would have to
            # have Python back from whoever has it then.
            _thread.start_new_thread(partial(self._read, reading, read), ())
        elif self._first:
            self._reading = None
        else:
            reading.saved = SavedSetup(destination, "")

    def is_foreign(self, destination: Destination) -> bool:
        """Return whether the key is known to be the account's; from any thread."""
        if not destination.has_key_beside:
            return False
        return destination.of_account or destination.key.reveal() in self._foreign

    def is_nobodys(self, destination: Destination) -> bool:
        """Return whether nobody wants the key in a Velora destination; from any thread.

        It is the account's, or it is empty because a start was held back.
        """
        return destination.has_key_beside and (not destination.key or self.is_foreign(destination))

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Put the right key in place for a stream that is about to connect.

        Returns False when the key isn't known and no connection can be made; the panel says so
        then.
        """
        self.give_back()
        destination = self._host.destination()
        if destination is None or not destination.has_key_beside:
            return True
        if not self._host.capabilities().sets_at_start:
            return True  # what an account means there is the notice's to say
        self._take_found()
        if self._reading:
            self._reading.ended.wait(_READING)
            self._take_found()
        if not self._session.recognizes(destination):
            return True
        profile = self._host.profile().id
        secret = self._runtime.state.applied.get(profile)
        key, applied = destination.key.reveal(), secret.reveal() if secret else ""
        if "://" in applied:  # by WHIP, where there is no key beside the address
            applied = ""
        if key == applied:
            return True
        for before in self._session.profiles.previous_destinations(profile):
            self._note_foreign(before)  # one of them is the platform's whose account it is
        foreign = self.is_foreign(destination)
        pinned = self._session.profiles.has_pinned(profile, destination)
        ours = self._session.profiles.was_applied_last(profile, destination)
        if ours or (pinned and not foreign) or not (foreign or self.name):
            return True
        right = self._right_key(destination, applied)
        if right == key:
            return True
        self._foreign.add(key)
        whose = (
            message("key.of_account", platform=self.name) if self.name else message("key.of_other")
        )
        if right:
            self._change(destination, key=Secret(right))
            self._seen = _Seen(profile, self._host.destination() or destination)
            self._runtime.log(
                LogLevel.INFO, self._runtime.message("status.foreign_key", whose=whose)
            )
            return True
        # Without an address no connection is made at all, and the start is said to have failed.
        self._held = _Seen(profile, destination)
        nothing = Secret("")
        self._change(destination._replace(url=nothing), key=nothing)
        back = partial(self._runtime.call_on_ui, partial(self._give_back, self._held))
        self._runtime.worker.submit(back, delay=_HELD, interruptible=False)
        sentence = self._runtime.message("status.foreign_key_held", whose=whose)
        self._runtime.show(sentence, StatusLevel.ERROR)
        self._runtime.log(LogLevel.WARNING, sentence)
        return False

    def _change(self, destination: Destination, *, key: Secret) -> None:
        """Change the destination in use, in memory only."""
        self._host.change_destination(destination._replace(key=key), save=False)

    def close(self) -> None:
        """Give the software its address back."""
        self.give_back()

    def give_back(self) -> None:
        """Give the software its address back after a start that was held back."""
        held, self._held = self._held, None
        now = self._host.destination() if held else None
        if held is None or now is None:
            return
        same = self._host.profile().id == held.profile and now.has_key_beside
        if same and not now.url:
            self._host.change_destination(now._replace(url=held.destination.url), save=False)

    def _give_back(self, held: _Seen) -> None:
        if held is self._held:  # and not the next start, a moment later
            self.give_back()

    def _right_key(self, destination: Destination, applied: str) -> str:
        """Return the key that the profile is set up with; empty when it isn't known."""
        key = destination.key.reveal()
        foreign = self.is_foreign(destination)
        seen = self._seen is not None and self._seen.profile == self._host.profile().id
        if seen and self._saved and self._saved != key and self._saved not in self._foreign:
            same = self._seen is not None and self._seen.destination == destination
            if self._reading and same and not self._first and not foreign:
                return key  # was there before the start: a person has just entered it
            return self._saved
        if not foreign and seen and key == self._entered.get(self._host.profile().id):
            return key  # an account is let go of when a person enters another key
        return applied

    def _note_foreign(self, destination: Destination) -> None:
        """Remember the key of a listed platform, which can't be Velora's."""
        if not destination.is_custom and destination.key:
            self._foreign.add(destination.key.reveal())

    def _read(self, reading: _Reading, read: Callable[[], SavedSetup]) -> None:
        """Run on a thread of its own."""
        try:
            self._session.read_addresses()
            reading.saved = read()
        finally:
            reading.ended.set()

    def _take_found(self) -> None:
        """Take over what was read, unless something else is in use by now."""
        reading = self._reading
        if reading is None or reading.saved is None or reading.seen is not self._seen:
            return
        self._reading = None
        profile, destination = reading.seen
        saved = reading.saved.destination
        self._in_file = reading.saved.account
        key = credential(destination).reveal()
        self._saved = credential(saved).reveal() if saved else ""
        if self._saved == key:
            if not self._first and key not in self._foreign:
                self._entered[profile] = key
        elif key and saved and _alike(saved, destination) and self.name:
            self._foreign.add(key)  # what a person enters is saved


def _alike(first: Destination, other: Destination) -> bool:
    """Return whether both have their key in the same place."""
    return (first.is_custom, first.has_key_beside) == (other.is_custom, other.has_key_beside)
