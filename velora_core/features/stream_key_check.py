"""Check of the stream key: a stale one is found in the background, and updated where safe."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from velora_core.app.account import TokenOrigin
from velora_core.app.runtime import ABOUT_START, Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.worker import Job, Priority
from velora_core.errors import Cancelled, ProtocolNotOffered, ServiceRejected, VeloraError
from velora_core.host.destination import (
    Destination,
    IngestAddresses,
    brought_up_to_date,
    display_address,
    same_address,
    same_credential,
    velora_destination,
)
from velora_core.host.host import EndReason, LogLevel, verify_destination
from velora_core.messages import message

from .feature import Feature

if TYPE_CHECKING:
    from velora_core.api.models import StreamSetup

__all__ = ["StreamKeyCheck"]

_MAX_AGE: Final = 30.0
"""Seconds for which an answer is believed: a panel can be opened again and again."""


class _Stale(NamedTuple):
    """What a destination that is Velora's has otherwise than Velora."""

    key: bool
    address: bool

    def __bool__(self) -> bool:
        return self.key or self.address


_MENDED: Final = {
    _Stale(key=True, address=False): ("status.mended_key", "status.refused_mended_key"),
    _Stale(key=False, address=True): ("status.mended_address", "status.refused_mended_address"),
    _Stale(key=True, address=True): ("status.mended_both", "status.refused_mended_both"),
}
"""What is said when it was put right: by itself, and after a start that failed."""


_RIGHT_KEY: Final = {
    EndReason.REFUSED: "status.refused_anyway",
    EndReason.UNREACHABLE: "status.not_reached",
    EndReason.FAILED: "status.failed_anyway",
    EndReason.UNHEARD: "status.unheard",
}
"""What is said after a start that failed although address and key are right."""
_UNEXPLAINED: Final = (EndReason.FAILED, EndReason.UNHEARD)
"""Ends of which nobody knows whether Velora was reached."""


class StreamKeyCheck(Feature):
    """Compares the destination in use with Velora's setup, and brings it up to date."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        streaming: Callable[[], bool],
        nobodys: Callable[[Destination], bool],
    ) -> None:
        """Create the stream key check.

        Args:
            runtime: the threads.
            session: the client and what is kept.
            streaming: whether a stream runs or starts; asked on the UI thread.
            nobodys: whether a key for Velora is one that no person wants there.
        """
        self._runtime = runtime
        self._host = runtime.host
        self._session = session
        self._streaming = streaming
        self._nobodys = nobodys
        self._checked: tuple[float, tuple[str, Destination]] | None = None
        self._starts = False  # a stream does that nobody holds back
        self._started_to: tuple[str, Destination | None] | None = None  # with the profile's id

    # -- the UI thread ---------------------------------------------------------------------

    def opened(self) -> None:
        """Check: it is known who is signed in."""
        self.check()

    def panel_opened(self) -> None:
        """Check, unless just done."""
        self.check()

    def profile_changed(self) -> None:
        """Check the profile's destination."""
        self.check()

    def profile_renamed(self) -> None:
        """Check again: what is kept for the profile has moved."""
        self.check_anew()

    def check(self) -> None:
        """Check in the background; show a message only if the key was updated."""
        if self._streaming():
            return
        destination = self._host.destination()
        at, checked = self._checked or (float("-inf"), None)
        if checked == (self._host.profile().id, destination) and time.monotonic() - at < _MAX_AGE:
            return
        self._submit(destination, EndReason.NORMAL)

    def check_anew(self) -> None:
        """Check again, however recently that was done."""
        self._checked = None
        self.check()

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Note that nobody has held the start back, and where it goes."""
        self._starts = True
        self._started_to = (self._host.profile().id, self._host.destination())
        return True

    def stream_ended(self, end: EndReason) -> None:
        """If the ingest refused the stream, show whether another start will work.

        The software may tell that late, and something else be in use by then: of that it says
        nothing.
        """
        started, self._starts = self._starts, False
        to, self._started_to = self._started_to, None
        if end is EndReason.UNSTARTED:
            if started and self._session.recognizes(self._host.destination()):
                self._say_unstarted()
        elif end is EndReason.NORMAL or self._is_elsewhere(to):
            self.check_anew()
        else:
            self._submit(self._host.destination(), end)

    def _is_elsewhere(self, to: tuple[str, Destination | None] | None) -> bool:
        if to is None or to[1] is None:  # unknown
            return False
        return to != (self._host.profile().id, self._host.destination())

    def _say_unstarted(self) -> None:
        sentence = self._runtime.message("status.unstarted")
        self._runtime.show(sentence, StatusLevel.WARNING, topic=ABOUT_START)
        self._runtime.log(LogLevel.INFO, sentence)  # the software's own window is open already

    def keep(self) -> Job:
        """Keep the key in use, whatever Velora says, and don't ask about it again."""
        profile, destination = self._host.profile().id, self._host.destination()
        if destination is None:
            return Job.finished()
        return self._runtime.press(
            message("button.keep_this_key"), partial(self._choose, profile, destination)
        )

    def _submit(self, destination: Destination | None, end: EndReason) -> None:
        if destination is None:  # nobody can tell, nor put it right
            return
        asked = end is not EndReason.NORMAL
        self._runtime.worker.submit(
            partial(self._ask, self._host.profile().id, destination, end),
            priority=Priority.USER if asked else Priority.BACKGROUND,
        )

    def _apply(
        self, profile: str, destination: Destination, wanted: Destination, sentence: str
    ) -> None:
        if self._streaming() or self._host.profile().id != profile:
            return  # another check follows the stream, or the change of profile
        if self._host.destination() != destination:
            return
        self._host.change_destination(wanted, save=True)
        try:
            verify_destination(self._host, wanted, message("button.configure"))
        except ServiceRejected as error:
            self._runtime.report(error)
            return
        self._checked = (time.monotonic(), (profile, self._host.destination() or wanted))
        self._runtime.announce(sentence, topic=ABOUT_START)

    def _ask_streamer(
        self, profile: str, destination: Destination, stale: _Stale, end: EndReason
    ) -> None:
        """Ask the streamer about a key that somebody else has put there, if it is still there."""
        if self._host.profile().id != profile or self._host.destination() != destination:
            return
        if self._session.profiles.has_pinned(profile, destination):  # since it was compared
            return
        if stale.key:
            sentence = self._runtime.message("status.key_asked")
            known = self._runtime.state.asking == profile
            self._runtime.change(asking=profile)
        else:
            sentence = self._runtime.message(
                "status.address_old", server=display_address(destination)
            )
            known = False
            self._answered(profile)
        if end is not EndReason.NORMAL:
            self._warn(sentence)
        elif not known:
            self._runtime.show(sentence, StatusLevel.WARNING)
            self._runtime.log(LogLevel.INFO, sentence)

    # -- the worker ------------------------------------------------------------------------

    def _choose(self, profile: str, destination: Destination) -> None:
        self._session.profiles.note_pinned(profile, destination)
        self._answered(profile)
        self._runtime.announce(self._runtime.message("status.key_kept"))

    def _answered(self, profile: str) -> None:
        """Withdraw the question about this profile's key."""
        if self._runtime.state.asking == profile:
            self._runtime.change(asking="")

    def _ask(self, profile: str, destination: Destination, end: EndReason) -> None:
        account = self._runtime.state.account
        storage = self._session.storage
        unknown = storage.addresses is None and destination.is_custom
        if not unknown and not storage.is_velora(destination):
            self._answered(profile)
            return
        if account.origin is TokenOrigin.NONE or not account.may("stream:key"):
            if end is not EndReason.NORMAL and storage.is_velora(destination):
                failed = end in _UNEXPLAINED
                name = "status.failed_unasked" if failed else "status.refused_unasked"
                self._warn(self._runtime.message(name))
            return
        try:
            setup = self._session.get_setup()
        except Cancelled:
            return  # the stream that came between is followed by another check
        except VeloraError as error:
            if end is EndReason.NORMAL:
                if not unknown:  # else it may be none of our business
                    self._runtime.log(LogLevel.INFO, str(error))
            elif storage.is_velora(destination):
                failed = end in _UNEXPLAINED
                name = "status.failed_unknown" if failed else "status.refused_unknown"
                self._warn(self._runtime.message(name, reason=error))
            return
        if storage.is_velora(destination):
            self._compare(setup, profile, destination, end)

    def _compare(
        self, setup: StreamSetup, profile: str, destination: Destination, end: EndReason
    ) -> None:
        storage = self._session.storage
        try:
            stale = _compared(destination, setup)
        except ProtocolNotOffered as error:
            if end is not EndReason.NORMAL:
                self._warn(str(error))
            return
        if not stale:
            self._checked = (time.monotonic(), (profile, destination))
            self._answered(profile)
            # By SRT it isn't known what the ingest takes, which has been said.
            if end is not EndReason.NORMAL and destination.protocol != "srt":
                self._warn(self._runtime.message(_RIGHT_KEY[end]))
            return
        if self._nobodys(destination):
            self._answered(profile)
            names = ("status.mended_nobodys", "status.refused_mended_key")
            self._bring_up_to_date(setup, profile, destination, names, end)
        elif storage.has_applied(profile, destination):
            self._answered(profile)
            self._bring_up_to_date(setup, profile, destination, _MENDED[stale], end)
        elif storage.has_pinned(profile, destination):
            self._answered(profile)
            if end is not EndReason.NORMAL:
                self._warn(self._runtime.message("status.key_other"))
        elif not self._runtime.state.account.keyring and not storage.unread:
            # Else nobody knows yet who has put it there.
            self._checked = (time.monotonic(), (profile, destination))
            ask = partial(self._ask_streamer, profile, destination, stale, end)
            self._runtime.call_on_ui(ask)

    def _bring_up_to_date(
        self,
        setup: StreamSetup,
        profile: str,
        destination: Destination,
        names: tuple[str, str],
        end: EndReason,
    ) -> None:
        """Update what no person has put there; `names` are the messages shown then."""
        wanted = brought_up_to_date(destination, setup)
        # Before it is there: else it would count as somebody else's after a crash in between.
        self._session.profiles.note_applied(profile, wanted)
        name, name_of_refused = names
        name = name if end is EndReason.NORMAL else name_of_refused
        sentence = self._runtime.message(name, key=setup.stream_key, server=display_address(wanted))
        self._runtime.call_on_ui(partial(self._apply, profile, destination, wanted, sentence))

    def _warn(self, sentence: str) -> None:
        """Say how the last start ended, unless the next one has begun: that may work."""
        if self._starts:
            return
        self._runtime.show(sentence, StatusLevel.WARNING, topic=ABOUT_START)
        self._runtime.log(LogLevel.WARNING, sentence)


def _compared(destination: Destination, setup: StreamSetup) -> _Stale:
    """Return what is stale in a Velora destination; the address's parameters don't count."""
    fresh = velora_destination(setup, destination.protocol)
    same = same_credential(destination, fresh)
    if destination.protocol != "whip":
        return _Stale(key=not same, address=not same_address(destination.url, fresh.url))
    moved = not IngestAddresses.of(setup).own(destination)
    same = same or (moved and setup.stream_key.reveal() in destination.url.reveal())
    return _Stale(key=not same, address=moved)
