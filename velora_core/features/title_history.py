"""The history: recent titles to choose again, what Velora had before, and the count of streams."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from velora_core.app.account import TokenOrigin
from velora_core.app.categories import category_name
from velora_core.app.live_status import LiveStatus
from velora_core.app.runtime import UI, WORKER, Runtime, Steps
from velora_core.app.session import Session
from velora_core.app.state import StreamSettings
from velora_core.app.variables import escape_braces
from velora_core.app.worker import Job, Priority
from velora_core.errors import InvalidInput, StorageError
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.messages.phrases import listed, tags_in_words

from .feature import Feature
from .filling import Filling, as_settings
from .stream_info import StreamInfoUpdater

if TYPE_CHECKING:
    from velora_core.api.models import StreamInfoUpdate
    from velora_core.storage.history import ChannelOwner, History
    from velora_core.storage.preset_content import PresetContent

__all__ = ["TitleHistory"]

_COUNTED: Final = "stream counted"
"""In the host's memory while a stream runs: it is counted once, however often this is loaded."""


class TitleHistory(Feature):
    """*Recent*, *Put back*, and what ``{count}`` stands for."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        filling: Filling,
        updater: StreamInfoUpdater,
    ) -> None:
        """Create the history.

        Args:
            runtime: the threads.
            session: what is kept.
            filling: the panel's fields.
            updater: sends what is put back.
        """
        self._runtime = runtime
        self._session = session
        self._filling = filling
        self._updater = updater
        self._memory = runtime.host.memory()
        session.on_account(self._account_changed)
        runtime.change(counted=bool(self._memory.get(_COUNTED)))

    # -- the UI thread ---------------------------------------------------------------------

    def panel_opening(self) -> None:
        """Take over what another OBS has added."""
        self._runtime.worker.submit(self._look, priority=Priority.BACKGROUND)

    def choose(self, content: PresetContent) -> Job:
        """Fill the fields with what was sent before; while a stream runs, send it as well."""
        self._filling.by_hand()
        self._filling.fill(content)
        job = self._filling.send_if_live(content)
        if job is None:
            self._runtime.show(message("status.recent_chosen", info=in_words(content)))
            return Job.finished()
        return job

    def put_back(self) -> Job:
        """Fill the fields with what Velora had before the last update, and send that."""
        self._filling.by_hand()
        return self._runtime.start(message("button.put_back"), self._put_back())

    def _put_back(self) -> Steps:
        yield WORKER  # behind an update that is on its way: what Velora had before that counts
        self._look()  # another OBS's as well
        before, owner = self._runtime.state.before, self._session.storage.history.owner
        if before is None:
            raise InvalidInput("error.nothing_before")
        yield UI
        refuse = partial(self._refuse_others, owner)
        refuse()  # before the fields hold what they would send when a stream starts
        self._filling.fill(before)
        yield self._updater.update_now(as_settings(before), check=refuse)

    def set_streams(self, count: int) -> Job:
        """Set the number of the next stream, or of the one that runs."""
        streams = count if self._runtime.state.counted else count - 1
        work = partial(self._set_streams, streams)
        return self._runtime.press(message("button.set_count"), work)

    def live_status(self, status: LiveStatus) -> None:
        """Count the stream once Velora shows it: a start that was refused is none."""
        if status.is_live and not self._runtime.state.counted:
            self._set_counted(True)
            self._runtime.change(streams=self._runtime.state.streams + 1)
            # It cuts nothing, such as the connection for what Velora pushes.
            self._runtime.worker.submit(
                self._count, interruptible=False, interrupts=False, last=True
            )

    def stream_starting(self, settings: StreamSettings) -> bool:  # noqa: ARG002
        """Begin to count anew."""
        self._set_counted(False)
        return True

    def stream_stopped(self) -> None:
        """Count the next one as another."""
        self._set_counted(False)

    def note_counted(self) -> None:
        """Take note that the stream which goes on was counted already."""
        self._set_counted(True)

    def _set_counted(self, counted: bool) -> None:
        self._memory[_COUNTED] = counted
        self._runtime.change(counted=counted)

    # -- the worker ------------------------------------------------------------------------

    def _account_changed(self) -> None:
        """Show the history of the channel that it is now."""
        if self._session.credentials.token_origin is TokenOrigin.READING:
            return
        owner = self._session.channel_owner()
        history = self._session.storage.history
        if owner != history.owner:
            history.owner = owner
            self._runtime.change(recent=(), before=None)
            self._keep(history.read)

    def _refuse_others(self, owner: ChannelOwner) -> None:
        """Raise `InvalidInput` once it is another channel."""
        if self._session.storage.history.owner.before != owner.before:
            raise InvalidInput("error.other_channel")

    def load(self) -> None:
        """Read the history for the first time, and which preset was applied last."""
        self._account_changed()
        try:
            history = self._session.storage.history.read()
        except StorageError as error:
            self._runtime.log(LogLevel.INFO, str(error))
            return
        self._show(history)
        self._runtime.change(preset=history.preset)

    def note_sent(self, settings: StreamSettings, update: StreamInfoUpdate) -> None:
        """Keep what was sent, as it was typed, and what Velora had instead.

        Args:
            settings: what was wanted.
            update: what of that is valid, also what Velora had already.
        """
        from velora_core.storage.preset_content import PresetContent

        slug = update.category_slug
        known = self._runtime.state.known
        categories = (*known.recent, *known.found, *known.starred, *self._runtime.state.categories)
        sent = PresetContent(
            settings.title.strip() if update.title else None,
            slug,
            settings.category_name or (category_name(slug, categories) if slug else ""),
            update.tags,
        )
        had = self._session.stream_info.replaced
        slug = had.get("category_slug") or None
        before = PresetContent(
            escape_braces(had["title"]) if had.get("title") else None,
            slug,
            category_name(slug, categories) if slug else "",
            had.get("tags"),
        )
        self._keep(partial(self._session.storage.history.add_sent, sent, before))

    def _look(self) -> None:
        if self._session.storage.history.changed():
            self._keep(self._session.storage.history.read)

    def _count(self) -> None:
        self._keep(self._session.storage.history.count_stream)

    def _set_streams(self, count: int) -> None:
        self._show(self._session.storage.history.set_streams(count))
        self._runtime.call_on_ui(self._tell_number)

    def _tell_number(self) -> None:
        self._runtime.announce(message("status.count_set", count=self._runtime.state.stream_number))

    def _keep(self, work: Callable[[], History]) -> None:
        """Do it, and show what there is then; nobody asked for it, so a failure is only logged."""
        try:
            self._show(work())
        except StorageError as error:
            self._runtime.log(LogLevel.INFO, str(error))

    def _show(self, history: History) -> None:
        self._runtime.change(
            recent=history.recent,
            before=history.before or None,
            streams=history.streams,
        )


def in_words(content: PresetContent) -> str:
    """Return what a content has, for people."""
    parts = []
    if content.title is not None:
        parts.append(message("change.title", title=content.title))
    if content.category is not None:
        name = content.category_name or content.category
        parts.append(message("change.category", category=name))
    if content.tags is not None:
        parts.append(tags_in_words(content.tags))
    return listed(parts)
