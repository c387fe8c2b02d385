"""Updates of title, category and tags: when a stream starts, and on demand."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from velora_core.app.categories import similar_categories
from velora_core.app.runtime import ABOUT_INFO, ABOUT_START, Runtime
from velora_core.app.session import Session
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.app.variables import has_variables
from velora_core.app.worker import Job, Priority
from velora_core.errors import (
    Cancelled,
    CategoryGone,
    CategoryNotFound,
    CategoryUnknown,
    PartRejected,
    RateLimited,
    Rejected,
    VeloraError,
)
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.messages.phrases import seconds_in_words

from .category_search import CategorySearch
from .feature import Feature
from .pending_update import (
    FollowedStream,
    PendingUpdate,
    combined,
    describe_update,
    merged,
    settings_from_plain,
)

if TYPE_CHECKING:
    from velora_core.api.models import Category, StreamInfoUpdate

__all__ = ["RETRY_DELAYS", "StreamInfoUpdater"]

RETRY_DELAYS: Final = (5, 10, 20, 40, 60, 60, 120, 120, 300)
"""Seconds between the tries to set a live stream's info; the last goes on as long as it lives."""

_START_LIMIT: Final = 90.0
"""Seconds after which a start that led nowhere counts as failed: OBS doesn't tell of each."""


class StreamInfoUpdater(Feature):
    """Follows the stream, and sends its info."""

    def __init__(
        self,
        runtime: Runtime,
        session: Session,
        *,
        categories: CategorySearch,
        tags_sent: Callable[[bool], None],
        variables: Callable[[], Mapping[str, str]] = dict,
        sent: Callable[[StreamSettings, StreamInfoUpdate], None] = lambda *_: None,
        before_retry: Callable[[], None] = lambda: None,
    ) -> None:
        """Create the stream info updater.

        Args:
            runtime: the threads.
            session: the client and what is kept.
            categories: finds out which one a text means.
            tags_sent: told on the UI thread that Velora has taken tags (True), or that there are
                none (False).
            variables: what a title may name and only the UI thread knows.
            sent: told on the worker, when Velora has taken an update, what it was to have.
            before_retry: called on the worker before an update is sent once more.
        """
        self._runtime = runtime
        self._session = session
        self._categories = categories
        self._tags_sent = tags_sent
        self._variables = variables
        self._sent = sent
        self._before_retry = before_retry
        self._handed_over: Mapping[str, Any] | None = None  # to a stream that runs or connects
        self._stream: FollowedStream | None = None
        self._latest: PendingUpdate | None = None
        self._job: Job | None = None
        self._by_plugin = False
        self.asked_at = float("-inf")  # when something was last to be sent by hand
        self.from_page = False  # a page streams by itself, to Velora

    # -- the UI thread ---------------------------------------------------------------------

    def streaming(self) -> bool:
        """Return whether a stream is running or starting."""
        if self._runtime.host.streaming():
            return True
        stream = self._stream
        if stream is None or stream.connected:
            return False
        return time.monotonic() - stream.began < _START_LIMIT

    @property
    def has_stream(self) -> bool:
        """Whether there is one to send to: the software's, or a page's own."""
        return self.from_page or self.streaming()

    @property
    def following(self) -> bool:
        """Whether it knows of a stream that runs or starts."""
        return self._stream is not None

    def settings_changed(self, settings: StreamSettings) -> None:
        """Take over whether a plugin sends the stream."""
        self._by_plugin = settings.by_plugin

    def stream_starting(self, settings: StreamSettings) -> bool:
        """Send the stream's info now, if the streamer wants that."""
        self.stream_stopped()
        self._runtime.outdate(ABOUT_START)
        self._stream = FollowedStream(time.monotonic())
        wanted = (settings.title, settings.category, settings.tags, settings.clear_tags)
        if settings.update_on_start and any(wanted):
            self._submit(self._automatic(settings), Priority.LIVE)
        return True

    def start_goes_on(self, settings: StreamSettings) -> None:
        """Send it again to a start that was taken for one that has failed."""
        self.stream_starting(settings)
        if self._runtime.host.streaming():  # it has connected by now
            self.stream_started(settings)

    def take_over(self, pending_update: Mapping[str, Any] | None) -> None:
        """Take what the application before had not sent; its `pending_update` at its end."""
        self._handed_over = pending_update

    def drop_handed_over(self) -> None:
        """Forget what the application before had not sent: its stream is over."""
        self._handed_over = None

    def stream_resumed(self, settings: StreamSettings) -> None:  # noqa: ARG002
        """Follow the stream, with what the application before had not sent to it."""
        handed_over, self._handed_over = self._handed_over, None
        self.resume()
        if handed_over:
            pending = self._automatic(settings_from_plain(handed_over))
            pending.take_over(handed_over)
            pending.warned = True
            self._submit(pending, Priority.LIVE)

    def resume(self) -> None:
        """Follow a stream that runs already: changing the scene collection reloads scripts."""
        self._stream = FollowedStream(time.monotonic())
        self._stream.connected = True

    @property
    def pending_update(self) -> Mapping[str, Any] | None:
        """What Velora is to have for the running stream, and doesn't have yet.

        Built-in types only: it may be for another version of this package.
        """
        if self._handed_over is not None:  # of a stream that, it seems, still connects
            return self._handed_over
        pending = self._latest
        if pending is None or pending.done or pending.stream is None or pending.stream.over:
            return None
        return pending.to_plain()

    def stream_started(self, settings: StreamSettings) -> None:
        """Follow the stream as one that nobody has to connect any more."""
        if self._stream is None:  # loaded while it was connecting
            self.stream_resumed(settings)
        if self._stream is not None:
            self._stream.connected = True

    def stream_stopped(self) -> None:
        """Try nothing again: the stream has ended, or its start has failed."""
        self.drop_handed_over()
        if self._stream is not None:
            self._stream.over = True
            self._stream = None
        if self._job and self._latest and self._latest.obsolete:
            self._job.cancel()
            self._abandon(self._latest)

    def by_hand(self) -> None:
        """Note that somebody wants something sent now, whenever it gets its turn."""
        self.asked_at = time.monotonic()

    def update_now(
        self, settings: StreamSettings, *, check: Callable[[], None] = lambda: None
    ) -> Job:
        """Send the info now; while a stream runs, until it has worked.

        Args:
            settings: what Velora is to have.
            check: called on the worker before each try; raises what keeps it from being sent.
        """
        if self._stream is None and self._runtime.host.streaming():
            self.resume()
        pending = PendingUpdate(settings, self._stream, by_hand=True, compares=True, check=check)
        return self._submit(pending, Priority.USER)

    @property
    def waits(self) -> bool:
        """Whether what was wanted last has failed, and is tried again later."""
        pending = self._latest
        return pending is not None and pending.failure is not None and not pending.obsolete

    def send_part(
        self, part: StreamSettings, *, compares: bool = True, patient: bool = False
    ) -> Job:
        """Send these values to the stream that runs, if it goes to Velora.

        What is still on its way is sent as well, where `part` says nothing about it.

        Args:
            part: what is empty stays as it is, but for `StreamSettings.clear_tags`.
            compares: whether Velora is asked first what it has already.
            patient: whether it takes the place of what `waits`, to be sent when that would have
                been.
        """
        if self._stream is None:
            self.resume()
        before = self.pending_update
        whole = merged(part, settings_from_plain(before)) if before else part
        pending = self._automatic(whole, compares=compares)
        if before:
            pending.take_over(before)
            pending.own_part = merged(part, pending.own_part) if pending.own_part else part
        waiting = self._latest
        if not patient or not self.waits or waiting is None or self._job is None:
            return self._submit(pending, Priority.USER)
        pending.tries, pending.failure, pending.warned = waiting.tries, waiting.failure, True
        return self._submit(pending, Priority.LIVE, delay=self._job.due - time.monotonic())

    def _automatic(self, settings: StreamSettings, *, compares: bool = False) -> PendingUpdate:
        destination = self._runtime.host.destination()
        if self._by_plugin and not self._session.recognizes(destination):
            destination = None  # it tells nothing of where the plugin's stream goes
        pending = PendingUpdate(settings, self._stream, destination=destination, compares=compares)
        pending.to_velora = self.from_page and not self.streaming()
        return pending

    def _submit(self, pending: PendingUpdate, priority: Priority, delay: float = 0.0) -> Job:
        """Make this the info that Velora is to have from now on."""
        if has_variables(pending.settings.title):
            pending.variables = dict(self._variables())
        if self._job:
            self._job.cancel()
        self._latest = pending
        work = partial(self._send, pending)
        if delay > 0.0:
            self._job = self._runtime.worker.submit(
                work, priority=priority, delay=delay, interruptible=False
            )
        else:
            self._job = self._runtime.press(message("button.update_now"), work, priority=priority)
        return self._job

    def _retry(self, pending: PendingUpdate, delay: float) -> None:
        if self._latest is not pending:
            return
        stream = self._stream
        if stream is not None and not stream.connected and not self.streaming():
            self.stream_stopped()  # the start has led nowhere, and OBS has not said so
        if pending.obsolete:
            self._abandon(pending)
            return
        work = partial(self._send, pending)
        self._job = self._runtime.worker.submit(
            work, priority=Priority.LIVE, delay=delay, interruptible=False
        )

    def _abandon(self, pending: PendingUpdate) -> None:
        """Take back the promise of another try when there will be none."""
        failure, pending.failure = pending.failure, None
        if failure is not None:
            self._runtime.show(
                message("status.update_failed", reason=failure), StatusLevel.WARNING, topic=pending
            )

    # -- the worker ------------------------------------------------------------------------

    def _send(self, pending: PendingUpdate) -> None:
        """Try once; schedule a retry where that may help."""
        if self._latest is not pending or pending.obsolete:
            return
        pending.tries += 1
        pending.failure = None
        if not pending.to_velora:
            goes = self._session.targets_velora(pending.destination)
            if goes is None:
                self._later(pending)
            if not goes:
                pending.done = goes is not None
                return
            pending.to_velora = True
        try:
            pending.check()
            if pending.owner:  # taken over first is what another program has signed in to
                self._session.token()
            pending.belong_to(self._session.channel_owner().before)
            if pending.tries > 1:
                self._before_retry()
            self._send_now(pending)
        except Cancelled:
            raise
        except VeloraError as error:
            self._failed(pending, error)

    def _send_now(self, pending: PendingUpdate) -> None:
        """Send what is valid, and show what was sent and what was left out."""
        update, left_out = pending.compose(self._categories, lambda: self._runtime.state.live)
        if not update:
            if left_out:
                transient = next((error for error in left_out if error.transient), None)
                raise transient or combined(left_out)
            self._runtime.show(message("status.update_empty"), StatusLevel.WARNING, topic=pending)
            pending.done = True
            return
        given = wanted = update
        if pending.compares:
            update = self._session.stream_info.diff(update)
        if update:
            update = given = self._put(pending, update, left_out)
            if pending.no_category:
                wanted = wanted._replace(category_slug=None)
            name = pending.category.name if pending.category else ""
            self._sent(pending.settings._replace(category_name=name), wanted)
            if update.tags is not None:
                self._runtime.call_on_ui(partial(self._tags_sent, bool(update.tags)))
        name = "status.updated" if update else "status.update_same"
        info = describe_update(given, pending.category, self._categories.known)
        sentence = message(name, info=info)
        pending.done = pending.unchecked is None
        if not left_out:
            self._runtime.show(sentence, topic=pending, until=ABOUT_INFO)
        else:  # the cause first: of a line in OBS's log window only the beginning can be seen
            rest = message(
                "status.rest_updated" if update else "status.rest_same", sentence=sentence
            )
            sentence = f"{combined(left_out)} {rest}"
            if pending.unchecked is not None:
                sentence += self._look_up_later(pending, pending.unchecked)
            self._runtime.show(sentence, StatusLevel.WARNING, topic=pending)
        if update:
            by_hand = pending.compares and pending.tries == 1
            loud = left_out and not by_hand
            self._runtime.log(LogLevel.WARNING if loud else LogLevel.INFO, sentence)
        if given.category_slug and pending.category:
            self._categories.used(pending.category)

    def _look_up_later(self, pending: PendingUpdate, error: VeloraError) -> str:
        """Schedule another try for the category alone; return the sentence about it."""
        if pending.stream is None or pending.stream.over or self._latest is not pending:
            pending.done = True
            return ""
        pending.title, pending.settings = (
            None,
            pending.settings._replace(title="", tags=(), tags_on_velora=False),
        )
        delay = self._later(pending, error.pause if isinstance(error, RateLimited) else 0.0)
        return " " + self._runtime.message("status.category_again", wait=seconds_in_words(delay))

    def _put(
        self, pending: PendingUpdate, update: StreamInfoUpdate, left_out: list[VeloraError]
    ) -> StreamInfoUpdate:
        """Send an update, without what of it Velora refuses; return what was sent."""
        try:
            self._session.stream_info.send(update)
        except CategoryNotFound as error:
            pending.no_category = self._gone(error, pending.category)
            left_out.append(pending.no_category)
            rest = update._replace(category_slug=None)
            if not rest:
                raise pending.no_category from None
            return self._put(pending, rest, left_out)
        except Rejected as error:
            if len(update.parts) > 1:
                return self._put_apart(pending, update, error, left_out)
            raise
        return update

    def _put_apart(
        self,
        pending: PendingUpdate,
        update: StreamInfoUpdate,
        refusal: Rejected,
        left_out: list[VeloraError],
    ) -> StreamInfoUpdate:
        """Send each part by itself, after Velora has refused them together; return what it took."""
        rest = update
        for field, part in update.parts.items():
            try:
                self._session.stream_info.send(part)
            except CategoryNotFound as error:
                left_out.append(self._gone(error, pending.category))
            except Rejected as error:
                name = describe_update(part, pending.category, self._categories.known)
                left_out.append(PartRejected(part=name, status=error.status, message=error.message))
            else:
                continue
            rest = rest._replace(**{field: None})
            if part.category_slug is not None:
                pending.no_category = left_out[-1]
        if not rest:
            raise refusal
        return rest

    def _gone(self, error: CategoryNotFound, category: Category | None) -> VeloraError:
        """Return the error for a category that Velora doesn't have, or has no more."""
        self._runtime.change(gone=self._runtime.state.gone | {error.slug})
        self._categories.gone(error.slug)
        if category and category.name != category.slug:
            return CategoryGone(name=category.name)
        others = [known for known in self._categories.known if known.slug != error.slug]
        names = similar_categories(error.slug, others)
        return CategoryUnknown(category=error.slug, suggestions=names) if names else error

    def _later(self, pending: PendingUpdate, least: float = 0.0) -> float:
        """Schedule a retry; return the seconds until then."""
        delay = max(least, float(RETRY_DELAYS[min(pending.tries, len(RETRY_DELAYS)) - 1]))
        self._runtime.call_on_ui(partial(self._retry, pending, delay))
        return delay

    def _failed(self, pending: PendingUpdate, error: VeloraError) -> None:
        if pending.stream is None or pending.stream.over:
            self._runtime.report(error)
            return
        if self._latest is not pending:
            return  # newer info is on its way
        if error.transient:
            pending.failure = error
            delay = self._later(pending, error.pause if isinstance(error, RateLimited) else 0.0)
            sentence = self._runtime.message(
                "status.update_retrying", wait=seconds_in_words(delay), reason=error
            )
        else:
            pending.done = True
            sentence = message("status.update_failed", reason=error)
        self._runtime.show(sentence, StatusLevel.WARNING, topic=pending)
        self._runtime.log(LogLevel.INFO if pending.warned else LogLevel.WARNING, sentence)
        pending.warned = True
