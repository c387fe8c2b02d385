"""Whether the title that a stream starts with is an old one, or takes another one's place.

Asks Velora, before the title is sent, which one it has: afterwards nobody could say what was
replaced. Whose title that is follows from what was last sent from here: as long as Velora still
has that, a new one is the streamer's own change; anything else was set elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from velora_core.app.local_time import local_time
from velora_core.app.runtime import Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.variables import has_variables
from velora_core.app.worker import Priority
from velora_core.errors import Cancelled, StorageError, VeloraError
from velora_core.host.host import LogLevel
from velora_core.messages import message

from .feature import Feature

if TYPE_CHECKING:
    from velora_core.api.models import StreamInfoUpdate
    from velora_core.host.destination import Destination
    from velora_core.storage.channel_memory import TitleRecord

__all__ = ["StaleTitle"]

_OLD: Final = 86_400.0
"""Seconds after which a title may be yesterday's."""

_IN_PASSING: Final = 1.5
"""Seconds for the question: the title has to wait for it."""


class StaleTitle(Feature):
    """Says so in one sentence. Asks nothing of the streamer, and holds nothing up."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        pending: Callable[[], Mapping[str, Any] | None] = lambda: None,
    ) -> None:
        """Create it.

        Args:
            runtime: the threads.
            session: the client and what is kept.
            pending: `StreamInfoUpdater.pending_update`.
        """
        self._pending = pending
        self._looked = False  # for the stream that runs or starts
        self._unanswered: Callable[[], None] | None = None  # the look that Velora did not answer
        self._runtime = runtime
        self._session = session
        self._found: tuple[str, TitleRecord] | None = None  # Velora's title, and what was known

    # -- the UI thread ---------------------------------------------------------------------

    def stream_starting(self, settings: StreamSettings) -> bool:
        """Look which title Velora has, before it is sent one."""
        self._looked = True
        self._runtime.outdate(self)
        work = partial(self._look, settings, self._runtime.host.destination())
        self._runtime.worker.submit(work, priority=Priority.LIVE, interruptible=False)
        return True

    def stream_resumed(self, settings: StreamSettings) -> None:
        """Look before the title is sent that the application before could not send."""
        pending = self._pending()
        if pending and pending["title"]:
            self.stream_starting(settings._replace(title=pending["title"], update_on_start=True))

    def stream_started(self, settings: StreamSettings) -> None:
        """Look, if the application before knew of the start alone."""
        if not self._looked:
            self.stream_resumed(settings)

    def stream_stopped(self) -> None:
        """Say no more about the stream's title."""
        self._looked = False
        self._runtime.outdate(self)

    # -- the worker ------------------------------------------------------------------------

    def look_again(self) -> None:
        """Look before another try to send the title, if Velora did not answer before the first."""
        if self._unanswered:
            self._unanswered()

    def _look(self, settings: StreamSettings, destination: Destination | None) -> None:
        self._found = self._unanswered = None
        known = self._session.storage.channel.title
        account = self._runtime.state.account
        if known is None or known.channel != self._channel() or not account.may("stream:read"):
            return  # nothing could be said
        if self._session.storage.addresses is None or not self._session.targets_velora(destination):
            return
        try:
            title = self._session.stream_info.get(seconds=_IN_PASSING).title or ""
        except Cancelled:
            raise
        except VeloraError:  # the update that follows says what is wrong
            self._unanswered = partial(self._look, settings, destination)
            return
        self._found = title, known
        wanted = settings.title.strip()
        if wanted and settings.update_on_start:
            # `sent` is told what has become of it, and stores that: no disk before the title.
            self._note(title, sent=False, store=False)
            return
        self._note(title, sent=False)
        if wanted and title and wanted != title and not has_variables(wanted):
            self._say(message("status.title_other", title=title))
        else:
            self._say_age(title)

    def sent(self, update: StreamInfoUpdate) -> None:
        """Take note that Velora has taken an update."""
        found, self._found = self._found, None
        if update.title is None:
            return
        self._unanswered = None
        self._note(update.title, sent=True)
        if found is None:
            return
        title, known = found
        if title == update.title:
            self._say_age(title)
        elif title and known.sent is not None and title != known.sent:
            sentence = message("status.title_replaced", theirs=title, ours=update.title)
            self._say(sentence, StatusLevel.WARNING)

    def _say_age(self, title: str) -> None:
        known = self._session.storage.channel.title
        if title and known and known.title == title and time.time() - known.since > _OLD:
            day = local_time(known.since).date
            self._say(message("status.title_old", title=title, day=day))

    def _say(self, sentence: str, tone: StatusLevel = StatusLevel.NORMAL) -> None:
        self._runtime.show(sentence, tone, topic=self)
        self._runtime.log(LogLevel.INFO, sentence)  # a warning would open OBS's log window

    def _note(self, title: str, *, sent: bool, store: bool = True) -> None:
        channel = self._channel()
        if not channel:
            return  # what is known of nobody's title would count for somebody else's later
        try:
            self._session.storage.channel.note_title(
                title, at=time.time(), channel=channel, sent=sent, store=store
            )
        except StorageError as error:
            self._runtime.log(LogLevel.INFO, str(error))

    def _channel(self) -> str:
        """Return whose channel it is: what is known of another one's title says nothing."""
        return self._session.channel_owner().before
